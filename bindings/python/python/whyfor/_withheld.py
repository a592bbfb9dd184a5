"""Drops or masks the withheld columns of a frame; the result has the frame's type.

None of their values remain: not in the categories of a type, the buffers below nulls, an index, or metadata of
the frame or schema. So a masked column is built anew from nulls.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from ._frames import check_case, is_batches, is_of, narwhals, spark_functions, spark_name, wrap
from ._parts import is_spark_schema, labels_of_index


def without(frame: Any, withheld: set[str], *, masked: bool) -> Any:
    """The frame with its withheld columns dropped or masked; None if its engine needs a column."""
    if is_batches(frame):
        return _of_batches(frame, withheld, masked)
    nw = narwhals()
    wrapped = wrap(frame)
    is_lazy = isinstance(wrapped, nw.LazyFrame)
    columns = wrapped.collect_schema().names() if is_lazy else wrapped.columns
    if is_lazy and not masked and withheld.issuperset(columns):
        return None
    labels = labels_of_index(wrapped)
    native = _columns(wrapped, columns, withheld, masked)
    levels = [at for at, label in enumerate(labels) if label in withheld]
    if levels:
        several = {"level": levels} if len(labels) > 1 else {}
        native = native.reset_index(drop=True, **several)
    return like(frame, native)


def like(frame: Any, native: Any) -> Any:
    """Wraps a result in narwhals if the input was wrapped, in the same version of its API."""
    nw = narwhals()
    if not isinstance(frame, nw.DataFrame | nw.LazyFrame):
        return native
    return getattr(sys.modules[type(frame).__module__], "from_native", nw.from_native)(native)


def names_without(names: Any, withheld: set[str]) -> Any:
    """A schema or a list of names without the withheld ones."""
    if isinstance(names, Mapping):
        maker: Any = type(names)
        return maker({name: dtype for name, dtype in names.items() if name not in withheld})
    if is_of(names, "pyarrow", "Schema"):
        return _arrow_schema(names, withheld, masked=False)
    if is_of(names, "pandas", "Index"):
        return names[[name not in withheld for name in names]]
    if is_spark_schema(names):
        return type(names)([field for field in names.fields if field.name not in withheld])
    kept = [name for name in names if name not in withheld]
    return tuple(kept) if isinstance(names, tuple) else kept


def _columns(wrapped: Any, columns: list[str], withheld: set[str], masked: bool) -> Any:
    """A frame without its withheld columns, taken by exact name: a name that looks like an expression is a name."""
    native, library = wrapped.to_native(), wrapped.implementation
    if library.is_pandas():
        return _of_pandas(native, withheld, masked)
    if library.is_dask():
        return _of_dask(native, withheld, masked)
    if library.is_pyarrow():
        return _of_arrow(native, withheld, masked)
    if library.is_polars():
        return _of_polars(native, withheld, masked)
    if library.is_duckdb():
        return _of_duckdb(native, withheld, masked)
    if library.is_pyspark() or library.is_pyspark_connect():
        return _of_spark(native, withheld, masked)
    check_case(wrapped)
    if not masked:
        return wrapped.select([name for name in columns if name not in withheld]).to_native()
    # A condition that never holds gives typed nulls in any engine.
    nw = narwhals()
    never = nw.when(nw.lit(False))
    hidden = [never.then(nw.col(name)).alias(name) for name in columns if name in withheld]
    return (wrapped.with_columns(hidden) if hidden else wrapped).to_native()


def _of_pandas(frame: Any, withheld: set[str], masked: bool) -> Any:
    if not masked:
        kept = frame.loc[:, [name for name in frame.columns if name not in withheld]]
        frame = _without_notes(kept)
        if hasattr(frame.columns, "categories"):  # in a pivoted table, names are data
            frame.columns = frame.columns.remove_unused_categories()
        return frame
    frame = _without_notes(frame)
    for name in frame.columns:
        if name in withheld:
            frame[name] = _pandas_nulls(frame[name])
    return frame


def _of_dask(frame: Any, withheld: set[str], masked: bool) -> Any:
    if masked:
        meta = _of_pandas(frame._meta, withheld, masked)
        return frame.map_partitions(_of_pandas, withheld, masked, meta=meta)
    frame = frame[[name for name in frame.columns if name not in withheld]]
    if not frame._meta.attrs:
        return frame
    return frame.map_partitions(_without_notes, meta=_without_notes(frame._meta))


def _without_notes(frame: Any) -> Any:
    """A pandas frame without `attrs`, which may contain data of any column."""
    frame = frame.copy(deep=False)
    frame.attrs = {}
    return frame


def _pandas_nulls(column: Any) -> Any:
    """Nulls in place of a column, of its type or its nullable counterpart."""
    pandas: Any = sys.modules["pandas"]
    none = column.iloc[:0].reset_index(drop=True)
    dtype = none.dtype
    if isinstance(dtype, pandas.CategoricalDtype):
        none = none.cat.set_categories([])
    elif isinstance(dtype, pandas.SparseDtype):
        none = none.sparse.to_dense()  # its type contains the fill value
    elif isinstance(dtype, pandas.ArrowDtype):
        nulls = sys.modules["pyarrow"].nulls(len(column), _null_type(dtype.pyarrow_dtype))
        return pandas.Series(pandas.arrays.ArrowExtensionArray(nulls), index=column.index)
    elif type(dtype).__module__.partition(".")[0] not in ("numpy", "pandas"):
        none = none.astype(object)  # types of other libraries may contain data
    return none.reindex(range(len(column))).set_axis(column.index)


def _of_batches(frame: Any, withheld: set[str], masked: bool) -> Any:
    pyarrow: Any = sys.modules["pyarrow"]
    if isinstance(frame, pyarrow.RecordBatch):
        return _of_arrow(frame, withheld, masked)
    schema = _arrow_schema(frame.schema, withheld, masked)
    batches = (_of_arrow(batch, withheld, masked) for batch in frame)  # read when the caller reads
    return pyarrow.RecordBatchReader.from_batches(schema, batches)


def _of_arrow(table: Any, withheld: set[str], masked: bool) -> Any:
    """A table or a record batch without the withheld columns."""
    pyarrow: Any = sys.modules["pyarrow"]
    schema = _arrow_schema(table.schema, withheld, masked)
    columns = [
        pyarrow.nulls(table.num_rows, field.type)
        if field.name in withheld
        else table.column(field.name)
        for field in schema
    ]
    return type(table).from_arrays(columns, schema=schema)


def _arrow_schema(schema: Any, withheld: set[str], masked: bool) -> Any:
    """A schema without the withheld fields, or with null types in their place."""
    pyarrow: Any = sys.modules["pyarrow"]
    fields = [
        pyarrow.field(field.name, _null_type(field.type)) if field.name in withheld else field
        for field in schema
        if masked or field.name not in withheld
    ]
    return pyarrow.schema(fields, _metadata(schema.metadata, withheld))


def _null_type(dtype: Any) -> Any:
    """An Arrow type for nulls in place of values of another type."""
    return sys.modules["pyarrow"].null() if _may_contain_data(dtype) else dtype


def _may_contain_data(dtype: Any) -> bool:
    """Whether an Arrow type may contain data, as metadata of it could."""
    pyarrow: Any = sys.modules["pyarrow"]
    if isinstance(dtype, pyarrow.BaseExtensionType):
        return True
    if pyarrow.types.is_dictionary(dtype) or pyarrow.types.is_run_end_encoded(dtype):
        return _may_contain_data(dtype.value_type)
    fields = [dtype.field(at) for at in range(dtype.num_fields)]
    return any(bool(field.metadata) or _may_contain_data(field.type) for field in fields)


def _metadata(
    metadata: Mapping[bytes, bytes] | None, withheld: set[str]
) -> dict[bytes, bytes] | None:
    """The part of a schema's metadata that is not about withheld columns: pandas' notes on the others."""
    noted = (metadata or {}).get(b"pandas")
    if noted is None:
        return None
    notes = json.loads(noted)

    def is_kept(column: dict[str, Any]) -> bool:
        return not withheld & {column.get("name"), column.get("field_name")}

    # An index level is a name, or a dict that describes a range.
    levels = notes.get("index_columns", [])
    notes["index_columns"] = [
        level for level in levels if not (isinstance(level, str) and level in withheld)
    ]
    notes["columns"] = [column for column in notes.get("columns", []) if is_kept(column)]
    notes.pop("attributes", None)  # the frame's `attrs`, which may contain data of any column
    return {b"pandas": json.dumps(notes).encode()}


def _of_spark(frame: Any, withheld: set[str], masked: bool) -> Any:
    # By quoted names: Spark reads `events.ssn` as a part of `events`.
    functions = spark_functions()
    columns = [
        functions.lit(None).cast(field.dataType).alias(field.name)
        if field.name in withheld
        else frame[spark_name(field.name)]
        for field in frame.schema.fields
        if masked or field.name not in withheld
    ]
    return frame.select(columns)


def _of_polars(frame: Any, withheld: set[str], masked: bool) -> Any:
    polars: Any = sys.modules["polars"]
    schema = frame.collect_schema()
    if masked:
        return frame.with_columns(
            polars.lit(None, dtype=_polars_type(dtype)).alias(name)
            for name, dtype in schema.items()
            if name in withheld
        )
    # By position: a name such as `^.*$` would select by pattern.
    return frame.select(polars.nth(at) for at, name in enumerate(schema) if name not in withheld)


def _polars_type(dtype: Any) -> Any:
    """A type without values in it, as those of categories have."""
    polars: Any = sys.modules["polars"]
    if isinstance(dtype, polars.Enum):
        return polars.Enum([])
    if isinstance(dtype, polars.List):
        return polars.List(_polars_type(dtype.inner))
    if isinstance(dtype, polars.Array):
        return polars.Array(_polars_type(dtype.inner), dtype.size)
    if isinstance(dtype, polars.Struct):
        return polars.Struct({field.name: _polars_type(field.dtype) for field in dtype.fields})
    is_plain = dtype.is_numeric() or dtype.is_temporal()
    if is_plain or isinstance(dtype, polars.Boolean | polars.Binary | polars.Null):
        return dtype
    return polars.String  # for categories, objects, extensions, maps and future types


def _of_duckdb(relation: Any, withheld: set[str], masked: bool) -> Any:
    duckdb: Any = sys.modules["duckdb"]

    def nulls(name: str, dtype: Any) -> Any:
        dtype = "VARCHAR" if has_categories(dtype) else dtype
        return duckdb.ConstantExpression(None).cast(dtype).alias(name)

    # By position: a name such as `*` would select all, and DuckDB ignores case.
    places = enumerate(zip(relation.columns, relation.types, strict=True), start=1)
    columns = [
        nulls(name, dtype) if name in withheld else duckdb.SQLExpression(f"#{at}").alias(name)
        for at, (name, dtype) in places
        if masked or name not in withheld
    ]
    return relation.select(*columns)


def has_categories(dtype: Any) -> bool:
    """Whether a DuckDB type lists values."""
    if dtype.id == "enum":
        return True
    nested = ("list", "array", "struct", "tuple", "union", "map")
    inside = [inner for _, inner in dtype.children] if dtype.id in nested else []
    return any(has_categories(inner) for inner in inside if hasattr(inner, "id"))
