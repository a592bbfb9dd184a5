"""The answers of Python beside those of the reference interpreter, and of the conformance cases."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import whyfor
from conftest import ROOT
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from worlds import policies

CASES = sorted((ROOT / "tests" / "conformance").glob("*/policy.why"))
POLICIES = [*CASES, ROOT / "policies" / "drun.why"]


def answer(policy: whyfor.Policy, asked: dict[str, Any]) -> dict[str, Any]:
    """What Python answers to a question in the form of `whyfor batch`."""
    party = {"method": asked.get("by"), "recipient": asked.get("with")}
    stated = asked.get("facts", {})
    decision = policy.ask(asked["act"], asked["field"], purpose=asked["for"], facts=stated, **party)
    # The ways to ask agree.
    given = {name: value for name, value in party.items() if value is not None}
    may = getattr(policy, f"may_{asked['act']}")
    facts = policy.facts(stated)
    assert may(asked["field"], purpose=asked["for"], facts=facts, **given) is bool(decision)
    if not stated:
        assert may(asked["field"], purpose=asked["for"], **given) is bool(decision)
    answer: dict[str, Any] = {
        "decision": decision.verdict.value,
        "duties": sorted(decision.duties),
        "retain_days": decision.retain_days,
    }
    terms = {
        "bases": list(decision.bases),
        "unbased": decision.unbased,
        "retain": [limit_of(limit) for limit in decision.retain],
        "retain_at_least": [limit_of(limit) for limit in decision.retain_at_least],
    }
    if asked["act"] == "collect":
        terms["optional"] = decision.optional
    if decision.verdict == "deny":
        assert not any(terms.values())
        return answer
    return answer | terms


def limit_of(limit: whyfor.Limit) -> dict[str, str]:
    """A limit in the form of `whyfor batch`."""
    assert limit.until is not None or limit.period is not None
    members = {"period": limit.period, "after": limit.after, "until": limit.until}
    return {name: value for name, value in members.items() if value is not None}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_conformance_cases_are_decided_as_expected(path: Path) -> None:
    policy = whyfor.load(path)
    again = whyfor.Policy.from_bytes(policy.to_bytes())
    questions = (path.parent / "questions.jsonl").read_text().splitlines()
    answers = (path.parent / "expected.jsonl").read_text().splitlines()
    assert len(questions) == len(answers) == 60
    for question, expected in zip(questions, answers, strict=True):
        asked, wanted = json.loads(question), json.loads(expected)
        found: dict[str, Any]
        try:
            found = answer(policy, asked)
        except whyfor.UnknownNameError:
            found = {"decision": "deny", "duties": [], "retain_days": None}
        else:
            assert answer(again, asked) == found
        assert found == wanted, question


@dataclass
class Reference:
    """The interpreter, which answers a line with a line."""

    process: subprocess.Popen[str]

    def ask(self, asked: dict[str, Any]) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def interpreter() -> str:
    """The interpreter's program."""
    # As the tests of the workspace have built it.
    command = "cargo build --quiet --workspace --all-features --example reference"
    command += " --message-format=json"
    built = subprocess.run(command.split(), cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    messages = [json.loads(line) for line in built.stdout.splitlines()]
    program: str = next(
        message["executable"]
        for message in messages
        if message["reason"] == "compiler-artifact" and message["target"]["name"] == "reference"
    )
    return program


@pytest.fixture(scope="module")
def references(interpreter: str) -> Iterator[dict[Path, Reference]]:
    """An interpreter for each policy."""
    running = {
        path: Reference(
            subprocess.Popen(
                [interpreter, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        )
        for path in POLICIES
    }
    yield running
    for reference in running.values():
        reference.process.communicate()


@cache
def load(path: Path) -> whyfor.Policy:
    return whyfor.load(path)


@st.composite
def questions(draw: st.DrawFn) -> tuple[Path, dict[str, Any]]:
    """A policy and a question about what it contains."""
    path = draw(st.sampled_from(POLICIES))
    return path, draw(questions_about(load(path)))


@st.composite
def questions_about(draw: st.DrawFn, policy: whyfor.Policy) -> dict[str, Any]:
    """A question about what a policy contains; the field may be anything."""

    def names(nodes: tuple[whyfor.Node, ...]) -> st.SearchStrategy[str]:
        return st.sampled_from([node.path for node in nodes])

    acts = ["use", "collect", "share"]
    asked: dict[str, Any] = {
        "act": draw(st.sampled_from(acts)),
        "field": draw(
            names(policy.categories)
            | names(policy.categories)
            | names(policy.categories).map(lambda name: name.rsplit(".", 1)[-1])
            | st.text(st.characters(codec="utf-8"), max_size=8)
        ),
        "for": draw(names(policy.purposes)),
        "facts": {},
    }
    if asked["act"] == "collect" and policy.methods and draw(st.booleans()):
        asked["by"] = draw(names(policy.methods))
    if asked["act"] == "share" and policy.recipients and draw(st.booleans()):
        asked["with"] = draw(names(policy.recipients))
    for fact in policy.declared_facts:
        values: dict[str, st.SearchStrategy[Any]] = {
            "yes_no": st.booleans(),
            "per_purpose": st.fixed_dictionaries(
                {
                    "yes": st.lists(names(policy.purposes), max_size=2),
                    "no": st.lists(names(policy.purposes), max_size=2),
                }
            ),
            "choice": st.sampled_from(fact.choices or ("",)),
            "number": st.sampled_from([b + d for b in fact.bounds or (0,) for d in (-1, 0, 1)])
            | st.floats(allow_nan=False, allow_infinity=False),
        }
        if draw(st.booleans()):
            asked["facts"][fact.name] = draw(values[fact.kind])
    return asked


@settings(
    max_examples=600,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(question=questions())
def test_random_questions_are_answered_as_the_language_says(
    references: dict[Path, Reference], question: tuple[Path, dict[str, Any]]
) -> None:
    path, asked = question
    assert answer(load(path), asked) == references[path].ask(asked)


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=policies(), data=st.data())
def test_random_policies_are_read_as_the_language_says(
    interpreter: str, tmp_path: Path, text: str, data: st.DataObject
) -> None:
    try:
        policy = whyfor.loads(text)
    except whyfor.PolicyError as error:
        # Only what is both required and optional can be wrong.
        assume({diagnostic.code for diagnostic in error.diagnostics} != {"E0215"})
        raise
    path = tmp_path / "world.why"
    path.write_text(text)
    asked = data.draw(st.lists(questions_about(policy), min_size=1, max_size=20))
    lines = "".join(json.dumps(question) + "\n" for question in asked)
    ran = subprocess.run(
        [interpreter, path], input=lines, capture_output=True, text=True, check=True
    )
    for question, line in zip(asked, ran.stdout.splitlines(), strict=True):
        assert answer(policy, question) == json.loads(line), f"{text}{question}"
