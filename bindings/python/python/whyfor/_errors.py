"""What goes wrong, as exceptions; what the compiler says of a policy, as data.

`whyfor._core` raises these by their names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from ._decision import Decision

Severity = Literal["error", "warning"]

_Row = tuple[str, str, str, str | None, int | None, int | None, str, Iterable[str]]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message of the compiler about a policy."""

    severity: Severity
    code: str
    """Stable, such as `E0201`; `whyfor explain E0201` says more."""
    message: str
    file: str | None
    """The path below the policy's folder; none if the message is about the whole policy."""
    line: int | None
    """From 1."""
    column: int | None
    """From 1, in characters."""
    label: str
    """What is to be said about the place; may be empty."""
    help: tuple[str, ...]
    """What to do about it."""


def diagnostics(rows: Iterable[_Row]) -> tuple[Diagnostic, ...]:
    """Diagnostics from what `_core` gives."""
    return tuple(
        Diagnostic(cast(Severity, severity), code, message, file, line, column, label, tuple(help))
        for severity, code, message, file, line, column, label, help in rows
    )


class PolicyError(ValueError):
    """A policy does not compile. Its text is all messages, drawn beneath the source lines."""

    diagnostics: tuple[Diagnostic, ...]

    def __init__(self, rendered: str, rows: Iterable[_Row]) -> None:
        """What is shown, and the messages."""
        super().__init__(rendered, rows)
        self.diagnostics = diagnostics(rows)

    def __str__(self) -> str:
        rendered: str = self.args[0]
        return "\n" + rendered.rstrip()


class ArtifactError(ValueError):
    """An artifact cannot be read: it is damaged, cut off, of another version, or something else."""


class UnknownName(ValueError):
    """A name in a program that names nothing in the policy, or several things."""

    name: str
    """As given."""
    kind: str
    """`unknown_purpose`, `ambiguous_purpose`, `unknown_fact` and so on."""
    candidates: tuple[str, ...]
    """Near names, or those that it could mean."""

    def __init__(self, message: str, name: str, kind: str, candidates: Iterable[str]) -> None:
        """What is shown, and its parts."""
        super().__init__(message, name, kind, candidates)
        self.name = name
        self.kind = kind
        self.candidates = tuple(candidates)

    def __str__(self) -> str:
        message: str = self.args[0]
        return message


class NotAllowed(PermissionError):
    """What was required is not allowed, or owes duties that are not fulfilled. Its text says why."""

    decision: Decision
    owed: tuple[str, ...]
    """The duties of an `allow` that are not fulfilled."""

    def __init__(self, decision: Decision, owed: tuple[str, ...] = ()) -> None:
        """A decision that is no `allow`, or one that owes duties."""
        super().__init__(str(decision))
        self.decision = decision
        self.owed = owed

    def __str__(self) -> str:
        if not self.decision or not self.owed:
            return str(self.decision)
        return f"allowed only with {', '.join(self.owed)}, not fulfilled here\n{self.decision}"

    def __reduce__(self) -> tuple[type[NotAllowed], tuple[Decision, tuple[str, ...]]]:
        return type(self), (self.decision, self.owed)
