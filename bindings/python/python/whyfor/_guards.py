"""Purposes that are held to: of a function, of a part of a notebook, and observed before they are enforced."""

from __future__ import annotations

import functools
import inspect
import json
import logging
import os
import threading
import warnings
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar, cast

from . import _columns, _frames
from ._errors import NotAllowed
from ._report import CategoryMapping, OnDenied, Report, Selection

if TYPE_CHECKING:
    from types import TracebackType

    from ._contents import FactValue
    from ._core import Facts
    from ._decision import Act, Decision
    from ._policy import Policy
    from ._rows import Pairs

P = ParamSpec("P")
R = TypeVar("R")

Record = dict[str, Any]
Sink = Callable[[Record], object] | list[Record] | logging.Logger | str | os.PathLike[str]


class DutiesWarning(UserWarning):
    """A guarded function was given columns that come with duties."""


def guard(
    policy: Policy | Audit,
    purpose: str,
    on_denied: OnDenied,
    facts: Facts | Mapping[str, FactValue] | None,
    mapping: CategoryMapping | None,
    on_report: Callable[[Report], object] | None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """See `Policy.guard`."""
    if on_denied not in ("drop", "raise", "mask"):
        raise ValueError(f"argument 'on_denied': {on_denied!r} is none of 'drop', 'raise', 'mask'")
    policy.pairs(purpose=purpose, fields=())  # a misspelt purpose is told where it is written

    def check(value: Any) -> Any:
        """A value without what is not allowed; in a list, a tuple or a dict, each of its values."""
        if isinstance(value, list):
            return [check(item) for item in value]
        if type(value) is tuple:
            return tuple(check(item) for item in value)
        if type(value) is dict:
            return {key: check(item) for key, item in value.items()}
        name = _frames.series_name(value)
        if name is not None:
            # Of a column by itself nothing would be left: it raises whatever is dropped elsewhere.
            checked(policy.select([name], purpose=purpose, facts=facts, on_denied="raise"))
            return value
        if not _frames.is_frame(value):
            if _frames.hands_out_data(value):
                kind = type(value).__qualname__
                raise TypeError(f"'{kind}' holds data, and is not a data frame that narwhals knows")
            return value
        names = _frames.names_of(value) if mapping else ()
        of_frame = {name: m for name, m in (mapping or {}).items() if name in names}
        return checked(
            policy.select(
                value, purpose=purpose, facts=facts, mapping=of_frame, on_denied=on_denied
            )
        )

    def checked(selection: Selection) -> Any:
        if on_report is not None:
            on_report(selection.report)
        elif selection.duties:
            duties = ", ".join(selection.duties)
            warnings.warn(f"for {purpose}, first: {duties}", DutiesWarning, stacklevel=5)
        return selection.frame

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        call = cast(Callable[..., Any], function)
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wrapped_async(*args: P.args, **kwargs: P.kwargs) -> Any:
                checked = {name: check(value) for name, value in kwargs.items()}
                return await call(*map(check, args), **checked)

            return cast(Callable[P, R], wrapped_async)

        @functools.wraps(function)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            checked = {name: check(value) for name, value in kwargs.items()}
            return cast(R, call(*map(check, args), **checked))

        return wrapped

    return decorate


class Purpose:
    """A policy asked for one purpose, in a `with` block: `with policy.purpose("research") as p:`."""

    __slots__ = ("_open", "_policy", "facts", "purpose")

    def __init__(
        self, policy: Policy, purpose: str, facts: Facts | Mapping[str, FactValue] | None
    ) -> None:
        policy.pairs(purpose=purpose, fields=())  # raises for a misspelt purpose
        self._policy = policy
        self._open = False
        self.purpose = purpose
        self.facts = facts

    def __enter__(self) -> Purpose:
        self._open = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open = False

    def _asked(self) -> Policy:
        if not self._open:
            raise RuntimeError(f"the purpose {self.purpose} is asked for outside its `with` block")
        return self._policy

    def may_use(self, field: str) -> bool:
        """Whether a field may be used for the purpose."""
        return self._asked().may_use(field, purpose=self.purpose, facts=self.facts)

    def ask(self, field: str) -> Decision:
        """Whether a field may be used for the purpose, and why."""
        return self._asked().ask("use", field, purpose=self.purpose, facts=self.facts)

    def require(self, field: str) -> Decision:
        """As `ask`, but raises `NotAllowed` unless it is allowed."""
        return self._asked().require("use", field, purpose=self.purpose, facts=self.facts)

    def columns(self, frame: Any, *, mapping: CategoryMapping | None = None) -> Report:
        """What may be done with the columns of a frame. See `Policy.columns`."""
        policy = self._asked()
        return policy.columns(frame, purpose=self.purpose, facts=self.facts, mapping=mapping)

    def select(
        self, frame: Any, *, mapping: CategoryMapping | None = None, on_denied: OnDenied = "drop"
    ) -> Selection:
        """The frame without what is not allowed. See `Policy.select`."""
        return self._asked().select(
            frame, purpose=self.purpose, facts=self.facts, mapping=mapping, on_denied=on_denied
        )

    def filter(self, frame: Any, *, field: str = "field") -> Any:
        """The rows whose field is allowed. See `Policy.filter`."""
        from ._filter import lit

        purpose = lit(self.purpose)
        return self._asked().filter(frame, field=field, purpose=purpose, facts=self.facts)


class Audit:
    """A policy whose answers are recorded; unless it enforces, nothing is withheld.

    A record has the time, the question, the verdict and the policy's digest, and nothing of the data.
    """

    __slots__ = ("_lock", "_policy", "_sink", "enforce")

    def __init__(self, policy: Policy, sink: Sink, enforce: bool) -> None:
        known = callable(sink) or isinstance(sink, list | logging.Logger | str | os.PathLike)
        if not known:
            kind = type(sink).__qualname__
            raise TypeError(
                f"argument 'sink': '{kind}' object is not a function, a list, a logger or a path"
            )
        self._policy = policy
        self._sink = sink
        self._lock = threading.Lock()
        self.enforce = enforce

    def _record(self, kind: Literal["question", "columns"], **about: Any) -> None:
        record: Record = {
            "time": datetime.now(UTC).isoformat(),
            "kind": kind,
            **about,
            "enforced": self.enforce,
            "policy": self._policy.name,
            "digest": self._policy.digest,
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
            with self._lock, open(sink, "a", encoding="utf-8") as file:
                file.write(line)

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
        """Decides and records. See `Policy.ask`."""
        decision = self._policy.ask(
            act, field, purpose=purpose, method=method, recipient=recipient, facts=facts
        )
        self._record(
            "question",
            act=act,
            field=field,
            method=method,
            recipient=recipient,
            purpose=purpose,
            verdict=str(decision.verdict),
        )
        return decision

    def may_use(
        self,
        field: str,
        *,
        purpose: str,
        facts: Facts | Mapping[str, FactValue] | None = None,
    ) -> bool:
        """Whether a field may be used, recorded; always true unless it is enforced."""
        return bool(self.ask("use", field, purpose=purpose, facts=facts)) or not self.enforce

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
        """Records; raises `NotAllowed` only if it is enforced."""
        decision = self.ask(
            act, field, purpose=purpose, method=method, recipient=recipient, facts=facts
        )
        if self.enforce and not decision:
            raise NotAllowed(decision)
        return decision

    def pairs(self, *, purpose: str, fields: Iterable[str]) -> Pairs:
        """See `Policy.pairs`; nothing is recorded."""
        return self._policy.pairs(purpose=purpose, fields=fields)

    def columns(
        self,
        frame: Any,
        *,
        purpose: str,
        facts: Facts | Mapping[str, FactValue] | None = None,
        mapping: CategoryMapping | None = None,
    ) -> Report:
        """See `Policy.columns`; nothing is recorded."""
        return self._policy.columns(frame, purpose=purpose, facts=facts, mapping=mapping)

    def guard(
        self,
        *,
        purpose: str,
        on_denied: OnDenied = "raise",
        facts: Facts | Mapping[str, FactValue] | None = None,
        mapping: CategoryMapping | None = None,
        on_report: Callable[[Report], object] | None = None,
    ) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """A decorator that records what a function is given, and withholds only if it is enforced."""
        return guard(self, purpose, on_denied, facts, mapping, on_report)

    def select(
        self,
        frame: Any,
        *,
        purpose: str,
        facts: Facts | Mapping[str, FactValue] | None = None,
        mapping: CategoryMapping | None = None,
        on_denied: OnDenied = "drop",
    ) -> Selection:
        """Records what would be withheld; withholds it only if it is enforced. See `Policy.select`."""
        report = self._policy.columns(frame, purpose=purpose, facts=facts, mapping=mapping)
        self._record(
            "columns",
            act="use",
            purpose=purpose,
            allowed=list(report.allowed),
            withheld=list(report.withheld),
        )
        if not self.enforce:
            return Selection(frame, report)
        return _columns.select(frame, report, on_denied)
