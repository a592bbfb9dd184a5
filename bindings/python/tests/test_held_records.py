"""The fields of records are held to their names."""

from __future__ import annotations

import collections
import dataclasses
import enum
import io
import types
from collections.abc import Callable
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
    with pytest.raises(whyfor.ColumnsNotAllowedError, match="ssn"):
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
    with pytest.raises(whyfor.ColumnsNotAllowedError):
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
        with pytest.raises(whyfor.ColumnsNotAllowedError):
            take({"ssn": denied})
        with pytest.raises(whyfor.ColumnsNotAllowedError):
            take({"nobody_knows": denied})


STRUCTS: Any = pa.array([{"ssn": "111"}])
OBJECTS = np.array([{"ssn": "111"}], dtype=object)


@pytest.mark.parametrize(
    "array",
    [
        STRUCTS,
        pa.DictionaryArray.from_arrays(pa.array([0]), STRUCTS),
        pa.RunEndEncodedArray.from_arrays(pa.array([1], pa.int32()), STRUCTS),
        pa.array([[{"ssn": "111"}]]),
        pd.array(STRUCTS, dtype=pd.ArrowDtype(STRUCTS.type)),
    ],
    ids=lambda array: type(array).__name__,
)
def test_an_array_in_a_record_is_looked_into(take: Take, array: Any) -> None:
    with pytest.raises(whyfor.ColumnsNotAllowedError, match=r"events\.ssn"):
        take({"events": array})


@pytest.mark.parametrize(
    "array",
    [
        pa.array([[("ssn", "111")]], pa.map_(pa.string(), pa.string())),
        pd.arrays.NumpyExtensionArray(OBJECTS),
        pd.arrays.SparseArray(OBJECTS),
    ],
    ids=lambda array: type(array).__name__,
)
def test_an_array_in_a_record_that_cannot_be_read_is_refused(take: Take, array: Any) -> None:
    with pytest.raises(TypeError, match="does not say what it holds"):
        take({"events": array})


class Held(enum.Enum):
    ONE = "111"
    RECORD = types.MappingProxyType({"ssn": "111"})


SHARED = {"a": {"b": {"c": 1}}}


@pytest.mark.parametrize(
    "value",
    [
        types.MappingProxyType({"ssn": "111"}),
        types.MappingProxyType({"person": {"ssn": "111"}}),
        {"person": types.MappingProxyType({"ssn": "111"})},
        {"ssn": "111"}.items(),
        {1: {"ssn": "111"}}.values(),
        types.SimpleNamespace(ssn="111"),
        [types.SimpleNamespace(person=types.SimpleNamespace(ssn="111"))],
        {"ssn": Held.ONE},
        Held.RECORD,
    ],
    ids=repr,
)
def test_what_cannot_be_copied_has_fields_too(take: Take, value: Any) -> None:
    with pytest.raises(whyfor.ColumnsNotAllowedError, match="ssn"):
        take(value)


def test_a_record_that_is_reached_twice_has_the_names_of_both_ways(take: Take) -> None:
    fine = {"age": SHARED, "events": SHARED}
    assert take(fine) is fine
    for value in ({"fine": SHARED, "ssn": SHARED}, {"x": {"fine": SHARED, "ssn": SHARED}}):
        with pytest.raises(whyfor.ColumnsNotAllowedError, match="ssn"):
            take(value)


class Number:
    """A value of a class of its own."""


@pytest.mark.parametrize(
    "make",
    [
        Number,
        lambda: io.StringIO("111"),
        lambda: memoryview(b"111"),
        lambda: (number for number in ["111"]),
        lambda: map(str, [111]),
    ],
)
def test_whatever_is_under_a_key_that_is_denied_is_denied(
    take: Take, make: Callable[[], Any]
) -> None:
    for value in ({"ssn": make()}, [{"ssn": [make()]}]):
        with pytest.raises(whyfor.ColumnsNotAllowedError, match="ssn"):
            take(value)
    assert "age" in take({"age": make()})


def test_the_items_of_a_generator_are_where_it_is(take: Take) -> None:
    assert list(take({"card": (item for item in [{"age": 1}])})["card"]) == [{"age": 1}]
    items = take({"card": (item for item in [{"number": "111"}])})["card"]
    with pytest.raises(whyfor.ColumnsNotAllowedError, match=r"card\.number"):
        next(items)


def test_what_is_passed_by_names_that_a_function_does_not_list_is_a_record(
    demo: whyfor.Policy,
) -> None:
    @demo.guard(purpose="reporting")
    def take(listed: Any = None, **others: Any) -> Any:
        return others or listed

    assert take("111") == "111"
    assert take(age=3, colour="red") == {"age": 3, "colour": "red"}
    for others in ({"ssn": "111"}, {"card": {"number": "111"}}, {"ssn": np.array(["111"])}):
        with pytest.raises(whyfor.ColumnsNotAllowedError):
            take(**others)

    @demo.guard(purpose="reporting", strict=True)
    def draw(**style: Any) -> Any:
        return style

    assert draw(colour="red") == {"colour": "red"}
    with pytest.raises(whyfor.ColumnsNotAllowedError):
        draw(ssn="111")


def test_attrs_are_a_record(take: Take) -> None:
    for data in (FINE.copy(), FRAME["amount"].copy()):
        data.attrs["source"] = "bank"
        assert take(data) is data
        data.attrs["ssn"] = "111"
        with pytest.raises(whyfor.ColumnsNotAllowedError, match="ssn"):
            take(data)
