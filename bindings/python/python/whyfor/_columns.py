"""Which columns of a frame may be used, and the frame without the others.

One code path for pandas, polars, pyarrow, DuckDB, Dask and every other library that narwhals supports. Only the
schema is read, except for pandas object columns, which have no types: a lazy frame stays lazy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from ._decision import Decision, Reason, Verdict
from ._parts import Part, is_names_only, parts_of
from ._report import (
    ORDER,
    CategoryMapping,
    Column,
    ColumnsNotAllowedError,
    F,
    OnDenied,
    Report,
    Selection,
)
from ._withheld import names_without, without

if TYPE_CHECKING:
    from ._contents import FactValue
    from ._core import Facts
    from ._decision import Act
    from ._protocol import PolicyLike


def columns(
    policy: PolicyLike,
    frame: Any,
    purpose: str,
    act: Act,
    method: str | None,
    recipient: str | None,
    facts: Facts | Mapping[str, FactValue] | None,
    mapping: CategoryMapping | None,
) -> Report:
    """See `Policy.columns`."""
    # Report misspelt names even for a frame without columns.
    policy.pairs(
        purpose=[purpose], fields=(), act=act, method=method, recipient=recipient, facts=facts
    )
    parts = parts_of(frame)
    meanings = _Meanings(policy, _given(policy, parts, mapping or {}))

    @cache
    def ask(field: str) -> Decision:
        return policy.ask(
            act, field, purpose=purpose, method=method, recipient=recipient, facts=facts
        )

    def unread(part: Part) -> tuple[Decision, ...]:
        message = f"{part.unread} does not say what it holds: say it by `mapping`"
        return (
            Decision(
                verdict=Verdict.DENY,
                act=act,
                field=part.path,
                purpose=purpose,
                method=method,
                recipient=recipient,
                duties=(),
                bases=(),
                unbased=False,
                retain=(),
                retain_at_least=(),
                retain_days=None,
                optional=False,
                missing=(),
                reasons=(Reason("unread_part", message),),
                digest=policy.digest,
            ),
        )

    def of(part: Part) -> Column:
        def denied(decisions: Callable[[], tuple[Decision, ...]]) -> Column:
            return Column(part.path, part.steps[0], (), Verdict.DENY, decisions)

        if part.unread is not None and not meanings.is_given(part):
            return denied(lambda: unread(part))
        categories, unclear = meanings.of(part)
        if unclear is not None or not categories:
            return denied(lambda: (ask(unclear or part.path),))
        decisions = tuple(ask(name) for name in categories)
        verdict = min((d.verdict for d in decisions), key=lambda v: ORDER[v])
        return Column(part.path, part.steps[0], categories, verdict, decisions)

    return Report(map(of, parts), act, purpose)


class _Meanings:
    """The categories of parts: by the policy, and as given by the caller."""

    def __init__(
        self, policy: PolicyLike, given: Mapping[tuple[str, ...], tuple[str, ...]]
    ) -> None:
        self._given = given
        self._categories = cache(policy.categories_of)
        self._is_ambiguous = cache(policy._is_ambiguous)

    def is_given(self, part: Part) -> bool:
        """Whether the caller gives the categories of the part."""
        return part.steps in self._given

    def of(self, part: Part) -> tuple[tuple[str, ...], str | None]:
        """The categories of a part; or the ambiguous name that leaves them open, if any.

        A part has the categories of its path and of the paths of everything that contains it. If one of these
        paths has categories, the ends of the paths count too: `ssn` in `events` is an `ssn` and one of the
        `events`. All must be allowed. Ends by themselves do not count: `email` in an unknown column may be anyone's.
        """
        by_path: dict[str, None] = {}
        by_end: dict[str, None] = {}
        for steps in part.containers():
            path = ".".join(steps)
            is_given = steps in self._given
            categories = self._given[steps] if is_given else self._categories(path)
            _add(by_path, categories, closer=by_path)
            if is_given:
                continue
            # A longer name resolves the ambiguity of a shorter one.
            is_clear = bool(categories)
            for name in [path, *_ends(path)] if len(steps) > 1 else [path]:
                categories = self._categories(name)
                is_clear = is_clear or bool(categories)
                if not is_clear and self._is_ambiguous(name):
                    return (), name
                if name != path:
                    _add(by_end, categories, closer=by_path | by_end)
        return tuple(by_path | by_end) if by_path else (), None


def _add(found: dict[str, None], categories: Iterable[str], closer: Iterable[str]) -> None:
    """Adds categories, except groups of a closer category: `contact.email` replaces `contact`."""
    closer = tuple(closer)
    for category in categories:
        if not any(near.startswith(f"{category}.") for near in closer):
            found[category] = None


def _ends(path: str) -> Iterator[str]:
    """The rest after each dot of a path, the longest first. Part names may contain dots."""
    while "." in path:
        path = path.partition(".")[2]
        yield path


def _given(
    policy: PolicyLike, parts: Iterable[Part], mapping: CategoryMapping
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The categories given by the caller, by the steps of the parts."""
    by_path: dict[str, set[tuple[str, ...]]] = {}
    for part in parts:
        for steps in part.containers():
            by_path.setdefault(".".join(steps), set()).add(steps)
    given: dict[tuple[str, ...], tuple[str, ...]] = {}
    for path, names in mapping.items():
        named = by_path.get(path)
        if named is None:
            raise KeyError(f"argument 'mapping': the frame has no column {path!r}")
        if len(named) > 1:
            raise ValueError(
                f"argument 'mapping': {path!r} is a column, and a part of another one; rename one"
            )
        paths = _paths(policy, (names,) if isinstance(names, str) else tuple(names))
        if not paths:
            raise ValueError(f"argument 'mapping': {path!r} is given no category")
        given |= dict.fromkeys(named, paths)
    return given


def _paths(policy: PolicyLike, names: tuple[str, ...]) -> tuple[str, ...]:
    paths: list[str] = []
    for name in names:
        found = policy.categories_of(name)
        if not found:
            decision = policy.ask("use", name, purpose=policy.purposes[0].path)
            raise ValueError(f"argument 'mapping': {decision.reasons[0]}")
        paths += found
    return tuple(dict.fromkeys(paths))


def select(frame: F, report: Report, on_denied: OnDenied) -> Selection[F]:
    """See `Policy.select`."""
    if on_denied not in ("drop", "raise", "mask"):
        raise ValueError(f"argument 'on_denied': {on_denied!r} is none of 'drop', 'raise', 'mask'")
    is_names = is_names_only(frame)
    if isinstance(frame, Iterator) and is_names:
        raise TypeError("argument 'frame': names are taken from a list, not from an iterator")
    if is_names and on_denied == "mask":
        raise ValueError("argument 'on_denied': names alone have no values to mask")
    withheld = set(report.withheld)
    if withheld and on_denied == "raise":
        raise ColumnsNotAllowedError(report)
    if not withheld:
        return Selection(frame, report)
    if is_names:
        return Selection(names_without(frame, withheld), report)
    kept = without(frame, withheld, masked=on_denied == "mask")
    if kept is None:  # some engines have no table without columns
        raise ColumnsNotAllowedError(report)
    return Selection(kept, report)
