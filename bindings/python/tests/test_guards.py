"""Purposes that are held to: of functions, of notebook sections, and observed first."""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
import logging
import threading
import warnings
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import whyfor

FRAME = pd.DataFrame({"email": ["a"], "shoe_size": [44]})


def test_a_guard_checks_the_frames_that_are_passed(shop: whyfor.Policy) -> None:
    @shop.guard(purpose="login")
    def count(frame: pd.DataFrame, times: int = 1) -> int:
        """Counts."""
        return len(frame.columns) * times

    assert (count.__name__, count.__doc__) == ("count", "Counts.")
    assert count(FRAME[["email"]], times=3) == 3
    with pytest.raises(whyfor.NotAllowedError, match="shoe_size"):
        count(FRAME)
    with pytest.raises(whyfor.NotAllowedError):
        count(frame=FRAME)


def test_a_guard_drops_what_is_denied(shop: whyfor.Policy) -> None:
    reports: list[whyfor.Report] = []

    @shop.guard(purpose="login", on_denied="drop", on_report=reports.append)
    def columns(frame: pd.DataFrame) -> list[str]:
        return list(frame.columns)

    assert columns(FRAME) == ["email"]
    assert reports[0].withheld == ("shoe_size",)


def test_duties_are_told(drun: whyfor.Policy) -> None:
    @drun.guard(purpose="research")
    def use(frame: pd.DataFrame) -> None:
        pass

    with pytest.warns(whyfor.DutiesWarning, match="for research, first: deidentify"):
        use(FRAME[["email"]])


def test_a_guard_holds_for_coroutines_methods_and_generators(shop: whyfor.Policy) -> None:
    @shop.guard(purpose="login")
    async def later(frame: pd.DataFrame) -> int:
        return len(frame)

    class Study:
        @shop.guard(purpose="login")
        def run(self, frame: pd.DataFrame) -> int:
            return len(frame)

    @shop.guard(purpose="login")
    def each(frame: pd.DataFrame) -> Any:
        yield from frame.columns

    assert asyncio.run(later(FRAME[["email"]])) == 1
    assert Study().run(FRAME[["email"]]) == 1
    assert list(each(FRAME[["email"]])) == ["email"]
    with pytest.raises(whyfor.NotAllowedError):
        asyncio.run(later(FRAME))
    with pytest.raises(whyfor.NotAllowedError):
        Study().run(FRAME)
    with pytest.raises(whyfor.NotAllowedError):
        each(FRAME)


def test_a_misspelt_purpose_is_told_where_it_is_written(shop: whyfor.Policy) -> None:
    with pytest.raises(whyfor.UnknownNameError):
        shop.guard(purpose="lgoin")
    with pytest.raises(whyfor.UnknownNameError):
        shop.purpose("lgoin")


def test_a_purpose_holds_in_its_block(shop: whyfor.Policy) -> None:
    with shop.purpose("login") as login:
        assert login.may_use("email")
        assert not login.ask("usage")
        assert list(login.select(FRAME).frame.columns) == ["email"]
        assert login.columns(FRAME).withheld == ("shoe_size",)
        rows = pd.DataFrame({"field": ["email", "usage"]})
        assert list(login.filter(rows)["field"]) == ["email"]
        with pytest.raises(whyfor.NotAllowedError):
            login.require("usage")
    with pytest.raises(RuntimeError, match="outside its `with` block"):
        login.may_use("email")


def test_an_audit_observes_before_it_enforces(shop: whyfor.Policy, tmp_path: Path) -> None:
    records: list[dict[str, Any]] = []
    observed = shop.audit(records)
    assert observed.may_use("usage", purpose="login")
    assert not observed.require("use", "usage", purpose="login")
    assert list(observed.select(FRAME, purpose="login").frame.columns) == ["email", "shoe_size"]
    assert [r["kind"] for r in records] == ["question", "question", "columns"]
    assert records[0]["verdict"] == "deny"
    assert records[2]["withheld"] == ["shoe_size"]
    assert records[0]["digest"] == shop.digest
    assert "a" not in json.dumps(records[2]["allowed"] + records[2]["withheld"]).split('"')

    path = tmp_path / "audit.jsonl"
    enforced = shop.audit(path, enforce=True)
    assert not enforced.may_use("usage", purpose="login")
    with pytest.raises(whyfor.NotAllowedError):
        enforced.require("use", "usage", purpose="login")
    assert list(enforced.select(FRAME, purpose="login").frame.columns) == ["email"]
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["enforced"] for line in lines] == [True, True, True]
    with pytest.raises(TypeError, match="argument 'sink'"):
        shop.audit(3)  # type: ignore[arg-type]


def test_an_audit_writes_to_a_logger(shop: whyfor.Policy, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="privacy"):
        shop.audit(logging.getLogger("privacy")).may_use("email", purpose="login")
    assert json.loads(caplog.records[0].getMessage())["verdict"] == "allow"


def test_nothing_that_holds_data_passes_a_guard_unseen(shop: whyfor.Policy) -> None:
    @shop.guard(purpose="login", on_denied="drop")
    def take(data: Any) -> Any:
        return data

    batch = pa.RecordBatch.from_pydict({"email": ["a"], "shoe_size": [44]})
    assert take(batch).schema.names == ["email"]
    reader = pa.RecordBatchReader.from_batches(batch.schema, [batch])
    assert take(reader).schema.names == ["email"]
    assert [list(frame.columns) for frame in take([FRAME, FRAME])] == [["email"], ["email"]]
    assert list(take({"a": FRAME})["a"].columns) == ["email"]
    assert take(FRAME["email"]) is not None
    for series in (FRAME["shoe_size"], pl.Series("shoe_size", [44])):
        with pytest.raises(whyfor.NotAllowedError, match="shoe_size"):
            take(series)
    with pytest.raises(whyfor.NotAllowedError, match="shoe_size"):
        take((FRAME["shoe_size"],))
    with pytest.raises(TypeError, match="holds data"):
        take(pa.array([44]))
    assert take(3) == 3


def test_a_guard_takes_the_mapping_of_a_part(shop: whyfor.Policy) -> None:
    @shop.guard(purpose="login", mapping={"c.part": "usage", "elsewhere": "email"})
    def take(frame: Any) -> Any:
        return frame

    frame = pl.DataFrame({"c": [{"part": 1}]})
    with pytest.raises(whyfor.NotAllowedError, match="usage"):
        take(frame)


def test_a_guard_is_observed_before_it_is_enforced(shop: whyfor.Policy) -> None:
    records: list[dict[str, Any]] = []

    @shop.audit(records).guard(purpose="login")
    def columns(frame: pd.DataFrame) -> list[str]:
        return list(frame.columns)

    assert columns(FRAME) == ["email", "shoe_size"]
    assert records[0]["withheld"] == ["shoe_size"]


def test_a_mapping_holds_for_columns_by_themselves_and_for_records(shop: whyfor.Policy) -> None:
    @shop.guard(purpose="login", mapping={"size": "usage"})
    def take(data: Any) -> Any:
        return data

    frame = pd.DataFrame({"size": [44]})
    for data in (
        frame,
        frame["size"],
        frame.set_index("size").index,
        frame.set_index("size").assign(email="a")["email"],
        pl.Series("size", [44]),
        {"size": 44},
        [frame],
    ):
        with pytest.raises(whyfor.ColumnsNotAllowedError, match="usage"):
            take(data)


def test_a_key_of_the_mapping_that_nothing_has_is_told(shop: whyfor.Policy) -> None:
    @shop.guard(purpose="login", mapping={"emial": "usage"})
    def take(*data: Any, **more: Any) -> Any:
        return data

    frame = FRAME[["email"]]
    for arguments in ([frame], [frame["email"]], [[frame]], [{"email": "a"}], [frame, 1]):
        with pytest.raises(KeyError, match="'emial'"):
            take(*arguments)
    with pytest.raises(KeyError, match="'emial'"):
        take(frame=frame)
    with pytest.raises(KeyError, match="'emial'"):
        next(take(frame for frame in [frame])[0])
    assert take(1) == (1,)  # where there is no data, nothing has anything

    @shop.guard(purpose="login", mapping={"address": "email", "mail": "email"})
    def both(one: Any, other: Any) -> int:
        return len(one) + len(other)

    # One frame has one of them, another the other.
    assert both(pd.DataFrame({"address": ["a"]}), pd.Series(["b"], name="mail")) == 2


def test_defaults_are_looked_at_where_nothing_is_passed(shop: whyfor.Policy) -> None:
    cache: dict[str, Any] = {}

    @shop.guard(purpose="login", on_denied="drop")
    def take(a: int, frame: Any = FRAME, /, b: Any = 2, *more: Any, kept: Any = cache) -> Any:
        return a, list(frame), b, more, kept

    assert take(1) == (1, ["email"], 2, (), cache)
    assert take(1)[4] is cache
    assert take(1, FRAME[["email"]], 3, 4) == (1, ["email"], 3, (4,), cache)
    cache["frame"] = FRAME
    assert list(take(1)[4]["frame"].columns) == ["email"]
    assert list(cache["frame"].columns) == ["email", "shoe_size"]
    with pytest.raises(TypeError, match="missing a required argument"):
        take()  # type: ignore[call-arg] # pyright: ignore

    @shop.guard(purpose="login")
    def strict(*, frame: Any = FRAME) -> Any:
        return frame

    with pytest.raises(whyfor.ColumnsNotAllowedError):
        strict()


def test_the_defaults_of_what_wraps_a_function_must_be_allowed(shop: whyfor.Policy) -> None:
    def wrapped(frame: Any) -> Callable[[], Any]:
        def inner() -> None: ...

        @shop.guard(purpose="login", on_denied="drop")
        @functools.wraps(inner)
        def outer(*, cached: Any = frame) -> Any:
            return cached

        return outer

    assert list(wrapped(FRAME[["email"]])().columns) == ["email"]
    with pytest.raises(whyfor.ColumnsNotAllowedError):
        wrapped(FRAME)()


def count(frame: Any, times: int = 1) -> int:
    return len(frame.columns) * times


class Counter:
    def __call__(self, frame: Any) -> int:
        return len(frame.columns)

    def run(self, frame: Any) -> int:
        return len(frame.columns)


@pytest.mark.parametrize(
    "function",
    [
        count,
        functools.partial(count, times=1),
        functools.lru_cache(len),
        Counter(),
        Counter().run,
        lambda frame: len(frame.columns),
        len,
    ],
    ids=repr,
)
def test_a_guard_holds_for_callables_of_any_kind(
    shop: whyfor.Policy, function: Callable[[Any], int]
) -> None:
    guarded = shop.guard(purpose="login", strict=not isinstance(function, functools.partial))(
        function
    )
    with pytest.raises(whyfor.ColumnsNotAllowedError):
        guarded(FRAME)
    if function is not len and not hasattr(function, "cache_info"):
        assert guarded(FRAME[["email"]]) == 1


def test_what_a_callable_is_bound_to_is_passed_to_it(shop: whyfor.Policy) -> None:
    guard = shop.guard(purpose="login", on_denied="drop")
    assert guard(functools.partial(count, FRAME))() == 1
    assert guard(FRAME.copy)().columns.tolist() == ["email"]
    with pytest.raises(whyfor.ColumnsNotAllowedError):
        shop.guard(purpose="login")([FRAME].pop)()
    for wrong in (3, "count", property(count)):
        with pytest.raises(TypeError, match="is not a function"):
            guard(wrong)  # type: ignore[arg-type] # pyright: ignore


def test_methods_of_classes_and_classes_are_guarded(shop: whyfor.Policy) -> None:
    class Study:
        frame: Any = None

        @shop.guard(purpose="login")
        @classmethod
        def of(cls, frame: Any) -> int:
            return len(frame)

        @classmethod
        @shop.guard(purpose="login")
        def also(cls, frame: Any) -> int:
            return len(frame)

        @staticmethod
        @shop.guard(purpose="login")
        def alone(frame: Any) -> int:
            return len(frame)

        @shop.guard(purpose="login")
        def kept(self) -> int:
            return len(self.frame)

    for call in (Study.of, Study.also, Study.alone, Study().of):
        assert call(FRAME[["email"]]) == 1
        with pytest.raises(whyfor.ColumnsNotAllowedError):
            call(FRAME)
    study = Study()
    study.frame = FRAME[["email"]]
    assert study.kept() == 1
    study.frame = FRAME
    with pytest.raises(whyfor.ColumnsNotAllowedError):
        study.kept()

    @shop.guard(purpose="login", on_denied="drop")
    class Kept:
        def __init__(self, frame: Any) -> None:
            self.frame = frame

    assert inspect.isclass(Kept)
    assert isinstance(Kept(FRAME), Kept)
    assert list(Kept(FRAME).frame.columns) == ["email"]
    with pytest.raises(TypeError, match="guard its methods"):
        shop.guard(purpose="login")(type("Empty", (), {}))


def test_a_guarded_coroutine_is_one_and_checks_when_it_is_awaited(shop: whyfor.Policy) -> None:
    @shop.guard(purpose="login", on_denied="drop")
    async def later(frame: Any) -> list[str]:
        return list(frame.columns)

    @shop.guard(purpose="login")
    async def each(frame: Any) -> AsyncIterator[str]:
        for column in frame.columns:
            yield column

    async def drawn() -> list[str]:
        return [column async for column in each(FRAME[["email"]])]

    assert inspect.iscoroutinefunction(later)
    assert asyncio.run(later(FRAME)) == ["email"]
    assert asyncio.run(drawn()) == ["email"]
    with pytest.raises(whyfor.ColumnsNotAllowedError):
        each(FRAME)


def test_duties_are_told_at_the_line_of_the_caller(drun: whyfor.Policy) -> None:
    @drun.guard(purpose="research")
    def take(*frames: Any, more: Any = None) -> None:
        pass

    @drun.guard(purpose="research")
    async def later(frame: Any) -> None:
        pass

    @drun.guard(purpose="research")
    def draw(frames: Any) -> None:
        list(frames)

    frame = FRAME[["email"]]

    async def task() -> None:
        await later(frame)

    calls: list[Callable[[], object]] = [
        lambda: take(frame),
        lambda: take(more=frame),
        lambda: take(1, [{"a": (frame,)}]),
        lambda: take(frame["email"]),
        lambda: take({"email": "a"}),
        lambda: functools.partial(take, frame)(),
        lambda: asyncio.run(later(frame)),
        lambda: list(map(take, [frame])),
    ]
    for call in calls:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            call()
        assert [(w.filename, w.lineno) for w in told] == [(__file__, call.__code__.co_firstlineno)]
    for call, inner in (
        (lambda: asyncio.run(task()), task),
        (lambda: draw(f for f in [frame]), draw),
    ):
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            call()
        first = inspect.unwrap(inner).__code__.co_firstlineno
        assert told[0].filename == __file__
        assert first < told[0].lineno <= first + 3


def test_a_guard_is_for_many_threads_at_once(shop: whyfor.Policy) -> None:
    @shop.guard(purpose="login", mapping={"mail": "email"})
    def take(frame: Any) -> int:
        return len(frame)

    wrong: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(20):
                take(pd.DataFrame({"mail": ["a"]}))
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
