"""What holds no data is passed as it is, and strictly nothing else is."""

from __future__ import annotations

import asyncio
import contextvars
import datetime
import decimal
import enum
import functools
import io
import itertools
import logging
import pathlib
import re
import time
import types
import uuid
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import whyfor
from held import FINE, FRAME, Keeper, Pair, Take


class Colour(enum.Enum):
    RED = "red"


@pytest.mark.parametrize(
    "value",
    [
        None,
        1,
        2.5,
        "ssn",
        b"ssn",
        bytearray(b"x"),
        memoryview(b"x"),
        datetime.date(2026, 1, 1),
        decimal.Decimal(1),
        uuid.UUID(int=1),
        pathlib.Path("ssn"),
        re.compile("ssn"),
        Colour.RED,
        np.float64(1),
        np.dtype("f8"),
        np.random.default_rng(1),
        pd.Timestamp(0),
        pd.NaT,
        pd.NA,
        pd.Timedelta(1),
        pd.offsets.Day(1),
        pd.CategoricalDtype(["a"]),
        pl.Int64,
        pl.List(pl.Int64),
        pa.int64(),
        pa.schema([("ssn", pa.string())]),
        pd.DataFrame,
        print,
        np.mean,
        len,
        lambda: 1,
        functools.partial(print, 1),
        range(3),
        {1, 2},
        logging.getLogger(),
        io.StringIO("ssn"),
        object(),
        Keeper(1),
        Keeper(np.array([1.0])),
        types.SimpleNamespace(a=[1]),
        Colour,
        asyncio,
    ],
    ids=repr,
)
def test_what_holds_no_data_is_passed_as_it_is(take: Take, value: Any) -> None:
    assert take(value) is value
    assert take([value])[0] is value


def test_an_argument_without_frames_is_the_very_object(demo: whyfor.Policy) -> None:
    @demo.guard(purpose="reporting", on_denied="drop")
    def fill(frame: Any, out: list[int], cache: dict[str, Any]) -> None:
        out.append(len(frame))
        cache["n"] = 1

    out: list[int] = []
    cache: dict[str, Any] = {}
    fill(FRAME, out, cache)
    assert (out, cache) == ([2], {"n": 1})


def test_only_the_containers_on_the_way_to_a_frame_are_copied(take: Take) -> None:
    inner, keeper = [1], Keeper(1)
    value = {"inner": inner, "keeper": keeper, "frames": [FRAME, FINE]}
    result = take(value)
    assert result is not value
    assert result["inner"] is inner
    assert result["keeper"] is keeper
    assert result["frames"][1] is FINE
    assert list(value["frames"][0].columns) == ["ssn", "amount"]  # type: ignore[index]


def test_a_container_in_itself_is_passed_or_rebuilt(take: Take) -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert take(loop) is loop
    loop.append(FRAME)
    result = take(loop)
    assert result[0] is result
    assert list(result[1].columns) == ["amount"]
    keyed: dict[str, Any] = {}
    keyed["me"] = keyed
    assert take(keyed) is keyed


def test_no_depth_is_too_deep(take: Take) -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert take(deep) is deep
    bottom: list[Any] = [FRAME]
    deep = bottom
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(TypeError, match="nested too deeply"):
        take(deep)


@pytest.mark.parametrize(
    "make",
    [
        lambda: list(range(1_000_000)),
        lambda: [[n, str(n)] for n in range(300_000)],
        lambda: [{"age": n, "amount": 1.0} for n in range(300_000)],
        lambda: dict.fromkeys(range(1_000_000)),
        lambda: dict.fromkeys(map(str, range(300_000)), 1.0),
        lambda: {str(n): [n] for n in range(100_000)},
        lambda: set(range(1_000_000)),
    ],
)
def test_many_plain_values_cost_little(take: Take, make: Callable[[], Any]) -> None:
    value = make()
    start = time.process_time()
    assert take(value) is value
    assert time.process_time() - start < 1


def test_records_in_circles_cost_little_and_hide_nothing(take: Take) -> None:
    ring: list[dict[str, Any]] = [{"value": Keeper(n)} for n in range(2_000)]
    for before, after in itertools.pairwise(ring):
        before["next"], after["before"] = after, before
    start = time.process_time()
    assert take(ring[0]) is ring[0]
    assert time.process_time() - start < 3
    ring[-1]["ssn"] = {"next": {"value": Keeper(1)}}
    with pytest.raises(whyfor.ColumnsNotAllowedError, match="ssn"):
        take(ring[0])
    deep: dict[str, Any] = {}
    for number in range(200):
        deep = {f"key_{number}": deep}
    with pytest.raises(TypeError, match="below more than 128 keys"):
        take(deep)


def test_a_frame_behind_a_million_numbers_is_found(take: Take) -> None:
    assert list(take([*range(1_000_000), FRAME])[-1].columns) == ["amount"]


def test_strictly_only_plain_values_and_frames_are_passed(demo: whyfor.Policy) -> None:
    @demo.guard(purpose="reporting", on_denied="drop", strict=True)
    def take(value: Any) -> Any:
        return value

    for fine in (
        1,
        "a",
        [1, 2],
        (None,),
        {"age": 3},
        datetime.date(2026, 1, 1),
        pd.Timestamp(0),
        float,
    ):
        assert take(fine) is fine
    assert list(take([FRAME])[0].columns) == ["amount"]
    assert list(take(Pair(FRAME, 1) and (FRAME,))[0].columns) == ["amount"]
    for refused in (
        object(),
        Keeper(1),
        lambda: 1,
        iter([1]),
        io.StringIO(),
        logging.getLogger(),
        Colour,
    ):
        with pytest.raises(TypeError, match="is no plain value"):
            take(refused)
    with pytest.raises(whyfor.ColumnsNotAllowedError, match="learning_rate"):
        take({"learning_rate": 0.1})


def test_a_method_can_be_guarded_strictly(demo: whyfor.Policy) -> None:
    class Job:
        @demo.guard(purpose="reporting", strict=True)
        def run(self, frame: Any) -> int:
            return len(frame)

    assert Job().run(FINE) == 2
    with pytest.raises(TypeError, match="argument 'frame'"):
        Job().run(object())


class Mode(enum.Enum):
    HIDDEN = (lambda: FRAME,)


def test_strictly_a_view_or_a_variable_hides_nothing(demo: whyfor.Policy) -> None:
    @demo.guard(purpose="reporting", strict=True)
    def take(value: Any) -> Any:
        return value

    variable = contextvars.ContextVar[Any]("variable")
    variable.set(1)
    inside = {"age": lambda: FRAME}
    for value in (types.MappingProxyType(inside), inside.values(), Mode.HIDDEN, variable):
        with pytest.raises(TypeError, match="is no plain value"):
            take(value)
    assert take(types.MappingProxyType({"age": 1})) == {"age": 1}


def test_strictly_only_the_object_of_a_method_is_no_argument(demo: whyfor.Policy) -> None:
    guard = demo.guard(purpose="reporting", strict=True)

    class Job:
        @staticmethod
        @guard
        def inside(value: Any) -> Any:
            return value

        @guard
        @staticmethod
        def outside(value: Any) -> Any:
            return value

        @classmethod
        @guard
        def of_class(cls, value: Any) -> Any:
            return value

        @guard
        def of_object(self, value: Any) -> Any:
            return value

    class Night(Job):
        pass

    for kind in (Job, Night):
        for method in (kind.inside, kind.outside, kind.of_class, kind().of_object):
            assert method(1) == 1
            with pytest.raises(TypeError, match=r"argument 'value'.*is no plain value"):
                method(Keeper(1))
