"""What a type checker says of code that uses the package: the types of the caller's frames are kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

USER = """
import pandas as pd
import polars as pl
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
    return policy.select(frame, purpose="login").frame
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
