"""Wherever an argument of a guarded function holds data, it is checked or refused; the rest is passed as it is."""

from __future__ import annotations

import asyncio
import collections
import contextvars
import dataclasses
import datetime
import decimal
import enum
import functools
import io
import logging
import pathlib
import re
import sqlite3
import time
import types
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from typing import Any, NamedTuple

import attrs
import dask
import dask.bag  # pyright: ignore[reportUnusedImport]
import dask.dataframe
import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
import whyfor

DASK: Any = dask
FRAME = pd.DataFrame({"ssn": ["111", "222"], "amount": [1.0, 2.0]})
FINE = FRAME[["amount"]]
POLARS = pl.DataFrame({"ssn": ["111"], "amount": [1.0]})
TABLE = pa.table({"ssn": ["111"], "amount": [1.0]})

Take = Callable[..., Any]


@pytest.fixture(scope="module")
def policy() -> whyfor.Policy:
    return whyfor.loads(
        """
        policy demo
        tag sensitive
        category identity { national_id #sensitive }
        category contact { email }
        category usage { events amount age }
        purpose analytics { reporting }
        field "ssn", "card.number" is identity.national_id
        use usage for reporting
        never use #sensitive for reporting
        """
    )


@pytest.fixture(scope="module")
def take(policy: whyfor.Policy) -> Take:
    @policy.guard(purpose="reporting", on_denied="drop")
    def take(value: Any = None) -> Any:
        return value

    return take


class Pair(NamedTuple):
    train: Any
    seed: int


@dataclasses.dataclass
class Study:
    frame: Any
    name: str = "study"


@dataclasses.dataclass(frozen=True, slots=True)
class FrozenStudy:
    frame: Any


@attrs.define
class Attributed:
    frame: Any


class Keeper:
    def __init__(self, frame: Any) -> None:
        self.frame = frame

    def run(self) -> Any:
        return self.frame


class Slotted:
    __slots__ = ("frame",)

    def __init__(self, frame: Any) -> None:
        self.frame = frame


class Configured:
    frame = FRAME


class OwnFrame(pd.DataFrame):
    pass


class OwnSeries(pd.Series):
    pass


OwnFrame.__module__ = OwnSeries.__module__ = "acme"


class OwnList(list[Any]):
    pass


def csv(**more: Any) -> Any:
    return pd.read_csv(io.StringIO("ssn,amount\n111,1\n222,2\n"), **more)


def parquet() -> io.BytesIO:
    file = io.BytesIO()
    pq.write_table(TABLE, file)
    return file


def dask_frame() -> Any:
    from_pandas: Any = dask.dataframe.from_pandas
    return from_pandas(FRAME, npartitions=1)


def indexed() -> pd.DataFrame:
    return FRAME.set_index("ssn")


# ── Indexes ─────────────────────────────────────────────────────────────────────────────────────


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
    with pytest.raises(whyfor.ColumnsNotAllowed):
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
    take: Take, policy: whyfor.Policy, name: Any
) -> None:
    frame = indexed().rename_axis(index=[name])
    assert list(take(frame).index) == [0, 1]
    assert list(take({"a": frame})["a"].index) == [0, 1]
    both = FRAME.assign(age=[3, 4]).set_index(["age", "ssn"]).rename_axis(["age", name])
    assert list(take(both).index.names) == ["age"]
    wrapped = take(nw.from_native(frame))
    assert list(wrapped.to_native().index) == [0, 1]
    with pytest.raises(whyfor.ColumnsNotAllowed):
        policy.guard(purpose="reporting")(len)(frame)


def test_names_that_are_no_texts_are_refused(take: Take) -> None:
    of_columns = FRAME.groupby("amount").agg({"ssn": ["min", "max"]})
    names: list[Any] = [0, ("a", "b")]
    for name in names:
        of_index = indexed().rename_axis(index=[name])
        for data in (of_index, of_index["amount"], of_index.index, of_columns):
            with pytest.raises(TypeError, match="has no text for a name"):
                take(data)


# ── Where frames are ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("make", "find"),
    [
        (lambda f: [f], lambda v: v[0]),
        (lambda f: (1, f), lambda v: v[1]),
        (lambda f: {"a": f}, lambda v: v["a"]),
        (lambda f: {"a": [{"b": (f,)}]}, lambda v: v["a"][0]["b"][0]),
        (lambda f: collections.OrderedDict(a=f), lambda v: v["a"]),
        (lambda f: collections.defaultdict(list, a=f), lambda v: v["a"]),
        (lambda f: collections.deque([f]), lambda v: v[0]),
        (lambda f: collections.ChainMap({"a": f}), lambda v: v["a"]),
        (lambda f: collections.UserDict(a=f), lambda v: v["a"]),
        (lambda f: collections.UserList([f]), lambda v: v[0]),
        (lambda f: OwnList([f]), lambda v: v[0]),
        (lambda f: Pair(f, 1), lambda v: v.train),
        (Study, lambda v: v.frame),
        (FrozenStudy, lambda v: v.frame),
        (Attributed, lambda v: v.frame),
        (lambda f: (d for d in [f]), next),
        (lambda f: iter([f]), next),
        (lambda f: map(lambda d: d, [f]), next),
        (lambda f: {"a": (d for d in [f])}, lambda v: next(v["a"])),
        (lambda f: [*list(range(1000)), f], lambda v: v[-1]),
        (lambda f: [[1, 2], [3, f]], lambda v: v[1][1]),
        (lambda f: np.array([(f, 1)], [("amount", "O"), ("age", "i4")]), lambda v: v[0][0]),
        (lambda f: [{"age": 1}, {"age": f}], lambda v: v[1]["age"]),
    ],
)
def test_a_frame_is_replaced_wherever_a_container_or_a_record_has_it(
    take: Take, make: Callable[[Any], Any], find: Callable[[Any], Any]
) -> None:
    assert list(find(take(make(FRAME))).columns) == ["amount"]
    assert find(take(make(FINE))) is FINE
    value = make(FRAME)
    result = take(value)
    assert type(result) is type(value) or isinstance(result, Iterator)


@pytest.mark.parametrize(
    "make",
    [
        Keeper,
        Slotted,
        lambda f: Keeper({"a": [f]}),
        lambda f: Keeper(Slotted(f)),
        lambda f: Keeper(f).run,
        lambda f: types.SimpleNamespace(frame=f),
        lambda f: types.MappingProxyType({"a": f}).values(),
        lambda f: functools.partial(print, f),
        lambda f: functools.partial(dict, frame=f),
        lambda f: lambda: f,
        lambda f: lambda x=f: x,
        lambda f: f.head,
        lambda f: [f].append,
        lambda f: ValueError(f),
        lambda f: [Keeper(f)],
    ],
)
def test_what_an_object_or_a_function_keeps_must_be_allowed_as_it_is(
    take: Take, make: Callable[[Any], Any]
) -> None:
    with pytest.raises(whyfor.ColumnsNotAllowed, match="ssn"):
        take(make(FRAME))
    value = make(FINE)
    assert take(value) is value


def test_the_attributes_of_a_class_are_its_objects_too(take: Take) -> None:
    for value in (Configured(), Configured):
        with pytest.raises(whyfor.ColumnsNotAllowed):
            take(value)


def test_what_a_frame_has_in_its_attrs_is_looked_at(take: Take) -> None:
    frame = FINE.copy()
    frame.attrs["raw"] = FRAME
    with pytest.raises(whyfor.ColumnsNotAllowed):
        take(frame)


@pytest.mark.parametrize("model", ["pydantic"])
def test_models_are_records(take: Take, model: str) -> None:
    pydantic = pytest.importorskip(model)

    class Model(pydantic.BaseModel):  # type: ignore[name-defined, misc]
        model_config = pydantic.ConfigDict(arbitrary_types_allowed=True, extra="allow")
        frame: Any

    assert list(take(Model(frame=FRAME)).frame.columns) == ["amount"]
    with pytest.raises(whyfor.ColumnsNotAllowed, match="ssn"):
        take(Model(frame=FINE, ssn="111"))


@pytest.mark.parametrize(
    "make",
    [
        lambda: csv(chunksize=1),
        lambda: csv(iterator=True),
        lambda: FRAME.groupby("amount"),
        lambda: FRAME.groupby("amount")["amount"],
        lambda: FRAME.rolling(1),
        lambda: FRAME.expanding(),
        lambda: FRAME.set_index(pd.date_range("2026", periods=2)).resample("D"),
        lambda: FRAME.iloc,
        lambda: FRAME["ssn"].str,
        lambda: FRAME["ssn"].array,
        lambda: pd.Categorical(["111"]),
        lambda: POLARS.group_by("amount"),
        lambda: POLARS.lazy().group_by("amount"),
        lambda: pl.lit(POLARS["ssn"]),
        lambda: pa.array(["111"]),
        lambda: pa.chunked_array([["111"]]),
        lambda: pq.ParquetFile(parquet()),
        lambda: ds.dataset(TABLE),
        lambda: ds.dataset(TABLE).scanner(),
        lambda: dask_frame()["ssn"],
        lambda: dask_frame().index,
        lambda: DASK.delayed(FRAME),
        lambda: DASK.bag.from_sequence([1]),
        lambda: duckdb.connect(),
        lambda: sqlite3.connect(":memory:"),
        lambda: sqlite3.connect(":memory:").cursor(),
        lambda: np.array(["111"]),
        lambda: np.array([FRAME], dtype=object),
        lambda: csv(chunksize=1).__iter__(),
        lambda: Keeper(csv(chunksize=1)),
        lambda: Keeper(sqlite3.connect(":memory:")),
        lambda: [duckdb.connect()],
        lambda: Future[int](),
    ],
)
def test_what_no_names_of_columns_tell_of_is_refused(take: Take, make: Callable[[], Any]) -> None:
    with pytest.raises(TypeError, match="argument 'value'") as raised:
        take(make())
    assert "pass" in str(raised.value)


@pytest.mark.parametrize(
    ("library", "make"),
    [
        ("ibis", lambda ibis: ibis.table({"ssn": "string"}, name="t").ssn),
        ("datasets", lambda datasets: datasets.Dataset.from_pandas(FRAME)),
        ("datasets", lambda datasets: datasets.DatasetDict()),
        ("sqlalchemy", lambda sqlalchemy: sqlalchemy.create_engine("sqlite://")),
    ],
)
def test_objects_of_other_libraries_of_data_are_refused(
    take: Take, library: str, make: Callable[[Any], Any]
) -> None:
    with pytest.raises(TypeError, match="argument 'value'"):
        take(make(pytest.importorskip(library)))


def test_a_class_that_inherits_from_a_librarys_is_that_librarys(take: Take) -> None:
    assert list(take(OwnFrame(FRAME)).columns) == ["amount"]
    with pytest.raises(whyfor.ColumnsNotAllowed):
        take(OwnSeries(FRAME["ssn"], name="ssn"))
    geopandas: Any = pytest.importorskip("geopandas")
    with pytest.raises(whyfor.ColumnsNotAllowed):
        take(geopandas.GeoSeries.from_xy([1], [2]).rename("ssn"))


def test_an_iterator_of_a_class_of_its_own_is_refused(take: Take) -> None:
    class Chunks:
        def __iter__(self) -> Chunks:
            return self

        def __next__(self) -> Any:
            return FRAME

    with pytest.raises(TypeError, match="pass a generator"):
        take(Chunks())
    assert list(next(take(chunk for chunk in Chunks())).columns) == ["amount"]


def test_the_items_of_an_asynchronous_generator_are_checked_too(take: Take) -> None:
    async def chunks() -> AsyncIterator[Any]:
        yield FRAME

    async def first() -> Any:
        async for chunk in take(chunks()):
            return chunk

    assert list(asyncio.run(first()).columns) == ["amount"]

    async def frame() -> Any:
        return FRAME

    coroutine = frame()
    with pytest.raises(TypeError, match="await it"):
        take(coroutine)
    coroutine.close()


class Copied:
    """Copies itself, and keeps what it has."""

    def __init__(self, frame: Any) -> None:
        self.frames = [frame]

    def __deepcopy__(self, memo: Any) -> Copied:
        return self


class Lazy(collections.UserList[Any]):
    def __iter__(self) -> Iterator[Any]:
        return iter([FRAME.copy()])


class Uncopied(list[Any]):
    def __deepcopy__(self, memo: Any) -> Uncopied:
        return self


class Colours(enum.Enum):
    FRAME = (FRAME,)


def test_what_is_copied_in_its_own_way_hands_nothing_on(take: Take) -> None:
    variable = contextvars.ContextVar("variable", default=FRAME)
    for value in (Copied(FRAME), Colours.FRAME, variable, OwnFrame(FINE)):
        if isinstance(value, OwnFrame):
            object.__setattr__(value, "raw", FRAME)
        with pytest.raises(whyfor.ColumnsNotAllowed):
            take(value)
    for uncopied in (Lazy([FRAME]), Uncopied([FRAME])):
        with pytest.raises(TypeError, match="cannot be copied"):
            take(uncopied)


@pytest.mark.parametrize(
    "module",
    ["datasets.arrow_dataset", "sqlalchemy.engine", "pyspark.sql", "ray.data", "ibis.expr"],
)
def test_a_library_is_known_by_its_name(take: Take, module: str) -> None:
    kind = type("Thing", (), {"__module__": module})
    with pytest.raises(TypeError, match="'Thing' object"):
        take(kind())
    with pytest.raises(TypeError, match="'Mine' object"):
        take(Keeper([type("Mine", (kind,), {"__module__": "acme"})()]))


# ── Records ─────────────────────────────────────────────────────────────────────────────────────


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


# ── What is passed ──────────────────────────────────────────────────────────────────────────────


class Colour(enum.Enum):
    RED = "red"


@pytest.mark.parametrize(
    "value",
    [
        None,
        1,
        2.5,
        "ssn",
        b"ssn",
        bytearray(b"x"),
        memoryview(b"x"),
        datetime.date(2026, 1, 1),
        decimal.Decimal(1),
        uuid.UUID(int=1),
        pathlib.Path("ssn"),
        re.compile("ssn"),
        Colour.RED,
        np.float64(1),
        np.dtype("f8"),
        np.random.default_rng(1),
        pd.Timestamp(0),
        pd.NaT,
        pd.NA,
        pd.Timedelta(1),
        pd.offsets.Day(1),
        pd.CategoricalDtype(["a"]),
        pl.Int64,
        pl.List(pl.Int64),
        pa.int64(),
        pa.schema([("ssn", pa.string())]),
        pd.DataFrame,
        print,
        np.mean,
        len,
        lambda: 1,
        functools.partial(print, 1),
        range(3),
        {1, 2},
        logging.getLogger(),
        io.StringIO("ssn"),
        object(),
        Keeper(1),
        Keeper(np.array([1.0])),
        types.SimpleNamespace(a=[1]),
        Colour,
        asyncio,
    ],
    ids=repr,
)
def test_what_holds_no_data_is_passed_as_it_is(take: Take, value: Any) -> None:
    assert take(value) is value
    assert take([value])[0] is value


def test_an_argument_without_frames_is_the_very_object(policy: whyfor.Policy) -> None:
    @policy.guard(purpose="reporting", on_denied="drop")
    def fill(frame: Any, out: list[int], cache: dict[str, Any]) -> None:
        out.append(len(frame))
        cache["n"] = 1

    out: list[int] = []
    cache: dict[str, Any] = {}
    fill(FRAME, out, cache)
    assert (out, cache) == ([2], {"n": 1})


def test_only_the_containers_on_the_way_to_a_frame_are_copied(take: Take) -> None:
    inner, keeper = [1], Keeper(1)
    value = {"inner": inner, "keeper": keeper, "frames": [FRAME, FINE]}
    result = take(value)
    assert result is not value
    assert result["inner"] is inner
    assert result["keeper"] is keeper
    assert result["frames"][1] is FINE
    assert list(value["frames"][0].columns) == ["ssn", "amount"]  # type: ignore[index]


def test_a_container_in_itself_is_passed_or_rebuilt(take: Take) -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert take(loop) is loop
    loop.append(FRAME)
    result = take(loop)
    assert result[0] is result
    assert list(result[1].columns) == ["amount"]
    keyed: dict[str, Any] = {}
    keyed["me"] = keyed
    assert take(keyed) is keyed


def test_no_depth_is_too_deep(take: Take) -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert take(deep) is deep
    bottom: list[Any] = [FRAME]
    deep = bottom
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(TypeError, match="nested too deeply"):
        take(deep)


@pytest.mark.parametrize(
    "make",
    [
        lambda: list(range(1_000_000)),
        lambda: [[n, str(n)] for n in range(300_000)],
        lambda: [{"age": n, "amount": 1.0} for n in range(300_000)],
        lambda: dict.fromkeys(range(1_000_000)),
        lambda: dict.fromkeys(map(str, range(300_000)), 1.0),
        lambda: {str(n): [n] for n in range(100_000)},
        lambda: set(range(1_000_000)),
    ],
)
def test_many_plain_values_cost_little(take: Take, make: Callable[[], Any]) -> None:
    value = make()
    start = time.process_time()
    assert take(value) is value
    assert time.process_time() - start < 1


def test_a_frame_behind_a_million_numbers_is_found(take: Take) -> None:
    assert list(take([*range(1_000_000), FRAME])[-1].columns) == ["amount"]


# ── Strict ──────────────────────────────────────────────────────────────────────────────────────


def test_strictly_only_plain_values_and_frames_are_passed(policy: whyfor.Policy) -> None:
    @policy.guard(purpose="reporting", on_denied="drop", strict=True)
    def take(value: Any) -> Any:
        return value

    for fine in (
        1,
        "a",
        [1, 2],
        (None,),
        {"age": 3},
        datetime.date(2026, 1, 1),
        pd.Timestamp(0),
        float,
    ):
        assert take(fine) is fine
    assert list(take([FRAME])[0].columns) == ["amount"]
    assert list(take(Pair(FRAME, 1) and (FRAME,))[0].columns) == ["amount"]
    for refused in (
        object(),
        Keeper(1),
        lambda: 1,
        iter([1]),
        io.StringIO(),
        logging.getLogger(),
        Colour,
    ):
        with pytest.raises(TypeError, match="is no plain value"):
            take(refused)
    with pytest.raises(whyfor.ColumnsNotAllowed, match="learning_rate"):
        take({"learning_rate": 0.1})


def test_a_method_can_be_guarded_strictly(policy: whyfor.Policy) -> None:
    class Job:
        @policy.guard(purpose="reporting", strict=True)
        def run(self, frame: Any) -> int:
            return len(frame)

    assert Job().run(FINE) == 2
    with pytest.raises(TypeError, match="argument 'frame'"):
        Job().run(object())
