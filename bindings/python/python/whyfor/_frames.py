"""Which values are data frames, of whatever library: narwhals knows most of them. None is imported for that."""

from __future__ import annotations

import sys
from typing import Any

from ._objects import hands_out_data, library


def could_hold_data(value: Any) -> bool:
    """Whether a value is of a library of data, or hands out data."""
    return library(value) is not None or hands_out_data(value)


def names_of(frame: Any) -> set[str]:
    """The columns of a frame, and the paths of their parts: what a mapping may name."""
    from ._parts import parts_of

    return {".".join(steps) for part in parts_of(frame) for steps in part.containers()}


def is_frame(value: Any) -> bool:
    """Whether a value is a data frame."""
    if not could_hold_data(value):
        return False
    nw = narwhals()
    wrapped = nw.from_native(value, pass_through=True)
    return isinstance(wrapped, nw.DataFrame | nw.LazyFrame) or is_batches(value)


def is_series(value: Any) -> bool:
    """Whether a value is a column by itself."""
    if not could_hold_data(value):
        return False
    nw = narwhals()
    return isinstance(nw.from_native(value, pass_through=True, allow_series=True), nw.Series)


def height(frame: Any) -> int | None:
    """How many rows a frame has; none if it is lazy."""
    wrapped = wrap(frame)
    return len(wrapped) if isinstance(wrapped, narwhals().DataFrame) else None


def narwhals() -> Any:
    """The library that knows all frames."""
    try:
        import narwhals
    except ImportError:
        raise ImportError(
            "data frames are read by narwhals, which is not installed: pip install narwhals"
        ) from None
    return narwhals


def wrap(frame: Any) -> Any:
    """A data frame as narwhals takes it."""
    nw = narwhals()
    wrapped = nw.from_native(frame, pass_through=True)
    if isinstance(wrapped, nw.DataFrame | nw.LazyFrame):
        return wrapped
    raise TypeError(
        f"argument 'frame': '{type(frame).__qualname__}' object is not a data frame that narwhals knows"
    )


def is_batches(frame: Any) -> bool:
    """Whether a frame is pyarrow's, and none that narwhals knows."""
    pyarrow = sys.modules.get("pyarrow")
    return pyarrow is not None and isinstance(
        frame, pyarrow.RecordBatch | pyarrow.RecordBatchReader
    )


def is_of(value: Any, module: str, *names: str) -> bool:
    """Whether a value is of a class of a library, which is not imported for that."""
    library = sys.modules.get(module)
    classes = tuple(c for name in names if (c := getattr(library, name, None)) is not None)
    return isinstance(value, classes)


def spark_name(name: str) -> str:
    """A column's name as Spark takes it. Without the quotes, `events.ssn` is a part of `events`."""
    return f"`{name.replace('`', '``')}`"


def spark_functions() -> Any:
    """The functions of Spark's columns."""
    from pyspark.sql import functions  # type: ignore[import-not-found, unused-ignore]

    return functions


def check_case(wrapped: Any) -> None:
    """That an engine that reads names of columns without case takes none for another.

    Of DuckDB columns are taken by their places, and Spark itself refuses such names.
    """
    library = wrapped.implementation
    if not (library.is_ibis() or library.is_sqlframe()):
        return
    seen: dict[str, str] = {}
    for name in wrapped.collect_schema().names():
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise ValueError(
                f"argument 'frame': {other!r} and {name!r} are one column to an engine that reads names "
                "without case; rename one"
            )
