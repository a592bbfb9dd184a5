"""The command `whyfor` that comes with the package is the command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest
import whyfor
from conftest import ROOT

POLICY = str(ROOT / "policies" / "drun.why")
SCRIPT = str(Path(sysconfig.get_path("scripts")) / "whyfor")


def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SCRIPT, *arguments], input=text, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("program", [[SCRIPT], [sys.executable, "-m", "whyfor"]])
def test_the_script_and_the_module_are_the_same_command(program: list[str]) -> None:
    shown = subprocess.run([*program, "--version"], capture_output=True, text=True, check=True)
    assert shown.stdout == f"whyfor {whyfor.__version__}\n"
    usage = subprocess.run([*program, "check"], capture_output=True, text=True, check=False)
    assert "Usage: whyfor check" in usage.stderr


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["check", POLICY], 0),
        (["ask", POLICY, "use", "email", "--for", "login"], 0),
        (["ask", POLICY, "use", "email", "--for", "billing"], 1),
        (["check", "missing.why"], 2),
        (["bogus"], 2),
        ([], 2),
        (["--help"], 0),
    ],
)
def test_the_exit_status_is_the_commands(arguments: list[str], status: int) -> None:
    assert run(*arguments).returncode == status


def test_what_depends_ends_with_3(tmp_path: Path) -> None:
    path = tmp_path / "p.why"
    path.write_text("policy p category c purpose x fact f use c for x when f")
    assert run("ask", str(path), "use", "c", "--for", "x").returncode == 3


def test_standard_input_and_output_are_its_own() -> None:
    answer = run("batch", POLICY, text='{"act":"use","field":"email","for":"login"}\n')
    assert '"decision":"allow"' in answer.stdout
    assert run("notice", POLICY).stdout.endswith("\n")
    assert run("fmt", "-", text="policy   p\n").stdout == "policy p\n"
    told = run("check", "missing.why")
    assert (told.stdout, "missing.why" in told.stderr) == ("", True)


@pytest.mark.skipif(os.name == "nt", reason="no signals")
def test_a_reader_that_goes_away_and_an_interrupt_end_it() -> None:
    shell = f"{SCRIPT} matrix {POLICY} --format html | head -c 1"
    ended = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=True)
    assert ended.stderr == ""
    with subprocess.Popen([SCRIPT, "batch", POLICY], stdin=subprocess.PIPE) as waiting:
        time.sleep(1)
        waiting.send_signal(signal.SIGINT)
        assert waiting.wait(10) == -signal.SIGINT
