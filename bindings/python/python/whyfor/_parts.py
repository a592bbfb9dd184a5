"""The parts of a frame: its columns and what is nested in them, from the frame's own schema.

A part is identified by its steps, not by their joined text: a column named `events.ssn` differs from the part
`ssn` of a column `events`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import _shapes
from ._frames import could_hold_data, is_batches, is_of, wrap


@dataclass(frozen=True, slots=True)
class Part:
    """A column without parts, or a part of a nested column."""

    steps: tuple[str, ...]
    """The name of the column, and those of the parts that contain it."""
    unread: str | None = None
    """Its type, if its own parts are unknown."""

    @property
    def path(self) -> str:
        """The steps joined by dots."""
        return ".".join(self.steps)

    def containers(self) -> Iterator[tuple[str, ...]]:
        """The steps of the part and of everything that contains it, the part first."""
        return (self.steps[:end] for end in range(len(self.steps), 0, -1))


class Fields(tuple[Part, ...]):
    """Parts listed one by one, such as the fields of records."""


def parts_of(frame: Any) -> list[Part]:
    """The parts of a frame, a schema, or a list of names. Reads no rows, except of pandas object columns.

    Raises `TypeError` for anything else, and for a column whose name is not a string.
    """
    if isinstance(frame, Fields):
        return list(frame)
    schema = _schema_only(frame) if is_names_only(frame) else _schema(frame)
    parts: dict[tuple[str, ...], str | None] = {}
    for name, leaves in schema:
        if not isinstance(name, str):
            raise TypeError(f"argument 'frame': the column {name!r} has no text for a name")
        for steps, unread in leaves:
            # A part that occurs twice, as keys and values of a map, is known only if both are.
            parts[name, *steps] = parts.get((name, *steps)) or unread
    return [Part(steps, unread) for steps, unread in parts.items()]


def names_of(frame: Any) -> set[str]:
    """The columns of a frame and the paths of their parts: the keys a mapping may use."""
    return {".".join(steps) for part in parts_of(frame) for steps in part.containers()}


Schema = list[tuple[Any, Iterable[_shapes.Leaf]]]
"""Names, with the leaves of their types."""

_PLAIN: tuple[_shapes.Leaf, ...] = (((), None),)
_NAMELESS: tuple[_shapes.Leaf, ...] = (((), "an index without a name"),)


def is_names_only(value: Any) -> bool:
    """Whether a value is a schema without a frame, or names without types."""
    if isinstance(value, Mapping) or is_spark_schema(value):
        return True
    if is_of(value, "pyarrow", "Schema") or is_of(value, "pandas", "Index"):
        return True
    return isinstance(value, Iterable) and not could_hold_data(value)


def _schema_only(frame: Any) -> Schema:
    if isinstance(frame, str):
        raise TypeError("argument 'frame': a str is not a data frame or a list of names")
    if isinstance(frame, Mapping):
        return [(name, _leaves(dtype)) for name, dtype in frame.items()]
    if is_of(frame, "pyarrow", "Schema"):
        return [(field.name, _leaves(field)) for field in frame]
    if is_spark_schema(frame):
        return [(field.name, _leaves(field.dataType)) for field in frame.fields]
    names = list(frame)
    for name in names:
        if not isinstance(name, str):
            kind = type(name).__qualname__
            raise TypeError(f"argument 'frame': '{kind}' object is not the name of a column")
    return [(name, _PLAIN) for name in names]


def is_spark_schema(value: Any) -> bool:
    """Whether a value is the schema of a Spark or SQLFrame frame."""
    return type(value).__name__ == "StructType" and hasattr(value, "fields")


def _leaves(dtype: Any) -> Iterable[_shapes.Leaf]:
    try:
        return list(_shapes.leaves(dtype))
    except TypeError as error:
        raise TypeError(f"argument 'frame': {error}") from None


def _schema(frame: Any) -> Schema:
    """The columns of a frame by its library's types, then the levels of its index."""
    if is_batches(frame):
        return [(field.name, _leaves(field)) for field in frame.schema]
    wrapped = wrap(frame)
    library = wrapped.implementation
    if library.is_pandas() or library.is_modin() or library.is_dask():
        return _of_pandas(*_looked_at(wrapped))
    return [(name, _leaves(dtype)) for name, dtype in _types(wrapped)]


def _types(wrapped: Any) -> Iterable[tuple[str, Any]]:
    """The columns of a frame and their types, for libraries with precise types."""
    native, library = wrapped.to_native(), wrapped.implementation
    if library.is_pyarrow():
        return [(field.name, field) for field in native.schema]
    if library.is_duckdb():
        return zip(native.columns, native.types, strict=True)
    if library.is_polars():
        return native.collect_schema().items()  # type: ignore[no-any-return]
    if library.is_ibis():
        return native.schema().items()  # type: ignore[no-any-return]
    if library.is_spark_like():
        return [(field.name, field.dataType) for field in native.schema.fields]
    return wrapped.collect_schema().items()  # type: ignore[no-any-return]


def _looked_at(wrapped: Any) -> tuple[Any, bool]:
    """The pandas frame with the types of a frame, and whether its objects may be read."""
    native = wrapped.to_native()
    return (native._meta, False) if wrapped.implementation.is_dask() else (native, True)


def _of_pandas(frame: Any, is_read: bool) -> Schema:
    schema: Schema = [
        (name, _shapes.of_pandas(frame.iloc[:, at], is_read=is_read))
        for at, name in enumerate(frame.columns)
    ]
    index = frame.index
    for at, (name, label) in enumerate(zip(index.names, _labels(index, is_read), strict=True)):
        if label is not None:
            leaves = _shapes.of_pandas(_level(index, at), is_read=is_read)
            schema.append((label, _NAMELESS if name is None else leaves))
    return schema


def labels_of_index(frame: Any) -> list[str | None]:
    """The names of the index levels of a frame as columns; None for levels that only number the rows.

    An unnamed integer level, as every pandas frame has, only numbers the rows. Any other unnamed level holds
    data that no policy can name. Frames without an index have no levels.
    """
    wrapped = wrap(frame)
    library = wrapped.implementation
    if not (library.is_pandas_like() or library.is_dask()):
        return []  # a column may be called `index` there
    native, is_read = _looked_at(wrapped)
    return _labels(native.index, is_read)


def index_labels(index: Any) -> list[str | None]:
    """As `labels_of_index`, for a single pandas index."""
    return _labels(index, is_read=True)


def _labels(index: Any, is_read: bool) -> list[str | None]:
    labels: list[str | None] = []
    for at, name in enumerate(index.names):
        level = _level(index, at)
        if isinstance(name, str):
            labels.append(name)
        elif name is not None:
            raise TypeError(f"argument 'frame': the index {name!r} has no text for a name")
        elif level.dtype.kind in "iu" or (is_read and len(index) == 0):
            labels.append(None)
        else:
            labels.append("(index)" if index.nlevels == 1 else f"(index level {at})")
    return labels


def _level(index: Any, at: int) -> Any:
    return index.levels[at] if index.nlevels > 1 else index
