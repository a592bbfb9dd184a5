"""Cells that may be seen, in engines that take SQL: DuckDB, Spark, and those of Ibis."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Collection, Mapping
from typing import Any

from ._frames import check_names, spark_functions, spark_name, sql_name
from ._plan import ColumnPlan, Plan
from ._withheld import has_categories


def of_duckdb(relation: Any, plan: Plan) -> Any:
    """A relation of DuckDB."""
    duckdb: Any = sys.modules["duckdb"]
    types = dict(zip(relation.columns, relation.types, strict=True))
    kinds = {name: _duckdb_kind(dtype) for name, dtype in types.items()}
    listed = [name for name, dtype in types.items() if has_categories(dtype)]
    cells = _Cells(plan, kinds, "duckdb", listed)
    if condition := cells.condition():
        relation = relation.filter(condition)
    columns = [
        # As it is, by position: a name such as `*` would select all.
        duckdb.SQLExpression(cells.sql(column) or f"#{at}").alias(name)
        for at, name in enumerate(relation.columns, start=1)
        if (column := plan.columns.get(name)) is not None
    ]
    return relation.select(*columns)


def of_spark(frame: Any, plan: Plan) -> Any:
    """A frame of Spark, classic or Connect, or of Sail."""
    functions = spark_functions()
    kinds = {field.name: _spark_kind(field.dataType) for field in frame.schema.fields}
    cells = _Cells(plan, kinds, "spark")
    if condition := cells.condition():
        frame = frame.filter(functions.expr(condition))
    columns = [
        functions.expr(cells.sql(column) or spark_name(name)).alias(name)
        for name in kinds
        if (column := plan.columns.get(name)) is not None
    ]
    return frame.select(columns)


_DIALECTS = {"duckdb": "duckdb", "postgres": "postgres", "pyspark": "spark"}
"""The dialects of Ibis' engines."""


def of_ibis(table: Any, plan: Plan) -> Any:
    """A table of Ibis."""
    ibis: Any = sys.modules["ibis"]
    engine = ibis.get_backend(table).name
    dialect = _DIALECTS.get(engine)
    if dialect is None:
        raise TypeError(
            f"argument 'frame': rows of Ibis are decided in DuckDB, PostgreSQL and Spark, not in {engine}"
        )
    kinds = {name: _ibis_kind(dtype) for name, dtype in table.schema().items()}
    # Ibis calls the type of categories a text too.
    cells = _Cells(plan, kinds, dialect, [name for name, kind in kinds.items() if kind == "string"])
    columns = []
    for name in kinds:
        if (column := plan.columns.get(name)) is not None:
            quoted = sql_name(name, dialect)
            columns.append(f"{cells.sql(column) or quoted} AS {quoted}")
    condition = cells.condition()
    where = f" WHERE {condition}" if condition else ""
    alias = f"whyfor_{secrets.token_hex(8)}"
    query = f"SELECT {', '.join(columns)} FROM {alias}{where}"
    return table.alias(alias).sql(query, dialect=dialect)


def narrowed(plan: Plan) -> dict[str, ColumnPlan]:
    """The columns that SQL can show: of nested ones all or nothing."""

    def can_show(column: ColumnPlan) -> bool:
        is_flat = len(column.parts) == 1 and not column.parts[0][0]
        return is_flat or plan.is_as_it_is(column)

    return {name: column for name, column in plan.columns.items() if can_show(column)}


class _Cells:
    """The cells of a plan as SQL."""

    def __init__(
        self,
        plan: Plan,
        kinds: Mapping[str, str | None],
        dialect: str,
        categories: Collection[str] = (),
    ) -> None:
        self._plan = plan
        self._categories = categories
        self._kinds = kinds
        self._dialect = dialect
        check_names(kinds, [*plan.all_reads(), *plan.columns])
        # Masks are held against types before a row is read.
        for column in plan.columns.values():
            self.sql(column)

    def sql(self, column: ColumnPlan) -> str | None:
        """What is shown of a column; None for the column as it is."""
        plan, name = self._plan, column.name
        if plan.is_as_it_is(column):
            return None
        ((_, at),) = column.parts
        kind = self._kinds[name]
        if kind is None and plan.residuals.masks(at):
            raise TypeError(f"column {name!r}: no mask is for its type in {self._dialect}")
        value = plan.residuals.masked_sql(at, name, kind or "struct", self._dialect)
        if name in self._categories:
            value = f"CAST({value} AS VARCHAR)"  # its type lists what is hidden
        if plan.residuals.verdict(at) == "allow":
            return value
        condition = plan.residuals.condition_sql(at, self._dialect)
        if self._dialect == "spark":
            # Without an `ELSE`, Sail only marks values as null, and sends them below the marks.
            return f"CASE WHEN NOT COALESCE({condition}, FALSE) THEN NULL ELSE {value} END"
        return f"CASE WHEN {condition} THEN {value} END"

    def condition(self) -> str | None:
        """The rows that stay; None for all."""
        if self._plan.rows == "keep":
            return None
        residuals = self._plan.residuals
        conditions = [residuals.condition_sql(at, self._dialect) for at in self._plan.conditional()]
        return " AND ".join(conditions) or None


_DUCKDB_KINDS = {
    "boolean": "boolean",
    "integer": "int",
    "bigint": "long",
    "float": "float",
    "double": "double",
    "date": "date",
    "time": "time",
    "timestamp": "timestamp",
    "timestamp with time zone": "timestamptz",
    "blob": "binary",
    "uuid": "uuid",
    "list": "list",
    "map": "map",
    "struct": "struct",
}


def _duckdb_kind(dtype: Any) -> str | None:
    if dtype.id == "varchar":
        return "string" if str(dtype) == "VARCHAR" else None
    if dtype.id == "decimal":
        return str(dtype).lower().replace(" ", "")
    return _DUCKDB_KINDS.get(dtype.id)


_IBIS_KINDS = {
    "boolean": "boolean",
    "int32": "int",
    "int64": "long",
    "float32": "float",
    "float64": "double",
    "string": "string",
    "date": "date",
    "time": "time",
    "binary": "binary",
    "uuid": "uuid",
    "array": "list",
    "map": "map",
    "struct": "struct",
}


def _ibis_kind(dtype: Any) -> str | None:
    word = type(dtype).__name__.lower()
    if word == "timestamp":
        return "timestamp" if dtype.timezone is None else "timestamptz"
    if word == "decimal":
        known = dtype.precision is not None and dtype.scale is not None
        return f"decimal({dtype.precision},{dtype.scale})" if known else None
    return _IBIS_KINDS.get(word)


_SPARK_KINDS = {
    "boolean": "boolean",
    "int": "int",
    "bigint": "long",
    "float": "float",
    "double": "double",
    "string": "string",
    "date": "date",
    "timestamp": "timestamptz",
    "timestamp_ntz": "timestamp",
    "binary": "binary",
}


def _spark_kind(dtype: Any) -> str | None:
    word = dtype.simpleString()
    for start, kind in (("array<", "list"), ("map<", "map"), ("struct<", "struct")):
        if word.startswith(start):
            return kind
    return word if word.startswith("decimal(") else _SPARK_KINDS.get(word)
