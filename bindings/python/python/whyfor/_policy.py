"""The policy: questions by name, and the same with every answer recorded.

`may_use`, `may_collect` and `may_share` come directly from `_core.Policy`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, Self, cast

from . import _apply, _audit, _columns, _core, _filter, _frames, _guards, _looking, _plan, _rows
from ._contents import FactValue
from ._core import Facts
from ._decision import Act, Decision, decision_of
from ._errors import Diagnostic, diagnostics
from ._guards import P, R
from ._lit import Constant
from ._looking import Explanation, Matrix
from ._report import CategoryMapping, F, OnDenied, Report, Selection
from ._require import required
from ._row_facts import RowFactsArgument
from ._vocabulary import Vocabulary


class Policy(Vocabulary):
    """A compiled policy, from `whyfor.load`, `whyfor.loads` or `Policy.from_bytes`.

    It is immutable and can be used by many threads at once. Two policies are equal if they have the same
    tables. It is pickled as its artifact.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        def __new__(cls, image: _core.Image | _core.Policy) -> Self: ...

    @classmethod
    def from_bytes(cls, artifact: bytes) -> Self:
        """Loads a policy from an artifact written by `to_bytes` or `whyfor compile`.

        Raises `ArtifactError` if it is damaged, truncated, or of another version of the format.
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
        """Decides a question and gives the reasons.

        `collect` takes a `method`, `share` a `recipient`. Without one, or with `"*"`, the question is about any: all that
        are declared, and those that are not. A field that the policy does not know is denied; an unknown purpose,
        method, recipient or fact raises `UnknownNameError`.
        """
        answer = self._ask(
            act, field, purpose=purpose, method=method, recipient=recipient, facts=facts
        )
        return decision_of(answer, act, field, purpose, method, recipient, self.digest)

    def require(
        self,
        act: Act,
        field: str,
        *,
        purpose: str,
        method: str | None = None,
        recipient: str | None = None,
        facts: RowFactsArgument = None,
    ) -> Decision:
        """As `ask`, but raises `NotAllowedError` unless the verdict is `allow`.

        The returned decision includes the duties. Facts may be columns, as those of `decide`: then all rows must be
        allowed, and the decision returned is that on the facts that are the same for all rows.
        """
        return required(
            self, act, field, purpose=purpose, method=method, recipient=recipient, facts=facts
        )

    def decide(
        self,
        *,
        field: Any,
        purpose: Any,
        act: Act = "use",
        method: Any = None,
        recipient: Any = None,
        facts: RowFactsArgument = None,
        out: _rows.Out = "allowed",
    ) -> Any:
        """Decides each row of columns, in parallel and without holding the GIL.

        Facts may be columns too: `facts={"age": frame["age"], "consent": {"marketing": frame["agreed"]}}`.

        `field`, `purpose`, `method` and `recipient` are each a string for all rows, or a column of strings: an
        Arrow array, a polars or pandas Series, a numpy array, a list. Without a method or recipient, or with `"*"` for
        all rows, the question is about any. The result has the type of the first column: booleans, or with
        `out="verdict"` the words deny, depends and allow.

        A missing value or an unknown name in a column is denied, since columns are data. A misspelt single name
        raises `UnknownNameError`. Columns are paired by position: Series with different indexes raise `ValueError`,
        since pandas would pair them by label.
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

        `fields` are names, such as the distinct values of a column; by default, all names written in the
        policy. `purpose` is one purpose or several; by default, all of them. `collect` without a method and `share`
        without a recipient are about any.
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
        """Which columns of a frame or schema, or fields with these names, are allowed.

        Reads only the schema, except for pandas object columns, which have no types. A column gets its
        categories by its name and the policy's `field` patterns, as in `may_use`, or by `mapping`, from a
        column to one or more categories; an unknown column is not allowed. The index of a pandas frame is a
        column too.

        A part of a nested column is named `column.part`. It has the categories of its path, of the paths that
        contain it, and of the ends of these paths; all must be allowed. Contents that the type does not
        describe, such as the keys of a map or JSON, are not allowed unless `mapping` gives their categories.

        Raises `UnknownNameError` for a misspelt purpose, method, recipient or fact, `KeyError` for a mapping of a
        column that does not exist, and `TypeError` if `frame` is not a frame.
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
        """The frame without the columns that are not allowed, of the same type; a lazy frame stays lazy.

        Duties with a mask are fulfilled by it. Denied columns are dropped, masked with nulls, or raise `ColumnsNotAllowedError`; a nested column is withheld
        as a whole. None of their values remain: a masked categorical column has no categories, and metadata and
        `attrs` are removed once any column is withheld. The result lists the withheld columns, and the duties
        of the others. Names and schemas are accepted too, but cannot be masked.
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
        party = method if act == "collect" else recipient
        question = {"act": act, "party": party, "purpose": purpose, "facts": facts}
        selection = _columns.select(frame, report, on_denied)
        return cast("Selection[F]", _apply.masked(self, selection, question))

    def apply(
        self,
        frame: F,
        *,
        purpose: str,
        act: Act = "use",
        method: str | None = None,
        recipient: str | None = None,
        facts: RowFactsArgument = None,
        mapping: CategoryMapping | None = None,
        rows: _plan.Rows = "keep",
    ) -> _apply.Applied[F]:
        """The frame with what a purpose may see of each row, of the same type; a lazy frame stays lazy.

        `facts` states what is the same for all rows, and names the columns that hold the rest: `{"age": whyfor.col("age"),
        "consent": {"marketing": whyfor.col("agreed")}, "region": "eu"}`; lists of purposes are
        `{"yes": whyfor.col("purposes"), "no": whyfor.col("objections")}`. What a value states is what `ask` would take: a
        missing value, one of another type, and an undeclared choice state nothing.

        Columns that no row may show are left out, and so are the parts of a nested column. Cells of rows that are not
        allowed are null; with `rows="drop"`, a row goes if any shown cell of it is denied. Duties with a mask are
        fulfilled by it. The result tells what was withheld. No withheld value is left in categories, buffers or metadata.

        Raises `KeyError` for a fact's column that the frame lacks, `TypeError` for a mask that is not for a column's
        type, and `ValueError` for a mask on a column that holds a fact.
        """
        applied = _apply.apply(self, frame, purpose, act, method, recipient, facts, mapping, rows)
        return cast("_apply.Applied[F]", applied)

    def filter(
        self,
        frame: F,
        *,
        field: str = "field",
        purpose: str | Constant = "purpose",
        act: Act = "use",
        method: str | None = None,
        recipient: str | None = None,
        facts: RowFactsArgument = None,
    ) -> F:
        """The rows whose field may be used for their purpose: `field` and `purpose` name columns.

        Use `whyfor.lit("ads")` for one purpose for all rows. A missing or unknown name is denied. Facts of each row are
        columns too, named by `whyfor.col("age")`: then the frame is one of pandas, polars, pyarrow or Dask.

        A lazy frame stays lazy. Polars and Dask call the policy for whole columns; DuckDB, Spark and other
        engines get a predicate, in which a name of more than 256 characters is always denied. With a column of
        purposes, DuckDB materialises the rows to find their distinct pairs, and returns them in any order.

        Raises `UnknownNameError` for a misspelt purpose for all rows, method, recipient or fact, and `KeyError` for
        a missing column.
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
        """A decorator that checks the data passed to a function.

        Data frames and columns are checked wherever an argument or a default holds them: in containers,
        records, object attributes, and what a function is bound to. A frame in a container is replaced by its
        allowed part; where this is impossible, and for a single column, `ColumnsNotAllowedError` is raised for every
        value of `on_denied`. The fields of records (dicts with string keys, named tuples, dataclasses and the like)
        that the policy knows must be allowed. The items of a generator are checked as they are drawn. Data that
        column names cannot describe raises `TypeError`: readers, group-bys, connections, arrays. Arguments
        without data are passed unchanged, as the same object.

        Data that an object computes or reads itself is not seen. With `strict`, only plain values, frames, and
        containers and records of these are accepted, and every field must be allowed.

        `on_report` receives the report on each frame; without it, duties are reported by a `DutiesWarning`.
        """
        return _guards.guard(self, purpose, on_denied, facts, mapping, on_report, strict)

    def _refuse(self, refusal: TypeError) -> None:
        """Raises: a guard does not pass what it cannot read."""
        raise TypeError(str(refusal)) from None

    def purpose(
        self, purpose: str, *, facts: Facts | Mapping[str, FactValue] | None = None
    ) -> _guards.Purpose:
        """The policy for one purpose: `with policy.purpose("research") as p: p.select(frame)`."""
        return _guards.Purpose(self, purpose, facts)

    def audit(self, sink: _audit.Sink, *, enforce: bool = False) -> Audit:
        """The policy with every answer recorded; withholds nothing unless `enforce` is set.

        A sink is a function, a list, a logger, or the path of a JSON Lines file. See `Audit`.
        """
        return Audit(self, sink, enforce)

    def matrix(
        self,
        *,
        act: Act = "use",
        method: str | None = None,
        recipient: str | None = None,
        facts: Facts | Mapping[str, FactValue] | None = None,
    ) -> Matrix:
        """Every category against every purpose: a table in a notebook, or a data frame by `frame()`.

        Without a method or recipient, a cell has the best verdict that some method or recipient gives. With `"*"` it is
        about every one, declared or not.
        """
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
        """The purposes that a field is allowed for, in declaration order.

        Without a method or recipient, by some method or with some recipient; with `"*"`, by every one, declared or not.
        """
        pairs = _rows.pairs(self, act, [field], None, method, recipient, facts, some=True)
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
        """The categories that are allowed for a purpose, in declaration order.

        Without a method or recipient, by some method or with some recipient; with `"*"`, by every one, declared or not.
        """
        fields = [node.path for node in self.categories]
        pairs = _rows.pairs(self, act, fields, purpose, method, recipient, facts, some=True)
        return tuple(field for field, _ in pairs)

    def recipients_for(
        self,
        field: str,
        *,
        purpose: str,
        facts: Facts | Mapping[str, FactValue] | None = None,
    ) -> tuple[str, ...]:
        """Who may get a field for a purpose: recipients in declaration order, after `"*"` if any recipient may."""
        may = super().may_share  # of an audit too, which records no inspection
        names = ["*", *(node.path for node in self.recipients)]
        return tuple(n for n in names if may(field, recipient=n, purpose=purpose, facts=facts))

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
        """Decides a question, and says what would change the answer."""
        return _looking.explain(self, act, field, purpose, method, recipient, facts)

    def facts(self, stated: Mapping[str, FactValue] | None = None, /, **more: FactValue) -> Facts:
        """States facts once, for many questions: `policy.facts(age=20, verified=True)`.

        Raises `UnknownNameError` for a fact, choice or purpose that the policy does not know.
        """
        twice = sorted(more.keys() & (stated or {}).keys())
        if twice:
            raise TypeError(f"the fact `{twice[0]}` is stated twice")
        return self._state({**(stated or {}), **more})

    def categories_of(self, field: str) -> tuple[str, ...]:
        """The paths of a field's categories: by its name, or by `field` patterns.

        All of them must be allowed. Empty if the policy does not know the field or its name is ambiguous.
        """
        return tuple(self._categories_of(field))

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What compiles but is likely a mistake. Empty for an artifact."""
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


class Audit(Policy):
    """A policy whose answers are recorded; it withholds data only if it enforces. See `Policy.audit`.

    Use it in place of the policy. A record has the time, the question, the verdict and the policy's digest, but
    none of the data: for rows, only how many are allowed and how many are not. Without enforcement, `may_use`,
    `may_collect` and `may_share` return true, `require` returns the decision, and `decide`, `select`, `filter`
    and `guard` withhold nothing; `ask` always answers as the policy does. Inspection (`columns`, `pairs`,
    `matrix`, `explain` and so on) is not recorded.

    It is pickled with its sink. Every process appends to a path, one line at a time; a logger is looked up by
    name in each process, and so is a function. A list stays in its own process, so an audit with a list cannot
    be pickled.
    """

    __slots__ = ("_policy", "_sink", "enforce")

    _policy: Policy
    _sink: _audit.Sink
    enforce: bool

    def __new__(cls, policy: Policy, sink: _audit.Sink, enforce: bool = False) -> Self:
        """Wraps a policy; `sink` receives the records, `enforce` withholds what is denied."""
        _audit.check(sink)
        audit = super().__new__(cls, policy)
        audit._policy = policy._policy if isinstance(policy, Audit) else policy
        audit._sink = sink
        audit.enforce = enforce
        return audit

    @classmethod
    def from_bytes(cls, artifact: bytes) -> Policy:  # type: ignore[override]
        """A plain policy that records nothing. See `Policy.from_bytes`."""
        return Policy.from_bytes(artifact)

    def __reduce__(self) -> tuple[Any, ...]:
        if isinstance(self._sink, list):
            raise TypeError(
                "an audit that records into a list is not pickled: records of another process would "
                "be lost: record into a file, policy.audit('audit.jsonl')"
            )
        return type(self), (self._policy, self._sink, self.enforce)

    def _record(
        self, kind: Literal["question", "columns", "rows", "refused"], **about: Any
    ) -> None:
        record: _audit.Record = {
            "time": datetime.now(UTC).isoformat(),
            "kind": kind,
            **about,
            "enforced": self.enforce,
            "policy": self.name,
            "digest": self.digest,
        }
        _audit.write(self._sink, record)

    def _refuse(self, refusal: TypeError) -> None:
        self._record("refused", reason=str(refusal))
        if self.enforce:
            super()._refuse(refusal)

    @_audit.signed_as(Policy.ask)
    def ask(self, act: Act, field: str, **question: Any) -> Decision:
        """Decides and records. See `Policy.ask`."""
        decision = self._policy.ask(act, field, **question)
        self._record(
            "question",
            act=act,
            field=field,
            method=decision.method,
            recipient=decision.recipient,
            purpose=decision.purpose,
            verdict=str(decision.verdict),
        )
        return decision

    @_audit.signed_as(Policy.may_use)
    def may_use(self, field: str, **question: Any) -> bool:
        """Whether a field may be used, recorded; always true unless enforced."""
        return bool(self.ask("use", field, **question)) or not self.enforce

    @_audit.signed_as(Policy.may_collect)
    def may_collect(self, field: str, **question: Any) -> bool:
        """Whether a field may be collected, recorded; always true unless enforced."""
        return bool(self.ask("collect", field, **question)) or not self.enforce

    @_audit.signed_as(Policy.may_share)
    def may_share(self, field: str, **question: Any) -> bool:
        """Whether a field may be shared, recorded; always true unless enforced."""
        return bool(self.ask("share", field, **question)) or not self.enforce

    @_audit.signed_as(Policy.require)
    def require(self, act: Act, field: str, **question: Any) -> Decision:
        """Records; raises `NotAllowedError` only if enforced."""
        return required(self, act, field, **question, enforce=self.enforce)

    def _decide(
        self,
        act: str,
        field: Any,
        party: Any,
        purpose: Any,
        facts: Facts | Mapping[str, FactValue] | None,
        verdicts: bool,
        places: Any = (),
        columns: Any = None,
    ) -> _core.Answers:
        """Decides rows and records their counts; used by `decide`."""
        answers = self._policy._decide(
            act, field, party, purpose, facts, verdicts, list(places), columns or {}
        )
        denied, depends, allowed = answers.counts()
        self._record(
            "rows",
            act=act,
            purpose=purpose if isinstance(purpose, str) else None,
            method=party if act == "collect" and isinstance(party, str) else None,
            recipient=party if act == "share" and isinstance(party, str) else None,
            allowed=allowed,
            depends=depends,
            denied=denied,
        )
        return answers if self.enforce or verdicts else answers.unenforced()

    @_audit.signed_as(Policy.filter)
    def filter(self, frame: Any, *, purpose: str | Constant = "purpose", **question: Any) -> Any:
        """Records how many rows are allowed, unless the frame is lazy; withholds the others only if enforced.

        See `Policy.filter`.
        """
        rows = self._policy.filter(frame, purpose=purpose, **question)
        before, after = _frames.height(frame), _frames.height(rows)
        self._record(
            "rows",
            act=question.get("act", "use"),
            purpose=None if isinstance(purpose, str) else purpose.value,
            method=question.get("method"),
            recipient=question.get("recipient"),
            allowed=after,
            withheld=None if before is None or after is None else before - after,
        )
        return rows if self.enforce else frame

    @_audit.signed_as(Policy.apply)
    def apply(self, frame: Any, **question: Any) -> Any:
        """Records what would be withheld; withholds it only if enforced. See `Policy.apply`."""
        applied = self._policy.apply(frame, **question)
        self._record(
            "columns",
            act=applied.report.act,
            method=question.get("method"),
            recipient=question.get("recipient"),
            purpose=applied.report.purpose,
            allowed=[c.path for c in applied.report if c.path not in applied.dropped],
            withheld=list(applied.dropped),
            rows_withheld=dict(applied.conditional),
        )
        return applied if self.enforce else replace(applied, frame=frame)

    @_audit.signed_as(Policy.select)
    def select(self, frame: Any, *, on_denied: OnDenied = "drop", **question: Any) -> Any:
        """Records what would be withheld; withholds it only if enforced. See `Policy.select`."""
        report = self.columns(frame, **question)
        self._record(
            "columns",
            act=report.act,
            method=question.get("method"),
            recipient=question.get("recipient"),
            purpose=report.purpose,
            allowed=list(report.allowed),
            withheld=list(report.withheld),
        )
        if not self.enforce:
            return Selection(frame, report)
        return self._policy.select(frame, on_denied=on_denied, **question)

    # ── Inspection: nothing is recorded ─────────────────────────────────────────────────────────

    @_audit.signed_as(Policy.columns)
    def columns(self, frame: Any, **question: Any) -> Report:
        """See `Policy.columns`."""
        return self._policy.columns(frame, **question)

    @_audit.signed_as(Policy.matrix)
    def matrix(self, **question: Any) -> Matrix:
        """See `Policy.matrix`."""
        return self._policy.matrix(**question)

    @_audit.signed_as(Policy.explain)
    def explain(self, act: Act, field: str, **question: Any) -> Explanation:
        """See `Policy.explain`."""
        return self._policy.explain(act, field, **question)

    def __repr__(self) -> str:
        done = "enforced" if self.enforce else "observed"
        return f"<Audit, {done}, of {self._policy!r}>"
