"""A value for all rows where a string names a column, and a column where a value stands for all rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Constant:
    """A text for all rows, where a name would mean a column."""

    value: str


def lit(value: str) -> Constant:
    """A purpose, method or recipient for all rows: `policy.filter(frame, purpose=whyfor.lit("ads"))`."""
    if not isinstance(value, str):
        raise TypeError(f"argument 'value': '{type(value).__qualname__}' object is not a str")
    return Constant(value)


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A column, where a value would stand for all rows."""

    name: str


def col(name: str) -> ColumnName:
    """The column that holds a fact of each row: `policy.apply(frame, purpose="ads", facts={"age": whyfor.col("age")})`."""
    if not isinstance(name, str):
        raise TypeError(f"argument 'name': '{type(name).__qualname__}' object is not a str")
    return ColumnName(name)
