"""How long data may or must be kept: limits that count from its collection or from an event."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Unit = Literal["hours", "days", "weeks", "months", "years"]

_HOURS: dict[Unit, int] = {"hours": 1, "days": 24, "weeks": 7 * 24}
"""The lengths of the exact units."""
_MONTHS: dict[Unit, int] = {"months": 1, "years": 12}


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit on how long data is kept: a period, or the time until an event. Its text is the limit as written.

    A period counts from the collection of the data or, with `after`, from an event.
    """

    count: int | None
    """How many units; None for `until`."""
    unit: Unit | None
    """`hours`, `days`, `weeks`, `months` or `years`; None for `until`."""
    after: str | None = None
    """The event from which the period counts; None for collection."""
    until: str | None = None
    """The event that ends it, in place of a period."""

    @property
    def period(self) -> str | None:
        """The period as text: `30 days`, `1 year`; None for `until`."""
        if self.unit is None:
            return None
        return f"{self.count} {self.unit.removesuffix('s') if self.count == 1 else self.unit}"

    @property
    def timedelta(self) -> datetime.timedelta | None:
        """The period, if it is of hours, days or weeks; months and years have no exact length.

        A length that `timedelta` cannot have, millions of years, is `timedelta.max` in whole days.
        """
        if self.count is None or self.unit not in _HOURS:
            return None
        hours = self.count * _HOURS[self.unit]
        if hours > datetime.timedelta.max.days * 24:
            return datetime.timedelta(datetime.timedelta.max.days)
        return datetime.timedelta(hours=hours)

    def __str__(self) -> str:
        """`30 days`, `2 years after account_deletion`, `until withdrawal`."""
        if self.until is not None:
            return f"until {self.until}"
        return f"{self.period} after {self.after}" if self.after is not None else str(self.period)

    @property
    def _event(self) -> str:
        """What it counts from; empty for collection."""
        return self.until or self.after or ""

    @property
    def _is_calendar(self) -> bool:
        return self.unit in _MONTHS

    def _length(self) -> tuple[int, int]:
        """How long, in hours or months; of equal lengths, the smaller unit is less."""
        if self.count is None or self.unit is None:
            return 0, 0
        size = (_HOURS | _MONTHS)[self.unit]
        return self.count * size, size


def shortest(limits: Iterable[Limit]) -> tuple[Limit, ...]:
    """The limits that count of all these: for each start the shortest, in the order of a decision.

    Months do not compare with days, so a start can have one of each. `until EVENT` is shorter than any period
    after it.
    """
    limits = tuple(limits)
    until = {limit.until: limit for limit in limits if limit.until is not None}
    periods = [limit for limit in limits if limit._event not in until]
    return _sorted([*until.values(), *_first(sorted(periods, key=Limit._length))])


def longest(limits: Iterable[Limit]) -> tuple[Limit, ...]:
    """As `shortest`, for how long data must be kept at least."""

    def by_length(limit: Limit) -> tuple[int, int]:
        length, size = limit._length()
        return -length, size

    return _sorted(_first(sorted(limits, key=by_length)))


def _first(limits: Iterable[Limit]) -> Iterable[Limit]:
    """The first limit of each start and kind of unit."""
    found: dict[tuple[str, bool], Limit] = {}
    for limit in limits:
        found.setdefault((limit._event, limit._is_calendar), limit)
    return found.values()


def _sorted(limits: Iterable[Limit]) -> tuple[Limit, ...]:
    """From collection first, then by event; hours, days and weeks before months and years."""
    return tuple(sorted(limits, key=lambda limit: (limit._event, limit._is_calendar)))
