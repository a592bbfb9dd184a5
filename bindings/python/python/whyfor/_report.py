"""A report on the columns of a frame, and the frame without the columns that are not allowed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from . import _html
from ._decision import Decision, Verdict
from ._errors import NotAllowedError
from ._terms import Terms

F = TypeVar("F")

OnDenied = Literal["drop", "raise", "mask"]
CategoryMapping = Mapping[str, str | Iterable[str]]

ORDER = {Verdict.DENY: 1, Verdict.DEPENDS: 2, Verdict.ALLOW: 3}


@dataclass(frozen=True, slots=True, eq=False)
class Column(Terms):
    """The decision on one column, or on one part of a nested column."""

    path: str
    """Its name; a part of a nested column is `column.part`, where lists add nothing."""
    column: str
    """The column of the frame that contains it."""
    categories: tuple[str, ...]
    """The paths of its categories; empty if the column is unknown or cannot be read."""
    verdict: Verdict
    _decisions: tuple[Decision, ...] | Callable[[], tuple[Decision, ...]] = field(repr=False)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """One decision for each category, or the one that says why the column has none.

        Computed on first access, since searching for similar names takes milliseconds in a large policy.
        """
        if callable(self._decisions):
            object.__setattr__(self, "_decisions", self._decisions())
        return self._decisions  # type: ignore[return-value]

    def _key(self) -> tuple[Any, ...]:
        return self.path, self.column, self.categories, self.verdict, self.decisions

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Column) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._key()

    @property
    def is_mapped(self) -> bool:
        """Whether the policy or the caller's mapping gives its categories."""
        return bool(self.categories)

    def _decided(self) -> tuple[Decision, ...]:
        return self.decisions if self.is_mapped else ()

    @property
    def reason(self) -> str:
        """The decisive reason on one line, with its place."""
        decision = min(self.decisions, key=lambda d: ORDER[d.verdict])
        if decision.missing:
            return f"it depends on {', '.join(decision.missing)}, which no one stated"
        if not decision.reasons:
            return ""
        reason = decision.reasons[0]
        perhaps = f": perhaps {', '.join(reason.candidates)}" if reason.candidates else ""
        place = f" ({reason.place})" if reason.file else ""
        return f"{reason.message}{perhaps}{place}"


class Report(Terms, Sequence[Column]):
    """The decisions on the columns of a frame: unknown and denied ones first.

    Displayed as a table in a notebook; `frame` converts it to a data frame. Duties, legal bases and retention are those
    of the allowed columns.
    """

    __slots__ = ("_columns", "act", "purpose")

    def __init__(self, columns: Iterable[Column], act: str, purpose: str) -> None:
        def key(column: Column) -> int:
            return ORDER[column.verdict] if column.is_mapped else 0

        self._columns = tuple(sorted(columns, key=key))
        self.act = act
        self.purpose = purpose

    def __len__(self) -> int:
        return len(self._columns)

    def __iter__(self) -> Iterator[Column]:
        return iter(self._columns)

    def __getitem__(self, key: Any) -> Any:
        """A column by its path, or by its position in the report."""
        if isinstance(key, str):
            for column in self._columns:
                if column.path == key:
                    return column
            raise KeyError(key)
        return self._columns[key]

    @property
    def allowed(self) -> tuple[str, ...]:
        """The columns of the frame with all parts allowed."""
        denied = set(self.withheld)
        return tuple(dict.fromkeys(c.column for c in self._columns if c.column not in denied))

    @property
    def withheld(self) -> tuple[str, ...]:
        """The columns of the frame with a part that is not allowed."""
        return tuple(dict.fromkeys(c.column for c in self._columns if not c.verdict))

    def _decided(self) -> Iterable[Decision]:
        allowed = set(self.allowed)
        return (d for c in self._columns if c.column in allowed for d in c._decided())

    def _rows(self) -> list[tuple[str, str, str, str, str]]:
        def conditions(column: Column) -> str:
            limits = column._limits()
            return ", ".join([*column.duties, *([f"retain {limits}"] if limits else [])])

        return [
            (
                c.path,
                ", ".join(c.categories) or "unmapped",
                str(c.verdict),
                conditions(c),
                c.reason,
            )
            for c in self._columns
        ]

    def frame(self, library: str | None = None) -> Any:
        """A data frame of `pandas`, `polars` or `pyarrow`: the named one, or one already imported."""
        columns = ["column", "categories", "verdict", "duties", "reason"]
        rows = self._rows()
        return frame_of({name: [row[i] for row in rows] for i, name in enumerate(columns)}, library)

    def __repr__(self) -> str:
        rows = self._rows()
        lines = [f"may {self.act} for {self.purpose}"]
        wide = max((len(row[0]) for row in rows), default=0)
        for path, categories, verdict, duties, reason in rows:
            then = f"  then {duties}" if duties else ""
            lines.append(f"  {verdict:<7}  {path:<{wide}}  {categories}{then}")
            if verdict != "allow":
                lines.append(f"           {'':<{wide}}  {reason}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = ["column", "categories", "", "duties", "why"]
        body = [
            [
                _html.text(path),
                _html.text(categories),
                _html.verdict(verdict),
                _html.text(duties),
                _html.text(reason),
            ]
            for path, categories, verdict, duties, reason in self._rows()
        ]
        caption = f"What may be {'used' if self.act == 'use' else self.act} for {self.purpose}"
        return _html.table(caption, head, body)


@dataclass(frozen=True, slots=True)
class Selection(Terms, Generic[F]):
    """A frame without the columns that are not allowed, and the report on it.

    Duties, legal bases and retention are those of the remaining columns.
    """

    frame: F
    """Of the same type as the input."""
    report: Report
    fulfilled: tuple[str, ...] = ()
    """The duties that masks have fulfilled."""

    @property
    def duties(self) -> tuple[str, ...]:
        """The duties that the program has still to fulfil."""
        duties = dict.fromkeys(duty for d in self._decided() for duty in d.duties)
        return tuple(duty for duty in duties if duty not in self.fulfilled)

    @property
    def withheld(self) -> tuple[str, ...]:
        """The columns that were dropped or masked."""
        return self.report.withheld

    def _decided(self) -> Iterable[Decision]:
        return self.report._decided()

    def __repr__(self) -> str:
        parts = [f"withheld: {', '.join(self.withheld) or 'nothing'}"]
        if self.duties:
            parts.append(f"duties: {', '.join(self.duties)}")
        if limits := self._limits():
            parts.append(f"retention: {limits}")
        return f"<Selection for {self.report.purpose}, {'; '.join(parts)}>\n{self.frame!r}"

    def _repr_html_(self) -> str:
        shown = getattr(self.frame, "_repr_html_", None)
        frame = shown() if shown is not None else _html.source([(0, repr(self.frame))])
        return self.report._repr_html_() + (frame or "")


class ColumnsNotAllowedError(NotAllowedError):
    """A frame has columns that are not allowed. The text names each with the reason."""

    report: Report

    def __init__(self, report: Report) -> None:
        """The report with the columns."""
        decisive = next(c for c in report if not c.verdict)
        super().__init__(min(decisive.decisions, key=lambda d: ORDER[d.verdict]))
        self.report = report

    def __str__(self) -> str:
        lines = [f"not allowed to {self.report.act} for {self.report.purpose}:"]
        lines += [f"  {c.path}: {c.reason}" for c in self.report if not c.verdict]
        return "\n".join(lines)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.report,)


def frame_of(columns: dict[str, list[Any]], library: str | None) -> Any:
    """A data frame of the named library, or of one already imported."""
    makers = {
        "pandas": lambda module: module.DataFrame(columns),
        "polars": lambda module: module.DataFrame(columns),
        "pyarrow": lambda module: module.table(columns),
    }
    if library is None:
        library = next((name for name in makers if name in sys.modules), None)
        if library is None:
            raise ImportError("no data frame library is imported; name one: frame('pandas')")
    if library not in makers:
        raise ValueError(f"argument 'library': {library!r} is none of {', '.join(makers)}")
    return makers[library](__import__(library))


if not TYPE_CHECKING:

    def __getattr__(name: str) -> type[ColumnsNotAllowedError]:
        """The class by its earlier name, which older pickles contain."""
        if name == "ColumnsNotAllowed":
            return ColumnsNotAllowedError
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
