"""The fields of records are held to their names."""

from __future__ import annotations

import collections
import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import whyfor
from held import FINE, FRAME, Pair, Take


@pytest.mark.parametrize("model", ["pydantic"])
def test_models_are_records(take: Take, model: str) -> None:
    pydantic = pytest.importorskip(model)

    class Model(pydantic.BaseModel):  # type: ignore[name-defined, misc]
        model_config = pydantic.ConfigDict(arbitrary_types_allowed=True, extra="allow")
        frame: Any

    assert list(take(Model(frame=FRAME)).frame.columns) == ["amount"]
    with pytest.raises(whyfor.ColumnsNotAllowed, match="ssn"):
        take(Model(frame=FINE, ssn="111"))


@dataclasses.dataclass
class Person:
    ssn: str


@pytest.mark.parametrize(
    "value",
    [
        {"ssn": "111"},
        FRAME.to_dict("records"),
        FRAME.to_dict("list"),
        FRAME.to_dict("index"),
        [{"age": 1}, {"ssn": None}],
        {"people": [{"ssn": "111"}]},
        {"card": {"number": "111"}},
        {"ssn": [1, 2]},
        {"ssn": {"a": 1}},
        {"ssn": []},
        Person("111"),
        [Person("111")],
        Pair(Person("111"), 1),
        next(FRAME.itertuples()),
        FRAME.to_records(),
        FRAME.to_records()[0],
        np.array([(1, ("111",))], dtype=[("age", "i4"), ("card", [("number", "U3")])]),
        collections.OrderedDict(ssn="111"),
    ],
    ids=repr,
)
def test_fields_of_records_that_the_policy_knows_must_be_allowed(take: Take, value: Any) -> None:
    with pytest.raises(whyfor.ColumnsNotAllowed):
        take(value)


@pytest.mark.parametrize(
    "value",
    [
        {"learning_rate": 0.1, "layers": [64, 64]},
        {"age": 3, "amount": [1, 2]},
        [{"age": 1}, {"events": 2}],
        {"usage": {"age": 1}},
        {"dtype": {"ssn": str, "age": float}}["dtype"],
        pl.Schema({"ssn": pl.String}),
        {1: "ssn", "columns": ["ssn"]},
    ],
    ids=repr,
)
def test_other_fields_are_passed(take: Take, value: Any) -> None:
    assert take(value) is value


def test_an_array_without_a_name_has_that_of_its_key(take: Take) -> None:
    fine: dict[str, Any] = {"age": np.array([1]), "amount": pa.array([1]), "events": pd.Series([1])}
    assert take(fine) is fine
    for denied in (np.array(["111"]), pa.array(["111"]), pd.Series(["111"]), FRAME["ssn"].array):
        with pytest.raises(whyfor.ColumnsNotAllowed):
            take({"ssn": denied})
        with pytest.raises(whyfor.ColumnsNotAllowed):
            take({"nobody_knows": denied})
