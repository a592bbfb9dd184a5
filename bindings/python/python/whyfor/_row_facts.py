"""The facts of each row: which columns hold them, and these columns as Arrow arrays."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ._frames import is_of
from ._lit import ColumnName
from ._pyarrow import converted, pyarrow

if TYPE_CHECKING:
    from ._contents import FactValue
    from ._core import Facts

FactRow = tuple[str, str, str, list[str], list[float], list[str]]
"""A declared fact, as the core tells it."""

RowFactsArgument = Any
"""`Facts`, or a mapping of facts to values, columns, and mappings of purposes to columns; or None."""

Place = tuple[str, str | None, bool | None, str]
"""A fact; of a fact per purpose, the purpose of the column, or whether it lists the purposes for which the fact holds; the
column."""


@dataclass(frozen=True, slots=True)
class RowFacts:
    """The argument `facts`, taken apart."""

    given: Any
    """As it was given."""
    stated: Facts | Mapping[str, FactValue] | None
    """What is the same for all rows."""
    places: tuple[Place, ...]
    """What is in columns."""
    columns: Mapping[str, Any]
    """The columns that are given as such, not by a name in a frame."""

    def names(self) -> tuple[str, ...]:
        """The columns, each once."""
        return tuple(dict.fromkeys(column for *_, column in self.places))

    def of_rows(self, columns: Mapping[str, Any]) -> Any:
        """The argument again, with the columns themselves in place of their names."""

        def with_columns(value: Any) -> Any:
            if isinstance(value, ColumnName):
                return columns[value.name]
            if isinstance(value, Mapping):
                return {key: with_columns(inner) for key, inner in value.items()}
            return value

        return with_columns(self.given)


def split(facts: Any, *, of_frame: bool) -> RowFacts:
    """Tells stated facts from those in columns. Those of a frame are named by `whyfor.col`; others are columns."""
    if not isinstance(facts, Mapping):
        return RowFacts(facts, facts, (), {})
    stated: dict[str, Any] = {}
    places: list[Place] = []
    columns: dict[str, Any] = {}

    def place(fact: str, purpose: str | None, holds: bool | None, value: Any) -> None:
        where = f"facts[{fact!r}]"
        if of_frame and not isinstance(value, ColumnName):
            raise TypeError(
                f"argument '{where}': the columns of the frame are named by whyfor.col(…), and values stand for all rows: "
                "not both for one fact"
            )
        if not of_frame and isinstance(value, ColumnName):
            raise TypeError(
                f"argument '{where}': no frame is given, so `whyfor.col` names nothing; pass the column itself"
            )
        if isinstance(value, ColumnName):
            places.append((fact, purpose, holds, value.name))
        else:
            name = f"#{len(columns)}"
            columns[name] = value
            places.append((fact, purpose, holds, name))

    for fact, value in facts.items():
        if _is_column(value):
            place(fact, None, None, value)
        elif isinstance(value, Mapping) and any(map(_is_column, value.values())):
            are_lists = value.keys() <= {"yes", "no"}
            for key, column in value.items():
                if are_lists:
                    place(fact, None, key == "yes", column)
                else:
                    place(fact, key, None, column)
        else:
            stated[fact] = value
    return RowFacts(facts, stated, tuple(places), columns)


def _is_column(value: Any) -> bool:
    if isinstance(value, ColumnName):
        return True
    if is_of(value, "pandas", "Series", "Index") or is_of(value, "numpy", "ndarray"):
        return True
    return hasattr(value, "__arrow_c_array__") or hasattr(value, "__arrow_c_stream__")


def arrow(values: Any, place: Place, kinds: Mapping[str, str]) -> Any:
    """A column of facts in a form that the core accepts. Values of another type state nothing."""
    read = _reader(place, kinds)
    if is_of(values, "pandas", "Series", "Index"):
        return _of_pandas(values, read)
    if is_of(values, "numpy", "ndarray"):
        return _of_numpy(values, read)
    if is_of(values, "polars", "Series"):
        return _of_polars(values, read)
    return values


def _of_pandas(values: Any, read: Callable[[Any], Any]) -> Any:
    dtype = values.dtype
    if type(dtype).__module__.partition(".")[0] == "numpy":
        return _of_numpy(values.to_numpy(), read)
    if hasattr(dtype, "freq"):  # periods are numbers only inside
        return pyarrow().nulls(len(values))
    found = converted(values)
    return _read(values.tolist(), read) if found is None else found


def _read(values: list[Any], read: Callable[[Any], Any]) -> Any:
    """Values of Python, looked at one by one."""
    return pyarrow().array(list(map(read, values)))


def _of_numpy(values: Any, read: Callable[[Any], Any]) -> Any:
    found = converted(values) if values.dtype.kind in "biuf" else None
    if found is not None:
        return found
    if values.dtype.kind in "OUTf":
        return _read(values.tolist(), read)
    return pyarrow().nulls(len(values))


def _of_polars(values: Any, read: Callable[[Any], Any]) -> Any:
    polars: Any = sys.modules["polars"]
    dtype = values.dtype
    if dtype == polars.Object:
        return _read(values.to_list(), read)
    if dtype == polars.Null:
        # Nulls without a type are exported as no engine expects them.
        return values.cast(polars.Boolean)
    if dtype.is_integer() and dtype not in _arrow_integers(polars):
        return values.cast(polars.Int64, strict=False)  # what does not fit states nothing anyway
    return values


def _arrow_integers(polars: Any) -> tuple[Any, ...]:
    """The integers that Arrow has too."""
    return (
        polars.Int8,
        polars.Int16,
        polars.Int32,
        polars.Int64,
        polars.UInt8,
        polars.UInt16,
        polars.UInt32,
        polars.UInt64,
    )


_SURROGATE = re.compile("[\ud800-\udfff]")
EXACT = 2**53
"""The last whole number up to which floats hold all."""


def _flag(value: Any) -> bool | None:
    is_flag = isinstance(value, bool) or is_of(value, "numpy", "bool_")
    return bool(value) if is_flag else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or is_of(value, "numpy", "bool_", "timedelta64"):
        return None
    if is_of(value, "numpy", "integer"):
        value = int(value)
    if isinstance(value, int):
        return float(value) if abs(value) <= EXACT else None
    if isinstance(value, Decimal):
        return float(value) if value.is_finite() and abs(value) <= EXACT else None
    if isinstance(value, float) or is_of(value, "numpy", "floating"):
        return float(value)
    return None


def _text(value: Any) -> str | None:
    # Text that is not Unicode is no choice.
    is_text = isinstance(value, str) and (value.isascii() or not _SURROGATE.search(value))
    return value if is_text else None


def _list(value: Any) -> list[str | None] | None:
    if is_of(value, "numpy", "ndarray"):
        value = value.tolist()
    if isinstance(value, list | tuple | set | frozenset):
        return [_text(name) for name in value]
    is_missing = value is None or (isinstance(value, float) and value != value)
    return None if is_missing else [None]


def _reader(place: Place, kinds: Mapping[str, str]) -> Callable[[Any], Any]:
    fact, purpose, *_ = place
    kind = kinds.get(fact)
    if kind == "number":
        return _number
    if kind == "choice":
        return _text
    return _list if kind == "per_purpose" and purpose is None else _flag


def kinds(facts: list[FactRow]) -> dict[str, str]:
    """The kind of each declared fact."""
    return {name: kind for name, _, kind, *_ in facts}
