"""One name for all rows, where a string names a column."""

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
