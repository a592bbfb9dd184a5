"""A policy as a predicate of an engine: its names as lists, its `field` patterns as regular expressions.

Names and patterns are grouped by the purposes they are allowed for, so each is compared once for any number
of purposes. Names are compared exactly; the engine's collation has no effect.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import compress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._protocol import PolicyLike


@dataclass(frozen=True, slots=True)
class Pattern:
    """The patterns of `field` statements with the same allowed purposes and the same exceptions."""

    patterns: tuple[str, ...]
    exceptions: tuple[str, ...]
    classes: frozenset[int]
    """The classes of purposes that the patterns are allowed for."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Which names are allowed for which purposes, grouped."""

    classes: list[list[str]]
    """The names of the purposes of each class; purposes in a class allow the same fields."""
    spelled: dict[frozenset[int], list[str]]
    """Names by the classes of purposes they are allowed for."""
    patterns: list[Pattern]
    """A name that matches several is allowed only for the purposes of all of them."""
    taken: list[str]
    """Names that match a pattern but are declared in the policy, so the pattern does not apply."""

    def names_of(self, classes: Iterable[int]) -> list[str]:
        """The names of the purposes of some classes."""
        return [name for at in sorted(classes) for name in self.classes[at]]


def rules(
    policy: PolicyLike, purposes: list[str], decide: Callable[[list[str], str], list[bool]]
) -> Rules:
    """The rules of a policy; `decide` returns which names are allowed for a purpose."""
    known, statements = policy._field_names()
    names = list(dict.fromkeys([*known, *(path for *_, paths in statements for path in paths)]))
    spellings = _spellings(purposes)
    alike: dict[bytes, list[str]] = {}
    for purpose in purposes:
        alike.setdefault(bytes(decide(names, purpose)), []).extend(spellings[purpose])
    rows = zip(*alike, strict=True)
    every = frozenset(range(len(alike)))
    of_name = {
        name: frozenset(compress(range(len(alike)), row))
        for name, row in zip(names, rows, strict=True)
    }
    spelled: dict[frozenset[int], list[str]] = {}
    for name in known:
        if of_name[name]:
            spelled.setdefault(of_name[name], []).append(name)
    # Group patterns with the same exceptions and classes.
    mapped: dict[tuple[tuple[str, ...], frozenset[int]], list[str]] = {}
    for patterns, exceptions, paths in statements:
        classes = every.intersection(*(of_name[path] for path in paths))
        mapped.setdefault((tuple(exceptions), classes), []).extend(patterns)
    found = [Pattern(tuple(p), exceptions, classes) for (exceptions, classes), p in mapped.items()]
    matched = re.compile(regex((p for pattern in found for p in pattern.patterns), r"\Z"))
    taken = [name for name in known if found and matched.search(name)]
    return Rules(list(alike.values()), spelled, found, taken)


def _spellings(paths: list[str]) -> dict[str, list[str]]:
    """The names of each node: its path, and each end of it that is unique."""
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


def regex(patterns: Iterable[str], end: str) -> str:
    """Patterns as a regular expression for a whole name; `end` is the engine's end of text."""
    return f"^(?:{'|'.join(map(_regex, patterns))}){end}"


def _regex(pattern: str) -> str:
    """A `field` pattern as a regular expression: only ASCII letters ignore case."""
    parts = re.findall(r"\*\*|.", pattern, re.DOTALL)
    wild = {"**": r"[\s\S]*", "*": r"[^.]*", "?": r"[^.]"}

    def one(part: str) -> str:
        if part in wild:
            return wild[part]
        if part.isascii() and part.isalpha():
            return f"[{part.lower()}{part.upper()}]"
        return re.escape(part)

    return "".join(map(one, parts))


class Terms(ABC):
    """The terms of an engine's predicate. By default expressions with `&`, `|` and `~`."""

    end = r"\z"
    """The end of text in a regular expression; `$` also matches before a last line break."""
    longest = 256
    """Most characters of a name that a pattern may match; longer names are denied."""

    @abstractmethod
    def is_in(self, column: str, texts: list[str]) -> Any:
        """Whether a column has one of these texts, compared byte by byte."""

    @abstractmethod
    def matches(self, column: str, pattern: str) -> Any:
        """Whether a regular expression matches a column."""

    @abstractmethod
    def is_short(self, column: str) -> Any:
        """Whether a column's text is short enough for a pattern."""

    @abstractmethod
    def never(self) -> Any:
        """A term that is never true."""

    def both(self, one: Any, other: Any) -> Any:
        """Whether both terms are true; evaluates the other only if the first is, where the engine can."""
        return one & other

    def either(self, one: Any, other: Any) -> Any:
        """Whether either term is true."""
        return one | other

    def not_(self, term: Any) -> Any:
        """Whether a term is false."""
        return ~term

    def all(self, terms: list[Any]) -> Any:
        """Whether all terms are true; evaluates the first one first."""
        *before, last = terms
        return reduce(lambda found, term: self.both(term, found), reversed(before), last)

    def any(self, terms: Iterable[Any]) -> Any:
        """Whether any term is true."""
        terms = list(terms)
        return reduce(self.either, terms) if terms else self.never()

    def pairs(self, rules: Rules, field: str, purpose: str) -> Any:
        """Whether a name is written in the policy and allowed for the purpose."""
        return self.any(
            self.both(
                self.is_in(field, names),
                self.is_in(purpose, rules.names_of(classes)),
            )
            for classes, names in rules.spelled.items()
        )


def predicate(rules: Rules, terms: Terms, field: str, purpose: str | None) -> Any:
    """The rules as a predicate of a column of names, and of one of purposes unless all rows share one."""
    if purpose is None:
        names = [name for names in rules.spelled.values() for name in names]
        spelled = terms.is_in(field, names) if names else terms.never()
    else:
        spelled = terms.pairs(rules, field, purpose)
    if not any(pattern.classes for pattern in rules.patterns):
        return spelled
    return terms.either(spelled, _mapped(rules, terms, field, purpose))


def _mapped(rules: Rules, terms: Terms, field: str, purpose: str | None) -> Any:
    """Whether a pattern matches a name, and all matching patterns allow the purpose."""
    by_classes: dict[frozenset[int], list[Pattern]] = {}
    for pattern in rules.patterns:
        by_classes.setdefault(pattern.classes, []).append(pattern)
    needed = _matched([p for p in rules.patterns if p.classes], terms, field)
    if rules.taken:
        needed.append(terms.not_(terms.is_in(field, rules.taken)))
    needed.append(terms.is_short(field))
    for classes, patterns in by_classes.items():
        if len(classes) == len(rules.classes):
            continue  # allowed for every purpose
        fits = terms.not_(terms.all(_matched(patterns, terms, field)))
        if purpose is not None and classes:
            fits = terms.either(terms.is_in(purpose, rules.names_of(classes)), fits)
        needed.append(fits)
    if purpose is not None:
        every = rules.names_of(range(len(rules.classes)))
        needed.append(terms.is_in(purpose, every))
    return terms.all(needed)


def _matched(patterns: list[Pattern], terms: Terms, field: str) -> list[Any]:
    """Whether any of the patterns matches a name. The first term rejects most names quickly."""
    every = terms.matches(field, regex((p for one in patterns for p in one.patterns), terms.end))
    if not any(pattern.exceptions for pattern in patterns):
        return [every]
    found: list[Any] = []
    if plain := [p for one in patterns if not one.exceptions for p in one.patterns]:
        found.append(terms.matches(field, regex(plain, terms.end)))
    for pattern in patterns:
        if pattern.exceptions:
            match = terms.matches(field, regex(pattern.patterns, terms.end))
            exception = terms.matches(field, regex(pattern.exceptions, terms.end))
            found.append(terms.both(match, terms.not_(exception)))
    return [every, terms.any(found)]
