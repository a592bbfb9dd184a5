"""The terms of several decisions together: what holds for data if all of them do."""

from __future__ import annotations

from collections.abc import Iterable

from ._decision import Decision, limits_text
from ._limits import Limit, longest, shortest


class Terms:
    """What must be done with data that several decisions are about, why it is lawful, and how long it is kept."""

    __slots__ = ()

    def _decided(self) -> Iterable[Decision]:
        """The decisions."""
        raise NotImplementedError

    @property
    def duties(self) -> tuple[str, ...]:
        """What must be done with it."""
        return tuple(dict.fromkeys(duty for d in self._decided() for duty in d.duties))

    @property
    def bases(self) -> tuple[str, ...]:
        """The legal bases that carry it, in alphabetical order."""
        return tuple(sorted({basis for d in self._decided() for basis in d.bases}))

    @property
    def unbased(self) -> bool:
        """Whether the policy declares legal bases, and none of them carries some part of it."""
        return any(d.unbased for d in self._decided())

    @property
    def retain(self) -> tuple[Limit, ...]:
        """How long it may be kept: all of these limits apply. See `Decision.retain`."""
        return shortest(limit for d in self._decided() for limit in d.retain)

    @property
    def retention(self) -> tuple[Limit, ...]:
        """How long it may be kept: `retain`, by the name of the subject."""
        return self.retain

    @property
    def retain_at_least(self) -> tuple[Limit, ...]:
        """How long it must be kept: until the last of these ends."""
        return longest(limit for d in self._decided() for limit in d.retain_at_least)

    @property
    def retain_days(self) -> int | None:
        """The shortest limit from collection in whole days. See `Decision.retain_days`."""
        days = (d.retain_days for d in self._decided() if d.retain_days is not None)
        return min(days, default=None)

    def _limits(self) -> str:
        """The limits as text; empty if there are none."""
        return limits_text(self.retain, self.retain_at_least)
