"""Rows of a frame whose field may be used for their purpose.

Where the purpose is one for all rows, the policy becomes a predicate of the frame's own engine: the names that the
policy spells out are a list, `field` patterns are regular expressions. So a lazy frame stays lazy, and its engine
pushes the predicate down. Where the purpose varies too, the rows of an eager frame go through `Policy.decide`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._frames import narwhals

if TYPE_CHECKING:
    from ._contents import FactValue
    from ._core import Facts
    from ._decision import Act
    from ._policy import Policy

_LONGEST = 256
"""Characters of a name that a pattern may map: a name of more is denied, whatever it means."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A text that stands for all rows, where a name would be a column."""

    value: str


def lit(value: str) -> Constant:
    """A purpose, method or recipient for all rows: `policy.filter(frame, purpose=whyfor.lit("ads"))`."""
    if not isinstance(value, str):
        raise TypeError(f"argument 'value': '{type(value).__qualname__}' object is not a str")
    return Constant(value)


def filter(
    policy: Policy,
    frame: Any,
    field: str,
    purpose: str | Constant,
    act: Act,
    method: str | None,
    recipient: str | None,
    facts: Facts | Mapping[str, FactValue] | None,
) -> Any:
    """See `Policy.filter`."""
    nw = narwhals()
    wrapped = nw.from_native(frame)
    names = set(wrapped.collect_schema().names())
    wanted = {"field": field} | ({} if isinstance(purpose, Constant) else {"purpose": purpose})
    for argument, column in wanted.items():
        if column not in names:
            perhaps = "; a purpose for all rows is whyfor.lit(…)" if argument == "purpose" else ""
            raise KeyError(f"argument '{argument}': the frame has no column {column!r}{perhaps}")

    def predicate(name: str) -> Any:
        return _predicate(policy, nw, wrapped, field, name, act, method, recipient, facts)

    if isinstance(purpose, Constant):
        if isinstance(wrapped, nw.DataFrame):
            found = [name for name in wrapped[field].unique().to_list() if isinstance(name, str)]
            pairs = policy.pairs(
                purpose=purpose.value,
                fields=found,
                act=act,
                method=method,
                recipient=recipient,
                facts=facts,
            )
            allowed = [name for name, _ in pairs]
            return wrapped.filter(_is_in(nw.col(field), allowed)).to_native()
        return wrapped.filter(predicate(purpose.value)).to_native()
    if isinstance(wrapped, nw.DataFrame):
        mask = policy.decide(
            field=wrapped[field].to_native(),
            purpose=wrapped[purpose].to_native(),
            act=act,
            method=method,
            recipient=recipient,
            facts=facts,
        )
        mask = nw.from_native(mask, series_only=True)
        return wrapped.filter(mask).to_native()
    # Of a lazy frame, the rows of each purpose by a predicate of their own.
    spelled = _spellings([node.path for node in policy.purposes])
    rows = [(nw.col(purpose).is_in(names)) & predicate(path) for path, names in spelled.items()]
    return wrapped.filter(nw.any_horizontal(*rows, ignore_nulls=True)).to_native()


def _spellings(paths: list[str]) -> dict[str, list[str]]:
    """The names of each node: its path, and each end of it that is the end of no other."""
    ends: dict[str, list[str]] = {}
    for path in paths:
        parts = path.split(".")
        for start in range(len(parts)):
            ends.setdefault(".".join(parts[start:]), []).append(path)
    names: dict[str, list[str]] = {path: [path] for path in paths}
    for end, owners in ends.items():
        if len(owners) == 1 and end != owners[0] and end not in names:
            names[owners[0]].append(end)
    return names


def _predicate(
    policy: Policy,
    nw: Any,
    wrapped: Any,
    field: str,
    purpose: str,
    act: Act,
    method: str | None,
    recipient: str | None,
    facts: Facts | Mapping[str, FactValue] | None,
) -> Any:
    """The rows whose field is allowed for one purpose, as an expression."""

    def allowed(names: list[str]) -> list[str]:
        pairs = policy.pairs(
            purpose=purpose, fields=names, act=act, method=method, recipient=recipient, facts=facts
        )
        return [name for name, _ in pairs]

    known, statements = policy._field_names()
    column = nw.col(field)
    spelled = _is_in(column, allowed(known))
    if not statements:
        return spelled
    # Python's own `$` is before a last line break too; each engine has its word for the very end.
    end = r"\Z" if wrapped.implementation.is_dask() else r"\z"

    def matches(patterns: list[str]) -> Any:
        return column.str.contains(f"^(?:{'|'.join(map(_regex, patterns))}){end}")

    # A name that several statements map needs all their categories.
    permitting: list[Any] = []
    denying: list[Any] = []
    plain: dict[bool, list[str]] = {True: [], False: []}
    for patterns, exceptions, paths in statements:
        permits = len(allowed(paths)) == len(paths)
        if not exceptions:
            plain[permits] += patterns
            continue
        (permitting if permits else denying).append(matches(patterns) & ~matches(exceptions))
    if plain[True]:
        permitting.append(matches(plain[True]))
    if plain[False]:
        denying.append(matches(plain[False]))
    if not permitting:
        return spelled
    mapped = ~_is_in(column, known) & (column.str.len_chars() <= _LONGEST)
    mapped &= nw.any_horizontal(*permitting, ignore_nulls=True)
    if denying:
        mapped &= ~nw.any_horizontal(*denying, ignore_nulls=True)
    return spelled | mapped


def _is_in(column: Any, names: list[str]) -> Any:
    # An empty list has no type, which some engines mind.
    return column.is_in(names) if names else column.is_null() & ~column.is_null()


def _regex(pattern: str) -> str:
    """A `field` pattern as a regular expression: letters match without ASCII case, and no others do."""
    parts = re.findall(r"\*\*|.", pattern, re.DOTALL)
    wild = {"**": r"[\s\S]*", "*": r"[^.]*", "?": r"[^.]"}

    def one(part: str) -> str:
        if part in wild:
            return wild[part]
        if part.isascii() and part.isalpha():
            return f"[{part.lower()}{part.upper()}]"
        return re.escape(part)

    return "".join(map(one, parts))
