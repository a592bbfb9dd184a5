"""Detects data frames of any library, mostly through narwhals, without importing the libraries."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from ._objects import hands_out_data, library


def could_hold_data(value: Any) -> bool:
    """Whether a value belongs to a data library, or hands out data."""
    return library(value) is not None or hands_out_data(value)


def is_frame(value: Any) -> bool:
    """Whether a value is a data frame."""
    if not could_hold_data(value):
        return False
    nw = narwhals()
    wrapped = nw.from_native(value, pass_through=True)
    return isinstance(wrapped, nw.DataFrame | nw.LazyFrame) or is_batches(value)


def is_series(value: Any) -> bool:
    """Whether a value is a single column."""
    if not could_hold_data(value):
        return False
    nw = narwhals()
    return isinstance(nw.from_native(value, pass_through=True, allow_series=True), nw.Series)


def height(frame: Any) -> int | None:
    """The number of rows of a frame; None if it is lazy."""
    wrapped = wrap(frame)
    return len(wrapped) if isinstance(wrapped, narwhals().DataFrame) else None


def narwhals() -> Any:
    """Imports narwhals."""
    try:
        import narwhals
    except ImportError:
        raise ImportError(
            "data frames are read by narwhals, which is not installed: pip install narwhals"
        ) from None
    return narwhals


def wrap(frame: Any) -> Any:
    """Wraps a data frame in narwhals."""
    nw = narwhals()
    wrapped = nw.from_native(frame, pass_through=True)
    if isinstance(wrapped, nw.DataFrame | nw.LazyFrame):
        return wrapped
    raise TypeError(
        f"argument 'frame': '{type(frame).__qualname__}' object is not a data frame that narwhals supports"
    )


def is_batches(frame: Any) -> bool:
    """Whether a frame is a pyarrow batch or reader, which narwhals does not support."""
    pyarrow = sys.modules.get("pyarrow")
    return pyarrow is not None and isinstance(
        frame, pyarrow.RecordBatch | pyarrow.RecordBatchReader
    )


def is_of(value: Any, module: str, *names: str) -> bool:
    """Whether a value is of a class of a library, without importing the library."""
    library = sys.modules.get(module)
    classes = tuple(c for name in names if (c := getattr(library, name, None)) is not None)
    return isinstance(value, classes)


def spark_name(name: str) -> str:
    """Quotes a column name for Spark. Unquoted, `events.ssn` is a part of `events`."""
    return f"`{name.replace('`', '``')}`"


def sql_name(name: str, dialect: str) -> str:
    """Quotes a column name for a dialect."""
    if dialect == "spark":
        return spark_name(name)
    return '"' + name.replace('"', '""') + '"'


def spark_functions() -> Any:
    """Spark's column functions."""
    from pyspark.sql import functions  # type: ignore[import-not-found, unused-ignore]

    return functions


def check_case(wrapped: Any) -> None:
    """Rejects column names that differ only in case, for engines that ignore case.

    DuckDB columns are referenced by position, and Spark rejects such names itself.
    """
    library = wrapped.implementation
    if not (library.is_ibis() or library.is_sqlframe()):
        return
    names = wrapped.collect_schema().names()
    check_names(names, names)


def check_names(columns: Iterable[str], used: Iterable[str]) -> None:
    """Rejects a used column whose name is that of another one but for case."""
    seen: dict[str, list[str]] = {}
    for name in columns:
        seen.setdefault(name.casefold(), []).append(name)
    for name in used:
        if len(alike := seen[name.casefold()]) > 1:
            raise ValueError(
                f"argument 'frame': {alike[0]!r} and {alike[1]!r} are one column to an engine that reads names "
                "without case; rename one"
            )
