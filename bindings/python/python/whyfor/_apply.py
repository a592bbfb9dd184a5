"""A frame as one purpose may see it, row by row: columns left out, cells made null, values masked.

Rows at hand go through the kernel in Rust; a lazy frame of an engine gets expressions of its own, and stays lazy.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic

from . import _cells, _row_facts, _sql_cells
from ._columns import columns
from ._frames import is_batches, wrap
from ._parts import Part, is_names_only, labels_of_index, parts_of
from ._plan import ColumnPlan, Plan, Rows
from ._report import F, Report, Selection
from ._terms import Terms
from ._withheld import like

if TYPE_CHECKING:
    from ._decision import Act, Decision
    from ._protocol import PolicyLike
    from ._report import CategoryMapping


@dataclass(frozen=True, slots=True)
class Applied(Terms, Generic[F]):
    """A frame with what a purpose may see of it, and what was withheld.

    Duties are those that the program has still to fulfil, of all that is shown: masks are applied.
    """

    frame: F
    """Of the same type as the input."""
    report: Report
    """The decisions on the columns, by the facts that are the same for all rows."""
    dropped: tuple[str, ...]
    """The columns and parts that no row may show."""
    masked: Mapping[str, tuple[str, ...]]
    """The masks of columns and parts, by their paths."""
    conditional: Mapping[str, int | None]
    """The columns and parts that some rows may show, by their paths: of how many rows they are withheld, or None if the
    frame is lazy."""
    _owed: tuple[str, ...]

    @property
    def duties(self) -> tuple[str, ...]:
        """The duties that the program has still to fulfil."""
        return self._owed

    def _decided(self) -> Iterable[Decision]:
        gone = set(self.dropped)
        return (d for c in self.report if c.path not in gone for d in c._decided())

    def __repr__(self) -> str:
        return f"<Applied for {self.report.purpose}, {self._summary()}>\n{self.frame!r}"

    def _summary(self) -> str:
        parts = [f"left out: {', '.join(self.dropped) or 'nothing'}"]
        for path, rows in self.conditional.items():
            parts.append(f"{path}: by row" if rows is None else f"{path}: {rows} withheld")
        parts += [f"{path}: masked by {', '.join(m)}" for path, m in self.masked.items()]
        if self.duties:
            parts.append(f"duties: {', '.join(self.duties)}")
        return "; ".join(parts)

    def _repr_html_(self) -> str:
        from . import _html

        shown = getattr(self.frame, "_repr_html_", None)
        frame = shown() if shown is not None else _html.source([(0, repr(self.frame))])
        return f"<p>{_html.text(self._summary())}</p>" + (frame or "")


def apply(
    policy: PolicyLike,
    frame: Any,
    purpose: str,
    act: Act,
    method: str | None,
    recipient: str | None,
    facts: Any,
    mapping: CategoryMapping | None,
    rows: Rows,
) -> Applied[Any]:
    """See `Policy.apply`."""
    if rows not in ("keep", "drop"):
        raise ValueError(f"argument 'rows': {rows!r} is neither 'keep' nor 'drop'")
    if is_names_only(frame):
        raise TypeError(
            "argument 'frame': a list of names or a schema has no rows; use `select` for it"
        )
    split = _row_facts.split(facts, of_frame=True)
    report = columns(policy, frame, purpose, act, method, recipient, split.stated, mapping)
    parts = parts_of(frame)
    _check_places(split, parts)
    asked, plans = _planned(report, parts)
    question = {
        "act": act,
        "questions": asked,
        "party": method if act == "collect" else recipient,
        "purpose": purpose,
        "facts": split.stated,
    }
    plan = Plan(policy, question, plans, split.places, rows, _salt())
    plan.columns = _shown(plan, _labels(frame))
    _check_fact_columns(plan)
    native, withheld = _dispatch(frame, plan)
    return _applied(policy, native, report, plan, withheld, parts)


def _labels(frame: Any) -> list[str]:
    """The levels of a frame's index that are columns to a policy."""
    labels = [] if is_batches(frame) else labels_of_index(frame)
    return [label for label in labels if label is not None]


def masked(
    policy: PolicyLike, selection: Selection[Any], question: Mapping[str, Any]
) -> Selection[Any]:
    """The selection with the masks that the duties of its columns have."""
    report, by_mask = selection.report, dict(policy._masks())
    allowed = set(report.allowed)
    owing = {
        c.column for c in report if c.column in allowed and not by_mask.keys().isdisjoint(c.duties)
    }
    if not owing or is_names_only(selection.frame):
        return selection
    parts = parts_of(selection.frame)
    asked, plans = _planned(report, parts)
    columns = {
        # The others stay as they are: nothing is asked of them.
        name: plans[name] if name in owing else ColumnPlan(name, (), True)
        for name in dict.fromkeys(part.steps[0] for part in parts)
        if name not in owing or name in plans
    }
    plan = Plan(policy, {**question, "questions": asked}, columns, (), "keep", _salt())
    # A level of an index, or a map, is not shown with a mask.
    plan.columns = {
        name: column
        for name, column in columns.items()
        if not (name in _labels(selection.frame) or column.is_entangled) or plan.is_as_it_is(column)
    }
    frame, _ = _dispatch(selection.frame, plan)
    return replace(selection, frame=frame, fulfilled=tuple(by_mask))


def _salt() -> bytes:
    return secrets.token_bytes(32)


def _planned(report: Report, parts: list[Part]) -> tuple[list[list[str]], dict[str, ColumnPlan]]:
    """The questions about the parts that have categories, and which parts of each column these are."""
    by_path: dict[tuple[str, str], list[Part]] = {}
    below: dict[str, list[tuple[str, ...]]] = {}
    for part in parts:
        by_path.setdefault((part.steps[0], part.path), []).append(part)
        below.setdefault(part.steps[0], []).append(part.steps[1:])
    asked: list[list[str]] = []
    found: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for column in report:
        named = by_path.get((column.column, column.path), ())
        # A name with dots can give two parts the same path. They cannot be told apart, so neither is shown.
        if column.categories and len(named) == 1:
            found.setdefault(column.column, []).append((named[0].steps[1:], len(asked)))
            asked.append(list(column.categories))
    plans = {
        name: ColumnPlan(
            name, tuple(kept), len(kept) == len(below[name]), _are_entangled(below[name])
        )
        for name, kept in found.items()
    }
    return asked, plans


def _shown(plan: Plan, labels: Collection[str]) -> dict[str, ColumnPlan]:
    """The columns that some row may show, each with the parts that may be shown.

    A level of an index is shown without change or not at all. So is a column in which one part contains another, such as
    a map.
    """
    shown: dict[str, ColumnPlan] = {}
    for name, column in plan.columns.items():
        kept = tuple(part for part in column.parts if plan.residuals.verdict(part[1]) != "deny")
        if not kept:
            continue
        is_whole = column.is_whole and len(kept) == len(column.parts)
        found = replace(column, parts=kept, is_whole=is_whole)
        if not (name in labels or column.is_entangled) or plan.is_as_it_is(found):
            shown[name] = found
    return shown


def _are_entangled(parts: list[tuple[str, ...]]) -> bool:
    """Whether one of some parts is in another one."""
    return any(one != other and other[: len(one)] == one for one in parts for other in parts)


def _check_places(facts: _row_facts.RowFacts, parts: list[Part]) -> None:
    names = {part.steps[0] for part in parts}
    for name in facts.names():
        if name not in names:
            raise KeyError(f"argument 'facts': the frame has no column {name!r}")


def _check_fact_columns(plan: Plan) -> None:
    """A masked column must not state facts: a fixed `false` could allow."""
    for name in {place[-1] for place in plan.places} & plan.columns.keys():
        if other := sorted(plan.masks(plan.columns[name]) - {"replace-with-null"}):
            raise ValueError(
                f"column {name!r} holds a fact and has the mask `{other[0]}`: who reads the frame could take the "
                "masked values for facts; leave the column out"
            )


def _dispatch(frame: Any, plan: Plan) -> tuple[Any, dict[int, int] | None]:
    if is_batches(frame):
        return _cells.of_batches(frame, plan)
    wrapped = wrap(frame)
    native, library = wrapped.to_native(), wrapped.implementation
    shown: Any
    withheld: dict[int, int] | None = None
    if library.is_pandas():
        shown, withheld = _cells.of_pandas(native, plan)
    elif library.is_pyarrow():
        shown, withheld = _cells.of_arrow(native, plan)
    elif library.is_polars():
        shown, withheld = _cells.of_polars(native, plan)
    elif library.is_dask():
        shown = _cells.of_dask(native, plan)
    else:
        shown = _by_sql(native, library, plan)
    return like(frame, shown), withheld


def _by_sql(native: Any, library: Any, plan: Plan) -> Any:
    plan.columns = _sql_cells.narrowed(plan)
    if not plan.columns:
        raise ValueError(
            f"no row may show a column for {plan.purpose}; the engine has no table without columns"
        )
    if library.is_duckdb():
        return _sql_cells.of_duckdb(native, plan)
    if library.is_ibis():
        return _sql_cells.of_ibis(native, plan)
    if library.is_pyspark() or library.is_pyspark_connect():
        return _sql_cells.of_spark(native, plan)
    raise TypeError(
        f"argument 'frame': rows of '{type(native).__qualname__}' objects are not decided: use a frame of pandas, polars, "
        "pyarrow, Dask, DuckDB, Ibis or Spark"
    )


def _applied(
    policy: PolicyLike,
    frame: Any,
    report: Report,
    plan: Plan,
    withheld: dict[int, int] | None,
    parts: list[Part],
) -> Applied[Any]:
    residuals = plan.residuals
    paths: dict[int, str] = {}
    for name, column in plan.columns.items():
        for names, at in column.parts:
            paths[at] = ".".join((name, *names))
    shown = set(paths.values())
    by_mask = dict(policy._masks())
    owed = (d for c in report if c.path in shown for d in c.duties if d not in by_mask)
    masks = {at: tuple(residuals.masks(at)) for at in paths}
    return Applied(
        frame,
        report,
        tuple(c.path for c in report if c.path not in shown),
        {path: masks[at] for at, path in paths.items() if masks[at]},
        {
            path: None if withheld is None else withheld[at]
            for at, path in paths.items()
            if residuals.verdict(at) == "rows"
        },
        tuple(dict.fromkeys(owed)),
    )
