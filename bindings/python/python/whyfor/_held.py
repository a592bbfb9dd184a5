"""Finds the data in the arguments of a guarded function: data frames, columns and records at any depth.

The search goes through containers, records, object attributes, and what a function is bound to. It computes
nothing: no property, no method, no `__iter__` of a class that is not a container. Objects of data libraries that
cannot be described by column names are refused. It is iterative, so nesting depth is not limited by recursion.
"""

from __future__ import annotations

import contextvars
import dataclasses
import datetime
import enum
import gc
import io
import itertools
import logging
import pathlib
import re
import sys
import types
import weakref
from collections import deque
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    ItemsView,
    Iterable,
    Iterator,
    Mapping,
    MappingView,
    Sequence,
    Set,
)
from numbers import Number
from typing import Any, cast

from . import _frames, _objects, _shapes
from ._errors import WhyforError
from ._report import Selection

Path = tuple[str, ...]
"""The keys that lead to a value; list positions are left out."""


class Way(enum.IntEnum):
    """How a value is held."""

    CONTAINERS = 0
    """Only by containers and records, which can be copied to replace the value."""
    VIEW = 1
    """By a view of other data, which cannot be copied: the value cannot be replaced."""
    OBJECT = 2
    """By an object or by code: cannot be replaced, and the names on the way are not fields."""


_MOST_OBJECTS = 1 << 20
"""Most containers and objects inspected; a call with more is refused."""

_LONG_PATH = 16
"""The length from which repeated keys of a cyclic path are left out."""
_MOST_KEYS = 128
"""Most different keys that lead to a value; each part of the path is checked against the policy."""

_VALUES = (
    type(None),
    type(...),
    type(NotImplemented),
    bool,
    int,
    float,
    complex,
    str,
    bytes,
    range,
    slice,
    datetime.date,
    datetime.datetime,
    datetime.time,
    datetime.timedelta,
    datetime.timezone,
    re.Pattern,
    type(pathlib.Path()),
)
PLAIN = frozenset(_VALUES)
"""Types of values that contain nothing else."""

_PLAIN_BASES = (*_VALUES, bytearray, datetime.tzinfo, pathlib.PurePath, Number)
_PLAIN_NAMES = (("array", "array"), ("ipaddress", "_IPAddressBase"), ("uuid", "UUID"))
_CODE = (types.ModuleType, types.CodeType, types.FrameType, types.TracebackType)
_CONTAINERS = frozenset({list, tuple, set, frozenset, deque})

# Attributes that hold the data itself; in other libraries they look like the user's.
_INTERNALS = {
    "pandas": frozenset(
        {
            "_cache",
            "_cacher",
            "_data",
            "_flags",
            "_id",
            "_is_copy",
            "_item_cache",
            "_mgr",
            "_name",
            "_references",
        }
    ),
    "polars": frozenset({"_accessors", "_df", "_ldf", "_s"}),
}

_ADVICE = (
    (
        r"GroupBy|Grouped|Rolling|Expanding|Resampler|Window|Ewm|ExponentialMoving",
        "is a view of a data frame: pass the frame, and group it in the function",
    ),
    (
        r"Connection|Cursor|Engine|Session|Client|Database|Backend|Query|Result$",
        "reads any data on request: pass the data frame of a query",
    ),
    (
        r"Reader|Scanner|File|Dataset|Store",
        "reads data that was not checked: pass the data frames that it reads, or a generator of them",
    ),
    (r"Series$|Column$|Index$", "is a single column: pass a data frame with this column"),
    (
        r"Array$|^Categorical$",
        "holds data without a name: pass it in a dict by its column's name, or as a Series",
    ),
)


class Held:
    """What one argument contains."""

    __slots__ = ("columns", "fields", "frames", "parents", "seen", "streams")

    def __init__(self) -> None:
        self.frames: list[tuple[Any, bool]] = []
        """Each frame, and whether it can be replaced: not if an object holds it."""
        self.columns: list[tuple[Any, str | None]] = []
        """Each Series or index with its key."""
        self.fields: dict[Path, bool] = {}
        """The paths of record values, and whether the policy must know the name."""
        self.streams: list[tuple[Any, Path]] = []
        """Generators, whose items do not exist yet, each with its path."""
        self.parents: dict[int, list[Any]] = {}
        """The containers of a value, by the value's id."""
        self.seen: dict[tuple[int, Way, frozenset[str], Path], Any] = {}
        """Everything inspected; kept alive so that ids stay unique."""

    def __bool__(self) -> bool:
        return bool(self.frames or self.columns or self.fields or self.streams)


class Refused(WhyforError, TypeError):
    """An argument contains data that column names cannot describe."""


def inspect_argument(argument: str, value: object, strict: bool, path: Path) -> Held:
    """What an argument contains. Raises `TypeError` for unsupported data, with advice what to pass instead."""
    return _Inspection(argument, strict).through(value, path)


class _Inspection:
    def __init__(self, argument: str, strict: bool) -> None:
        self._argument = argument
        self._strict = strict
        self._held = Held()
        self._todo: list[tuple[Any, Path, Way]] = []
        self._classes: set[type] = set()

    def through(self, value: object, path: Path) -> Held:
        self._todo.append((value, path, Way.CONTAINERS))
        while self._todo:
            self._one(*self._todo.pop())
        return self._held

    def _one(self, value: Any, path: Path, way: Way) -> None:
        """Inspects a value at a path."""
        if type(value) in PLAIN:
            return self._leaf(path, way)
        if len(path) > _MOST_KEYS:
            self._refuse(value, f"is below more than {_MOST_KEYS} keys")
        # The last two keys and the set of earlier ones identify a path, so cyclic paths end.
        start, end = (
            (frozenset[str](), ()) if way is Way.OBJECT else (frozenset(path[:-2]), path[-2:])
        )
        key = (id(value), way, start, end)
        seen = self._held.seen
        if key in seen:
            return None
        seen[key] = value
        if len(seen) > _MOST_OBJECTS:
            self._refuse(
                value,
                f"is one of over {_MOST_OBJECTS:,} objects in it, too many to check",
            )
        try:
            self._classify(value, path, way)
        except Refused:
            raise
        except Exception as error:  # the class may fail when inspected
            self._refuse(value, f"cannot be looked at ({type(error).__name__}: {error})")

    def _classify(self, value: Any, path: Path, way: Way) -> None:
        """Handles a value by the first kind that fits."""
        for handles in (
            self._container,
            self._code,
            self._record,
            self._data,
            self._plain,
            self._stream,
        ):
            if handles(value, path, way):
                return
        self._leaf(path, way)
        self._object(value)

    def _put(self, holder: Any, values: Iterable[Any], path: Path, way: Way) -> None:
        """Schedules the values of a holder, in order."""
        parents = self._held.parents
        values = [value for value in values if type(value) not in PLAIN]
        for value in reversed(values):
            parents.setdefault(id(value), []).append(holder)
            self._todo.append((value, path, way))

    def _leaf(self, path: Path, way: Way, required: bool = False) -> None:
        if path and way is not Way.OBJECT:
            self._held.fields[path] = required or self._held.fields.get(path, False)

    def _refuse(self, value: object, why: str) -> None:
        raise Refused(f"argument '{self._argument}': '{type(value).__qualname__}' object {why}")

    def _plain_only(self, value: object, way: Way) -> None:
        if self._strict and way is not Way.OBJECT:
            self._refuse(value, "is no plain value")

    # ── Containers ──────────────────────────────────────────────────────────────────────────────

    def _container(self, value: Any, path: Path, way: Way) -> bool:
        kind = type(value)
        if kind in _CONTAINERS:
            self._items(value, value, path, way)
        elif kind is not dict:
            return False
        elif value and _is_plain(value) and _is_plain(value.values()):
            for below in dict.fromkeys(_below(path, key) for key in value):
                self._leaf(below, way)
        else:
            self._entries(value, value.items(), path, way)
        return True

    def _items(self, holder: Any, values: Any, path: Path, way: Way) -> None:
        kinds = set(map(type, values))
        is_plain = _is_plain(values)
        if kinds & PLAIN or is_plain:
            self._leaf(path, way)
        if is_plain:
            return None
        if kinds == {dict}:
            # Rows of plain values take a single pass, however many there are.
            keys = dict.fromkeys(itertools.chain.from_iterable(values))
            if _is_plain(keys) and _is_plain(
                itertools.chain.from_iterable(map(dict.values, values))
            ):
                for key in keys:
                    self._leaf(_below(path, key), way)
                return None
        return self._put(holder, values, path, way)

    def _entries(
        self, holder: Any, entries: Iterable[tuple[Any, Any]], path: Path, way: Way
    ) -> None:
        entries = list(entries)
        if not entries:
            self._leaf(path, way)
        for key, value in reversed(entries):
            if type(value) in PLAIN:
                self._leaf(_below(path, key), way)
            else:
                self._put(holder, [value], _below(path, key), way)
        self._put(holder, [key for key, _ in entries], (), way)

    # ── Known kinds ──────────────────────────────────────────────────────────────────────────────

    def _code(self, value: Any, path: Path, way: Way) -> bool:
        """Code is not inspected; its bound values are."""
        if isinstance(value, type):
            if value.__module__ not in ("builtins", "datetime"):
                self._plain_only(value, way)
            self._class(value)
            return True
        if isinstance(value, (*_CODE, weakref.ReferenceType)):
            self._plain_only(value, way)
            return True
        if not isinstance(value, types.FunctionType):
            return False
        self._plain_only(value, way)
        given = (
            *(value.__closure__ or ()),
            value.__defaults__,
            value.__kwdefaults__,
            *vars(value).values(),
        )
        self._put(value, given, (), Way.OBJECT)
        return True

    def _record(self, value: Any, path: Path, way: Way) -> bool:
        """Named tuples, dataclasses, and records of attrs, pydantic and msgspec."""
        ours = str(type(value).__module__).partition(".")[0] == "whyfor"
        if ours and not isinstance(value, Selection):
            return True
        names = _field_names(value)
        if names is None:
            return False
        missing = object()
        fields = [(name, getattr(value, name, missing)) for name in names]
        fields += (getattr(value, "__pydantic_extra__", None) or {}).items()
        self._entries(value, [field for field in fields if field[1] is not missing], path, way)
        self._attributes_of(value, frozenset(names))
        self._put(value, [getattr(value, "__pydantic_private__", None)], (), Way.OBJECT)
        return True

    def _data(self, value: Any, path: Path, way: Way) -> bool:
        """Objects of data libraries, or that hand out data."""
        library = _objects.library(value)
        if library is None and not _objects.hands_out_data(value):
            return self._array(value, path, way) or self._database(value)
        if _objects.is_plain(value):
            self._leaf(path, way)
        elif _frames.is_frame(value):
            self._held.frames.append((value, way is Way.CONTAINERS))
            self._attributes_of(value, _INTERNALS.get(library or ""))
        elif _frames.is_series(value) or _objects.is_index(value):
            if library == "pyarrow" and not path:
                self._refuse(value, _advice("Array"))  # its columns have no names
            self._column(value, library or "", path, way)
        elif _objects.is_array(value) and path and way is not Way.OBJECT:
            self._named_array(value, library or "", path, way)
        else:
            self._refuse(value, _advice(type(value).__qualname__))
        return True

    def _column(self, value: Any, library: str, path: Path, way: Way) -> None:
        """A Series or an index: has its own name, and the names that lead to it."""
        key, name = path[-1] if path else None, getattr(value, "name", None)
        self._held.columns.append((value, key))
        is_named = _objects.is_index(value) or (isinstance(name, str) and name)
        if path != (name if is_named else key,):
            self._leaf(path, way)
        if not _objects.is_index(value):
            self._attributes_of(value, _INTERNALS.get(library))

    def _named_array(self, value: Any, library: str, path: Path, way: Way) -> None:
        """An array of pandas or pyarrow: named by its key, with parts by its type."""
        if library == "pyarrow":
            leaves = _shapes.leaves(value.type)
        else:
            leaves = _shapes.of_pandas(sys.modules["pandas"].Series(value), is_read=True)
        for names, unread in leaves:
            if unread is not None:
                self._refuse(
                    value,
                    f"is {unread}, which does not say what it holds: pass it in a data frame, and say it by `mapping`",
                )
            self._leaf((*path, *names), way, required=True)

    def _array(self, value: Any, path: Path, way: Way) -> bool:
        """Numpy arrays, and objects that convert to one. Models hold such without names."""
        numpy = sys.modules.get("numpy")
        if numpy is not None and isinstance(value, (numpy.ndarray, numpy.void)):
            for names in _structure(value.dtype, path):
                self._held.fields[names] = True
            self._attributes_of(value)
            if value.dtype.hasobject:
                self._put(value, numpy.ravel(value).tolist(), path, way)
            if value.dtype.names:
                return True
        elif numpy is not None and isinstance(value, numpy.generic):
            self._leaf(path, way)
            return True
        elif not _objects.hands_out_an_array(value):
            return False
        if not path and way is not Way.OBJECT:
            self._refuse(value, _advice("Array"))
        self._leaf(path, way, required=True)
        return True

    def _database(self, value: Any) -> bool:
        """Database connections and cursors (PEP 249)."""
        kind = type(value)
        connects = hasattr(kind, "cursor") and hasattr(kind, "commit")
        if connects or (hasattr(kind, "execute") and hasattr(kind, "fetchall")):
            self._refuse(value, _advice("Connection"))
        return False

    def _plain(self, value: Any, path: Path, way: Way) -> bool:
        if isinstance(value, enum.Enum):
            self._items(value, [value.value], path, max(way, Way.VIEW))  # never copied
            return True
        if isinstance(value, contextvars.ContextVar):
            self._plain_only(value, way)
            self._items(value, [_contents(value)], path, max(way, Way.VIEW))
            return True
        if isinstance(value, types.SimpleNamespace):
            self._plain_only(value, way)
            self._entries(value, vars(value).items(), path, max(way, Way.VIEW))
            self._class(type(value))
            return True
        if isinstance(value, _PLAIN_BASES) or _objects.is_of(value, _PLAIN_NAMES):
            self._leaf(path, way)
            self._attributes_of(value)
            return True
        if isinstance(value, memoryview):
            self._items(value, [value.obj], path, way)
            return True
        holds_items = isinstance(value, Sequence | Set | MappingView | deque)
        if not holds_items and not isinstance(value, Mapping):
            return False
        if isinstance(value, MappingView | types.MappingProxyType):
            way = max(way, Way.VIEW)
        if isinstance(value, Mapping):
            self._entries(value, value.items(), path, way)
        elif isinstance(value, ItemsView):
            self._entries(value, value, path, way)
        else:
            self._items(value, list(cast("Iterable[Any]", value)), path, way)
        self._put(value, getattr(value, "__dict__", {}).values(), path, way)
        self._class(type(value))
        return True

    def _stream(self, value: Any, path: Path, way: Way) -> bool:
        """Objects that produce items later."""
        futures = sys.modules.get("concurrent.futures")
        later = isinstance(value, Awaitable) or (
            futures is not None and isinstance(value, futures.Future)
        )
        streams = isinstance(value, Iterator | AsyncIterator)
        if way is Way.OBJECT or not (later or streams):
            return False
        self._plain_only(value, way)
        self._leaf(path, way)
        if isinstance(value, io.IOBase):
            return True
        if later:
            self._refuse(value, "has no result yet: await it, and pass the result")
        known = type(value).__module__ in ("builtins", "itertools", "_collections")
        if not known and not isinstance(value, AsyncGenerator):
            self._refuse(
                value, "gives items that were not checked: pass a generator, (x for x in it)"
            )
        if way is Way.VIEW:
            self._refuse(
                value, "is in an object that cannot be copied: pass the generator by itself"
            )
        self._held.streams.append((value, path))
        return True

    def _object(self, value: Any) -> None:
        """Any other object: inspects what it holds."""
        if not isinstance(value, types.CellType):
            self._plain_only(value, Way.CONTAINERS)
        if isinstance(value, logging.Filterer):
            return  # a logger leads to all loggers
        attributes = getattr(value, "__dict__", None)
        attributes = attributes if isinstance(attributes, dict) else {}
        code = (type, types.ModuleType)
        referents = [r for r in gc.get_referents(value) if r is not attributes]
        kept = [*attributes.values(), *(r for r in referents if not isinstance(r, code))]
        self._put(value, kept, (), Way.OBJECT)
        self._class(type(value))

    def _attributes_of(self, value: Any, but: frozenset[str] | None = frozenset()) -> None:
        """Inspects a value's extra attributes, except `but`; skipped if `but` is None."""
        attributes = getattr(value, "__dict__", {}) if but is not None else {}
        for name in attributes:
            if name not in (but or ()):
                way = Way.VIEW if name == "_attrs" else Way.OBJECT  # user data on pandas objects
                self._put(value, [attributes[name]], (), way)
        self._class(type(value))

    def _class(self, kind: type) -> None:
        """Inspects the attributes of a class, which its objects share."""
        for base in kind.__mro__:
            if base not in self._classes:
                self._classes.add(base)
                self._put(base, _class_attributes(base), (), Way.OBJECT)


def _is_plain(values: Iterable[Any]) -> bool:
    """Whether values are plain, or rows of plain values; runs at C speed."""
    values = list(values)
    kinds = set(map(type, values)) - PLAIN
    if not kinds <= _CONTAINERS:
        return False
    rows = (row for row in values if type(row) in kinds) if kinds else ()
    return set(map(type, itertools.chain.from_iterable(rows))) <= PLAIN


def _below(path: Path, key: Any) -> Path:
    """The path of a value under a key. In long paths, repeated keys are left out, except the last two."""
    if not isinstance(key, str):
        return path
    if len(path) >= _LONG_PATH and path[-2] in path[:-2]:
        path = (*path[:-2], path[-1])
    return (*path, key)


def _contents(variable: contextvars.ContextVar[Any]) -> Any:
    """The value of a context variable; None if not set."""
    try:
        return variable.get()
    except LookupError:
        return None


def _advice(name: str) -> str:
    for pattern, advice in _ADVICE:
        if re.search(pattern, name):
            return advice
    return "is an object of a data library, but not a data frame or column that narwhals supports: pass a data frame"


def _field_names(value: Any) -> Sequence[str] | None:
    """The field names of a record; None for other values."""
    kind = type(value)
    if isinstance(value, tuple):
        names = getattr(kind, "_fields", None)
        return names if isinstance(names, tuple) else None
    if dataclasses.is_dataclass(kind):
        return [field.name for field in dataclasses.fields(kind)]
    if (attributes := getattr(kind, "__attrs_attrs__", None)) is not None:
        return [attribute.name for attribute in attributes]
    for names in ("__pydantic_fields__", "__struct_fields__"):
        if hasattr(kind, names):
            return list(getattr(kind, names))
    return None


def _structure(dtype: Any, path: Path) -> Iterator[Path]:
    """The paths of the fields of a structured array."""
    for name in dtype.names or ():
        inner = dtype[name].base
        if inner.names:
            yield from _structure(inner, (*path, name))
        else:
            yield (*path, name)


def _class_attributes(kind: type) -> list[Any]:
    """The attributes of a class, which its instances share; methods and the like are code."""
    module = str(kind.__module__).partition(".")[0]
    if module in sys.stdlib_module_names or module in _objects.LIBRARIES:
        return []
    code = (
        types.FunctionType,
        types.BuiltinFunctionType,
        staticmethod,
        classmethod,
        property,
        type,
    )
    slots = (types.GetSetDescriptorType, types.MemberDescriptorType, types.WrapperDescriptorType)
    return [
        value
        for name, value in vars(kind).items()
        if not (name.startswith("__") and name.endswith("__"))
        and not isinstance(value, (*code, *slots, *_CODE))
    ]
