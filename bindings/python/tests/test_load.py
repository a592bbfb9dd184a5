"""Where a policy comes from, what is wrong with it, and how it travels."""

from __future__ import annotations

import contextlib
import copy
import gc
import multiprocessing
import os
import pickle
import resource
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
import whyfor
from conftest import ROOT, SHOP
from hypothesis import given
from hypothesis import strategies as st
from whyfor import ArtifactError, Policy, PolicyError

BROKEN = 'policy p "P"\ncategory contact { email }\npurpose login\nuse emial for login\n'


def test_a_file_and_its_artifact_are_the_same_policy(tmp_path: Path, drun: Policy) -> None:
    artifact = tmp_path / "drun.whyc"
    artifact.write_bytes(drun.to_bytes())
    for path in (artifact, str(artifact)):
        assert whyfor.load(path) == drun
    assert hash(whyfor.load(artifact)) == hash(drun)
    assert (drun.name, drun.version) == ("drun", "1.0")
    assert drun.digest[:12] in repr(drun)


def test_policies_are_equal_if_their_tables_are(shop: Policy, drun: Policy) -> None:
    assert whyfor.loads(SHOP) == shop
    assert shop != drun
    assert shop != "shop"
    assert len({shop, drun, whyfor.loads(SHOP)}) == 2
    assert (shop.label, shop.controller) == ("Shop personal information list", "Example Ltd")


def test_imports_are_read_from_the_folder_of_the_file() -> None:
    policy = whyfor.load(ROOT / "tests" / "conformance" / "5" / "policy.why")
    assert policy.categories


CONTRADICTED = """policy p
category a
purpose x
use a for x
expect {
    allow use a for x
    deny use a for x
}
"""


def test_a_policy_is_loaded_only_if_its_expectations_hold(tmp_path: Path) -> None:
    path = tmp_path / "contradicted.why"
    path.write_text(CONTRADICTED)
    loads: list[Callable[[], Policy]] = [
        lambda: whyfor.load(path),
        lambda: whyfor.loads(CONTRADICTED),
    ]
    for load in loads:
        with pytest.raises(PolicyError, match="expected deny") as raised:
            load()
        (failure,) = raised.value.diagnostics
        assert (failure.code, failure.line) == ("E0501", 7)


def test_a_policy_whose_expectations_fail_can_be_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "contradicted.why"
    path.write_text(CONTRADICTED)
    for policy in (whyfor.load_unverified(path), whyfor.loads_unverified(CONTRADICTED)):
        assert policy.may_use("a", purpose="x")
    with pytest.raises(PolicyError):
        whyfor.loads_unverified(BROKEN)


def test_source_lines_are_numbered_as_editors_number_them() -> None:
    text = "policy p\rcategory x\r\npurpose q\nuse x // a\x0c\r    for q"
    (reason,) = whyfor.loads(text).ask("use", "x", purpose="q").reasons
    assert (reason.line, reason.source) == (4, "use x // a\x0c\n    for q")
    assert str(reason).splitlines()[-1] == "  5 │     for q"


def test_every_mistake_is_told_with_its_place_and_help(tmp_path: Path) -> None:
    path = tmp_path / "broken.why"
    path.write_text(BROKEN + "use email for logn\n")
    with pytest.raises(PolicyError) as raised:
        whyfor.load(path)
    first, second = raised.value.diagnostics
    assert (first.file, first.line, first.column, first.code) == ("broken.why", 4, 5, "E0201")
    assert first.severity == "error"
    assert "`emial`" in first.message
    assert any("email" in line for line in first.help)
    assert second.line == 5
    shown = str(raised.value)
    assert "use emial for login" in shown
    assert "E0201" in shown
    assert isinstance(raised.value, ValueError)
    assert pickle.loads(pickle.dumps(raised.value)).diagnostics == (first, second)


def test_warnings_are_kept_with_the_policy() -> None:
    policy = whyfor.loads("policy p  tag t  category c  purpose u  use #t for u")
    (warning,) = policy.warnings
    assert (warning.severity, warning.code) == ("warning", "W0601")
    assert Policy.from_bytes(policy.to_bytes()).warnings == ()


def test_a_file_that_cannot_be_read_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as raised:
        whyfor.load(tmp_path / "nothing.why")
    assert raised.value.filename == str(tmp_path / "nothing.why")
    with pytest.raises(IsADirectoryError):
        whyfor.load(tmp_path)


def test_a_file_that_is_no_text_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "bad.why"
    path.write_bytes(b"policy p\n\xff\xfe")
    with pytest.raises(PolicyError, match="UTF-8"):
        whyfor.load(path)


def test_damaged_artifacts_say_what_is_wrong(shop: Policy, tmp_path: Path) -> None:
    whole = shop.to_bytes()
    other_version = whole[:8] + (99).to_bytes(4, "little") + whole[12:]
    for artifact, message in [
        (b"", "no whyfor artifact"),
        (b"nonsense", "no whyfor artifact"),
        (whole[:-1], "cut off"),
        (whole + b"x", "added to"),
        (whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:], "damaged"),
        (other_version, "format 99"),
    ]:
        with pytest.raises(ArtifactError, match=message):
            Policy.from_bytes(artifact)
    path = tmp_path / "cut.whyc"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ArtifactError, match="cut off"):
        whyfor.load(path)


@given(st.binary(max_size=200), st.integers(0, 10_000))
def test_hostile_bytes_are_an_error_or_the_policy(noise: bytes, at: int) -> None:
    artifact = _SHOP.to_bytes()
    at %= len(artifact)
    forged = artifact[:at] + noise + artifact[at + len(noise) :]
    with contextlib.suppress(ArtifactError):
        assert Policy.from_bytes(forged) == _SHOP


@given(st.text(max_size=60), st.integers(0, len(SHOP)))
def test_hostile_text_is_an_error_or_a_policy(noise: str, at: int) -> None:
    try:
        whyfor.loads(SHOP[:at] + noise + SHOP[at:])
    except PolicyError as error:
        assert error.diagnostics  # noqa: PT017 - either is fine
    except UnicodeEncodeError:
        assert any("\ud800" <= letter <= "\udfff" for letter in noise)


_SHOP = whyfor.loads(SHOP)


def test_a_pickle_is_the_artifact(shop: Policy) -> None:
    again = pickle.loads(pickle.dumps(shop))
    assert again == shop
    assert type(again) is Policy
    assert again.may_use("email", purpose="login")
    assert len(pickle.dumps(shop)) < len(shop.to_bytes()) + 200


def test_a_pickle_of_another_version_is_refused_clearly(shop: Policy) -> None:
    whole = shop.to_bytes()
    pickled = pickle.dumps(shop).replace(whole[:12], whole[:8] + (7).to_bytes(4, "little"))
    with pytest.raises(ArtifactError, match="format 7"):
        pickle.loads(pickled)


def test_a_copy_is_the_policy_itself(shop: Policy) -> None:
    assert copy.copy(shop) is shop
    assert copy.deepcopy([shop])[0] is shop


def test_a_subclass_stays_one() -> None:
    class Own(Policy):
        pass

    own = Own.from_bytes(_SHOP.to_bytes())
    assert type(own) is Own
    assert own == _SHOP


def test_a_policy_cannot_be_changed(shop: Policy) -> None:
    for name in ("name", "digest", "other", "may_use"):
        with pytest.raises(AttributeError):
            setattr(shop, name, "x")


def _answers(policy: Policy) -> list[bool]:
    return [policy.may_use(field, purpose="login") for field in ("email", "phone", "usage")]


def test_a_policy_ships_to_processes_that_start_afresh(shop: Policy) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as workers:
        answers = list(workers.map(_answers, [shop] * 4))
    assert answers == [_answers(shop)] * 4


def test_many_threads_ask_at_once(shop: Policy) -> None:
    wrong: list[object] = []

    def ask() -> None:
        facts = shop.facts(consent=True, age=20)
        for _ in range(2000):
            decision = shop.ask("use", "work_email", purpose="newsletter", facts=facts)
            if not decision or shop.may_use("usage", purpose="login"):
                wrong.append(decision)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_other_threads_run_while_a_policy_compiles() -> None:
    # If compiling held the interpreter, the other thread could not count meanwhile.
    statements = "\n".join(f"use c{i % 50} for u{i % 40}" for i in range(6000))
    names = " ".join(f"c{i}" for i in range(50)), " ".join(f"u{i}" for i in range(40))
    text = f"policy p  category c {{ {names[0]} }}  purpose u {{ {names[1]} }}\n{statements}"
    started, done = threading.Event(), threading.Event()
    counted = 0

    def count() -> None:
        nonlocal counted
        started.set()
        while not done.is_set():
            counted += 1

    thread = threading.Thread(target=count)
    thread.start()
    started.wait()
    before = counted
    whyfor.loads(text)
    after = counted
    done.set()
    thread.join()
    assert after > before


def test_a_million_calls_take_no_memory(shop: Policy) -> None:
    def ask(times: int) -> None:
        for _ in range(times):
            shop.may_use("email", purpose="login")
            shop.may_use("nothing", purpose="login")
            shop.may_use("email", purpose="newsletter", facts={"consent": True, "age": 3})
        for _ in range(times // 100):
            shop.ask("use", "emial", purpose="login")
            with pytest.raises(whyfor.UnknownNameError):
                shop.may_use("email", purpose="logn")

    ask(20_000)
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ask(400_000)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 4 << 10, f"{grown} KiB"


def test_a_policy_goes_when_nobody_has_it() -> None:
    policy = whyfor.loads(SHOP)
    watched = weakref.ref(policy)
    del policy
    gc.collect()
    assert watched() is None


def test_nothing_is_printed(tmp_path: Path) -> None:
    code = f"""
import whyfor
policy = whyfor.loads({SHOP!r})
policy.ask("use", "emial", purpose="login")
try:
    whyfor.loads({BROKEN!r})
except whyfor.PolicyError:
    pass
"""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=True
    )
    assert (run.stdout, run.stderr) == (b"", b"")


def test_nothing_but_the_wheel_is_imported() -> None:
    code = "import sys, whyfor; print(*{name.split('.')[0] for name in sys.modules})"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, env=_plain()
    )
    names = set(run.stdout.split())
    assert "whyfor" in names
    assert not names & {"pandas", "polars", "pyarrow", "numpy", "duckdb", "narwhals"}


def _plain() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("COV")}
