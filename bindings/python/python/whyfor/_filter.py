"""Rows of a frame whose field may be used for their purpose.

Where the rows are at hand they go through `Policy.decide`, and so they do in the engines that take functions of whole
columns: a lazy frame of polars or Dask stays lazy. The other engines get the policy as a predicate of their own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ._engines import filtered
from ._frames import check_case, is_batches, narwhals, wrap
from ._predicates import Rules, rules
from ._withheld import like

if TYPE_CHECKING:
    from ._contents import FactValue
    from ._core import Facts
    from ._decision import Act
    from ._policy import Policy


@dataclass(frozen=True, slots=True)
class Constant:
    """A text that stands for all rows, where a name would be a column."""

    value: str


def lit(value: str) -> Constant:
    """A purpose, method or recipient for all rows: `policy.filter(frame, purpose=whyfor.lit("ads"))`."""
    if not isinstance(value, str):
        raise TypeError(f"argument 'value': '{type(value).__qualname__}' object is not a str")
    return Constant(value)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of every row. It travels to the workers of an engine."""

    policy: Policy
    field: str
    """The column of names."""
    purpose: str | Constant
    """The column of purposes, or the one of all rows."""
    act: Act
    method: str | None
    recipient: str | None
    facts: Facts | Mapping[str, FactValue] | None

    def columns(self) -> dict[str, str]:
        """The columns that are read, by the arguments that name them."""
        columns = {"field": self.field}
        return (
            columns if isinstance(self.purpose, Constant) else columns | {"purpose": self.purpose}
        )

    def of(self, columns: Any) -> Any:
        """Whether each row is allowed, by the columns that are read, in their order."""
        fields, *purposes = columns
        return self.policy.decide(
            field=fields,
            purpose=self.purpose.value if isinstance(self.purpose, Constant) else purposes[0],
            act=self.act,
            method=self.method,
            recipient=self.recipient,
            facts=self.facts,
        )

    def rules(self) -> Rules:
        """The same as a predicate has it."""
        if isinstance(self.purpose, Constant):
            purposes = [self.purpose.value]
        else:
            purposes = [node.path for node in self.policy.purposes]

        def decide(names: list[str], purpose: str) -> list[bool]:
            return replace(self, purpose=Constant(purpose)).of([names])  # type: ignore[no-any-return]

        return rules(self.policy, purposes, decide)

    def rows(self, part: Any) -> Any:
        """The rows of a frame of pandas that are allowed."""
        return part[self.of([part[name] for name in self.columns().values()]).to_numpy()]


def filter(
    policy: Policy,
    frame: Any,
    field: str,
    purpose: str | Constant,
    act: Act,
    method: str | None,
    recipient: str | None,
    facts: Facts | Mapping[str, FactValue] | None,
) -> Any:
    """See `Policy.filter`."""
    asked = _Asked(policy, field, purpose, act, method, recipient, facts)
    # What a program misspells is told now, and not when the rows are read.
    policy.pairs(
        purpose=[purpose.value] if isinstance(purpose, Constant) else None,
        fields=(),
        act=act,
        method=method,
        recipient=recipient,
        facts=facts,
    )
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
        if not isinstance(schema[name], nw.String | nw.Categorical | nw.Enum | nw.Unknown):
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
