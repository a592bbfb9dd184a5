"""The answer to a question, and how it is displayed.

A `Decision` is plain data without a reference to the policy, so it can be logged, compared and sent.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, cast

from . import _core, _html
from ._errors import NotAllowedError
from ._limits import Limit, Unit

Act = Literal["use", "collect", "share"]

_MOST_REASONS = 10
"""Most reasons shown for a large group; all are in `Decision.reasons`."""


class Verdict(enum.StrEnum):
    """The outcome of a question. Only `ALLOW` permits anything, and only it is true."""

    ALLOW = "allow"
    DEPENDS = "depends"
    DENY = "deny"

    def __bool__(self) -> bool:
        return self is Verdict.ALLOW


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a decision: a statement of the policy, or a missing permission."""

    kind: str
    """`permit`, `never`, `unmet_permit`, `no_permit`, `unknown_field` or `ambiguous_field`."""
    message: str
    """A sentence."""
    file: str | None = None
    """The statement's file, relative to the policy's folder."""
    line: int | None = None
    """The line where the statement starts, from 1."""
    section: str | None = None
    """The name of the statement's section."""
    title: str = ""
    """The title of the statement's section."""
    source: str = ""
    """The statement as written."""
    candidates: tuple[str, ...] = ()
    """Possible meanings of an unknown or ambiguous name."""
    lines: tuple[tuple[int, str], ...] = field(default=(), repr=False)
    """The statement's lines with their numbers, indented for display."""
    because: str = ""
    """Why the statement says so."""
    see: str = ""
    """A web address to read more at."""

    @property
    def place(self) -> str:
        """`shop.why:12, section “Marketing”`; empty without a statement."""
        if self.file is None:
            return ""
        if self.section is None:
            return f"{self.file}:{self.line}"
        section = f"“{self.title}”" if self.title else self.section
        return f"{self.file}:{self.line}, section {section}"

    def __str__(self) -> str:
        """The sentence, and the source lines."""
        lines = [f"{self.message} ({self.place})" if self.file else self.message]
        lines += [f"  {number} │ {text}" for number, text in self.lines]
        lines += [f"  {name}: {text}" for name, text in self._notes()]
        if self.candidates:
            lines.append(f"perhaps {_names(self.candidates)}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        place = f" {_html.dim(f'({self.place})')}" if self.file else ""
        perhaps = f" perhaps {_html.text(_names(self.candidates))}" if self.candidates else ""
        notes = "".join(f"<br>{_html.text(f'{name}: {text}')}" for name, text in self._notes())
        return _html.text(self.message) + place + perhaps + _html.source(self.lines) + notes

    def _notes(self) -> list[tuple[str, str]]:
        """What the statement says of itself, each on one line."""
        notes = (("because", self.because), ("see", self.see))
        return [(name, " ".join(text.split())) for name, text in notes if text]


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a question. True only if the verdict is `allow`.

    An `allow` can have duties, such as `deidentify`: `permit` checks that they are fulfilled. A `deny` has neither
    duties nor bases nor limits.
    """

    verdict: Verdict
    act: Act
    field: str
    """As asked."""
    purpose: str
    """As asked."""
    method: str | None
    """As asked; None for any. Only for `collect`."""
    recipient: str | None
    """As asked; None for any. Only for `share`."""
    duties: tuple[str, ...]
    """What must be done with it, in declaration order; none for a `deny`."""
    bases: tuple[str, ...]
    """The legal bases that carry it, in alphabetical order: of an `allow`, those that hold; of a `depends`, those that
    may."""
    unbased: bool
    """Whether the policy declares legal bases, and none of them carries some part of it."""
    retain: tuple[Limit, ...]
    """How long it may be kept: all of these limits apply, and it must go when the first ends. Limits from collection
    come first, then by event; none for a `deny`."""
    retain_at_least: tuple[Limit, ...]
    """How long it must be kept: until the last of these ends."""
    retain_days: int | None
    """The shortest limit from collection in whole days, rounded down; a month counts 28, twelve months 365."""
    optional: bool
    """Whether the person may leave it out; only for `collect`."""
    missing: tuple[str, ...]
    """The relevant facts that are not stated; only for a `depends`."""
    reasons: tuple[Reason, ...]
    digest: str
    """The digest of the policy that decided."""

    def __bool__(self) -> bool:
        return self.verdict is Verdict.ALLOW

    def permit(self, *fulfilled: str) -> Decision:
        """Returns the decision if it is `allow` and all of its duties are in `fulfilled`.

        Otherwise raises `NotAllowedError`. A decision with duties is true too: use this where code must not forget
        them.
        """
        owed = tuple(duty for duty in self.duties if duty not in fulfilled)
        if not self or owed:
            raise NotAllowedError(self, owed)
        return self

    @property
    def retention(self) -> tuple[Limit, ...]:
        """How long it may be kept: `retain`, by the name of the subject."""
        return self.retain

    @property
    def question(self) -> str:
        """The question in the words of the language: `collect email by provided for login`."""
        return _core.question(self.act, self.field, self.method, self.recipient, self.purpose)

    def __repr__(self) -> str:
        """Verdict, question, reasons with source lines, and duties, on several lines."""
        lines = [f"{self.verdict.upper()}  {self.question}"]
        if self.missing:
            lines.append(f"  {self._depends_on()}")
        for reason in self.reasons[:_MOST_REASONS]:
            lines += [f"  {line}" for line in str(reason).split("\n")]
        if len(self.reasons) > _MOST_REASONS:
            lines.append(f"  … and {len(self.reasons) - _MOST_REASONS} more reasons")
        lines += [f"  {name:<9}  {value}" for name, value in self._conditions()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        parts = [f"{_html.verdict(self.verdict)} <b>{_html.text(self.question)}</b>"]
        if self.missing:
            parts.append(_html.text(self._depends_on()))
        parts += [reason._repr_html_() for reason in self.reasons[:_MOST_REASONS]]
        if len(self.reasons) > _MOST_REASONS:
            parts.append(f"… and {len(self.reasons) - _MOST_REASONS} more reasons")
        parts += [f"<b>{name}</b> {_html.text(value)}" for name, value in self._conditions()]
        return _html.block(parts)

    def _depends_on(self) -> str:
        return f"it depends on {_names(self.missing)}, which no one stated"

    def _conditions(self) -> list[tuple[str, str]]:
        """Duties, bases, retention and `optional` as text."""
        bases = [", ".join(self.bases)] if self.bases else []
        if self.unbased:
            bases.append("none for a part of it" if bases else "none")
        conditions = [
            ("duties", ", ".join(self.duties)),
            ("basis", ", and ".join(bases)),
            ("retention", limits_text(self.retain, self.retain_at_least)),
            ("optional", "the person may leave it out" if self.optional else ""),
        ]
        return [condition for condition in conditions if condition[1]]


def limits_text(retain: Iterable[Limit], at_least: Iterable[Limit]) -> str:
    """Limits on one line: `30 days, at least 1 week`."""
    return ", ".join([*map(str, retain), *(f"at least {limit}" for limit in at_least)])


_Statement = tuple[str, int, str | None, str, str, Iterable[tuple[int, str]], str, str]
_Reason = tuple[str, str, _Statement | None, Iterable[str]]
_Limit = tuple[int | None, str | None, str | None, str | None]
_Terms = tuple[Iterable[str], bool, Iterable[_Limit], Iterable[_Limit], int | None, bool]
_Answer = tuple[str, Iterable[str], _Terms, Iterable[str], Iterable[_Reason]]


def decision_of(
    answer: _Answer,
    act: Act,
    field: str,
    purpose: str,
    method: str | None,
    recipient: str | None,
    digest: str,
) -> Decision:
    """A decision from an answer of `_core` and the question."""
    verdict, duties, terms, missing, reasons = answer
    bases, unbased, retain, at_least, days, optional = terms
    return Decision(
        verdict=Verdict(verdict),
        act=act,
        field=field,
        purpose=purpose,
        method=method,
        recipient=recipient,
        duties=tuple(duties),
        bases=tuple(bases),
        unbased=unbased,
        retain=tuple(_limit(*row) for row in retain),
        retain_at_least=tuple(_limit(*row) for row in at_least),
        retain_days=days,
        optional=optional,
        missing=tuple(missing),
        reasons=tuple(_reason(*row) for row in reasons),
        digest=digest,
    )


def _reason(
    kind: str, message: str, statement: _Statement | None, candidates: Iterable[str]
) -> Reason:
    if statement is None:
        return Reason(kind, message, candidates=tuple(candidates))
    file, line, section, title, source, lines, because, see = statement
    return Reason(
        kind,
        message,
        file,
        line,
        section,
        title,
        source,
        lines=tuple(lines),
        because=because,
        see=see,
    )


def _limit(count: int | None, unit: str | None, after: str | None, until: str | None) -> Limit:
    return Limit(count, cast(Unit | None, unit), after, until)


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
