"""The answer to a question, and how it is shown.

A `Decision` is data: it keeps nothing of the policy, so it can be logged, compared and sent elsewhere.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import timedelta
from textwrap import dedent
from typing import Literal

from . import _html
from ._errors import NotAllowed

Act = Literal["use", "collect", "share"]

_MOST_REASONS = 10
"""Reasons shown of a large group; all are in `Decision.reasons`."""


class Verdict(enum.StrEnum):
    """How a question is decided. Only `ALLOW` permits anything, and only it is true."""

    ALLOW = "allow"
    DEPENDS = "depends"
    DENY = "deny"

    def __bool__(self) -> bool:
        return self is Verdict.ALLOW


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a decision: a statement of the policy, or what is not there."""

    kind: str
    """`permit`, `never`, `unmet_permit`, `no_permit`, `unknown_field` or `ambiguous_field`."""
    message: str
    """A sentence."""
    file: str | None = None
    """The statement's file, below the policy's folder."""
    line: int | None = None
    """Where the statement starts, from 1."""
    section: str | None = None
    """The name of the statement's section."""
    title: str = ""
    """The title of the statement's section."""
    source: str = ""
    """The statement as written."""
    candidates: tuple[str, ...] = ()
    """What an unknown or ambiguous name might have been."""

    @property
    def place(self) -> str:
        """`shop.why:12, section “Marketing”`; empty if no statement is meant."""
        if self.file is None:
            return ""
        if self.section is None:
            return f"{self.file}:{self.line}"
        section = f"“{self.title}”" if self.title else self.section
        return f"{self.file}:{self.line}, section {section}"

    def _numbered(self) -> list[tuple[int, str]]:
        """The source lines with their numbers."""
        if self.line is None:
            return []
        # The first line lacks the indentation that the others have.
        first, *rest = self.source.split("\n")
        rest = [f"    {line}" for line in dedent("\n".join(rest)).split("\n")] if rest else []
        return list(enumerate([first, *rest], start=self.line))

    def __str__(self) -> str:
        """The sentence, and the source lines."""
        lines = [f"{self.message} ({self.place})" if self.file else self.message]
        lines += [f"  {number} │ {text}" for number, text in self._numbered()]
        if self.candidates:
            lines.append(f"perhaps {_names(self.candidates)}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        place = f" {_html.dim(f'({self.place})')}" if self.file else ""
        perhaps = f" perhaps {_html.text(_names(self.candidates))}" if self.candidates else ""
        return _html.text(self.message) + place + perhaps + _html.source(self._numbered())


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a question. It is true only if the verdict is `allow`.

    An `allow` can owe duties, such as `deidentify`: `permit` checks that they are fulfilled.
    """

    verdict: Verdict
    act: Act
    field: str
    """As asked."""
    purpose: str
    """As asked."""
    method: str | None
    """As asked; of `collect` alone."""
    recipient: str | None
    """As asked; of `share` alone."""
    duties: tuple[str, ...]
    """What must be done along with it, in the order of their declaration; a `deny` has none."""
    retention: timedelta | None
    """How long it may be kept at the most, if that is limited; a `deny` has none."""
    missing: tuple[str, ...]
    """The facts that are not stated and matter; only a `depends` has some."""
    reasons: tuple[Reason, ...]
    digest: str
    """Of the policy that decided."""

    def __bool__(self) -> bool:
        return self.verdict is Verdict.ALLOW

    def permit(self, *fulfilled: str) -> Decision:
        """Gives the decision back if it is `allow` and each of its duties is one of `fulfilled`.

        Else it raises `NotAllowed`. A decision is true even if it owes duties: this is for code that must not
        forget them.
        """
        owed = tuple(duty for duty in self.duties if duty not in fulfilled)
        if not self or owed:
            raise NotAllowed(self, owed)
        return self

    @property
    def question(self) -> str:
        """The question in the words of the language: `collect email by provided for login`."""
        by = f" by {self.method}" if self.method is not None else ""
        by += f" with {self.recipient}" if self.recipient is not None else ""
        return f"{self.act} {self.field}{by} for {self.purpose}"

    def __repr__(self) -> str:
        """Verdict, question, reasons with their source lines, duties: many lines, for people."""
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
        """What comes with it, in words."""
        conditions: list[tuple[str, str]] = []
        if self.duties:
            conditions.append(("duties", ", ".join(self.duties)))
        if self.retention is not None:
            days = self.retention.days
            conditions.append(("retention", f"{days} day" if days == 1 else f"{days} days"))
        return conditions


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
