"""What a type of any library holds: values, parts with names, or what its type does not say.

Each library has a function that opens one of its types, and says whether it was read and what is inside. What is not
known there is not read: the next type that a library brings is denied, and never passed. Where the names of parts are
data, as in a map with texts for keys, in JSON or in objects, no type can say them.
"""

from __future__ import annotations

import datetime
import numbers
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

Leaf = tuple[tuple[str, ...], str | None]
"""The names that lead from a type to a part without parts, and what that is if it could not be read."""

Opened = tuple[bool, list[tuple[str | None, Any]]]
"""Whether a type was read, and the types in it: by their names, or by none where they add nothing to a path."""

_VALUE: Opened = (True, [])
_UNREAD: Opened = (False, [])
_LONGEST = 60
"""Characters of a type that are shown."""


def leaves(dtype: Any) -> Iterator[Leaf]:
    """The leaves of a type. Raises `TypeError` for what is no type of a column."""
    read, inside = _opener(dtype)(dtype)
    if not read:
        yield (), shown(dtype)
    elif not inside:
        yield (), None
    for name, inner in inside:
        for names, why in leaves(inner):
            yield (names if name is None else (name, *names)), why


def shown(dtype: Any) -> str:
    """What has a type, in words."""
    extension = (getattr(dtype, "metadata", None) or {}).get(_EXTENSION)  # of a field of Arrow
    kind = str(dtype) if extension is None else extension.decode(errors="replace")
    kind = kind if len(kind) <= _LONGEST else f"{kind[:_LONGEST]}…"
    return f"a column of `{kind}`"


def _opener(dtype: Any) -> Callable[[Any], Opened]:
    for base in type(dtype).__mro__:
        opener = _OPENERS.get(base.__module__.partition(".")[0])
        if opener is not None:
            return opener
    raise TypeError(f"'{type(dtype).__qualname__}' object is not the type of a column")


def _list(inner: Any) -> Opened:
    return (True, [(None, inner)])


def _map(keys_are_names: bool, key: Any, value: Any) -> Opened:
    """A map is a list of keys and values; but keys that could be names are not known from the type."""
    return (not keys_are_names, [(None, key), (None, value)])


_EXTENSION = b"ARROW:extension:name"

_COORDINATES = frozenset(
    {"x", "y", "z", "m", "xmin", "ymin", "zmin", "mmin", "xmax", "ymax", "zmax", "mmax"}
)

# Extension types that hold no parts, by the start of their names, with the names that their values are made of.
_PLAIN_EXTENSIONS: dict[str, frozenset[str]] = {
    "arrow.bool8": frozenset(),
    "arrow.uuid": frozenset(),
    "geoarrow.": _COORDINATES,
    "ogc.wkb": frozenset(),
    "pandas.interval": frozenset({"left", "right"}),
    "pandas.period": frozenset(),
}


def _extension(name: str, storage: Any) -> Opened:
    if name == "arrow.fixed_shape_tensor":
        return _list(storage)
    for start, inside in _PLAIN_EXTENSIONS.items():
        if name.startswith(start):
            # Whoever makes a type gives it its name.
            as_named = (why is None and inside.issuperset(names) for names, why in leaves(storage))
            return _VALUE if all(as_named) else _UNREAD
    return _UNREAD


_ARROW_VALUES = [
    "null",
    "boolean",
    "integer",
    "floating",
    "decimal",
    "temporal",
    "interval",
    "string",
    "large_string",
    "string_view",
    "binary",
    "large_binary",
    "binary_view",
    "fixed_size_binary",
]
_ARROW_LISTS = ["list", "large_list", "fixed_size_list", "list_view", "large_list_view"]


def _arrow(dtype: Any) -> Opened:
    pyarrow: Any = sys.modules["pyarrow"]
    types = pyarrow.types

    def is_one_of(dtype: Any, kinds: list[str]) -> bool:
        known = (getattr(types, f"is_{kind}", None) for kind in kinds)
        return any(is_kind is not None and is_kind(dtype) for is_kind in known)

    if isinstance(dtype, pyarrow.Field):
        # An extension that nobody registered is told by the metadata alone.
        extension = (dtype.metadata or {}).get(_EXTENSION)
        if extension is None:
            return _list(dtype.type)
        return _extension(extension.decode(errors="replace"), dtype.type)
    if isinstance(dtype, pyarrow.BaseExtensionType):
        return _extension(dtype.extension_name, dtype.storage_type)
    if is_one_of(dtype, _ARROW_VALUES):
        return _VALUE
    if is_one_of(dtype, _ARROW_LISTS):
        return _list(dtype.value_field)
    if is_one_of(dtype, ["dictionary", "run_end_encoded"]):
        return _list(dtype.value_type)
    if types.is_map(dtype):
        key = dtype.key_field
        return _map(not is_one_of(key.type, ["integer", "temporal"]), key, dtype.item_field)
    if is_one_of(dtype, ["struct", "union"]):
        fields = [dtype.field(at) for at in range(dtype.num_fields)]
        return (True, [(field.name, field) for field in fields])
    return _UNREAD


def _polars(dtype: Any) -> Opened:
    polars: Any = sys.modules["polars"]
    extension: Any = getattr(polars, "BaseExtension", ())  # from polars 1.37 on, and maps from 2.0
    if isinstance(dtype, extension):
        return _extension(dtype.ext_name(), dtype.ext_storage())
    # A class stands for a type without parameters; that of a nested type leaves open what is inside.
    kind = dtype if isinstance(dtype, type) else type(dtype)
    texts = (polars.String, polars.Categorical, polars.Enum)
    if issubclass(kind, (*texts, polars.Binary, polars.Boolean, polars.Null)):
        return _VALUE
    if dtype.is_numeric() or dtype.is_temporal():
        return _VALUE
    if isinstance(dtype, polars.List | polars.Array):
        return _list(dtype.inner)
    if isinstance(dtype, polars.Struct):
        return (True, [(field.name, field.dtype) for field in dtype.fields])
    maps: Any = getattr(polars, "Map", ())
    if isinstance(dtype, maps):
        key = dtype.key
        return _map(not (key.is_integer() or key.is_temporal()), key, dtype.value)
    return _UNREAD


_DUCKDB_NUMBERS = [
    "boolean",
    "tinyint",
    "smallint",
    "integer",
    "bigint",
    "hugeint",
    "utinyint",
    "usmallint",
    "uinteger",
    "ubigint",
    "uhugeint",
    "float",
    "double",
    "decimal",
    "bignum",
    "varint",
]
_DUCKDB_TIMES = ("date", "time", "timestamp", "interval")  # with whatever follows
_DUCKDB_OTHERS = ("bit", "blob", "enum", "geometry", "null", "sqlnull", "uuid")


def _duckdb(dtype: Any) -> Opened:
    kind: str = dtype.id
    if kind == "varchar":
        return _VALUE if str(dtype) == "VARCHAR" else _UNREAD  # JSON is a text by another name
    if kind in _DUCKDB_NUMBERS or kind.startswith(_DUCKDB_TIMES) or kind in _DUCKDB_OTHERS:
        return _VALUE
    if kind in ("list", "array"):
        return _list(dict(dtype.children)["child"])
    if kind == "map":
        (_, key), (_, value) = dtype.children
        is_plain = key.id in _DUCKDB_NUMBERS or key.id.startswith(_DUCKDB_TIMES)
        return _map(not is_plain, key, value)
    if kind in ("struct", "tuple"):
        return (True, [(name or None, inner) for name, inner in dtype.children])
    if kind == "union":
        return (True, dtype.children[1:])  # the first is the number of the member
    return _UNREAD


_SPARK_NUMBERS = ["Boolean", "Byte", "Short", "Integer", "Long", "Float", "Double", "Decimal"]
_SPARK_TIMES = [
    "Date",
    "Time",
    "Timestamp",
    "TimestampNTZ",
    "DayTimeInterval",
    "YearMonthInterval",
    "CalendarInterval",
]
_SPARK_OTHERS = ["Null", "String", "Char", "Varchar", "Binary"]


def _spark(dtype: Any) -> Opened:
    """Of Spark and of SQLFrame, which has its classes."""
    kind = type(dtype).__name__.removesuffix("Type")
    if kind in [*_SPARK_NUMBERS, *_SPARK_TIMES, *_SPARK_OTHERS]:
        return _VALUE
    if kind == "Array":
        return _list(dtype.elementType)
    if kind == "Map":
        key = type(dtype.keyType).__name__.removesuffix("Type")
        return _map(key not in [*_SPARK_NUMBERS, *_SPARK_TIMES], dtype.keyType, dtype.valueType)
    if kind == "Struct":
        return (True, [(field.name, field.dataType) for field in dtype.fields])
    return _UNREAD


def _ibis(dtype: Any) -> Opened:
    if dtype.is_array():
        return _list(dtype.value_type)
    if dtype.is_map():
        key = dtype.key_type
        return _map(not (key.is_integer() or key.is_temporal()), key, dtype.value_type)
    if dtype.is_struct():
        return (True, list(dtype.fields.items()))
    values = [
        "null",
        "boolean",
        "numeric",
        "decimal",
        "temporal",
        "interval",
        "string",
        "binary",
        "uuid",
        "inet",
        "macaddr",
        "geospatial",
    ]
    if any(getattr(dtype, f"is_{kind}")() for kind in values) and not dtype.is_json():
        return _VALUE
    return _UNREAD


def _narwhals(dtype: Any) -> Opened:
    """Of what only narwhals knows, and of its own schemas."""
    nw: Any = sys.modules["narwhals"]
    if isinstance(dtype, nw.List | nw.Array):
        return _list(dtype.inner)
    if isinstance(dtype, nw.Struct):
        return (True, [(field.name, field.dtype) for field in dtype.fields])
    maps: Any = getattr(nw, "Map", ())
    if isinstance(dtype, maps):
        return _map(not (dtype.key.is_integer() or dtype.key.is_temporal()), dtype.key, dtype.value)
    kind = dtype if isinstance(dtype, type) else type(dtype)
    values = (nw.String, nw.Categorical, nw.Enum, nw.Binary, nw.Boolean)
    if issubclass(kind, values) or dtype.is_numeric() or dtype.is_temporal():
        return _VALUE
    return _UNREAD


def _pandas(dtype: Any) -> Opened:
    """Of numpy and pandas. Objects may be anything: `of_pandas` looks at them."""
    library = type(dtype).__module__.partition(".")[0]
    if library == "numpy":
        return _VALUE if dtype.kind in "biufcmMSUT" else _UNREAD
    pandas: Any = sys.modules["pandas"]
    if isinstance(dtype, pandas.ArrowDtype):
        return _list(dtype.pyarrow_dtype)
    if isinstance(dtype, pandas.CategoricalDtype):
        return _UNREAD if dtype.categories is None else _list(dtype.categories.dtype)
    if isinstance(dtype, pandas.SparseDtype):
        return _list(dtype.subtype)
    if isinstance(dtype, pandas.StringDtype | pandas.PeriodDtype | pandas.IntervalDtype):
        return _VALUE
    # Numbers that may be missing, times with a zone, geometries; another library's types may be anything.
    is_plain = library == "geopandas" or (library == "pandas" and dtype.kind in "biufM")
    return _VALUE if is_plain else _UNREAD


def of_pandas(column: Any, *, is_read: bool) -> Iterator[Leaf]:
    """The leaves of a Series or an Index. Its objects are looked at, if it holds any and may be read."""
    pandas: Any = sys.modules["pandas"]
    dtype = column.dtype
    if isinstance(dtype, pandas.CategoricalDtype) and dtype.categories is not None:
        return of_pandas(dtype.categories, is_read=True)
    if isinstance(dtype, pandas.SparseDtype):
        dtype = dtype.subtype
    if dtype == "object":
        return iter(
            [((), _objects(column) if is_read else "a column of objects that are not read yet")]
        )
    return leaves(dtype)


# What pandas calls objects of one kind without parts.
_PLAIN_OBJECTS = [
    "boolean",
    "bytes",
    "complex",
    "date",
    "datetime",
    "datetime64",
    "decimal",
    "empty",
    "floating",
    "integer",
    "interval",
    "mixed-integer-float",
    "period",
    "string",
    "time",
    "timedelta",
    "timedelta64",
]
_DEEPEST = 32  # lists in lists: no column has more, and a list may be in itself


def _objects(column: Any) -> str | None:
    """What of these objects is not a value, nor a list of values."""
    numpy: Any = sys.modules["numpy"]
    pandas: Any = sys.modules["pandas"]
    if pandas.api.types.infer_dtype(column, skipna=True) in _PLAIN_OBJECTS:
        return None
    plain: tuple[type, ...] = (
        str,
        bytes,
        numbers.Number,
        datetime.date,
        datetime.time,
        datetime.timedelta,
    )
    plain += (uuid.UUID, type(None), type(pandas.NA), pandas.Period, pandas.Interval)
    lists = {list, tuple, set, frozenset, numpy.ndarray}
    values: Iterable[Any] = column
    for _ in range(_DEEPEST):
        values = list(values)
        kinds = set(map(type, values))
        for kind in kinds - lists:
            if not issubclass(kind, (*plain, numpy.generic)) or issubclass(kind, numpy.void):
                return f"a column of `{kind.__qualname__}` objects"
        if not kinds & lists:
            return None
        # A list that is in several lists is looked at once.
        inner = {id(value): value for value in values if type(value) in lists}
        arrays = [value for value in inner.values() if isinstance(value, numpy.ndarray)]
        if any(array.dtype.names for array in arrays):
            return "a column of arrays with fields"
        values = chain.from_iterable(
            value.flat if isinstance(value, numpy.ndarray) else value
            for value in inner.values()
            if not isinstance(value, numpy.ndarray) or value.dtype == object
        )
    return "a column of lists that are too deep"


_OPENERS: dict[str, Callable[[Any], Opened]] = {
    "_duckdb": _duckdb,
    "duckdb": _duckdb,
    "ibis": _ibis,
    "narwhals": _narwhals,
    "numpy": _pandas,
    "pandas": _pandas,
    "polars": _polars,
    "pyarrow": _arrow,
    "pyspark": _spark,
    "sqlframe": _spark,
}
