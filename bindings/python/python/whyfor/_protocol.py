"""What the other modules ask of a policy, so that none of them needs the class `Policy`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from ._contents import FactValue, Node
from ._core import Facts, Residuals
from ._decision import Act, Decision
from ._lit import Constant
from ._report import CategoryMapping, F, OnDenied, Report, Selection
from ._row_facts import FactRow, Place
from ._rows import Out, Pairs

StatedFacts = Facts | Mapping[str, FactValue] | None


class PolicyLike(Protocol):
    """A policy, whether it is audited or not. See `Policy`."""

    @property
    def name(self) -> str:
        """The policy's name."""
        ...

    @property
    def label(self) -> str:
        """The policy's label; may be empty."""
        ...

    @property
    def digest(self) -> str:
        """The digest of the policy's tables."""
        ...

    @property
    def categories(self) -> tuple[Node, ...]:
        """All categories."""
        ...

    @property
    def methods(self) -> tuple[Node, ...]:
        """All methods."""
        ...

    @property
    def purposes(self) -> tuple[Node, ...]:
        """All purposes."""
        ...

    @property
    def recipients(self) -> tuple[Node, ...]:
        """All recipients."""
        ...

    def categories_of(self, field: str, /) -> tuple[str, ...]:
        """The paths of a field's categories."""
        ...

    def may_use(self, field: str, /, *, purpose: str, facts: StatedFacts = None) -> bool:
        """Whether a field may be used."""
        ...

    def ask(
        self,
        act: Act,
        field: str,
        /,
        *,
        purpose: str,
        method: str | None = None,
        recipient: str | None = None,
        facts: StatedFacts = None,
    ) -> Decision:
        """Decides a question."""
        ...

    def require(
        self, act: Act, field: str, /, *, purpose: str, facts: StatedFacts = None
    ) -> Decision:
        """Decides a question, and raises `NotAllowedError` for a no."""
        ...

    def decide(
        self,
        *,
        field: Any,
        purpose: Any,
        act: Act = "use",
        method: Any = None,
        recipient: Any = None,
        facts: Any = None,
        out: Out = "allowed",
    ) -> Any:
        """Decides rows."""
        ...

    def pairs(
        self,
        *,
        purpose: str | Iterable[str] | None = None,
        fields: Iterable[str] | None = None,
        act: Act = "use",
        method: str | None = None,
        recipient: str | None = None,
        facts: StatedFacts = None,
    ) -> Pairs:
        """The fields that are allowed, with their purposes."""
        ...

    def columns(
        self,
        frame: Any,
        /,
        *,
        purpose: str,
        facts: StatedFacts = None,
        mapping: CategoryMapping | None = None,
    ) -> Report:
        """Which columns of a frame are allowed."""
        ...

    def select(
        self,
        frame: F,
        /,
        *,
        purpose: str,
        facts: StatedFacts = None,
        mapping: CategoryMapping | None = None,
        on_denied: OnDenied = "drop",
    ) -> Selection[F]:
        """The frame without the columns that are not allowed."""
        ...

    def filter(
        self,
        frame: F,
        /,
        *,
        field: str = "field",
        purpose: str | Constant = "purpose",
        facts: StatedFacts = None,
    ) -> F:
        """The rows that are allowed."""
        ...

    def _refuse(self, refusal: TypeError, /) -> None:
        """Raises, or records what a guard cannot read."""
        ...

    def _residuals(
        self,
        act: str,
        questions: list[list[str]],
        party: str | None,
        purpose: str,
        facts: StatedFacts,
        places: list[Place],
        salt: bytes,
    ) -> Residuals:
        """What remains of questions once the facts in columns are read."""
        ...

    def _masks(self) -> list[tuple[str, str]]:
        """The masks of duties."""
        ...

    def _facts(self) -> list[FactRow]:
        """The declared facts."""
        ...

    def _known(self, names: list[str], /) -> list[str]:
        """The names that stand for categories."""
        ...

    def _is_ambiguous(self, field: str, /) -> bool:
        """Whether a name is an ending of several categories' paths."""
        ...

    def _field_names(self) -> tuple[list[str], list[tuple[list[str], list[str], list[str]]]]:
        """The names written in the policy, and its `field` statements."""
        ...
