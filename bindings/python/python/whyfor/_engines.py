"""Predicates in the engines that read rows by themselves: DuckDB, Spark, Ibis, and what else narwhals knows."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Sequence
from typing import Any

from ._frames import narwhals, spark_functions, spark_name
from ._predicates import Rules, Terms, predicate


def filtered(wrapped: Any, rules: Rules, field: str, purpose: str | None) -> Any:
    """The rows of a lazy frame that are allowed, by a column of names and perhaps one of purposes."""
    native, library = wrapped.to_native(), wrapped.implementation
    if library.is_duckdb():
        return _filtered_duckdb(native, rules, field, purpose)
    if library.is_pyspark() or library.is_pyspark_connect():
        return native.filter(predicate(rules, _Spark(native), field, purpose))
    if library.is_ibis():
        return native.filter(predicate(rules, _Ibis(native), field, purpose))
    return wrapped.filter(predicate(rules, _Narwhals(), field, purpose)).to_native()


class _Narwhals(Terms):
    def is_in(self, column: str, texts: list[str]) -> Any:
        return narwhals().col(column).is_in(texts)

    def matches(self, column: str, pattern: str) -> Any:
        return narwhals().col(column).str.contains(pattern)

    def is_short(self, column: str) -> Any:
        return narwhals().col(column).str.len_chars() <= self.longest

    def never(self) -> Any:
        return narwhals().lit(False)


class _Spark(Terms):
    def __init__(self, frame: Any) -> None:
        self._frame = frame
        self._types = {field.name: field.dataType for field in frame.schema.fields}

    def _column(self, name: str) -> Any:
        column = self._frame[spark_name(name)]
        if getattr(self._types[name], "collation", _SPARK_BYTES) == _SPARK_BYTES:
            return column
        return spark_functions().collate(column, _SPARK_BYTES)

    def is_in(self, column: str, texts: list[str]) -> Any:
        return self._column(column).isin(texts)

    def matches(self, column: str, pattern: str) -> Any:
        return self._column(column).rlike(pattern)

    def is_short(self, column: str) -> Any:
        return spark_functions().length(self._column(column)) <= self.longest

    def never(self) -> Any:
        return spark_functions().lit(False)


_SPARK_BYTES = "UTF8_BINARY"
"""The collation of Spark that compares bytes."""


class _Ibis(Terms):
    # Engines in which a column may be compared without case, and texts can be taken as bytes.
    _MAY_BE_BLIND = ("duckdb", "mssql", "mysql", "sqlite")

    def __init__(self, table: Any) -> None:
        self._table = table
        engine = table.get_backend().name
        self._is_blind = engine in self._MAY_BE_BLIND
        if engine in ("postgres", "sqlite"):
            self.end = r"\Z"

    def is_in(self, column: str, texts: list[str]) -> Any:
        import ibis  # type: ignore[import-not-found, unused-ignore]

        found = self._table[column].isin(texts)
        if not self._is_blind:
            return found
        as_bytes = [ibis.literal(text).cast("binary") for text in texts]
        return found & self._table[column].cast("binary").isin(as_bytes)

    def matches(self, column: str, pattern: str) -> Any:
        return self._table[column].re_search(pattern)

    def is_short(self, column: str) -> Any:
        return self._table[column].length() <= self.longest

    def never(self) -> Any:
        ibis: Any = sys.modules["ibis"]
        return ibis.literal(False)


class _DuckDB(Terms):
    """As SQL: a list is a constant, since the members of an `IN` are looked at one by one inside of a condition."""

    _LONG = 1000  # a longer list is joined

    def __init__(self, columns: list[str]) -> None:
        self._columns = columns

    def column(self, name: str) -> str:
        """A column as texts that are compared byte by byte: categories are texts, and collations do not count.

        It is named by its place, since DuckDB takes `FIELD` for `field`.
        """
        return f"CAST(#{self._columns.index(name) + 1} AS VARCHAR) COLLATE C"

    def is_in(self, column: str, texts: list[str]) -> Any:
        if len(texts) > self._LONG:
            return f"({self.column(column)} IN (SELECT unnest({_list(texts)})))"
        return f"contains({_list(texts)}, {self.column(column)})"

    def matches(self, column: str, pattern: str) -> Any:
        return f"regexp_matches({self.column(column)}, {_text(pattern)})"

    def is_short(self, column: str) -> Any:
        return f"(length({self.column(column)}) <= {self.longest})"

    def never(self) -> Any:
        return "false"

    def both(self, one: Any, other: Any) -> Any:
        # Of AND and OR, DuckDB may look at the costly side first.
        return f"CASE WHEN {one} THEN {other} ELSE false END"

    def either(self, one: Any, other: Any) -> Any:
        return f"CASE WHEN {one} THEN true ELSE {other} END"

    def not_(self, term: Any) -> Any:
        return f"(NOT {term})"

    def pairs(self, rules: Rules, field: str, purpose: str) -> Any:
        # A table of all pairs, which the rows are joined with.
        groups = list(rules.spelled)
        if not groups:
            return self.never()
        names = [(name, at) for at, group in enumerate(groups) for name in rules.spelled[group]]
        allowed = [(str(at), column) for at, group in enumerate(groups) for column in sorted(group)]
        purposes = [(name, at) for at, names in enumerate(rules.classes) for name in names]
        row = f"({self.column(field)}, {self.column(purpose)})"
        return (
            f"({row} IN (SELECT f.a, p.a FROM {_table(names)} AS f JOIN {_table(allowed)} AS c "
            f"ON c.a = CAST(f.b AS VARCHAR) JOIN {_table(purposes)} AS p ON p.b = c.b))"
        )


def _table(rows: Sequence[tuple[str, int]]) -> str:
    """A table of texts and numbers, named `a` and `b`."""
    texts, numbers = _list([text for text, _ in rows]), _list([str(number) for _, number in rows])
    return f"(SELECT unnest({texts}) AS a, CAST(unnest({numbers}) AS INTEGER) AS b)"


def _list(texts: list[str]) -> str:
    # As one text, which DuckDB reads a hundred times as fast as a list of them.
    comma = next(chr(code) for code in range(1, 0x110000) if not any(chr(code) in t for t in texts))
    return f"string_split({_text(comma.join(texts))}, {_text(comma)})"


def _filtered_duckdb(relation: Any, rules: Rules, field: str, purpose: str | None) -> Any:
    terms = _DuckDB(relation.columns)
    if purpose is None:
        return relation.filter(predicate(rules, terms, field, None))
    # With many purposes a row costs too much: the condition is answered for the distinct pairs, and the rows are
    # joined with those that are allowed. The rows are kept meanwhile, so that they are read once, whatever they are
    # read from; the limit, which is none, keeps DuckDB from looking at each row nevertheless.
    condition = predicate(rules, _DuckDB(["field", "purpose"]), "field", "purpose")
    name = f"whyfor_{uuid.uuid4().hex}"
    names, purposes = terms.column(field), terms.column(purpose)
    return relation.query(
        name,
        f"WITH kept AS MATERIALIZED (SELECT * FROM {name}), "
        f"pairs AS (SELECT DISTINCT {names} AS field, {purposes} AS purpose FROM kept LIMIT {_ALL}), "
        f"allowed AS MATERIALIZED (SELECT field, purpose FROM pairs WHERE {condition}) "
        f"SELECT * FROM kept WHERE ({names}, {purposes}) IN (SELECT field, purpose FROM allowed)",
    )


_ALL = (1 << 63) - 1
"""As many rows as there could be."""


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
