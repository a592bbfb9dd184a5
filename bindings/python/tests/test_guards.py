"""Purposes that are held to: of functions, of notebook sections, and observed first."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import whyfor

FRAME = pd.DataFrame({"email": ["a"], "shoe_size": [44]})


def test_a_guard_checks_the_frames_that_are_passed(shop: whyfor.Policy) -> None:
    @shop.guard(purpose="login")
    def count(frame: pd.DataFrame, times: int = 1) -> int:
        """Counts."""
        return len(frame.columns) * times

    assert (count.__name__, count.__doc__) == ("count", "Counts.")
    assert count(FRAME[["email"]], times=3) == 3
    with pytest.raises(whyfor.NotAllowed, match="shoe_size"):
        count(FRAME)
    with pytest.raises(whyfor.NotAllowed):
        count(frame=FRAME)


def test_a_guard_drops_what_is_denied(shop: whyfor.Policy) -> None:
    reports: list[whyfor.Report] = []

    @shop.guard(purpose="login", on_denied="drop", on_report=reports.append)
    def columns(frame: pd.DataFrame) -> list[str]:
        return list(frame.columns)

    assert columns(FRAME) == ["email"]
    assert reports[0].withheld == ("shoe_size",)


def test_duties_are_told(drun: whyfor.Policy) -> None:
    @drun.guard(purpose="research")
    def use(frame: pd.DataFrame) -> None:
        pass

    with pytest.warns(whyfor.DutiesWarning, match="for research, first: deidentify"):
        use(FRAME[["email"]])


def test_a_guard_holds_for_coroutines_methods_and_generators(shop: whyfor.Policy) -> None:
    @shop.guard(purpose="login")
    async def later(frame: pd.DataFrame) -> int:
        return len(frame)

    class Study:
        @shop.guard(purpose="login")
        def run(self, frame: pd.DataFrame) -> int:
            return len(frame)

    @shop.guard(purpose="login")
    def each(frame: pd.DataFrame) -> Any:
        yield from frame.columns

    assert asyncio.run(later(FRAME[["email"]])) == 1
    assert Study().run(FRAME[["email"]]) == 1
    assert list(each(FRAME[["email"]])) == ["email"]
    with pytest.raises(whyfor.NotAllowed):
        asyncio.run(later(FRAME))
    with pytest.raises(whyfor.NotAllowed):
        Study().run(FRAME)
    with pytest.raises(whyfor.NotAllowed):
        each(FRAME)


def test_a_misspelt_purpose_is_told_where_it_is_written(shop: whyfor.Policy) -> None:
    with pytest.raises(whyfor.UnknownName):
        shop.guard(purpose="lgoin")
    with pytest.raises(whyfor.UnknownName):
        shop.purpose("lgoin")


def test_a_purpose_holds_in_its_block(shop: whyfor.Policy) -> None:
    with shop.purpose("login") as login:
        assert login.may_use("email")
        assert not login.ask("usage")
        assert list(login.select(FRAME).frame.columns) == ["email"]
        assert login.columns(FRAME).withheld == ("shoe_size",)
        rows = pd.DataFrame({"field": ["email", "usage"]})
        assert list(login.filter(rows)["field"]) == ["email"]
        with pytest.raises(whyfor.NotAllowed):
            login.require("usage")
    with pytest.raises(RuntimeError, match="outside its `with` block"):
        login.may_use("email")


def test_an_audit_observes_before_it_enforces(shop: whyfor.Policy, tmp_path: Path) -> None:
    records: list[dict[str, Any]] = []
    observed = shop.audit(records)
    assert observed.may_use("usage", purpose="login")
    assert not observed.require("use", "usage", purpose="login")
    assert list(observed.select(FRAME, purpose="login").frame.columns) == ["email", "shoe_size"]
    assert [r["kind"] for r in records] == ["question", "question", "columns"]
    assert records[0]["verdict"] == "deny"
    assert records[2]["withheld"] == ["shoe_size"]
    assert records[0]["digest"] == shop.digest
    assert "a" not in json.dumps(records[2]["allowed"] + records[2]["withheld"]).split('"')

    path = tmp_path / "audit.jsonl"
    enforced = shop.audit(path, enforce=True)
    assert not enforced.may_use("usage", purpose="login")
    with pytest.raises(whyfor.NotAllowed):
        enforced.require("use", "usage", purpose="login")
    assert list(enforced.select(FRAME, purpose="login").frame.columns) == ["email"]
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["enforced"] for line in lines] == [True, True, True]
    with pytest.raises(TypeError, match="argument 'sink'"):
        shop.audit(3)  # type: ignore[arg-type]


def test_an_audit_writes_to_a_logger(shop: whyfor.Policy, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="privacy"):
        shop.audit(logging.getLogger("privacy")).may_use("email", purpose="login")
    assert json.loads(caplog.records[0].getMessage())["verdict"] == "allow"


def test_nothing_that_holds_data_passes_a_guard_unseen(shop: whyfor.Policy) -> None:
    @shop.guard(purpose="login", on_denied="drop")
    def take(data: Any) -> Any:
        return data

    batch = pa.RecordBatch.from_pydict({"email": ["a"], "shoe_size": [44]})
    assert take(batch).schema.names == ["email"]
    reader = pa.RecordBatchReader.from_batches(batch.schema, [batch])
    assert take(reader).schema.names == ["email"]
    assert [list(frame.columns) for frame in take([FRAME, FRAME])] == [["email"], ["email"]]
    assert list(take({"a": FRAME})["a"].columns) == ["email"]
    assert take(FRAME["email"]) is not None
    for series in (FRAME["shoe_size"], pl.Series("shoe_size", [44])):
        with pytest.raises(whyfor.NotAllowed, match="shoe_size"):
            take(series)
    with pytest.raises(whyfor.NotAllowed, match="shoe_size"):
        take((FRAME["shoe_size"],))
    assert take(3) == 3


def test_a_guard_is_observed_before_it_is_enforced(shop: whyfor.Policy) -> None:
    records: list[dict[str, Any]] = []

    @shop.audit(records).guard(purpose="login")
    def columns(frame: pd.DataFrame) -> list[str]:
        return list(frame.columns)

    assert columns(FRAME) == ["email", "shoe_size"]
    assert records[0]["withheld"] == ["shoe_size"]
