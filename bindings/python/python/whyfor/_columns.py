"""Which columns of a frame may be used, and the frame without the others.

One code path for pandas, polars, pyarrow, DuckDB, Dask and whatever else narwhals knows. Only the schema is read, but for
the objects of pandas, which have no types: a lazy frame stays lazy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from ._decision import Decision, Reason, Verdict
from ._parts import Part, is_names_alone, parts_of
from ._report import (
    ORDER,
    CategoryMapping,
    Column,
    ColumnsNotAllowed,
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
    from ._policy import Policy


def columns(
    policy: Policy,
    frame: Any,
    purpose: str,
    act: Act,
    method: str | None,
    recipient: str | None,
    facts: Facts | Mapping[str, FactValue] | None,
    mapping: CategoryMapping | None,
) -> Report:
    """See `Policy.columns`."""
    # What a program misspells is told even of a frame that has no columns.
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
                retention=None,
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
    """What the names of parts mean: by the policy, and by what the caller gives."""

    def __init__(self, policy: Policy, given: Mapping[tuple[str, ...], tuple[str, ...]]) -> None:
        self._given = given
        self._categories = cache(policy.categories_of)
        self._is_ambiguous = cache(policy._is_ambiguous)

    def is_given(self, part: Part) -> bool:
        """Whether the caller says what the part is."""
        return part.steps in self._given

    def of(self, part: Part) -> tuple[tuple[str, ...], str | None]:
        """The categories of a part, and the name that leaves open which they are, if there is one.

        A part is what its path says, and the paths of everything that it is in. Where one of them means something,
        the ends of the paths count too: `ssn` in `events` is an `ssn`, and one of the `events`. All must be allowed.
        Ends alone say nothing: `email` in a column that nobody knows may be anybody's.
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
            # A longer name says which of several a shorter one means.
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
    """Adds categories, but for a group that a closer one is below: `contact.email` in `contact` is an email address."""
    closer = tuple(closer)
    for category in categories:
        if not any(near.startswith(f"{category}.") for near in closer):
            found[category] = None


def _ends(path: str) -> Iterator[str]:
    """What is behind each dot of a path, the longest first. A dot may be in the name of a part."""
    while "." in path:
        path = path.partition(".")[2]
        yield path


def _given(
    policy: Policy, parts: Iterable[Part], mapping: CategoryMapping
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The categories that a caller says parts have, by their steps."""
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


def _paths(policy: Policy, names: tuple[str, ...]) -> tuple[str, ...]:
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
    is_names = is_names_alone(frame)
    if isinstance(frame, Iterator) and is_names:
        raise TypeError("argument 'frame': names are taken from a list, not from an iterator")
    if is_names and on_denied == "mask":
        raise ValueError("argument 'on_denied': names alone have no values to mask")
    withheld = set(report.withheld)
    if withheld and on_denied == "raise":
        raise ColumnsNotAllowed(report)
    if not withheld:
        return Selection(frame, report)
    if is_names:
        return Selection(names_without(frame, withheld), report)
    kept = without(frame, withheld, masked=on_denied == "mask")
    if kept is None:  # some engines have no table without columns
        raise ColumnsNotAllowed(report)
    return Selection(kept, report)
