"""How the measurements are taken, and how their figures are written."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def best(work: Callable[[], Any], seconds: float = 0.5) -> float:
    """The shortest of the runs that fit into some time: others only tell of other work on the machine."""
    work()
    shortest, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        work()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest


def per_call(work: Callable[[], Any], calls: int) -> float:
    """Seconds of one call, of a function that makes so many."""
    return best(work) / calls


def shown(seconds: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds / 1e-9:.2g} ns"


def same(what: str, found: Any, expected: Any) -> None:
    """Stops where two ways do not agree."""
    equal = found.equals(expected) if hasattr(found, "equals") else found == expected
    if not equal:
        raise SystemExit(f"{what} answers otherwise than whyfor")
