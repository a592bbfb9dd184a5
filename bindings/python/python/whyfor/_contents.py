"""What a policy contains, as data: the nodes of its hierarchies and its facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

FactValue = bool | float | str | Mapping[str, Iterable[str]]
"""What is stated of a fact: yes or no, a number, a choice, or `{"yes": purposes, "no": purposes}`."""

FactKind = Literal["yes_no", "per_purpose", "choice", "number"]


@dataclass(frozen=True, slots=True)
class Node:
    """A category, method, purpose or recipient."""

    path: str
    """The dotted path of its declaration, which always names it."""
    label: str
    """May be empty."""
    depth: int
    """How many nodes are above it."""
    is_leaf: bool
    """Whether nothing is below it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that a policy declares."""

    name: str
    label: str
    """May be empty."""
    kind: FactKind
    choices: tuple[str, ...]
    """Of a choice."""
    bounds: tuple[float, ...]
    """What the policy compares a number with, ascending."""
