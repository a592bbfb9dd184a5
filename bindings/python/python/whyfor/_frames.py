"""Data frames: which columns may be used, and the frame without the others.

One code path for pandas, polars, pyarrow, DuckDB, Dask and whatever else narwhals knows. Only the schema is read:
a lazy frame stays lazy, and no row is looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from . import _html
from ._decision import Decision, Verdict
from ._errors import NotAllowed

if TYPE_CHECKING:
    from ._contents import FactValue
    from ._core import Facts
    from ._decision import Act
    from ._policy import Policy

OnDenied = Literal["drop", "raise", "mask"]
CategoryMapping = Mapping[str, str | Iterable[str]]

_ORDER = {Verdict.DENY: 1, Verdict.DEPENDS: 2, Verdict.ALLOW: 3}


@dataclass(frozen=True, slots=True)
class Column:
    """What may be done with one column."""

    path: str
    """Its name; a part of a nested column is `column.part`, and a list adds nothing to it."""
    column: str
    """The column of the frame that it is in."""
    categories: tuple[str, ...]
    """The paths of its categories; none if the policy does not know the column."""
    verdict: Verdict
    decisions: tuple[Decision, ...]
    """One for each category, or the one that says that the column is unknown."""

    @property
    def is_mapped(self) -> bool:
        """Whether the policy, or the caller's mapping, knows what it holds."""
        return bool(self.categories)

    @property
    def duties(self) -> tuple[str, ...]:
        """What must be done along with it."""
        return tuple(dict.fromkeys(duty for d in self.decisions for duty in d.duties))

    @property
    def retention(self) -> timedelta | None:
        """How long it may be kept at the most."""
        return min((d.retention for d in self.decisions if d.retention is not None), default=None)

    @property
    def reason(self) -> str:
        """The decisive reason in a line, with its place."""
        decision = min(self.decisions, key=lambda d: _ORDER[d.verdict])
        if decision.missing:
            return f"it depends on {', '.join(decision.missing)}, which no one stated"
        if not decision.reasons:
            return ""
        reason = decision.reasons[0]
        perhaps = f": perhaps {', '.join(reason.candidates)}" if reason.candidates else ""
        place = f" ({reason.place})" if reason.file else ""
        return f"{reason.message}{perhaps}{place}"


class Report(Sequence[Column]):
    """What may be done with the columns of a frame: unmapped and denied ones first.

    It shows itself as a table in a notebook, and `frame` makes a data frame of it.
    """

    __slots__ = ("_columns", "act", "purpose")

    def __init__(self, columns: Iterable[Column], act: str, purpose: str) -> None:
        def key(column: Column) -> int:
            return _ORDER[column.verdict] if column.is_mapped else 0

        self._columns = tuple(sorted(columns, key=key))
        self.act = act
        self.purpose = purpose

    def __len__(self) -> int:
        return len(self._columns)

    def __iter__(self) -> Iterator[Column]:
        return iter(self._columns)

    def __getitem__(self, key: Any) -> Any:
        """A column by its path, or by its number in the report."""
        if isinstance(key, str):
            for column in self._columns:
                if column.path == key:
                    return column
            raise KeyError(key)
        return self._columns[key]

    @property
    def allowed(self) -> tuple[str, ...]:
        """The columns of the frame all of whose parts are allowed."""
        denied = set(self.withheld)
        return tuple(dict.fromkeys(c.column for c in self._columns if c.column not in denied))

    @property
    def withheld(self) -> tuple[str, ...]:
        """The columns of the frame of which some part is not allowed."""
        return tuple(dict.fromkeys(c.column for c in self._columns if not c.verdict))

    @property
    def duties(self) -> tuple[str, ...]:
        """What must be done along with the columns that are allowed."""
        allowed = set(self.allowed)
        duties = (duty for c in self._columns if c.column in allowed for duty in c.duties)
        return tuple(dict.fromkeys(duties))

    @property
    def retention(self) -> timedelta | None:
        """How long the columns that are allowed may be kept at the most."""
        allowed = set(self.allowed)
        limits = (c.retention for c in self._columns if c.column in allowed)
        return min((limit for limit in limits if limit is not None), default=None)

    def _rows(self) -> list[tuple[str, str, str, str, str]]:
        def conditions(column: Column) -> str:
            limit = [] if column.retention is None else [f"retain {column.retention.days} days"]
            return ", ".join([*column.duties, *limit])

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
        """The report as a data frame of `pandas`, `polars` or `pyarrow`: the one named, or one that is imported."""
        columns = ["column", "categories", "verdict", "duties", "reason"]
        rows = self._rows()
        return _frame({name: [row[i] for row in rows] for i, name in enumerate(columns)}, library)

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
class Selection:
    """A frame without what is not allowed, and what to know about it."""

    frame: Any
    """Of the type that came in."""
    report: Report

    @property
    def withheld(self) -> tuple[str, ...]:
        """The columns that were dropped or masked."""
        return self.report.withheld

    @property
    def duties(self) -> tuple[str, ...]:
        """What must be done along with what is left."""
        return self.report.duties

    @property
    def retention(self) -> timedelta | None:
        """How long what is left may be kept at the most."""
        return self.report.retention

    def __repr__(self) -> str:
        parts = [f"withheld: {', '.join(self.withheld) or 'nothing'}"]
        if self.duties:
            parts.append(f"duties: {', '.join(self.duties)}")
        if self.retention is not None:
            parts.append(f"retention: {self.retention.days} days")
        return f"<Selection for {self.report.purpose}, {'; '.join(parts)}>\n{self.frame!r}"

    def _repr_html_(self) -> str:
        shown = getattr(self.frame, "_repr_html_", None)
        frame = shown() if shown is not None else _html.source([(0, repr(self.frame))])
        return self.report._repr_html_() + (frame or "")


class ColumnsNotAllowed(NotAllowed):
    """A frame has columns that are not allowed. Its text names each and says why."""

    report: Report

    def __init__(self, report: Report) -> None:
        """The report with the columns."""
        decisive = next(c for c in report if not c.verdict)
        super().__init__(min(decisive.decisions, key=lambda d: _ORDER[d.verdict]))
        self.report = report

    def __str__(self) -> str:
        lines = [f"not allowed to {self.report.act} for {self.report.purpose}:"]
        lines += [f"  {c.path}: {c.reason}" for c in self.report if not c.verdict]
        return "\n".join(lines)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.report,)


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
    parts = list(_parts(frame))
    mapping = dict(mapping or {})
    unknown = set(mapping) - {path for path, _ in parts} - {column for _, column in parts}
    if unknown:
        raise KeyError(f"argument 'mapping': the frame has no column {sorted(unknown)[0]!r}")

    def ask(field: str) -> Decision:
        return policy.ask(
            act, field, purpose=purpose, method=method, recipient=recipient, facts=facts
        )

    def of(path: str, column: str) -> Column:
        names = _categories(policy, path, mapping)
        decisions = tuple(ask(name) for name in names) if names else (ask(path),)
        verdict = min((d.verdict for d in decisions), key=lambda v: _ORDER[v])
        return Column(path, column, names, verdict, decisions)

    return Report((of(path, column) for path, column in parts), act, purpose)


def select(
    policy: Policy,
    frame: Any,
    report: Report,
    on_denied: OnDenied,
) -> Selection:
    """See `Policy.select`."""
    if on_denied not in ("drop", "raise", "mask"):
        raise ValueError(f"argument 'on_denied': {on_denied!r} is none of 'drop', 'raise', 'mask'")
    withheld = set(report.withheld)
    if not withheld:
        return Selection(frame, report)
    if on_denied == "raise":
        raise ColumnsNotAllowed(report)
    if _is_batches(frame):
        return Selection(_of_batches(frame, withheld, on_denied), report)
    nw = narwhals()
    wrapped = _wrap(frame)
    names = list(wrapped.collect_schema().names())
    if on_denied == "drop":
        kept = [name for name in names if name not in withheld]
        if not kept and isinstance(wrapped, nw.LazyFrame):
            raise ColumnsNotAllowed(report)  # some engines have no table without columns
        wrapped = wrapped.select(kept)
    else:
        # A condition that never holds gives nulls of each column's own type.
        nulls = [
            nw.when(nw.lit(False)).then(nw.col(name)).alias(name)
            for name in names
            if name in withheld
        ]
        wrapped = wrapped.with_columns(nulls) if nulls else wrapped
    if isinstance(frame, nw.DataFrame | nw.LazyFrame):
        return Selection(wrapped, report)
    native = wrapped.to_native()
    if index := [name for name in _index(frame) if name in withheld]:
        native = (
            native.reset_index(level=index, drop=True)
            if hasattr(native.index, "names")
            else (native.reset_index(drop=True))
        )
    return Selection(native, report)


_LIBRARIES = [
    "cudf",
    "dask",
    "dask_expr",
    "duckdb",
    "ibis",
    "modin",
    "narwhals",
    "pandas",
    "polars",
    "pyarrow",
    "pyspark",
    "sqlframe",
]
_CAPSULES = ("__arrow_c_stream__", "__arrow_c_array__", "__dataframe__")


def could_hold_data(value: Any) -> bool:
    """Whether a value is of a library of data frames, or hands out Arrow data. Nothing is imported for that."""
    library = type(value).__module__.partition(".")[0]
    return library in _LIBRARIES or any(hasattr(type(value), name) for name in _CAPSULES)


def is_frame(value: Any) -> bool:
    """Whether a value is a data frame."""
    if not could_hold_data(value):
        return False
    nw = narwhals()
    wrapped = nw.from_native(value, pass_through=True)
    return isinstance(wrapped, nw.DataFrame | nw.LazyFrame) or _is_batches(value)


def series_name(value: Any) -> str | None:
    """The name of a column that is by itself; none if a value is no such column."""
    if not could_hold_data(value):
        return None
    nw = narwhals()
    wrapped = nw.from_native(value, pass_through=True, allow_series=True)
    return str(wrapped.name) if isinstance(wrapped, nw.Series) else None


def narwhals() -> Any:
    """The library that knows all frames."""
    try:
        import narwhals
    except ImportError:
        raise ImportError(
            "data frames are read by narwhals, which is not installed: pip install narwhals"
        ) from None
    return narwhals


def _wrap(frame: Any) -> Any:
    nw = narwhals()
    wrapped = nw.from_native(frame, pass_through=True)
    if isinstance(wrapped, nw.DataFrame | nw.LazyFrame):
        return wrapped
    raise TypeError(
        f"argument 'frame': '{type(frame).__qualname__}' object is not a data frame that narwhals knows"
    )


def _is_batches(frame: Any) -> bool:
    """Whether a frame is pyarrow's, and none that narwhals knows."""
    pyarrow = sys.modules.get("pyarrow")
    return pyarrow is not None and isinstance(
        frame, pyarrow.RecordBatch | pyarrow.RecordBatchReader
    )


def _of_batches(frame: Any, withheld: set[str], on_denied: OnDenied) -> Any:
    pyarrow: Any = sys.modules["pyarrow"]
    kept = [name for name in frame.schema.names if name not in withheld]

    def without(batch: Any) -> Any:
        if on_denied == "drop":
            return batch.select(kept)
        columns = [
            pyarrow.nulls(batch.num_rows, field.type) if field.name in withheld else column
            for field, column in zip(batch.schema, batch.columns, strict=True)
        ]
        return pyarrow.record_batch(columns, names=batch.schema.names)

    if isinstance(frame, pyarrow.RecordBatch):
        return without(frame)
    # Read when the caller reads.
    names = kept if on_denied == "drop" else frame.schema.names
    schema = pyarrow.schema([frame.schema.field(name) for name in names])
    return pyarrow.RecordBatchReader.from_batches(schema, (without(batch) for batch in frame))


def _index(frame: Any) -> list[str]:
    """The named levels of the index of a frame that has one: they hold data as columns do."""
    index = getattr(frame, "index", None)
    if index is None or callable(index):
        return []
    names = getattr(index, "names", None)
    names = [getattr(index, "name", None)] if names is None else list(names)
    return [name for name in names if isinstance(name, str)]


def _parts(frame: Any) -> Iterator[tuple[str, str]]:
    """The path of each part without parts of its own, and the column that it is in."""
    if isinstance(frame, str):
        raise TypeError("argument 'frame': a str is not a data frame or a list of names")
    if isinstance(frame, Iterable) and not could_hold_data(frame):
        for name in frame:
            if not isinstance(name, str):
                kind = type(name).__qualname__
                raise TypeError(f"argument 'frame': '{kind}' object is not the name of a column")
            yield name, name
        return
    # Of a stream only the schema is read.
    native: Any = frame
    native = native.schema.empty_table() if _is_batches(native) else native
    schema = _wrap(native).collect_schema()
    for name, dtype in schema.items():
        if not isinstance(name, str):
            raise TypeError(f"argument 'frame': the column {name!r} has no text for a name")
        for path in _nested(name, dtype):
            yield path, name
    for name in _index(frame):
        yield name, name


def _nested(path: str, dtype: Any) -> Iterator[str]:
    inner = getattr(dtype, "inner", None)
    fields = getattr(dtype, "fields", None)
    if inner is not None and not isinstance(inner, type):
        yield from _nested(path, inner)
    elif fields:
        for field in fields:
            yield from _nested(f"{path}.{field.name}", field.dtype)
    else:
        yield path


def _categories(
    policy: Policy, path: str, mapping: Mapping[str, str | Iterable[str]]
) -> tuple[str, ...]:
    """The categories of a part: its own, and those of everything that it is in. All must be allowed.

    But a group that some closer category is below adds nothing: `contact.email` in `contact` is an email address.
    """
    found: dict[str, None] = {}
    name = path
    while name:
        if name in mapping:
            given = mapping[name]
            of_name = _given(policy, (given,) if isinstance(given, str) else tuple(given))
        else:
            of_name = policy.categories_of(name)
        for category in of_name:
            # A part that is told more closely is that, and not all of the group.
            if not any(near.startswith(f"{category}.") for near in found):
                found[category] = None
        name = name.rpartition(".")[0]
    return tuple(found)


def _given(policy: Policy, names: tuple[str, ...]) -> tuple[str, ...]:
    paths: list[str] = []
    for name in names:
        found = policy.categories_of(name)
        if not found:
            decision = policy.ask("use", name, purpose=policy.purposes[0].path)
            raise ValueError(f"argument 'mapping': {decision.reasons[0]}")
        paths += found
    return tuple(dict.fromkeys(paths))


def _frame(columns: dict[str, list[Any]], library: str | None) -> Any:
    """A data frame of a library: the one named, or one that is imported already."""
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
