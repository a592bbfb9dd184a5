"""The commands of authors as functions: they give data, and say what the command says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import whyfor
from conftest import ROOT

OLD = """policy shop
category email
category phone
purpose login
use email for login
"""
NEW = OLD + "use phone for login when verified\nfact verified\n"
TESTS = """policy: old.why
tests:
  - { name: mail, ask: use email for login, expect: allow }
  - { name: call, ask: use phone for login, expect: allow }
  - { name: later, ask: use phone for login, expect: deny, skip: no time }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "old.why": OLD,
        "new.why": NEW,
        "broken.why": "policy p\nuse x for y\n",
        "wrong.why": OLD + "expect { deny use email for login }\n",
        "shop.test.yaml": TESTS,
        "wrong.test.yaml": "policy: wrong.why\ntests: [{ ask: use email for login, expect: allow }]",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def command(*arguments: object) -> Any:
    program = [sys.executable, "-m", "whyfor", *map(str, arguments)]
    return json.loads(subprocess.run(program, capture_output=True, check=False).stdout)


def test_check_gives_mistakes_warnings_and_broken_expectations(folder: Path) -> None:
    assert whyfor.check(folder / "old.why") == ()
    assert {d.code for d in whyfor.check(str(folder / "broken.why"))} == {"E0201"}
    (wrong,) = whyfor.check(folder / "wrong.why")
    assert (wrong.severity, wrong.code, wrong.file, wrong.line) == (
        "error",
        "E0501",
        "wrong.why",
        6,
    )
    shown = command("check", "--format", "json", folder / "wrong.why")
    assert [d["message"] for d in shown["diagnostics"]] == [wrong.message]
    with pytest.raises(FileNotFoundError):
        whyfor.check(folder / "missing.why")


def test_lint_gives_findings(folder: Path) -> None:
    findings = whyfor.lint(ROOT / "policies" / "drun.why")
    shown = command("lint", "--format", "json", ROOT / "policies" / "drun.why")
    assert [f.code for f in findings] == [d["code"] for d in shown["diagnostics"]]
    (folder / "old.why").write_text(OLD + "use email for login\n")
    assert {f.code for f in whyfor.lint(folder / "old.why")} >= {"W0701"}
    (folder / "tag.why").write_text(
        "policy p tag secret category c { d #secret e } purpose x use c for x"
    )
    assert len(whyfor.lint(folder / "tag.why", sensitive=["secret"])) > len(
        whyfor.lint(folder / "tag.why")
    )
    with pytest.raises(whyfor.PolicyError):
        whyfor.lint(folder / "broken.why")


def test_diff_gives_what_changed(folder: Path) -> None:
    diff = whyfor.diff(folder / "old.why", folder / "new.why")
    assert diff
    assert diff.more_permissive
    (change,) = diff.changes
    assert (change.act, change.categories, change.purposes) == ("use", ("phone",), ("login",))
    assert (change.before.verdict, change.after.verdict) == ("deny", "depends")
    assert change.after.condition == "verified"
    assert [(c.kind, c.file, c.line) for c in change.causes] == [("added", "new.why", 6)]
    assert [(name.of, name.name, name.kind) for name in diff.names] == [
        ("fact", "verified", "appeared")
    ]
    assert not whyfor.diff(folder / "old.why", folder / "old.why")
    with pytest.raises(whyfor.PolicyError):
        whyfor.diff(folder / "broken.why", folder / "new.why")


def test_tests_give_what_came_of_each(folder: Path) -> None:
    report = whyfor.test(folder / "shop.test.yaml", coverage=True)
    assert [r.outcome for r in report.results] == ["passed", "failed", "skipped"]
    assert not report
    assert report.results[1].differences == ("expected allow, is deny",)
    assert report.results[2].reasons == ("no time",)
    assert report.coverage == 100
    assert [(s.line, s.noticed_by) for s in report.statements] == [(5, "“mail”")]
    assert whyfor.test([folder / "shop.test.yaml"], filter="mail")
    assert whyfor.test(folder / "shop.test.yaml").coverage is None
    wrong = whyfor.test(folder / "wrong.test.yaml")
    assert not wrong
    assert [d.code for d in wrong.expectations] == ["E0501"]
    with pytest.raises(ValueError, match="no test has `nothing` in its name"):
        whyfor.test(folder / "shop.test.yaml", filter="nothing")
    with pytest.raises(FileNotFoundError):
        whyfor.test(folder / "missing.yaml")
    with pytest.raises(ValueError, match="is a policy"):
        whyfor.test(folder / "old.why")


def test_compile_writes_the_artifact_if_the_expectations_hold(folder: Path) -> None:
    policy = whyfor.compile(folder / "old.why", folder / "old.whyc")
    assert isinstance(policy, whyfor.Policy)
    assert whyfor.load(folder / "old.whyc") == policy
    assert (folder / "old.whyc").read_bytes() == policy.to_bytes()
    assert whyfor.check(folder / "old.whyc") == ()
    with pytest.raises(whyfor.PolicyError, match="E0501"):
        whyfor.compile(folder / "wrong.why", folder / "wrong.whyc")
    assert not (folder / "wrong.whyc").exists()
    with pytest.raises(OSError, match="cannot write"):
        whyfor.compile(folder / "old.why", folder / "missing" / "old.whyc")
    for function in (whyfor.lint, lambda path: whyfor.diff(path, path)):
        with pytest.raises(ValueError, match="is an artifact"):
            function(folder / "old.whyc")
    (folder / "damaged.whyc").write_bytes(policy.to_bytes()[:-1])
    with pytest.raises(whyfor.ArtifactError):
        whyfor.check(folder / "damaged.whyc")


def test_nothing_is_printed(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    whyfor.check(folder / "wrong.why")
    whyfor.lint(folder / "old.why")
    whyfor.diff(folder / "old.why", folder / "new.why")
    whyfor.test(folder / "wrong.test.yaml")
    whyfor.compile(folder / "old.why", folder / "old.whyc")
    assert capfd.readouterr() == ("", "")
