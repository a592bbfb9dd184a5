"""What the package says of itself: stubs, examples, names."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import whyfor
from conftest import ROOT
from whyfor import _core

_FLAGS = doctest.IGNORE_EXCEPTION_DETAIL | doctest.ELLIPSIS
BINDINGS = ROOT / "bindings" / "python"


def test_the_stubs_of_the_compiled_part_are_those_that_it_generates(tmp_path: Path) -> None:
    profile = os.environ.get("WHYFOR_PROFILE", "dev")
    command = [sys.executable, "-m", "maturin", "generate-stubs", "--profile", profile]
    subprocess.run(
        [*command, "--quiet", "--out", tmp_path], cwd=BINDINGS, check=True, capture_output=True
    )
    generated = (tmp_path / "whyfor" / "_core.pyi").read_text()
    kept = (BINDINGS / "python" / "whyfor" / "_core.pyi").read_text()
    assert generated == kept, "run `maturin generate-stubs --profile dev --out python`"


def test_all_public_names_are_there_and_documented() -> None:
    for name in whyfor.__all__:
        thing = getattr(whyfor, name)
        if callable(thing) and not hasattr(thing, "__args__"):
            assert thing.__doc__, name
    assert whyfor.__version__ == version("whyfor")
    assert whyfor.__version__ == _core.__version__


def test_the_wheel_is_typed() -> None:
    folder = Path(whyfor.__file__).parent
    assert (folder / "py.typed").exists()
    assert (folder / "_core.pyi").exists()


def test_the_examples_of_the_documentation_run() -> None:
    assert doctest.testmod(whyfor).attempted > 2
    assert doctest.testmod(whyfor).failed == 0


@pytest.mark.parametrize("name", ["README.md", "bindings/python/README.md"])
def test_the_python_of_the_readmes_runs(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    text = (ROOT / name).read_text().replace("digest …", "digest ...")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert blocks
    # As doctests where results are shown, else as a program.
    scope: dict[str, object] = {"tmp_path": tmp_path}
    for block in blocks:
        if ">>> " in block:
            test = doctest.DocTestParser().get_doctest(block, scope, name, name, 0)
            scope = test.globs
            assert (
                doctest.DocTestRunner(optionflags=_FLAGS).run(test, clear_globs=False).failed == 0
            )
            scope = test.globs
        else:
            exec(compile(block, name, "exec"), scope)
