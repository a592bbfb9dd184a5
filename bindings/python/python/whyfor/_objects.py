"""What an object is: of which library of data, if of any, and what of it is data. Nothing is imported for that.

A class of one's own that inherits from a library's is that library's too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

LIBRARIES = frozenset(
    {
        "_duckdb",
        "asyncpg",
        "awkward",
        "bigframes",
        "chdb",
        "clickhouse_connect",
        "cudf",
        "daft",
        "dask",
        "dask_cudf",
        "dask_expr",
        "datafusion",
        "datasets",
        "datatable",
        "deltalake",
        "distributed",
        "duckdb",
        "elasticsearch",
        "fastparquet",
        "fireducks",
        "ibis",
        "lance",
        "modin",
        "narwhals",
        "netCDF4",
        "openpyxl",
        "pandas",
        "peewee",
        "polars",
        "pyarrow",
        "pyiceberg",
        "pymongo",
        "pyspark",
        "ray",
        "redis",
        "snowflake",
        "sqlalchemy",
        "sqlframe",
        "sqlite3",
        "tables",
        "tablib",
        "vaex",
        "xarray",
    }
)
"""The top-level modules of libraries whose objects are data, or lead to it."""

_CLASSES = frozenset(
    {
        ("builtins", "PyLazyFrame"),
        ("catboost", "Pool"),
        ("django", "QuerySet"),
        ("lightgbm", "Dataset"),
        ("tensorflow", "DatasetV2"),
        ("torch", "DataLoader"),
        ("torch", "Dataset"),
        ("xgboost", "DMatrix"),
    }
)
"""Such classes of other libraries, by the top-level module and the name."""

_INTERFACES = ("__arrow_c_stream__", "__arrow_c_array__", "__dataframe__")
_ARRAYS = ("__array__", "__array_interface__", "__cuda_array_interface__", "__dlpack__", "tocsr")

_PLAIN = frozenset(
    {
        ("datasets", "Features"),
        ("ibis", "DataType"),
        ("ibis", "Schema"),
        ("narwhals", "DType"),
        ("narwhals", "Schema"),
        ("pandas", "Accessor"),
        ("pandas", "BaseOffset"),
        ("pandas", "CachedAccessor"),
        ("pandas", "ExtensionDtype"),
        ("pandas", "Interval"),
        ("pandas", "NAType"),
        ("pandas", "Period"),
        ("pandas", "_NaT"),
        ("pandas", "_Timedelta"),
        ("pandas", "_Timestamp"),
        ("polars", "DataType"),
        ("polars", "Schema"),
        ("pyarrow", "DataType"),
        ("pyarrow", "Field"),
        ("pyarrow", "Schema"),
        ("pyspark", "DataType"),
    }
)
"""What of these libraries is a single value, a type, a schema or code, by the top-level module and the class."""


def _names(value: object) -> Iterator[tuple[str, str]]:
    """The top-level module and the name of each class of an object, the nearest first."""
    for base in type(value).__mro__:
        module = base.__module__
        yield (module.partition(".")[0] if isinstance(module, str) else ""), base.__qualname__


def library(value: object) -> str | None:
    """The library of data that an object is of, such as `pandas`; none if it is of none."""
    names = _names(value)
    return next((name[0] for name in names if name[0] in LIBRARIES or name in _CLASSES), None)


def is_of(value: object, classes: Iterable[tuple[str, str]]) -> bool:
    """Whether an object is of one of these classes, each by its top-level module and its name."""
    return any(name in classes for name in _names(value))


def is_index(value: object) -> bool:
    """Whether an object is an index of pandas, or of what is made like it."""
    return is_of(value, (("pandas", "Index"), ("modin", "Index"), ("cudf", "Index")))


def is_array(value: Any) -> bool:
    """Whether an object is an array of pyarrow or pandas, which has a type and no name."""
    return is_of(value, (("pyarrow", "Array"), ("pandas", "ExtensionArray")))


def is_plain(value: object) -> bool:
    """Whether an object of a library of data is a single value, a type, a schema or code."""
    return is_of(value, _PLAIN)


def hands_out_data(value: object) -> bool:
    """Whether a value gives its data to whoever asks, by Arrow's interface or that of data frames."""
    return any(hasattr(type(value), name) for name in _INTERFACES)


def hands_out_an_array(value: object) -> bool:
    """Whether a value gives an array of numbers to whoever asks."""
    return any(hasattr(type(value), name) for name in _ARRAYS)
