"""Cells that may be seen, in the frames of each library: what a plan shows, as a frame of the same type."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import partial, reduce
from typing import Any

from ._core import filtered, kept
from ._expressions import Expressions
from ._parts import labels_of_index
from ._plan import ColumnPlan, Plan
from ._pyarrow import converted, pyarrow

Withheld = dict[int, int]
"""Of how many rows the value is withheld, by question."""


def _allowed(plan: Plan, at: int, rows: int, facts: Mapping[str, Any]) -> Any:
    """Which rows a question allows, as Arrow's answers."""
    return plan.residuals.decide(at, rows, facts)


# ── Arrow ───────────────────────────────────────────────────────────────────────────────────────


def of_arrow(table: Any, plan: Plan) -> tuple[Any, Withheld]:
    """A table or a record batch of arrow."""
    arrow: Any = sys.modules["pyarrow"]
    facts = plan.facts({name: _only(table, name) for name in plan.all_reads()})
    allowed = {
        at: arrow.array(_allowed(plan, at, table.num_rows, facts)) for at in plan.conditional()
    }
    withheld = {at: table.num_rows - rows.true_count for at, rows in allowed.items()}
    stay = _staying(table.schema, plan, allowed)

    def staying(values: Any) -> Any:
        return values if stay is None else arrow.chunked_array(filtered(values, stay))

    facts = {name: staying(values) for name, values in facts.items()}
    allowed = {at: staying(rows) for at, rows in allowed.items()}
    fields, columns = [], []
    for at, field in enumerate(table.schema):
        column = plan.columns.get(field.name)
        if column is None:
            continue
        values = staying(table.column(at))
        if not plan.is_as_it_is(column):
            _check_nullable(field, plan, column)
            if (asked := plan.condition(column)) is not None:
                shown = arrow.chunked_array(kept(field.name, values, allowed[asked]))
                values = _meaning(shown, field.type)
            else:
                values = arrow.chunked_array(plan.show(column, values, facts))
            field = field.with_type(values.type).with_metadata(None)
        fields.append(field)
        columns.append(values)
    is_same = len(fields) == len(table.schema) and _is_whole(plan)
    schema = arrow.schema(fields, table.schema.metadata if is_same else None)
    if isinstance(table, arrow.RecordBatch):
        arrays = [c.combine_chunks() if hasattr(c, "chunks") else c for c in columns]
        return arrow.RecordBatch.from_arrays(arrays, schema=schema), withheld
    return arrow.Table.from_arrays(columns, schema=schema), withheld


_MEANINGS = {"arrow.bool8", "arrow.json", "arrow.uuid"}
"""Extension types that say nothing of the values of a column but what each of them means."""


def _meaning(shown: Any, of: Any) -> Any:
    """Values shown as they are, of the extension type that they were of."""
    arrow: Any = sys.modules["pyarrow"]
    is_same = isinstance(of, arrow.BaseExtensionType) and shown.type == of.storage_type
    if not is_same or of.extension_name not in _MEANINGS:
        return shown
    return arrow.chunked_array([of.wrap_array(chunk) for chunk in shown.chunks], of)


def _is_whole(plan: Plan) -> bool:
    """Whether all that is shown is as it is: then notes on a frame, which may hold data of any column, are kept."""
    return all(map(plan.is_as_it_is, plan.columns.values()))


def _check_nullable(field: Any, plan: Plan, column: ColumnPlan) -> None:
    if not field.nullable and "replace-with-null" in plan.masks(column):
        raise TypeError(
            f"column {field.name!r}: the mask `replace-with-null` is not for a column that cannot be null"
        )


def _only(table: Any, name: str) -> Any:
    places = table.schema.get_all_field_indices(name)
    if len(places) != 1:
        raise ValueError(f"argument 'facts': the frame has {len(places)} columns {name!r}")
    return table.column(places[0])


def _staying(schema: Any, plan: Plan, allowed: Mapping[int, Any]) -> Any:
    """The rows that stay; None for all. A value that cannot be null drops its row where it is withheld."""
    needed = [
        at
        for name, column in plan.columns.items()
        for _, at in column.parts
        if at in allowed
        and (plan.rows == "drop" or any(not f.nullable for f in schema if f.name == name))
    ]
    return _all([allowed[at] for at in dict.fromkeys(needed)])


def _all(rows: list[Any]) -> Any:
    """The rows that are all true; None without any."""
    import pyarrow.compute as compute

    return reduce(compute.and_, rows) if rows else None


def of_batches(frame: Any, plan: Plan) -> tuple[Any, Withheld | None]:
    """A record batch, or a reader, whose batches are read when the caller reads."""
    arrow: Any = sys.modules["pyarrow"]
    if isinstance(frame, arrow.RecordBatch):
        return of_arrow(frame, plan)
    nothing, _ = of_arrow(frame.schema.empty_table(), plan)

    def batches() -> Iterator[Any]:
        for batch in frame:
            yield of_arrow(batch, plan)[0]

    return arrow.RecordBatchReader.from_batches(nothing.schema, batches()), None


# ── pandas ──────────────────────────────────────────────────────────────────────────────────────


def of_pandas(frame: Any, plan: Plan) -> tuple[Any, Withheld]:
    """A frame of pandas. A level of its index is a column that is shown as a whole, or not at all."""
    values = {name: _series(frame, name) for name in plan.all_reads()}
    facts = plan.facts(values)
    allowed = {at: _flags(plan, at, len(frame), facts) for at in plan.conditional()}
    withheld = {at: int(len(frame) - rows.sum()) for at, rows in allowed.items()}
    labels = labels_of_index(frame)
    shown = [
        (name, plan.columns[name], frame.iloc[:, at])
        for at, name in enumerate(frame.columns)
        if name in plan.columns
    ]
    columns = [
        series if plan.is_as_it_is(column) else _shown(plan, column, series, allowed, facts)
        for _, column, series in shown
    ]
    pandas: Any = sys.modules["pandas"]
    made = pandas.concat(columns, axis=1) if columns else frame.iloc[:, :0].copy()
    made.columns = pandas.Index([name for name, *_ in shown], name=frame.columns.name)
    is_hidden = [
        label is not None and not (label in plan.columns and plan.is_as_it_is(plan.columns[label]))
        for label in labels
    ]
    is_same = len(shown) == len(frame.columns) and _is_whole(plan) and not any(is_hidden)
    made.attrs = dict(frame.attrs) if is_same else {}
    if plan.rows == "drop" and allowed:
        made = made[_every(list(allowed.values()))]
    levels = [at for at, hidden in enumerate(is_hidden) if hidden]
    if levels:
        several = {"level": levels} if len(labels) > 1 else {}
        made = made.reset_index(drop=True, **several)
    return made, withheld


def _series(frame: Any, name: str) -> Any:
    if name not in frame.columns:
        raise ValueError(
            f"argument 'facts': {name!r} is in the index; make it a column by `reset_index`"
        )
    series = frame[name]
    if series.ndim != 1:
        raise ValueError(f"argument 'facts': the frame has several columns {name!r}")
    return series


def _every(rows: list[Any]) -> Any:
    kept = rows[0]
    for more in rows[1:]:
        kept = kept & more
    return kept


def _flags(plan: Plan, at: int, rows: int, facts: Mapping[str, Any]) -> Any:
    import numpy

    return numpy.frombuffer(_allowed(plan, at, rows, facts).to_bytes(), dtype=bool)


def _shown(
    plan: Plan,
    column: ColumnPlan,
    series: Any,
    allowed: Mapping[int, Any],
    facts: Mapping[str, Any],
) -> Any:
    if (at := plan.condition(column)) is not None:
        return _where(series, allowed[at])
    if hasattr(series, "sparse"):
        series = series.sparse.to_dense()
    values = converted(series)
    if values is None:
        message = f"column {column.name!r}: its values are of several types, and masks are for one"
        raise TypeError(message)
    shown = pyarrow().chunked_array(plan.show(column, values, facts))
    is_conditional = any(at in allowed for _, at in column.parts)
    return _like(series, shown, is_conditional)


def _where(series: Any, allowed: Any) -> Any:
    """A column with nulls in some rows: numbers stay what they are, and no category is left that is not shown."""
    pandas: Any = sys.modules["pandas"]
    dtype = series.dtype
    if isinstance(dtype, pandas.CategoricalDtype):
        series = series.astype(dtype.categories.dtype if len(dtype.categories) else object)
    elif isinstance(dtype, pandas.SparseDtype):
        series = series.sparse.to_dense()
    kind = getattr(series.dtype, "kind", "O")
    if kind in "iub":
        # Where a value is masked as missing, it still stands below.
        series = series.mask(~allowed, series.dtype.type(0))
        return series.astype(_nullable(series.dtype)).where(allowed)
    if kind == "f" and hasattr(series.array, "_mask"):
        series = series.mask(~allowed, 0.0)
    if series.dtype == "object":
        return series.where(allowed, None)
    return series.where(allowed)


def _like(series: Any, shown: Any, is_conditional: bool) -> Any:
    """Arrow values as a column like another one, where its type can hold them."""
    pandas: Any = sys.modules["pandas"]
    dtype = series.dtype
    if isinstance(dtype, pandas.CategoricalDtype) or dtype == "object":
        made = shown.to_pandas(integer_object_nulls=True)
        made = made if isinstance(dtype, pandas.CategoricalDtype) else made.astype(object)
    else:
        made = pandas.Series(pandas.arrays.ArrowExtensionArray(shown))
        if not isinstance(dtype, pandas.ArrowDtype):
            is_whole = getattr(dtype, "kind", "O") in "iub"
            made = made.astype(_nullable(dtype) if is_conditional and is_whole else dtype)
    return made.set_axis(series.index).rename(series.name)


def _nullable(dtype: Any) -> Any:
    """The type of whole numbers, or of yes and no, that can be missing."""
    name = str(dtype)
    if name[0].isupper() or "[" in name or name == "boolean":
        return dtype
    return name.replace("uint", "UInt").replace("int", "Int").replace("bool", "boolean")


def of_dask(frame: Any, plan: Plan) -> Any:
    """A frame of Dask, which stays lazy."""
    nothing, _ = of_pandas(frame._meta, plan)
    shown = frame.map_partitions(_partition, plan, meta=nothing)
    hidden = [label for label in labels_of_index(frame) if label is not None]
    # Divisions are values of the index.
    return shown if all(label in plan.columns for label in hidden) else shown.clear_divisions()


def _partition(frame: Any, plan: Plan) -> Any:
    return of_pandas(frame, plan)[0]


# ── polars ──────────────────────────────────────────────────────────────────────────────────────


def of_polars(frame: Any, plan: Plan) -> tuple[Any, Withheld | None]:
    """A frame of polars. A lazy one stays lazy, and its own engine evaluates the conditions."""
    polars: Any = sys.modules["polars"]
    if isinstance(frame, polars.LazyFrame):
        return _polars_lazy(frame, plan), None
    facts = plan.facts({name: frame[name] for name in plan.all_reads()})
    allowed = {
        at: polars.Series(_allowed(plan, at, frame.height, facts)) for at in plan.conditional()
    }
    withheld = {at: frame.height - rows.sum() for at, rows in allowed.items()}
    if plan.rows == "drop" and allowed:
        stay = reduce(lambda one, other: one & other, allowed.values())
        frame = frame.filter(stay)
        allowed = {at: rows.filter(stay) for at, rows in allowed.items()}
    columns = [
        _polars_series(plan, column, frame, allowed)
        for name in frame.columns
        if (column := plan.columns.get(name)) is not None
    ]
    return polars.DataFrame(columns), withheld


def _polars_series(plan: Plan, column: ColumnPlan, frame: Any, allowed: Mapping[int, Any]) -> Any:
    values = frame[column.name]
    if plan.is_as_it_is(column) or _is_empty(values.dtype):
        return values
    if (at := plan.condition(column)) is not None:
        return _polars_kept([values, allowed[at]])
    return _polars_shown(plan, column, [values, *(frame[name] for name in plan.reads(column))])


def _polars_lazy(frame: Any, plan: Plan) -> Any:
    schema = frame.collect_schema()
    terms = Expressions(schema)
    columns = [
        _polars_column(plan, column, terms, schema).alias(name)
        for name in schema
        if (column := plan.columns.get(name)) is not None
    ]
    if plan.rows == "drop":
        for at in plan.conditional():
            frame = frame.filter(terms.of(plan.residuals.condition(at)))
    return frame.select(columns)


def _polars_column(plan: Plan, column: ColumnPlan, terms: Expressions, schema: Any) -> Any:
    polars: Any = sys.modules["polars"]
    values, dtype = terms.column(column.name), schema[column.name]
    if plan.is_as_it_is(column) or _is_empty(dtype):
        return values
    if (at := plan.condition(column)) is not None:
        if plan.rows == "drop" and (dtype.is_numeric() or dtype.is_temporal()):
            return values  # the filter has copied the rows that stay
        inputs, work = [terms.of(plan.residuals.condition(at))], _polars_kept
        nothing = [polars.Series([], dtype=polars.Boolean)]
    else:
        reads = plan.reads(column)
        inputs, work = [terms.column(name) for name in reads], partial(_polars_shown, plan, column)
        nothing = [polars.Series(name, [], dtype=schema[name]) for name in reads]
    shown = work([polars.Series(column.name, [], dtype=dtype), *nothing])
    return polars.map_batches(
        [values, *inputs], work, return_dtype=shown.dtype, is_elementwise=True
    )


def _is_empty(dtype: Any) -> bool:
    return isinstance(dtype, sys.modules["polars"].Null)


def _polars_kept(series: list[Any]) -> Any:
    """Values in the rows that are allowed. An expression would only mark the others as null, and leave them below."""
    polars: Any = sys.modules["polars"]
    values, allowed = series
    if isinstance(values.dtype, polars.Categorical | polars.Enum):
        values = values.cast(polars.String)  # a category list would name what is hidden
    return polars.Series(values.name, kept(values.name, values, allowed))


def _polars_shown(plan: Plan, column: ColumnPlan, series: list[Any]) -> Any:
    """Masks, and parts of nested values: by the kernel, for whole columns."""
    polars: Any = sys.modules["polars"]
    values, *facts = series
    stated = plan.facts(dict(zip(plan.reads(column), facts, strict=True)))
    return polars.Series(values.name, plan.show(column, values, stated))
