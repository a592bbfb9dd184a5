"""Observes a policy before it is enforced."""

from __future__ import annotations

import functools
import json
import logging
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, Self, TypeVar, cast

from . import _columns, _core, _frames
from ._errors import NotAllowedError
from ._policy import Policy
from ._report import Report, Selection

if TYPE_CHECKING:
    from ._contents import FactValue
    from ._core import Facts
    from ._decision import Act, Decision
    from ._filter import Constant
    from ._looking import Explanation, Matrix
    from ._report import OnDenied

Record = dict[str, Any]
Sink = Callable[[Record], object] | list[Record] | logging.Logger | str | os.PathLike[str]

P = ParamSpec("P")
R = TypeVar("R")


def _signed_as(method: Callable[P, R]) -> Callable[[Callable[..., Any]], Callable[P, R]]:
    """Copies the signature and types of a `Policy` method to the method that replaces it."""

    def signed(own: Callable[..., Any]) -> Callable[P, R]:
        signature = functools.wraps(method, assigned=(), updated=())
        return cast(Callable[P, R], signature(own))

    return signed


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
    _sink: Sink
    enforce: bool

    def __new__(cls, policy: Policy, sink: Sink, enforce: bool = False) -> Self:
        """Wraps a policy; `sink` receives the records, `enforce` withholds what is denied."""
        known = callable(sink) or isinstance(sink, list | logging.Logger | str | os.PathLike)
        if not known:
            kind = type(sink).__qualname__
            raise TypeError(
                f"argument 'sink': '{kind}' object is not a function, a list, a logger or a path"
            )
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
        record: Record = {
            "time": datetime.now(UTC).isoformat(),
            "kind": kind,
            **about,
            "enforced": self.enforce,
            "policy": self.name,
            "digest": self.digest,
        }
        sink = self._sink
        if isinstance(sink, list):
            sink.append(record)
        elif isinstance(sink, logging.Logger):
            sink.info("%s", json.dumps(record, ensure_ascii=False))
        elif callable(sink):
            sink(record)
        else:
            line = json.dumps(record, ensure_ascii=False) + "\n"
            # A single append: lines of several threads and processes do not mix.
            with open(sink, "ab", buffering=0) as file:
                file.write(line.encode("utf-8", "backslashreplace"))

    def _refuse(self, refusal: TypeError) -> None:
        self._record("refused", reason=str(refusal))
        if self.enforce:
            super()._refuse(refusal)

    @_signed_as(Policy.ask)
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

    @_signed_as(Policy.may_use)
    def may_use(self, field: str, **question: Any) -> bool:
        """Whether a field may be used, recorded; always true unless enforced."""
        return bool(self.ask("use", field, **question)) or not self.enforce

    @_signed_as(Policy.may_collect)
    def may_collect(self, field: str, **question: Any) -> bool:
        """Whether a field may be collected, recorded; always true unless enforced."""
        return bool(self.ask("collect", field, **question)) or not self.enforce

    @_signed_as(Policy.may_share)
    def may_share(self, field: str, **question: Any) -> bool:
        """Whether a field may be shared, recorded; always true unless enforced."""
        return bool(self.ask("share", field, **question)) or not self.enforce

    @_signed_as(Policy.require)
    def require(self, act: Act, field: str, **question: Any) -> Decision:
        """Records; raises `NotAllowedError` only if enforced."""
        decision = self.ask(act, field, **question)
        if self.enforce and not decision:
            raise NotAllowedError(decision)
        return decision

    def _decide(
        self,
        act: str,
        field: Any,
        party: Any,
        purpose: Any,
        facts: Facts | Mapping[str, FactValue] | None,
        verdicts: bool,
    ) -> _core.Answers:
        """Decides rows and records their counts; used by `decide`."""
        answers = self._policy._decide(act, field, party, purpose, facts, verdicts)
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

    @_signed_as(Policy.filter)
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

    @_signed_as(Policy.select)
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
        return _columns.select(frame, report, on_denied)

    # ── Inspection: nothing is recorded ─────────────────────────────────────────────────────────

    @_signed_as(Policy.columns)
    def columns(self, frame: Any, **question: Any) -> Report:
        """See `Policy.columns`."""
        return self._policy.columns(frame, **question)

    @_signed_as(Policy.matrix)
    def matrix(self, **question: Any) -> Matrix:
        """See `Policy.matrix`."""
        return self._policy.matrix(**question)

    @_signed_as(Policy.explain)
    def explain(self, act: Act, field: str, **question: Any) -> Explanation:
        """See `Policy.explain`."""
        return self._policy.explain(act, field, **question)

    def __repr__(self) -> str:
        done = "enforced" if self.enforce else "observed"
        return f"<Audit, {done}, of {self._policy!r}>"
