"""What a policy declares: the part of a policy that asks no question."""

from __future__ import annotations

from typing import Literal, cast

from . import _core
from ._contents import Basis, Event, Fact, FactKind, Node

_Hierarchy = Literal["category", "method", "purpose", "recipient"]


class Vocabulary(_core.Policy):
    """The names that a policy declares, as data."""

    __slots__ = ()

    @property
    def categories(self) -> tuple[Node, ...]:
        """All categories, parents before children."""
        return self._hierarchy("category")

    @property
    def methods(self) -> tuple[Node, ...]:
        """All methods, parents before children."""
        return self._hierarchy("method")

    @property
    def purposes(self) -> tuple[Node, ...]:
        """All purposes, parents before children."""
        return self._hierarchy("purpose")

    @property
    def recipients(self) -> tuple[Node, ...]:
        """All recipients, parents before children."""
        return self._hierarchy("recipient")

    def _hierarchy(self, name: _Hierarchy) -> tuple[Node, ...]:
        return tuple(Node(*row) for row in self._nodes(name))

    @property
    def declared_facts(self) -> tuple[Fact, ...]:
        """The facts that may be stated, in declaration order."""
        return tuple(
            Fact(name, label, cast(FactKind, kind), tuple(choices), tuple(bounds), tuple(labels))
            for name, label, kind, choices, bounds, labels in self._facts()
        )

    @property
    def bases(self) -> tuple[Basis, ...]:
        """The legal bases, in declaration order."""
        return tuple(Basis(*row) for row in self._bases())

    @property
    def events(self) -> tuple[Event, ...]:
        """The events from which limits on retention count, by name."""
        return tuple(Event(*row) for row in self._events())
