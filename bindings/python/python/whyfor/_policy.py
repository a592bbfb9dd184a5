"""The policy: where it comes from, and questions by names.

`may_use`, `may_collect` and `may_share` are those of `_core.Policy`, with no Python between.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, Self, cast

from . import _columns, _core, _filter, _guards, _looking, _rows
from ._contents import Fact, FactKind, FactValue, Node
from ._core import Facts
from ._decision import Act, Decision, Reason, Verdict
from ._errors import Diagnostic, NotAllowed, diagnostics
from ._filter import Constant
from ._guards import P, R
from ._looking import Explanation, Matrix
from ._report import CategoryMapping, F, OnDenied, Report, Selection

if TYPE_CHECKING:
    from ._audit import Audit, Sink

_Hierarchy = Literal["category", "method", "purpose", "recipient"]


class Policy(_core.Policy):
    """A compiled policy, from `whyfor.load`, `whyfor.loads` or `Policy.from_bytes`.

    It is immutable and asked by many threads at once. Two are equal if they have the same tables, and it is
    pickled as its artifact.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        def __new__(cls, image: _core.Image | _core.Policy) -> Self: ...

    @classmethod
    def from_bytes(cls, artifact: bytes) -> Self:
        """The policy of an artifact, which `to_bytes` or `whyfor compile` wrote.

        Raises `ArtifactError` if it is damaged, cut off, or of another version of the format.
        """
        return cls(_core.open(artifact))

    def ask(
        self,
        act: Act,
        field: str,
        *,
        purpose: str,
        method: str | None = None,
        recipient: str | None = None,
        facts: Facts | Mapping[str, FactValue] | None = None,
    ) -> Decision:
        """Decides a question, and says why.

        `collect` takes a `method`, `share` a `recipient`. A field that the policy does not know is denied;
        a purpose, method, recipient or fact that it does not know raises `UnknownName`.
        """
        verdict, duties, days, missing, reasons = self._ask(
            act, field, purpose=purpose, method=method, recipient=recipient, facts=facts
        )
        return Decision(
            verdict=Verdict(verdict),
            act=act,
            field=field,
            purpose=purpose,
            method=method,
            recipient=recipient,
            duties=tuple(duties),
            # The language counts more days than Python does.
            retention=None if days is None else timedelta(min(days, timedelta.max.days)),
            missing=tuple(missing),
            reasons=tuple(_reason(*row) for row in reasons),
            digest=self.digest,
        )

    def require(
        self,
        act: Act,
        field: str,
        *,
        purpose: str,
        method: str | None = None,
        recipient: str | None = None,
        facts: Facts | Mapping[str, FactValue] | None = None,
    ) -> Decision:
        """As `ask`, but raises `NotAllowed` unless the verdict is `allow`.

        The decision has the duties that come with it.
        """
        decision = self.ask(
            act, field, purpose=purpose, method=method, recipient=recipient, facts=facts
        )
        if not decision:
            raise NotAllowed(decision)
        return decision

    def decide(
        self,
        *,
        field: Any,
        purpose: Any,
        act: Act = "use",
        method: Any = None,
        recipient: Any = None,
        facts: Facts | Mapping[str, FactValue] | None = None,
        out: _rows.Out = "allowed",
    ) -> Any:
        """Decides each row of columns, in parallel and without Python's lock.

        `field`, `purpose`, `method` and `recipient` are each a text for all rows, or a column of texts: an Arrow
        array, a polars or pandas Series, a numpy array, a list. The answers come in the kind of the first column:
        booleans, or with `out="verdict"` the words deny, depends and allow.

        A missing value never allows, nor does an unknown name in a column, since columns are data. A single
        name that is misspelt raises `UnknownName`. Columns are paired by their place: Series whose indexes differ
        raise `ValueError`, since pandas would pair them by their labels.
        """
        return _rows.decide(self, act, field, purpose, method, recipient, facts, out)

    def pairs(
        self,
        *,
        purpose: str | Iterable[str] | None = None,
        fields: Iterable[str] | None = None,
        act: Act = "use",
        method: str | None = None,
        recipient: str | None = None,
        facts: Facts | Mapping[str, FactValue] | None = None,
    ) -> _rows.Pairs:
        """Which fields are allowed for which purposes, as a table to join with.

        `fields` are names, such as the distinct values of a column; without them, every name that the policy
        spells out. `purpose` is one purpose or several; without it, all of them.
        """
        return _rows.pairs(self, act, fields, purpose, method, recipient, facts)

    def columns(
        self,
        frame: Any,
        *,
        purpose: str,
        act: Act = "use",
        method: str | None = None,
        recipient: str | None = None,
        facts: Facts | Mapping[str, FactValue] | None = None,
        mapping: CategoryMapping | None = None,
    ) -> Report:
        """What may be done with the columns of a frame, of a schema, or with fields of these names.

        Only the schema is read, and the objects of pandas, which have no types. A column gets its categories by its
        own name and the policy's `field` patterns, as `may_use` does, or by `mapping`, from the column to a category
        or several; an unmapped one is not allowed. The index of a pandas frame is a column too.

        A part of a nested column is `column.part`. What its path means, what it is in means, and what the ends of
        these paths mean must all be allowed. What a type does not tell, as the keys of a map or JSON, is not
        allowed unless `mapping` says what it is.

        Raises `UnknownName` for a misspelt purpose, method, recipient or fact, `KeyError` for a mapping of what is
        not there, and `TypeError` for what is no frame.
        """
        return _columns.columns(self, frame, purpose, act, method, recipient, facts, mapping)

    def select(
        self,
        frame: F,
        *,
        purpose: str,
        act: Act = "use",
        method: str | None = None,
        recipient: str | None = None,
        facts: Facts | Mapping[str, FactValue] | None = None,
        mapping: CategoryMapping | None = None,
        on_denied: OnDenied = "drop",
    ) -> Selection[F]:
        """The frame without what is not allowed, of the type that came in; a lazy one stays lazy.

        Columns that are not allowed are dropped, or masked with nulls, or raise `ColumnsNotAllowed`; a nested column
        is withheld as a whole. No value of theirs is left: a masked column of categories has none, and metadata and
        `attrs` go with the first column that is withheld. What was withheld, and the duties that come with the rest,
        are in the answer. Names and schemas are taken too, and cannot be masked.
        """
        report = self.columns(
            frame,
            purpose=purpose,
            act=act,
            method=method,
            recipient=recipient,
            facts=facts,
            mapping=mapping,
        )
        return _columns.select(frame, report, on_denied)

    def filter(
        self,
        frame: F,
        *,
        field: str = "field",
        purpose: str | Constant = "purpose",
        act: Act = "use",
        method: str | None = None,
        recipient: str | None = None,
        facts: Facts | Mapping[str, FactValue] | None = None,
    ) -> F:
        """The rows whose field may be used for their purpose: `field` and `purpose` name columns.

        A purpose for all rows is `whyfor.lit("ads")`. A missing or unknown name is never allowed.

        A lazy frame stays lazy. Polars and Dask call the policy for whole columns; DuckDB, Spark and other engines
        get a predicate of their own, in which a name of over 256 characters is denied whatever it means. With a
        column of purposes, DuckDB keeps the rows while it finds their distinct pairs, and gives them in any order.

        Raises `UnknownName` for a misspelt purpose of all rows, method, recipient or fact, and `KeyError` for a
        column that is not there.
        """
        rows = _filter.filter(self, frame, field, purpose, act, method, recipient, facts)
        return cast(F, rows)

    def guard(
        self,
        *,
        purpose: str,
        on_denied: OnDenied = "raise",
        facts: Facts | Mapping[str, FactValue] | None = None,
        mapping: CategoryMapping | None = None,
        on_report: Callable[[Report], object] | None = None,
        strict: bool = False,
    ) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """A decorator: the data that is passed to the function is checked on the way in.

        Data frames and columns are checked wherever an argument, or a default, holds them: in a container, in a
        record, in an attribute of an object, in what a function is bound to. A frame in a container is replaced
        by what is left of it; where something cannot be replaced, and of a column by itself, `ColumnsNotAllowed`
        is raised whatever `on_denied` says. The fields of records (dicts with texts for keys, named tuples,
        dataclasses and the like) that the policy knows must be allowed. The items of a generator are checked as
        they are drawn. A `TypeError` refuses what no names of columns tell of: readers, group-bys, connections,
        arrays. What holds no data is passed as it is, the very object.

        What an object computes when it is asked, or reads by itself, is not seen. If `strict` is set, only plain
        values, frames, and containers and records of these are passed, and every field must be allowed.

        `on_report` is given the report on each frame; without it, duties are told by a `DutiesWarning`.
        """
        return _guards.guard(self, purpose, on_denied, facts, mapping, on_report, strict)

    def _refuse(self, refusal: TypeError) -> None:
        """What a guard cannot read is not passed."""
        raise TypeError(str(refusal)) from None

    def purpose(
        self, purpose: str, *, facts: Facts | Mapping[str, FactValue] | None = None
    ) -> _guards.Purpose:
        """The policy for one purpose: `with policy.purpose("research") as p: p.select(frame)`."""
        return _guards.Purpose(self, purpose, facts)

    def audit(self, sink: Sink, *, enforce: bool = False) -> Audit:
        """The policy with every answer recorded, and nothing withheld unless `enforce` is set.

        A sink is a function of a record, a list, a logger, or the path of a file of JSON lines. See `Audit`.
        """
        from ._audit import Audit

        return Audit(self, sink, enforce)

    def matrix(
        self,
        *,
        act: Act = "use",
        method: str | None = None,
        recipient: str | None = None,
        facts: Facts | Mapping[str, FactValue] | None = None,
    ) -> Matrix:
        """Every category against every purpose: a table in a notebook, and a data frame by `frame()`."""
        return _looking.matrix(self, act, method, recipient, facts)

    def purposes_for(
        self,
        field: str,
        *,
        act: Act = "use",
        method: str | None = None,
        recipient: str | None = None,
        facts: Facts | Mapping[str, FactValue] | None = None,
    ) -> tuple[str, ...]:
        """The purposes that a field is allowed for, as they are declared."""
        pairs = self.pairs(fields=[field], act=act, method=method, recipient=recipient, facts=facts)
        return tuple(purpose for _, purpose in pairs)

    def fields_for(
        self,
        purpose: str,
        *,
        act: Act = "use",
        method: str | None = None,
        recipient: str | None = None,
        facts: Facts | Mapping[str, FactValue] | None = None,
    ) -> tuple[str, ...]:
        """The categories that are allowed for a purpose, as they are declared."""
        fields = [node.path for node in self.categories]
        pairs = self.pairs(
            purpose=purpose, fields=fields, act=act, method=method, recipient=recipient, facts=facts
        )
        return tuple(field for field, _ in pairs)

    def explain(
        self,
        act: Act,
        field: str,
        *,
        purpose: str,
        method: str | None = None,
        recipient: str | None = None,
        facts: Facts | Mapping[str, FactValue] | None = None,
    ) -> Explanation:
        """Decides a question, with the source lines, and says what would change the answer."""
        return _looking.explain(self, act, field, purpose, method, recipient, facts)

    def facts(self, stated: Mapping[str, FactValue] | None = None, /, **more: FactValue) -> Facts:
        """States facts once, for many questions: `policy.facts(age=20, verified=True)`.

        Raises `UnknownName` for a fact, choice or purpose that the policy does not know.
        """
        twice = sorted(more.keys() & (stated or {}).keys())
        if twice:
            raise TypeError(f"the fact `{twice[0]}` is stated twice")
        return self._state({**(stated or {}), **more})

    def categories_of(self, field: str) -> tuple[str, ...]:
        """The paths of the categories that a field stands for: by its name, or by `field` patterns.

        All of them must be allowed. None if the policy does not know the field, or if its name is ambiguous.
        """
        return tuple(self._categories_of(field))

    @property
    def categories(self) -> tuple[Node, ...]:
        """All categories, each before what is declared in it."""
        return self._hierarchy("category")

    @property
    def methods(self) -> tuple[Node, ...]:
        """All methods, each before what is declared in it."""
        return self._hierarchy("method")

    @property
    def purposes(self) -> tuple[Node, ...]:
        """All purposes, each before what is declared in it."""
        return self._hierarchy("purpose")

    @property
    def recipients(self) -> tuple[Node, ...]:
        """All recipients, each before what is declared in it."""
        return self._hierarchy("recipient")

    def _hierarchy(self, name: _Hierarchy) -> tuple[Node, ...]:
        return tuple(Node(*row) for row in self._nodes(name))

    @property
    def declared_facts(self) -> tuple[Fact, ...]:
        """The facts that may be stated, in the order of their declaration."""
        return tuple(
            Fact(name, label, cast(FactKind, kind), tuple(choices), tuple(bounds))
            for name, label, kind, choices, bounds in self._facts()
        )

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What compiles but is likely not meant. An artifact has none of it."""
        return diagnostics(self._warnings())

    def __repr__(self) -> str:
        title = f" “{self.label}”" if self.label else ""
        version = f" {self.version}" if self.version else ""
        return f"<Policy {self.name}{title}{version}, digest {self.digest[:12]}>"

    def __reduce__(self) -> tuple[Callable[[bytes], Self], tuple[bytes]]:
        return type(self).from_bytes, (self.to_bytes(),)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


def _reason(
    kind: str,
    message: str,
    statement: tuple[str, int, str | None, str, str] | None,
    candidates: list[str],
) -> Reason:
    """A reason from what `_core` gives."""
    if statement is None:
        return Reason(kind, message, candidates=tuple(candidates))
    file, line, section, title, source = statement
    return Reason(kind, message, file, line, section, title, source)


def load(path: str | os.PathLike[str]) -> Policy:
    """The policy in a `.why` file with what it imports, or in a `.whyc` artifact.

    Which of them it is, its first bytes tell. Raises `PolicyError` with every mistake in the text, or with every
    expectation of it that fails; `ArtifactError`; or an `OSError` if the file cannot be read.
    """
    return Policy(_core.read(path, verify=True))


def loads(text: str) -> Policy:
    """The policy of a text that imports nothing.

    Raises `PolicyError` with every mistake in it, or with every expectation that fails.
    """
    return Policy(_core.compile(text, verify=True))


def load_unverified(path: str | os.PathLike[str]) -> Policy:
    """As `load`, of a policy whose expectations may fail: to look at it, not to serve it."""
    return Policy(_core.read(path, verify=False))


def loads_unverified(text: str) -> Policy:
    """As `loads`, of a policy whose expectations may fail: to look at it, not to serve it."""
    return Policy(_core.compile(text, verify=False))
