"""pyarrow, where a column of pandas or numpy has to become one of Arrow."""

from __future__ import annotations

from typing import Any


def pyarrow() -> Any:
    """Imports pyarrow."""
    try:
        import pyarrow
    except ImportError:
        raise ImportError(
            "columns of pandas and numpy are read by pyarrow, which is not installed: pip install pyarrow"
        ) from None
    return pyarrow


def converted(values: Any) -> Any:
    """A column as an Arrow array; None for what pyarrow refuses. Its error is not passed on: it could show a value."""
    arrow = pyarrow()
    try:
        return arrow.Array.from_pandas(values)
    except Exception:  # types of other libraries raise errors of their own
        return None
