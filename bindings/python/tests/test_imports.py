"""No circles among the modules of the package. Those of its compiled part are checked with the other Rust code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pytest
from conftest import ROOT

PYTHON = ROOT / "bindings" / "python" / "python" / "whyfor"
RUST = ROOT / "bindings" / "python" / "src"

Graph = dict[str, set[str]]

BACK = {("_errors", "_decision")}
"""Imports for annotations that may lead back: an error contains the decision that raises it."""


def imports(text: str, modules: set[str], *, annotations: bool) -> Iterator[str]:
    """The modules that a text imports, also in functions. `annotations` adds those for type checkers."""
    todo: list[ast.AST] = [ast.parse(text)]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            todo += [*node.body, *node.orelse] if annotations else node.orelse
            continue
        todo += ast.iter_child_nodes(node)
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = "whyfor." * (node.level == 1) + (node.module or "")
            names = [f"{base.rstrip('.')}.{alias.name}" for alias in node.names]
        for package, *rest in (name.split(".") for name in names):
            if package == "whyfor":
                yield rest[0] if rest and rest[0] in modules else "__init__"


def python(*, annotations: bool) -> Graph:
    paths = {path.stem: path for path in PYTHON.glob("*.py")}
    modules = {*paths, "_core"}
    graph = {
        name: set(imports(path.read_text(), modules, annotations=annotations))
        for name, path in paths.items()
    }
    # The compiled part imports by strings.
    rust = "".join(path.read_text() for path in RUST.glob("*.rs"))
    graph["_core"] = set(re.findall(r'"whyfor\.(\w+)"', rust)) - {"_core"}
    if not annotations:
        # Only the hints of its stubs refer to these.
        stubs = (PYTHON / "_core.pyi").read_text()
        hints = set(imports(stubs, modules, annotations=True))
        graph["_core"] -= hints
    return graph


def circle(graph: Graph) -> list[str]:
    """Modules that import each other in a circle; empty if there are none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def test_no_modules_import_each_other() -> None:
    graph = python(annotations=False)
    assert {"_policy", "_core"} < graph.keys()
    assert "_errors" in graph["_core"]
    assert circle(graph) == []


def test_no_modules_need_each_other_for_annotations() -> None:
    graph = python(annotations=True)
    for module, other in BACK:
        assert other in graph[module], "this import may be taken from the list"
        graph[module].remove(other)
    assert circle(graph) == []


@pytest.mark.parametrize(
    ("line", "is_for_annotations"),
    [
        ("from . import _b", False),
        ("from ._b import name", False),
        ("import whyfor._b", False),
        ("from whyfor._b import name", False),
        ("def f() -> None:\n    from ._b import name", False),
        ("if TYPE_CHECKING:\n    from ._b import name", True),
    ],
)
def test_a_circle_is_found(line: str, is_for_annotations: bool) -> None:
    def graph(annotations: bool) -> Graph:
        modules = {"_a", "_b"}
        texts = {"_a": line, "_b": "import os\nfrom ._a import other"}
        return {
            name: set(imports(text, modules, annotations=annotations))
            for name, text in texts.items()
        }

    assert circle(graph(annotations=True))
    assert bool(circle(graph(annotations=False))) != is_for_annotations


def test_a_name_of_the_package_is_an_import_of_the_package() -> None:
    assert list(imports("from . import lit", {"_lit"}, annotations=False)) == ["__init__"]
    assert list(imports("import whyfor", {"_lit"}, annotations=False)) == ["__init__"]
    assert list(imports("import os\nfrom json import loads", set(), annotations=False)) == []
