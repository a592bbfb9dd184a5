"""What no names of columns tell of is refused, of every library of data."""

from __future__ import annotations

import asyncio
import io
import sqlite3
import types
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from typing import Any

import dask
import dask.bag  # pyright: ignore[reportUnusedImport]
import dask.dataframe
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
import whyfor
from held import FRAME, POLARS, TABLE, Keeper, Take


class OwnFrame(pd.DataFrame):
    plots = vars(pd.DataFrame)["plot"]  # as geopandas has it


class OwnSeries(pd.Series):
    pass


OwnFrame.__module__ = OwnSeries.__module__ = "acme"


def csv(**more: Any) -> Any:
    return pd.read_csv(io.StringIO("ssn,amount\n111,1\n222,2\n"), **more)


def parquet() -> io.BytesIO:
    file = io.BytesIO()
    pq.write_table(TABLE, file)
    return file


def dask_frame() -> Any:
    from_pandas: Any = dask.dataframe.from_pandas
    return from_pandas(FRAME, npartitions=1)


DASK: Any = dask


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
        lambda: POLARS.lazy()._ldf,
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
    with pytest.raises(whyfor.ColumnsNotAllowedError):
        take(OwnSeries(FRAME["ssn"], name="ssn"))
    geopandas: Any = pytest.importorskip("geopandas")
    points = geopandas.GeoSeries.from_xy([1], [2])
    with pytest.raises(whyfor.ColumnsNotAllowedError):
        take(points.rename("ssn"))
    assert list(take(geopandas.GeoDataFrame({"amount": [1]}, geometry=points))) == ["amount"]


def test_an_iterator_of_a_class_of_its_own_is_refused(take: Take) -> None:
    class Chunks:
        def __iter__(self) -> Chunks:
            return self

        def __next__(self) -> Any:
            return FRAME

    with pytest.raises(TypeError, match="pass a generator"):
        take(Chunks())
    assert list(next(take(chunk for chunk in Chunks())).columns) == ["amount"]


def test_what_does_not_say_what_it_is_is_refused(take: Take) -> None:
    class Silent:
        def __getattribute__(self, name: str) -> Any:
            raise AttributeError(name)

    with pytest.raises(TypeError, match="Silent' object cannot be looked at"):
        take([Silent()])


def test_a_generator_in_what_cannot_be_copied_is_refused(take: Take) -> None:
    value = types.MappingProxyType({"frames": (frame for frame in [FRAME])})
    with pytest.raises(TypeError, match="pass the generator by itself"):
        take(value)


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


@pytest.mark.parametrize(
    "module",
    [
        "datasets.arrow_dataset",
        "sqlalchemy.engine",
        "pyspark.sql",
        "ray.data",
        "ibis.expr",
        "asyncpg",
        "openpyxl.workbook",
    ],
)
def test_a_library_is_known_by_its_name(take: Take, module: str) -> None:
    kind = type("Thing", (), {"__module__": module})
    with pytest.raises(TypeError, match="'Thing' object"):
        take(kind())
    with pytest.raises(TypeError, match="'Mine' object"):
        take(Keeper([type("Mine", (kind,), {"__module__": "acme"})()]))
