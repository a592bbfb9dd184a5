"""What is shown of the columns of a frame: the questions about them, and what remains of these for each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from . import _row_facts

if TYPE_CHECKING:
    from ._core import Residuals
    from ._protocol import PolicyLike

Rows = Literal["keep", "drop"]


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """What is shown of a column."""

    name: str
    parts: tuple[tuple[tuple[str, ...], int], ...]
    """The names of the fields below the column that lead to each part that may be shown, with its question."""
    is_whole: bool
    """Whether no part is left out."""
    is_entangled: bool = False
    """Whether a part of the column is in another one, as keys and values of maps are: they are not shown apart."""


class Plan:
    """What is shown of a frame: sent to the workers of an engine, which answer the same."""

    def __init__(
        self,
        policy: PolicyLike,
        asked: Mapping[str, Any],
        columns: Mapping[str, ColumnPlan],
        places: tuple[_row_facts.Place, ...],
        rows: Rows,
        salt: bytes,
    ) -> None:
        self._asked = dict(asked)
        self.policy = policy
        self.columns = columns
        self.places = places
        self.rows = rows
        self._salt = salt

    def __reduce__(self) -> tuple[Any, ...]:
        of = (self.policy, self._asked, self.columns, self.places, self.rows, self._salt)
        return type(self), of

    @property
    def purpose(self) -> str:
        """The purpose that is asked about."""
        return str(self._asked["purpose"])

    @cached_property
    def residuals(self) -> Residuals:
        """What remains of each question once the facts are read."""
        return self.policy._residuals(**self._asked, places=list(self.places), salt=self._salt)

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return _row_facts.kinds(self.policy._facts())

    def is_as_it_is(self, column: ColumnPlan) -> bool:
        """Whether a column is shown without any change."""
        allowed = all(self.residuals.verdict(at) == "allow" for _, at in column.parts)
        return column.is_whole and allowed and not self.masks(column)

    def condition(self, column: ColumnPlan) -> int | None:
        """The question that decides whether a row shows the whole value as it is; None where that is not all."""
        (names, at), *others = column.parts
        return None if names or others or self.residuals.masks(at) else at

    def masks(self, column: ColumnPlan) -> set[str]:
        """The masks of any part of a column."""
        return {mask for _, at in column.parts for mask in self.residuals.masks(at)}

    def reads(self, column: ColumnPlan) -> list[str]:
        """The columns whose facts decide about a column."""
        return list(dict.fromkeys(n for _, at in column.parts for n in self.residuals.reads(at)))

    def all_reads(self) -> list[str]:
        """The columns whose facts decide about any column."""
        names = (name for column in self.columns.values() for name in self.reads(column))
        return list(dict.fromkeys(names))

    def conditional(self) -> list[int]:
        """The questions that may be denied for some rows, each once."""
        asked = (at for column in self.columns.values() for _, at in column.parts)
        return [at for at in dict.fromkeys(asked) if self.residuals.verdict(at) == "rows"]

    def facts(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Fact columns in a form that the core accepts."""
        places = {place[-1]: place for place in self.places}
        return {
            name: _row_facts.arrow(column, places[name], self._kinds)
            for name, column in values.items()
        }

    def show(self, column: ColumnPlan, values: Any, facts: Mapping[str, Any]) -> Any:
        """What may be seen of a column, as an Arrow stream."""
        parts = [(list(names), at) for names, at in column.parts]
        return self.residuals.show(column.name, values, parts, facts)
