"""A masked or dropped column leaves no value behind, wherever a library keeps one."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import dask.dataframe
import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute
import pytest
import whyfor

from_pandas: Any = dask.dataframe.from_pandas
run_end_encode: Any = vars(pyarrow.compute)["run_end_encode"]  # its stubs lack it

SECRET = "111-22-3333"
VALUES = [SECRET, SECRET, "x"]


def select(policy: whyfor.Policy, frame: Any, on_denied: Any = "mask") -> Any:
    selection = policy.select(frame, purpose="login", on_denied=on_denied)
    assert selection.withheld
    return selection.frame


def is_told(value: Any) -> bool:
    """Whether a value tells the secret: in its bytes, or in what its types look like."""
    return SECRET.encode() in pickle.dumps(value)


PANDAS: dict[str, Callable[[], Any]] = {
    "str": lambda: pd.Series(VALUES),
    "object": lambda: pd.Series(VALUES, dtype=object),
    "string": lambda: pd.Series(VALUES, dtype="string"),
    "category": lambda: pd.Series(VALUES, dtype="category"),
    "ordered": lambda: pd.Series(pd.Categorical(VALUES, ordered=True)),
    "arrow": lambda: pd.Series(VALUES, dtype=pd.ArrowDtype(pa.string())),
    "arrow dictionary": lambda: pd.Series(
        pd.array(
            pa.array(VALUES).dictionary_encode(),  # type: ignore[call-overload]
            dtype=pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string())),
        )
    ),
    "sparse": lambda: pd.Series(pd.arrays.SparseArray(VALUES, fill_value=SECRET)),
}


@pytest.mark.parametrize("kind", PANDAS)
@pytest.mark.parametrize("on_denied", ["mask", "drop"])
def test_no_value_is_left_in_pandas(shop: whyfor.Policy, kind: str, on_denied: str) -> None:
    frame = pd.DataFrame({"email": [1, 2, 3], "usage": PANDAS[kind]()})
    frame.attrs["first"] = SECRET
    kept = select(shop, frame, on_denied)
    assert not is_told(kept)
    assert list(kept["email"]) == [1, 2, 3]
    if on_denied == "mask":
        assert kept["usage"].isna().all()
    assert frame.attrs == {"first": SECRET}
    assert list(frame["usage"]) == VALUES
    if kind == "sparse":
        return  # Dask has no such columns
    spread = select(shop, from_pandas(frame, npartitions=2), on_denied)
    assert not is_told(spread._meta)
    assert not is_told(spread.compute())
    assert list(spread.compute()["email"]) == [1, 2, 3]


def test_a_masked_column_of_categories_keeps_its_kind_and_has_none(shop: whyfor.Policy) -> None:
    frame = pd.DataFrame({"email": [1], "usage": pd.Categorical([SECRET])})
    masked = select(shop, frame)["usage"]
    assert isinstance(masked.dtype, pd.CategoricalDtype)
    assert list(masked.cat.categories) == []


def test_rows_keep_their_labels_where_columns_are_masked(shop: whyfor.Policy) -> None:
    frame = pd.DataFrame({"email": [1, 2], "usage": ["a", "b"]}, index=[5, 5])
    masked = select(shop, frame)
    assert list(masked.index) == [5, 5]
    assert list(masked.columns) == ["email", "usage"]


@pytest.mark.parametrize("on_denied", ["mask", "drop"])
def test_no_value_is_left_in_an_index(shop: whyfor.Policy, on_denied: str) -> None:
    frame = pd.DataFrame({"email": [1, 2, 3], "usage": VALUES})
    for index in (pd.Index(VALUES, name="usage"), pd.CategoricalIndex(VALUES, name="usage")):
        kept = select(shop, frame[["email"]].set_index(index), on_denied)
        assert not is_told(kept)
    levels = frame.set_index(["usage", "email"])[[]]
    kept = select(shop, levels, on_denied)
    assert kept.index.names == ["email"]
    assert not is_told(kept)


POLARS: dict[str, Any] = {
    "string": pl.String(),
    "enum": pl.Enum([SECRET, "x"]),
    "categorical": pl.Categorical(pl.Categories.random()),
}


@pytest.mark.parametrize("kind", POLARS)
def test_no_value_is_left_in_polars(shop: whyfor.Policy, kind: str) -> None:
    column = pl.Series("usage", VALUES, dtype=POLARS[kind])
    nested = pl.DataFrame(
        {
            "email": [1, 2, 3],
            "usage": column,
            "in_list": column.implode().new_from_index(0, 3),
            "in_struct": column.to_frame().to_struct(),
            "object": pl.Series(VALUES, dtype=pl.Object),
        }
    )
    masked = select(shop, nested)
    assert SECRET not in str(masked.schema)
    assert masked.height == 3
    assert masked.select(pl.all().is_null().all()).row(0) == (False, True, True, True, True)
    for dtype in masked.schema.values():
        categories = getattr(dtype, "categories", None)
        assert categories is None or len(categories) == 0
    lazy = select(shop, nested.lazy())
    assert lazy.collect_schema() == masked.schema
    assert lazy.collect().equals(masked)
    dropped = select(shop, nested, "drop")
    assert dropped.columns == ["email"]


ARROW: dict[str, Callable[[], Any]] = {
    "string": lambda: pa.array(VALUES),
    "dictionary": lambda: pa.array(VALUES).dictionary_encode(),
    "runs": lambda: run_end_encode(pa.array(VALUES)),
    "struct": lambda: pa.array([{"a": value} for value in VALUES]),
    "union": lambda: pa.UnionArray.from_dense(
        pa.array([0, 0, 0], pa.int8()), pa.array([0, 1, 2], pa.int32()), [pa.array(VALUES)]
    ),
}


@pytest.mark.parametrize("kind", ARROW)
@pytest.mark.parametrize("on_denied", ["mask", "drop"])
def test_no_value_is_left_in_arrow(shop: whyfor.Policy, kind: str, on_denied: str) -> None:
    metadata: Any = {"huggingface": f'{{"names": ["{SECRET}"]}}'}
    array = ARROW[kind]()
    field: Any = pa.field("usage", array.type, metadata={"values": SECRET})
    schema: Any = pa.schema([pa.field("email", pa.int64()), field], metadata=metadata)
    table: Any = pa.table([pa.array([1, 2, 3]), array], schema=schema)
    reader = pa.RecordBatchReader.from_batches(schema, table.to_batches())
    frames: list[Any] = [table, table.to_batches()[0], reader]
    for frame in frames:
        kept = select(shop, frame, on_denied)
        assert type(kept) is type(frame)
        kept = kept.read_all() if frame is reader else kept
        assert not is_told(kept)
        assert not is_told(kept.schema)
        assert kept["email"].to_pylist() == [1, 2, 3]
        if on_denied == "mask" and kind != "union":
            assert kept["usage"].null_count == 3 or kept["usage"].to_pylist() == [None] * 3


def test_no_value_is_left_in_what_arrow_keeps_of_other_libraries(shop: whyfor.Policy) -> None:
    of_polars: Any = pl.DataFrame(
        {"email": [1], "usage": pl.Series([SECRET], dtype=pl.Enum([SECRET]))}
    ).to_arrow()
    assert not is_told(select(shop, of_polars).schema)
    of_pandas = pd.DataFrame({"email": [1], "usage": pd.Categorical([SECRET])}, index=[7])
    of_pandas.attrs["first"] = SECRET
    of_pandas.index.name = "phone"
    table: Any = pa.Table.from_pandas(of_pandas)
    for on_denied in ("mask", "drop"):
        kept = select(shop, table, on_denied)
        assert not is_told(kept)
        assert list(kept.to_pandas()["email"]) == [1]
        assert kept.to_pandas().index.names == ["phone"]


@pytest.mark.parametrize(
    "expression",
    [
        f"'{SECRET}'",
        f"'{SECRET}'::enum('{SECRET}')",
        f"{{'a': '{SECRET}'::enum('{SECRET}')}}",
        f"['{SECRET}'::enum('{SECRET}')]",
        f"map {{1: '{SECRET}'::enum('{SECRET}')}}",
        f"union_value(a := '{SECRET}'::enum('{SECRET}'))",
        "'{}'::variant",
        "null",
    ],
)
def test_no_value_is_left_in_duckdb(shop: whyfor.Policy, expression: str) -> None:
    relation = duckdb.sql(f'SELECT 1 AS email, {expression} AS usage, 2 AS "odd ""name"')
    masked = select(shop, relation)
    assert masked.columns == ["email", "usage", 'odd "name']
    assert masked.fetchall() == [(1, None, None)]
    assert SECRET not in str(masked.types)


def test_no_name_of_a_dropped_column_is_left_where_names_are_categories(
    shop: whyfor.Policy,
) -> None:
    names = pd.CategoricalIndex(["email", SECRET])
    kept = select(shop, pd.DataFrame([[1, 2]], columns=names), "drop")
    assert list(kept.columns) == ["email"]
    assert not is_told(kept)


@pytest.mark.parametrize("on_denied", ["mask", "drop"])
def test_no_value_of_a_column_whose_name_differs_in_case_takes_the_place_of_another(
    shop: whyfor.Policy, on_denied: str
) -> None:
    relation = duckdb.sql(f"SELECT '{SECRET}' AS EMAIL, 'a@b' AS email, 1 AS email")
    kept = select(shop, relation, on_denied).fetchall()
    assert kept == ([(None, "a@b", 1)] if on_denied == "mask" else [("a@b", 1)])


WHOLE: dict[str, Callable[[Any], Any]] = {
    "pandas": lambda table: table.to_pandas(),
    "dask": lambda table: from_pandas(table.to_pandas(), npartitions=1),
    "polars": pl.DataFrame,
    "polars lazy": pl.LazyFrame,
    "arrow": lambda table: table,
    "duckdb": duckdb.from_arrow,
    "narwhals": lambda table: nw.from_native(pl.DataFrame(table)),
}


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("name", ["*", "^.*$", "usage.*", 'usage"', "Usage", "`usage`", "columns"])
def test_a_name_selects_its_own_column_and_no_other(
    shop: whyfor.Policy, kind: str, name: str
) -> None:
    if (kind, name) == ("duckdb", "Usage"):
        pytest.skip("DuckDB takes it for the same name, and calls the column `Usage_1`")
    table: Any = pa.table({"usage": [1, 2], name + "x": [3, 4], name: [5, 6]})
    mapping = {name: "email"}
    ways: list[Any] = ["drop", "mask"]
    for on_denied in ways:
        frame = WHOLE[kind](table)
        selection = shop.select(frame, purpose="login", mapping=mapping, on_denied=on_denied)
        assert {*selection.withheld} == {"usage", name + "x"}
        kept: Any = selection.frame
        assert type(kept) is type(frame)
        for finish in ("compute", "collect", "to_arrow_table", "to_arrow"):
            kept = getattr(kept, finish)() if hasattr(kept, finish) else kept
        found = nw.from_native(kept).to_dict(as_series=False)
        assert found.pop(name) == [5, 6]
        assert all(value is None or value != value for column in found.values() for value in column)
        assert list(found) == ([] if on_denied == "drop" else ["usage", name + "x"])
