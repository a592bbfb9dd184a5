"""What a policy contains, as data: the nodes of its hierarchies and its facts."""

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
