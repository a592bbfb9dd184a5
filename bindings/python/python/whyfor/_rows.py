"""Decisions for columns of millions of rows, with results of the caller's own column type.

Columns are read by the Arrow PyCapsule interface or as lists; no library but the caller's own is needed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from . import _core, _row_facts
from ._errors import UnknownNameError
from ._frames import is_of

if TYPE_CHECKING:
    from ._contents import FactValue
    from ._core import Facts
    from ._decision import Act

_MOST_CATEGORIES = 1 << 16
"""With more categories, a column is read as text."""

Out = Literal["allowed", "verdict"]


class Pairs:
    """Field names and their allowed purposes: a table with the columns `field` and `purpose`.

    Accepted wherever Arrow tables are (`polars.DataFrame(pairs)`, `pyarrow.record_batch(pairs)`); iterates as
    tuples.
    """

    __slots__ = ("_pairs",)

    def __init__(self, pairs: _core.Pairs) -> None:
        self._pairs = pairs

    def __len__(self) -> int:
        return len(self._pairs)

    def __iter__(self) -> Any:
        return iter(self._pairs.to_list())

    def __arrow_c_array__(self, requested_schema: object | None = None) -> object:
        """The pairs as an Arrow array of structs."""
        return self._pairs.__arrow_c_array__(requested_schema)

    def __repr__(self) -> str:
        return f"<Pairs: {len(self)} fields and purposes that are allowed>"


def decide(
    policy: _core.Policy,
    act: Act,
    field: Any,
    purpose: Any,
    method: Any,
    recipient: Any,
    facts: Any,
    out: Out,
) -> Any:
    """See `Policy.decide`."""
    columns, found = answers(policy, act, field, purpose, method, recipient, facts, out)
    return _like(columns[0], found, out) if columns else found


def answers(
    policy: Any,
    act: Act,
    field: Any,
    purpose: Any,
    method: Any,
    recipient: Any,
    facts: Any,
    out: Out,
) -> tuple[list[Any], _core.Answers]:
    """The columns of a question about rows, and its answers."""
    if out not in ("allowed", "verdict"):
        raise ValueError(f"argument 'out': {out!r} is neither 'allowed' nor 'verdict'")
    party = _party(act, method, recipient)
    named = {
        "field": field,
        "method" if act == "collect" else "recipient": party,
        "purpose": purpose,
    }
    split = _row_facts.split(facts, of_frame=False)
    of_facts = {place: split.columns[place[-1]] for place in split.places}
    named |= {f"facts['{place[0]}'], {place[-1]}": column for place, column in of_facts.items()}
    columns = [
        c for c in (field, purpose, party, *of_facts.values()) if not isinstance(c, str | None)
    ]
    _check_indexes(named)
    kinds = _row_facts.kinds(policy._facts()) if of_facts else {}
    found = policy._decide(
        act,
        _names("field", field),
        None if party is None else _names("method" if act == "collect" else "recipient", party),
        _names("purpose", purpose),
        split.stated,
        out == "verdict",
        list(split.places),
        {place[-1]: _row_facts.arrow(c, place, kinds) for place, c in of_facts.items()},
    )
    return columns, found


def _check_indexes(columns: Mapping[str, Any]) -> None:
    """Rejects columns with different indexes: pandas would pair rows by label, not by position."""
    first: tuple[str, Any] | None = None
    for argument, column in columns.items():
        native = column.to_native() if is_of(column, "narwhals", "Series") else column
        index = getattr(native, "index", None)
        if index is None or callable(index):
            continue  # lists have an `index` method
        if first is None:
            first = (argument, index)
        elif not (hasattr(first[1], "equals") and hasattr(index, "equals")):
            raise ValueError(
                f"argument '{argument}': its index cannot be held against that of '{first[0]}', since one of them "
                "is not computed yet; compute them first, or use `filter`"
            )
        elif not first[1].equals(index):
            raise ValueError(
                f"argument '{argument}': its index is not that of '{first[0]}'; align them first "
                f"(`{first[0]}.align({argument}, join='inner')`), or take rows by their place "
                "(`reset_index(drop=True)`)"
            )


def pairs(
    policy: _core.Policy,
    act: Act,
    fields: Iterable[str] | None,
    purpose: str | Iterable[str] | None,
    method: str | None,
    recipient: str | None,
    facts: Facts | Mapping[str, FactValue] | None,
    *,
    some: bool = False,
) -> Pairs:
    """See `Policy.pairs`. With `some`, a question without a method or recipient is about some instead of any."""
    if purpose is None:
        purposes = [path for path, *_ in policy._nodes("purpose")]
    else:
        purposes = [purpose] if isinstance(purpose, str) else _texts("purpose", purpose)
    names = policy._field_names()[0] if fields is None else _texts("fields", fields)
    party = _party(act, method, recipient)
    return Pairs(policy._pairs(act, names, purposes, party, facts, some))


def _texts(argument: str, names: Any) -> list[str]:
    if isinstance(names, str) or not isinstance(names, Iterable):
        kind = type(names).__qualname__
        raise TypeError(f"argument '{argument}': '{kind}' object is not a list of names")
    texts = list(names)
    for name in texts:
        if not isinstance(name, str):
            kind = type(name).__qualname__
            raise TypeError(f"argument '{argument}': '{kind}' object is not a str")
    return texts


def _party(act: str, method: Any, recipient: Any) -> Any:
    """The method of collect, or the recipient of share; None for any."""
    wanted = {"use": None, "collect": "method", "share": "recipient"}
    if act not in wanted:
        raise UnknownNameError(f"no act is named `{act}`", act, "unknown_act", tuple(wanted))
    given: dict[str, Any] = {"method": method, "recipient": recipient}
    needed = wanted[act]
    for name, value in given.items():
        if value is not None and name != needed:
            other = "collect" if name == "method" else "share"
            raise TypeError(f"argument '{name}' goes with the act '{other}' alone")
    return None if needed is None else given[needed]


def _names(argument: str, column: Any) -> Any:
    """A column in a form that the core accepts."""
    if isinstance(column, str | list):
        return column
    if is_of(column, "pandas", "Series", "Index"):
        return _of_pandas(column)
    if is_of(column, "polars", "Series"):
        return _of_polars(column)
    if is_of(column, "numpy", "ndarray"):
        if column.ndim != 1:
            raise TypeError(
                f"argument '{argument}': an array with {column.ndim} dimensions is not a column"
            )
        return column.tolist()
    if hasattr(column, "__arrow_c_array__") or hasattr(column, "__arrow_c_stream__"):
        return column
    if isinstance(column, bytes | bytearray | Mapping) or not isinstance(column, Iterable):
        kind = type(column).__qualname__
        raise TypeError(f"argument '{argument}': '{kind}' object is not a str or a column of texts")
    return list(column)


def _of_pandas(series: Any) -> Any:
    if hasattr(series.dtype, "categories"):
        categorical = series.cat if hasattr(series, "cat") else series
        codes = categorical.codes
        codes = codes.to_numpy() if hasattr(codes, "to_numpy") else codes
        return (codes, list(categorical.categories))
    # Object columns, including strings stored as objects, are read as they are. The underlying array exports
    # all others in every version of pandas; the Series does so only from pandas 3.
    array = series.array
    is_arrow = series.dtype != "object" and getattr(series.dtype, "storage", None) != "python"
    if is_arrow and hasattr(array, "__arrow_array__"):
        return array.__arrow_array__()
    return series.tolist()


def _of_polars(series: Any) -> Any:
    polars = sys.modules["polars"]
    if isinstance(series.dtype, polars.Null):
        return series.to_list()  # it exports a null buffer, which Arrow does not expect
    if isinstance(series.dtype, polars.Enum):
        return (series.to_physical(), series.dtype.categories.to_list())
    if isinstance(series.dtype, polars.Categorical):
        # Polars would write the text of every row; the codes exist already.
        codes = series.to_physical()
        last = codes.max()
        if last is not None and last < _MOST_CATEGORIES and hasattr(codes.cat, "to"):
            every = polars.int_range(0, last + 1, dtype=codes.dtype, eager=True)
            return (codes, every.cat.to(series.dtype).to_list())
    return series


def _like(column: Any, answers: _core.Answers, out: Out) -> Any:
    """The answers in the type of a column."""
    if isinstance(column, list | tuple):
        return answers.to_list()
    if is_of(column, "pandas", "Series", "Index"):
        pandas = sys.modules["pandas"]
        index = column.index if hasattr(column, "index") else None
        return pandas.Series(_numpy(answers, out, pandas), index=index, name=column.name)
    if is_of(column, "numpy", "ndarray"):
        return _numpy(answers, out, None)
    if is_of(column, "polars", "Series"):
        polars = sys.modules["polars"]
        return polars.Series(column.name, polars.from_arrow(answers))
    if is_of(column, "pyarrow", "Array", "ChunkedArray"):
        pyarrow = sys.modules["pyarrow"]
        array = pyarrow.array(answers)
        return array if isinstance(column, pyarrow.Array) else pyarrow.chunked_array([array])
    return answers


def _numpy(answers: _core.Answers, out: Out, pandas: Any) -> Any:
    import numpy

    if out == "allowed":
        return numpy.frombuffer(answers.to_bytes(), dtype=bool)
    codes = numpy.frombuffer(answers.to_bytes(), dtype="int8")
    words = ["deny", "depends", "allow"]
    if pandas is not None:
        return pandas.Categorical.from_codes(codes, words)
    return numpy.array(words)[codes]
