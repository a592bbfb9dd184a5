"""A column by itself, and an index, are held to their names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import whyfor
from held import FINE, FRAME, Pair, Take, indexed


@pytest.mark.parametrize(
    "make",
    [
        lambda: indexed()["amount"],
        lambda: FRAME.groupby("ssn")["amount"].sum(),
        lambda: indexed().index,
        lambda: pd.Index(FRAME["ssn"]),
        lambda: pd.MultiIndex.from_frame(FRAME),
        lambda: FRAME.assign(age=1).set_index(["age", "ssn"])["amount"],
        lambda: FRAME.assign(age=1).set_index(["ssn", "age"]).index,
        lambda: indexed()["amount"].rename_axis(None),
        lambda: FRAME["ssn"],
        lambda: FRAME["ssn"].rename(None),
        lambda: FRAME["ssn"].rename(0),
        lambda: FRAME["ssn"].rename(("ssn", "sum")),
        lambda: pl.Series([1]),
        lambda: pl.Series("card", [{"number": "111"}]),
        lambda: pd.date_range("2026-01-01", periods=2),
        lambda: nw.from_native(FRAME["ssn"], series_only=True),
    ],
)
def test_a_column_by_itself_is_held_to_its_name_and_all_levels_of_its_index(
    take: Take, make: Callable[[], Any]
) -> None:
    with pytest.raises(whyfor.ColumnsNotAllowedError):
        take(make())


@pytest.mark.parametrize(
    "make",
    [
        lambda: FRAME["amount"],
        lambda: FRAME["amount"][FRAME["amount"] > 1],
        lambda: FRAME.assign(age=1).set_index("age")["amount"],
        lambda: FRAME.assign(age=1).set_index("age").index,
        lambda: FRAME.index,
        lambda: FINE.sort_values("amount", ascending=False),
        lambda: pd.DataFrame(),
        lambda: pd.Series([1.0], name="amount", index=pd.Index(["a"], name="age")),
    ],
)
def test_an_index_that_is_allowed_or_numbers_rows_is_passed(
    take: Take, make: Callable[[], Any]
) -> None:
    value = make()
    assert take(value) is value


@pytest.mark.parametrize("name", ["ssn", "nobody_knows", None])
def test_a_level_that_is_not_allowed_is_dropped_from_a_frame(
    take: Take, demo: whyfor.Policy, name: Any
) -> None:
    frame = indexed().rename_axis(index=[name])
    assert list(take(frame).index) == [0, 1]
    assert list(take({"a": frame})["a"].index) == [0, 1]
    both = FRAME.assign(age=[3, 4]).set_index(["age", "ssn"]).rename_axis(["age", name])
    assert list(take(both).index.names) == ["age"]
    wrapped = take(nw.from_native(frame))
    assert list(wrapped.to_native().index) == [0, 1]
    with pytest.raises(whyfor.ColumnsNotAllowedError):
        demo.guard(purpose="reporting")(len)(frame)


def test_names_that_are_no_texts_are_refused(take: Take) -> None:
    of_columns = FRAME.groupby("amount").agg({"ssn": ["min", "max"]})
    names: list[Any] = [0, ("a", "b")]
    for name in names:
        of_index = indexed().rename_axis(index=[name])
        for data in (of_index, of_index["amount"], of_index.index, of_columns):
            with pytest.raises(TypeError, match="has no text for a name"):
                take(data)


def test_an_index_by_itself_is_looked_into(take: Take) -> None:
    cards: Any = pa.array([{"ssn": "111"}])
    index: Any
    for index in (
        pd.Index(pd.array(cards, dtype=pd.ArrowDtype(cards.type))),
        pd.Index([{"ssn": 1}]),
    ):
        for value in (index.rename("events"), pd.Series([1.0], index.rename("events"), name="age")):
            with pytest.raises(whyfor.ColumnsNotAllowedError, match="events"):
                take(value)


@pytest.mark.parametrize(
    "make",
    [
        lambda: pd.Series([111], name="age"),
        lambda: pl.Series("age", [111]),
        lambda: nw.from_native(pl.Series("age", [111]), series_only=True),
        lambda: pd.Index([111]),
        lambda: pd.RangeIndex(3),
        lambda: pd.Index([111], name="age"),
    ],
)
def test_a_column_in_a_record_is_held_to_its_key_too(take: Take, make: Callable[[], Any]) -> None:
    for value in (
        {"ssn": make()},
        {"ssn": [make()]},
        {"card": {"number": make()}},
        Pair(make(), 1),
    ):
        if isinstance(value, Pair):
            assert take(value) is value
            continue
        with pytest.raises(whyfor.ColumnsNotAllowedError):
            take(value)
    fine = {"amount": make()}
    assert take(fine) is fine
