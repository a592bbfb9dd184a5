"""What a type checker says of code that uses the package: the types of the caller's frames are kept."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

USER = """
from collections.abc import AsyncIterator, Callable
from typing import assert_type

import pandas as pd
import polars as pl
import pyarrow as pa
import whyfor


def keep(policy: whyfor.Policy, frame: pd.DataFrame) -> pd.DataFrame:
    return policy.select(frame, purpose="login").frame


def rows(policy: whyfor.Policy, frame: pl.LazyFrame) -> pl.LazyFrame:
    return policy.filter(frame)


def block(policy: whyfor.Policy, frame: pl.DataFrame) -> pl.DataFrame:
    with policy.purpose("login") as login:
        return login.filter(login.select(frame).frame)


def observed(policy: whyfor.Policy, frame: pd.DataFrame) -> pd.DataFrame:
    audit = policy.audit("audit.jsonl")
    keep(audit, frame)
    selection: whyfor.Selection[pd.DataFrame] = audit.select(frame, purpose="login")
    return audit.filter(selection.frame)


def guarded(policy: whyfor.Policy) -> int:
    @policy.guard(purpose="login", strict=True)
    def count(frame: pd.DataFrame, times: int = 1) -> int:
        return len(frame) * times

    return count(pd.DataFrame(), times=2)


def selected(
    policy: whyfor.Policy, audit: whyfor.Audit, one: pd.DataFrame, other: pa.Table, names: list[str]
) -> None:
    assert_type(policy.select(one, purpose="login"), whyfor.Selection[pd.DataFrame])
    assert_type(policy.select(other, purpose="login", on_denied="mask").frame, pa.Table)
    assert_type(policy.select(names, purpose="login").frame, list[str])
    assert_type(audit.select(one, purpose="login"), whyfor.Selection[pd.DataFrame])
    with policy.purpose("login") as login:
        assert_type(login.select(other), whyfor.Selection[pa.Table])


def signatures(policy: whyfor.Policy) -> None:
    guard = policy.guard(purpose="login")

    @guard
    async def total(frame: pd.DataFrame, /, *more: int, scale: float = 1) -> float:
        return len(frame) * scale

    @guard
    async def chunks(frame: pl.DataFrame) -> AsyncIterator[pl.DataFrame]:
        yield frame

    def plain(frame: pd.DataFrame, times: int) -> str:
        return str(times)

    function: Callable[[pd.DataFrame, int], str] = guard(plain)
    assert_type(function(pd.DataFrame(), 1), str)
    assert_type(chunks(pl.DataFrame()), AsyncIterator[pl.DataFrame])


def refused(policy: whyfor.Policy) -> str:
    try:
        policy.require("use", "email", purpose="login")
        policy.select(["email"], purpose="login", on_denied="raise")
    except whyfor.ColumnsNotAllowedError as error:
        return error.report.purpose
    except whyfor.NotAllowedError as error:
        return error.decision.question
    except whyfor.UnknownNameError as error:
        return error.name
    except whyfor.WhyforError as error:
        return str(error)
    return ""


def earlier_names(policy: whyfor.Policy) -> str:
    try:
        policy.require("use", "email", purpose="login")
    except whyfor.ColumnsNotAllowed as error:
        assert_type(error, whyfor.ColumnsNotAllowedError)
    except whyfor.NotAllowed as error:
        assert_type(error, whyfor.NotAllowedError)
    except whyfor.UnknownName as error:
        return error.kind
    return ""


def authored() -> bool:
    errors = [d.message for d in whyfor.check("shop.why") if d.severity == "error"]
    changes = [change.categories for change in whyfor.diff("old.why", "new.why").changes]
    report = whyfor.test(["shop.test.yaml"], coverage=True)
    policy: whyfor.Policy = whyfor.compile("shop.why", "shop.whyc")
    return bool(errors or changes or report.coverage or policy.name or whyfor.lint("shop.why"))
"""

WRONG = """
import pandas as pd
import polars as pl
import whyfor


def keep(policy: whyfor.Policy, frame: pd.DataFrame) -> pl.DataFrame:
    return policy.select(frame, purpose="login").frame  # wrong


def guarded(policy: whyfor.Policy) -> None:
    @policy.guard(purpose="login")
    def count(frame: pd.DataFrame, times: int = 1) -> int:
        return len(frame) * times

    count("email")  # wrong
    count(pd.DataFrame(), times="2")  # wrong
    count(pd.DataFrame(), time=2)  # wrong
    text: str = count(pd.DataFrame())  # wrong
    print(text)


def unknown() -> None:
    print(whyfor.NotPermitted)  # wrong
"""


@pytest.mark.parametrize("checker", [["mypy", "--strict", "--no-incremental"], ["pyright"]])
@pytest.mark.parametrize(("text", "is_fine"), [(USER, True), (WRONG, False)])
def test_the_types_of_frames_are_kept(
    checker: list[str], text: str, is_fine: bool, tmp_path: Path
) -> None:
    (tmp_path / "user.py").write_text(text)
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    # The package as it is installed, and none of its sources.
    path = [*checker, "user.py"] if checker[0] == "mypy" else [*checker]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if checker[0] == "pyright":
        path += ["--pythonpath", sys.executable]
    ended = subprocess.run(
        [sys.executable, "-m", *path], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert (ended.returncode == 0) == is_fine, ended.stdout + ended.stderr
    reported = re.findall(r"user\.py:(\d+).* error", ended.stdout)
    wrong = [n for n, line in enumerate(text.splitlines(), start=1) if line.endswith("# wrong")]
    assert sorted({int(line) for line in reported}) == wrong, ended.stdout
