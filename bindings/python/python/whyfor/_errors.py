"""Errors as exceptions, and the compiler's diagnostics as data.

`whyfor._core` raises these by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    from ._decision import Decision

Severity = Literal["error", "warning"]

_Row = tuple[str, str, str, str | None, int | None, int | None, str, Iterable[str]]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message of the compiler about a policy."""

    severity: Severity
    code: str
    """Stable, such as `E0201`; `whyfor explain E0201` explains it."""
    message: str
    file: str | None
    """The path relative to the policy's folder; None if the message is about the whole policy."""
    line: int | None
    """From 1."""
    column: int | None
    """From 1, in characters."""
    label: str
    """The message at the place; may be empty."""
    help: tuple[str, ...]
    """How to fix it."""


def diagnostics(rows: Iterable[_Row]) -> tuple[Diagnostic, ...]:
    """Diagnostics from the rows of `_core`."""
    return tuple(
        Diagnostic(cast(Severity, severity), code, message, file, line, column, label, tuple(help))
        for severity, code, message, file, line, column, label, help in rows
    )


class WhyforError(Exception):
    """The base of all errors of this package.

    Each error also has a base of Python's own, such as `ValueError`. A wrong argument raises `TypeError`,
    `ValueError` or `KeyError` as usual, and a file that cannot be read an `OSError`.
    """


class PolicyError(WhyforError, ValueError):
    """A policy does not compile. Its text contains all diagnostics, rendered with source lines."""

    diagnostics: tuple[Diagnostic, ...]

    def __init__(self, rendered: str, rows: Iterable[_Row]) -> None:
        """The rendered text, and the diagnostics."""
        super().__init__(rendered, rows)
        self.diagnostics = diagnostics(rows)

    def __str__(self) -> str:
        rendered: str = self.args[0]
        return "\n" + rendered.rstrip()


class ArtifactError(WhyforError, ValueError):
    """An artifact cannot be read: it is damaged, truncated, of another version, or another kind of file."""


class UnknownNameError(WhyforError, ValueError):
    """A name in a program that is unknown or ambiguous in the policy."""

    name: str
    """As given."""
    kind: str
    """`unknown_purpose`, `ambiguous_purpose`, `unknown_fact` and so on."""
    candidates: tuple[str, ...]
    """Similar names, or the names that it could mean."""

    def __init__(self, message: str, name: str, kind: str, candidates: Iterable[str]) -> None:
        """The message and its parts."""
        super().__init__(message, name, kind, candidates)
        self.name = name
        self.kind = kind
        self.candidates = tuple(candidates)

    def __str__(self) -> str:
        message: str = self.args[0]
        return message


class NotAllowedError(WhyforError, PermissionError):
    """Something required is not allowed, or has unfulfilled duties. Its text says why."""

    decision: Decision
    owed: tuple[str, ...]
    """The unfulfilled duties of an `allow`."""
    rows: tuple[int, int] | None
    """Of a question about rows: how many are not allowed, and how many there are."""

    def __init__(
        self,
        decision: Decision,
        owed: tuple[str, ...] = (),
        rows: tuple[int, int] | None = None,
    ) -> None:
        """A decision that is not `allow`, that has unfulfilled duties, or that is not so for all rows."""
        super().__init__(str(decision))
        self.decision = decision
        self.owed = owed
        self.rows = rows

    def __str__(self) -> str:
        if self.rows is not None:
            denied, rows = self.rows
            return f"{denied} of {rows} rows are not allowed\n{self.decision}"
        if not self.decision or not self.owed:
            return str(self.decision)
        return f"allowed only with {', '.join(self.owed)}, not fulfilled here\n{self.decision}"

    def __reduce__(self) -> tuple[type[NotAllowedError], tuple[Any, ...]]:
        return type(self), (self.decision, self.owed, self.rows)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> type[WhyforError]:
        """The classes by their earlier names, which older pickles contain."""
        match name:
            case "UnknownName":
                return UnknownNameError
            case "NotAllowed":
                return NotAllowedError
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
