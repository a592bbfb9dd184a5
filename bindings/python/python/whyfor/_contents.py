"""What a policy contains, as data: the nodes of its hierarchies, its facts, legal bases and events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

FactValue = bool | float | str | Mapping[str, Iterable[str]]
"""The stated value of a fact: yes or no, a number, a choice, or `{"yes": purposes, "no": purposes}`."""

FactKind = Literal["yes_no", "per_purpose", "choice", "number"]


@dataclass(frozen=True, slots=True)
class Node:
    """A category, method, purpose or recipient."""

    path: str
    """The full dotted path."""
    label: str
    """May be empty."""
    depth: int
    """The number of nodes above it."""
    is_leaf: bool
    """Whether it has nothing below it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that a policy declares."""

    name: str
    label: str
    """May be empty."""
    kind: FactKind
    choices: tuple[str, ...]
    """The choices of a choice fact."""
    bounds: tuple[float, ...]
    """The numbers that the policy compares the fact with, ascending."""
    choice_labels: tuple[str, ...] = ()
    """The label of each choice; may be empty."""


@dataclass(frozen=True, slots=True)
class Basis:
    """A legal basis that a policy declares."""

    name: str
    label: str
    """May be empty."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event that a policy declares, from which limits on retention count."""

    name: str
    label: str
    """May be empty."""
