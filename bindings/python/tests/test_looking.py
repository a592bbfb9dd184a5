"""A policy to look at: its table, the questions the other way round, and the notebook of the documentation."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import nbformat
import pandas as pd
import pytest
import whyfor
from conftest import ROOT
from nbclient import NotebookClient


class Balanced(HTMLParser):
    """Fails on a tag that is not closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open.append(tag)
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_matrix_is_what_questions_answer(shop: whyfor.Policy) -> None:
    matrix = shop.matrix(facts={"verified": True})
    for category in shop.categories:
        for purpose in shop.purposes:
            decision = shop.ask(
                "use", category.path, purpose=purpose.path, facts={"verified": True}
            )
            assert matrix[category.path, purpose.path] == decision.verdict
    frame = matrix.frame("pandas")
    assert frame.shape == (len(shop.categories), len(shop.purposes) + 1)
    with pytest.raises(KeyError):
        matrix["contact", "nope"]


def test_the_matrix_is_a_table_with_heads(shop: whyfor.Policy) -> None:
    page = Balanced()
    page.feed(shop.matrix()._repr_html_())
    assert page.open == []
    assert page.seen.count("tr") == len(shop.categories) + 1
    assert "caption" in page.seen


def test_questions_are_asked_the_other_way_round(shop: whyfor.Policy) -> None:
    assert shop.purposes_for("email") == ("service.login", "service.billing")
    assert shop.fields_for("login") == ("contact.email", "contact.phone")
    assert shop.purposes_for("email", act="collect", method="provided") == ("service.login",)
    with pytest.raises(whyfor.UnknownNameError):
        shop.fields_for("lgoin")


def test_an_explanation_says_what_would_change_the_answer(shop: whyfor.Policy) -> None:
    explanation = shop.explain("share", "email", recipient="partners", purpose="login")
    assert explanation.purposes == ()
    assert "no statement permits it" in repr(explanation)
    denied = shop.explain("use", "phone", purpose="billing")
    assert "service.login" in denied.purposes
    assert "what would change it" in repr(denied)
    allowed = shop.explain("use", "email", purpose="login")
    assert repr(allowed) == repr(allowed.decision)
    assert "policy" in allowed._repr_html_() or "ALLOW" in repr(allowed)


def test_the_notebook_runs_from_top_to_bottom() -> None:
    path = ROOT / "docs" / "notebooks" / "quickstart.ipynb"
    read: Any = nbformat.read
    notebook = read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("text/html" in output.get("data", {}) for output in outputs)
    assert not any(output.output_type == "stream" and output.name == "stderr" for output in outputs)
    assert pd.__version__  # the notebook's frames are pandas'
