"""Conditions on the facts of rows as expressions of polars, so that its own engine evaluates them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from ._row_facts import EXACT

Condition = tuple[Any, ...]
"""A condition as `_core.Residuals` gives it: a word and what it is about."""


class Expressions:
    """Conditions over the columns of a frame with some schema. Each is true, false or null: yes, no or unknown."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._polars: Any = sys.modules["polars"]
        self._schema = schema
        self._places = {name: at for at, name in enumerate(schema)}

    def column(self, name: str) -> Any:
        """A column, by its place: a name such as `^.*$` would be a pattern."""
        return self._polars.nth(self._places[name])

    def of(self, condition: Condition) -> Any:
        """A condition as an expression."""
        word, *about = condition
        made: Callable[..., Any] = getattr(self, f"_{word}")
        return made(*about)

    def _yes(self) -> Any:
        return self._polars.lit(True)

    def _no(self) -> Any:
        return self._polars.lit(False)

    def _unknown(self) -> Any:
        return self._polars.lit(None, dtype=self._polars.Boolean)

    def _states_nothing(self, name: str) -> Any:
        """Unknown in each row. A literal has one value, which polars does not repeat for a function on batches."""
        return self._polars.when(self.column(name).is_null()).then(self._unknown())

    def _not(self, inner: Condition) -> Any:
        return ~self.of(inner)

    def _all(self, parts: list[Condition]) -> Any:
        return reduce(lambda one, other: one & other, map(self.of, parts))

    def _any(self, parts: list[Condition]) -> Any:
        return reduce(lambda one, other: one | other, map(self.of, parts))

    def _holds(self, name: str) -> Any:
        is_flag = self._schema[name] == self._polars.Boolean
        return self.column(name) if is_flag else self._states_nothing(name)

    def _choice(self, name: str, yes: list[str], no: list[str]) -> Any:
        polars = self._polars
        if not self._is_text(self._schema[name]):
            return self._states_nothing(name)
        text = self.column(name).cast(polars.String)
        return self._decided(text.is_in(yes), text.is_in(no))

    def _number(self, name: str, test: str, number: float) -> Any:
        polars, dtype = self._polars, self._schema[name]
        column = self.column(name)
        if dtype.is_float():
            states = column.is_finite()
        elif dtype.is_integer() or isinstance(dtype, polars.Decimal):
            states = column.is_between(-EXACT, EXACT)
        else:
            return self._states_nothing(name)
        value = column.cast(polars.Float64)
        compared = {">=": value >= number, ">": value > number, "==": value == number}[test]
        return polars.when(states).then(compared)

    def _columns(self, hits: list[str], touches: list[str]) -> Any:
        def some(names: list[str], wanted: bool) -> Any:
            flags = (self._holds(name) for name in names)
            sure = ((flag if wanted else ~flag).fill_null(False) for flag in flags)
            return reduce(lambda one, other: one | other, sure, self._no())

        return self._decided(
            some(hits, True) & ~some(touches, False), some(hits, False) & ~some(touches, True)
        )

    def _lists(
        self,
        yes: str | None,
        no: str | None,
        hits: list[str],
        touches: list[str],
        known: list[str],
    ) -> Any:
        polars = self._polars
        named = [name for name in (yes, no) if name is not None]
        if not all(self._is_list(self._schema[name]) for name in named):
            return self._states_nothing(named[0])

        def has(name: str | None, purposes: list[str]) -> Any:
            if name is None:
                return self._no()
            listed = polars.element().cast(polars.String).is_in(purposes)
            return self._items(name).list.eval(listed).list.any().fill_null(False)

        def is_sound(name: str) -> Any:
            listed = polars.element().cast(polars.String).is_in(known).fill_null(False)
            return self._items(name).list.eval(listed).list.all().fill_null(True)

        sound = reduce(lambda one, other: one & other, map(is_sound, named), self._yes())
        return self._decided(
            sound & has(yes, hits) & ~has(no, touches), sound & has(no, hits) & ~has(yes, touches)
        )

    def _items(self, name: str) -> Any:
        column = self.column(name)
        is_array = isinstance(self._schema[name], self._polars.Array)
        return column.arr.to_list() if is_array else column

    def _decided(self, yes: Any, no: Any) -> Any:
        return self._polars.when(yes).then(True).when(no).then(False)

    def _is_text(self, dtype: Any) -> bool:
        polars = self._polars
        return isinstance(dtype, polars.String | polars.Categorical | polars.Enum)

    def _is_list(self, dtype: Any) -> bool:
        polars = self._polars
        if isinstance(dtype, polars.Null):
            return False
        is_list = isinstance(dtype, polars.List | polars.Array)
        return is_list and (self._is_text(dtype.inner) or isinstance(dtype.inner, polars.Null))
