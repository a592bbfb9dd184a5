"""Where the answers of an audited policy are recorded, and how its methods take the place of the policy's."""

from __future__ import annotations

import functools
import json
import logging
import os
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

Record = dict[str, Any]
Sink = Callable[[Record], object] | list[Record] | logging.Logger | str | os.PathLike[str]


def check(sink: Sink) -> None:
    """Raises `TypeError` for what is not a sink."""
    if not callable(sink) and not isinstance(sink, list | logging.Logger | str | os.PathLike):
        kind = type(sink).__qualname__
        raise TypeError(
            f"argument 'sink': '{kind}' object is not a function, a list, a logger or a path"
        )


def write(sink: Sink, record: Record) -> None:
    """Adds a record to a sink."""
    if isinstance(sink, list):
        sink.append(record)
    elif isinstance(sink, logging.Logger):
        sink.info("%s", json.dumps(record, ensure_ascii=False))
    elif callable(sink):
        sink(record)
    else:
        line = json.dumps(record, ensure_ascii=False) + "\n"
        # A single append: lines of several threads and processes do not mix.
        with open(sink, "ab", buffering=0) as file:
            file.write(line.encode("utf-8", "backslashreplace"))


def signed_as(method: Callable[P, R]) -> Callable[[Callable[..., Any]], Callable[P, R]]:
    """Copies the signature and types of a `Policy` method to the method that replaces it."""

    def signed(own: Callable[..., Any]) -> Callable[P, R]:
        signature = functools.wraps(method, assigned=(), updated=())
        return cast(Callable[P, R], signature(own))

    return signed
