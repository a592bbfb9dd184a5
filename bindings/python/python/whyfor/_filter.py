"""The rows of a frame whose field may be used for their purpose.

Rows in memory go through `Policy.decide`, as do engines that accept functions of whole columns: a lazy frame of
polars or Dask stays lazy. Other engines get the policy as a predicate in their own terms.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from . import _row_facts
from ._engines import filtered
from ._frames import check_case, is_batches, narwhals, wrap
from ._lit import Constant
from ._predicates import Rules, rules
from ._row_facts import RowFacts
from ._withheld import like

if TYPE_CHECKING:
    from ._decision import Act
    from ._protocol import PolicyLike


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question for every row. It is sent to the workers of an engine."""

    policy: PolicyLike
    field: str
    """The name of the column of field names."""
    purpose: str | Constant
    """The name of the column of purposes, or one purpose for all rows."""
    act: Act
    method: str | None
    recipient: str | None
    facts: RowFacts

    def columns(self) -> dict[str, str]:
        """The columns that are read, by argument name."""
        columns = {"field": self.field}
        if not isinstance(self.purpose, Constant):
            columns["purpose"] = self.purpose
        return columns | {f"facts: {name}": name for name in self.facts.names()}

    def of(self, columns: Any) -> Any:
        """Whether each row is allowed, given the columns that are read, in order."""
        fields, *others = columns
        purpose = self.purpose.value if isinstance(self.purpose, Constant) else others.pop(0)
        return self.policy.decide(
            field=fields,
            purpose=purpose,
            act=self.act,
            method=self.method,
            recipient=self.recipient,
            facts=self.facts.of_rows(dict(zip(self.facts.names(), others, strict=True))),
        )

    def rules(self) -> Rules:
        """The question as rules for a predicate."""
        if isinstance(self.purpose, Constant):
            purposes = [self.purpose.value]
        else:
            purposes = [node.path for node in self.policy.purposes]

        def decide(names: list[str], purpose: str) -> list[bool]:
            return replace(self, purpose=Constant(purpose)).of([names])  # type: ignore[no-any-return]

        return rules(self.policy, purposes, decide)

    def rows(self, part: Any) -> Any:
        """The allowed rows of a pandas frame."""
        return part[self.of([part[name] for name in self.columns().values()]).to_numpy()]


def filter(
    policy: PolicyLike,
    frame: Any,
    field: str,
    purpose: str | Constant,
    act: Act,
    method: str | None,
    recipient: str | None,
    facts: Any,
) -> Any:
    """See `Policy.filter`."""
    split = _row_facts.split(facts, of_frame=True)
    asked = _Asked(policy, field, purpose, act, method, recipient, split)
    # Report misspelt names now, not when the rows are read.
    policy.pairs(
        purpose=[purpose.value] if isinstance(purpose, Constant) else None,
        fields=(),
        act=act,
        method=method,
        recipient=recipient,
        facts=split.stated,
    )
    if split.places:
        # The columns of facts too, whose names would be looked at only with the first rows.
        some = purpose.value if isinstance(purpose, Constant) else policy.purposes[0].path
        party = method if act == "collect" else recipient
        policy._residuals(act, [], party, some, split.stated, list(split.places), bytes(16))
    if is_batches(frame):
        _check_names(asked, frame.schema.names)
        return _of_batches(frame, asked)
    return like(frame, _kept(wrap(frame), asked))


def _kept(wrapped: Any, asked: _Asked) -> Any:
    nw = narwhals()
    names = list(asked.columns().values())
    if isinstance(wrapped, nw.DataFrame):
        _check_names(asked, wrapped.columns)
        mask = asked.of([wrapped[name].to_native() for name in names])
        mask = mask if isinstance(mask, list) else nw.from_native(mask, series_only=True)
        return wrapped.filter(mask).to_native()
    check_case(wrapped)
    native, library = wrapped.to_native(), wrapped.implementation
    schema = wrapped.collect_schema()
    _check_names(asked, native.columns if library.is_duckdb() else schema.names())
    for argument, name in asked.columns().items():
        if argument in ("field", "purpose") and not isinstance(
            schema[name], nw.String | nw.Categorical | nw.Enum | nw.Unknown
        ):
            raise TypeError(f"argument '{argument}': a column of {schema[name]} has no names")
    if library.is_polars():
        polars: Any = sys.modules["polars"]
        columns = [polars.nth(schema.names().index(name)) for name in names]
        mask = polars.map_batches(
            columns, asked.of, return_dtype=polars.Boolean, is_elementwise=True
        )
        return native.filter(mask)
    if library.is_dask():
        return native.map_partitions(asked.rows, meta=native._meta)
    if asked.facts.places:
        raise TypeError(
            f"argument 'facts': columns of facts are not read from '{type(native).__qualname__}' objects: use a frame of "
            "pandas, polars, pyarrow or Dask"
        )
    purpose = None if isinstance(asked.purpose, Constant) else asked.purpose
    return filtered(wrapped, asked.rules(), asked.field, purpose)


def _check_names(asked: _Asked, columns: Iterable[str]) -> None:
    columns = list(columns)
    for argument, column in asked.columns().items():
        if columns.count(column) > 1:
            raise ValueError(f"argument '{argument}': the frame has several columns {column!r}")
        if column not in columns:
            perhaps = "; a purpose for all rows is whyfor.lit(…)" if argument == "purpose" else ""
            raise KeyError(f"argument '{argument}': the frame has no column {column!r}{perhaps}")


def _of_batches(frame: Any, asked: _Asked) -> Any:
    pyarrow: Any = sys.modules["pyarrow"]

    def of(batch: Any) -> Any:
        mask = asked.of([batch.column(name) for name in asked.columns().values()])
        return batch.filter(mask)

    if isinstance(frame, pyarrow.RecordBatch):
        return of(frame)
    return pyarrow.RecordBatchReader.from_batches(frame.schema, map(of, frame))
