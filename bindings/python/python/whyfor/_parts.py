"""The parts of a frame: its columns, and what is nested in them, by the frame's own schema.

A part is known by the steps that lead to it, and not by their text: a column named `events.ssn` is another thing than
the part `ssn` of a column `events`.
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
    """The name of the column, and those of the parts that it is nested in."""
    unread: str | None = None
    """What it is, if its own parts could not be read."""

    @property
    def path(self) -> str:
        """The steps as a text."""
        return ".".join(self.steps)

    def containers(self) -> Iterator[tuple[str, ...]]:
        """The steps to it and to everything that it is in, itself first."""
        return (self.steps[:end] for end in range(len(self.steps), 0, -1))


class Fields(tuple[Part, ...]):
    """Parts that are told one by one, as the fields of records are."""


def parts_of(frame: Any) -> list[Part]:
    """The parts of a frame, a schema, or a list of names; no row is read, but for the objects of pandas.

    Raises `TypeError` for anything else, and for a column whose name is no text.
    """
    if isinstance(frame, Fields):
        return list(frame)
    schema = _schema_alone(frame) if is_names_alone(frame) else _schema(frame)
    parts: dict[tuple[str, ...], str | None] = {}
    for name, leaves in schema:
        if not isinstance(name, str):
            raise TypeError(f"argument 'frame': the column {name!r} has no text for a name")
        for steps, unread in leaves:
            # What is there twice, as the keys and the values of a map, is read if both are.
            parts[name, *steps] = parts.get((name, *steps)) or unread
    return [Part(steps, unread) for steps, unread in parts.items()]


Schema = list[tuple[Any, Iterable[_shapes.Leaf]]]
"""Names, and the leaves of the type of each."""

_PLAIN: tuple[_shapes.Leaf, ...] = (((), None),)
_NAMELESS: tuple[_shapes.Leaf, ...] = (((), "an index without a name"),)


def is_names_alone(value: Any) -> bool:
    """Whether a value is a schema without a frame, or names without types."""
    if isinstance(value, Mapping) or is_spark_schema(value):
        return True
    if is_of(value, "pyarrow", "Schema") or is_of(value, "pandas", "Index"):
        return True
    return isinstance(value, Iterable) and not could_hold_data(value)


def _schema_alone(frame: Any) -> Schema:
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
    """Whether a value is the schema of a frame of Spark, or of SQLFrame."""
    return type(value).__name__ == "StructType" and hasattr(value, "fields")


def _leaves(dtype: Any) -> Iterable[_shapes.Leaf]:
    try:
        return list(_shapes.leaves(dtype))
    except TypeError as error:
        raise TypeError(f"argument 'frame': {error}") from None


def _schema(frame: Any) -> Schema:
    """The columns of a frame, by what its own library says of their types; then the levels of its index."""
    if is_batches(frame):
        return [(field.name, _leaves(field)) for field in frame.schema]
    wrapped = wrap(frame)
    library = wrapped.implementation
    if library.is_pandas() or library.is_modin() or library.is_dask():
        return _of_pandas(*_looked_at(wrapped))
    return [(name, _leaves(dtype)) for name, dtype in _types(wrapped)]


def _types(wrapped: Any) -> Iterable[tuple[str, Any]]:
    """The columns of a frame and their types, of a library whose types say what values are."""
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
    """The frame of pandas that tells the types of a frame, and whether its objects may be looked at."""
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
    """What the levels of a frame's index are called as columns; none for those that only number the rows.

    Such is a level of integers without a name, as every frame of pandas has one. Another level without a name
    holds data that no policy could name. A frame of a library without an index has no levels.
    """
    wrapped = wrap(frame)
    library = wrapped.implementation
    if not (library.is_pandas_like() or library.is_dask()):
        return []  # there a column may be called `index`
    native, is_read = _looked_at(wrapped)
    return _labels(native.index, is_read)


def index_labels(index: Any) -> list[str | None]:
    """As `labels_of_index`, of an index of pandas by itself."""
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
