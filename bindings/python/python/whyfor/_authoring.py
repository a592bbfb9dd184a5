"""What an author asks of whole policies, as data: the commands `check`, `lint`, `diff`, `test` and `compile`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from . import _core
from ._decision import Act, Verdict
from ._errors import Diagnostic, diagnostics
from ._policy import Policy

PolicyPath = str | os.PathLike[str]


def check(path: PolicyPath) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with a policy: mistakes, warnings, and expectations that do not hold.

    It is fine if nothing in it is an `error`. Raises an `OSError` if the file cannot be read, and
    `ArtifactError` for an artifact that is damaged.
    """
    return diagnostics(_core.check(path))


def lint(path: PolicyPath, *, sensitive: Iterable[str] | None = None) -> tuple[Diagnostic, ...]:
    """What a policy says that its author likely did not mean: findings with the codes W07….

    `sensitive` are the tags that mark sensitive data, in place of `sensitive` and `special`. Raises
    `PolicyError` if the policy does not compile. It takes up to a few times as long as compiling.
    """
    return diagnostics(_core.findings(path, None if sensitive is None else list(sensitive)))


def compile(path: PolicyPath, output: PolicyPath) -> Policy:
    """Compiles a policy and writes the artifact, as `whyfor compile` does. Gives the policy.

    Raises `PolicyError` for mistakes, and for expectations that do not hold; nothing is written then.
    """
    return Policy(_core.write(path, output))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a policy answers to the questions of a change, for any facts."""

    verdict: Verdict
    condition: str
    """Under which facts it is allowed; empty if it does not depend on them."""
    duties: str
    """The duties that come with it, and under which facts."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A statement that made a change."""

    kind: str
    """What became of the statement: `added`, `removed` and so on."""
    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """Questions whose answers changed alike: every combination of its names."""

    kind: str
    """In which way: `allowed`, `denied` and so on."""
    text: str
    """A sentence."""
    more_permissive: bool
    act: Act
    categories: tuple[str, ...]
    """Paths of categories and names of fields."""
    parties: tuple[str, ...]
    """The methods or recipients; `use` has none."""
    purposes: tuple[str, ...]
    before: Answer
    after: Answer
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class NameChange:
    """A name that appeared, vanished, or means something else."""

    of: str
    """What it is a name of: `category`, `purpose` and so on."""
    name: str
    kind: str
    text: str
    """A sentence."""


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed between two policies. It is true if something did."""

    more_permissive: bool
    """Whether something is allowed that was not, with fewer duties, or for longer."""
    changes: tuple[Change, ...]
    """The gravest first."""
    names: tuple[NameChange, ...]

    def __bool__(self) -> bool:
        return bool(self.changes or self.names)


def diff(old: PolicyPath, new: PolicyPath) -> Diff:
    """Every decision that changed between two policies, and the statements that did it.

    Raises `PolicyError` if one of them does not compile, and `ValueError` for an artifact, which has not what is
    compared.
    """
    found = json.loads(_core.difference(old, new))
    return Diff(
        found["more_permissive"],
        tuple(map(_change, found["changes"])),
        tuple(
            NameChange(name["of"], name["name"], name["kind"], name["text"])
            for name in found["names"]
        ),
    )


def _change(change: Mapping[str, Any]) -> Change:
    parties = change.get("methods") or change.get("recipients") or {"all": ()}
    return Change(
        kind=change["kind"],
        text=change["text"],
        more_permissive=change["more_permissive"],
        act=change["act"],
        categories=tuple(change["categories"]["all"]),
        parties=tuple(parties["all"]),
        purposes=tuple(change["purposes"]["all"]),
        before=_answer(change["before"]),
        after=_answer(change["after"]),
        causes=tuple(
            Cause(cause["kind"], cause["file"], cause["line"], cause["text"])
            for cause in change["causes"]
        ),
    )


def _answer(answer: Mapping[str, Any]) -> Answer:
    return Answer(Verdict(answer["decision"]), answer["condition"], answer["duties"])


TestOutcome = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class TestResult:
    """What came of one question of a file of tests."""

    __test__ = False  # no test of pytest's

    file: str
    name: str
    question: str
    outcome: TestOutcome
    differences: tuple[str, ...]
    """If it failed: what differs, a line each."""
    reasons: tuple[str, ...]
    """If it failed: why the answer is what it is; if it was skipped, why."""


@dataclass(frozen=True, slots=True)
class CoveredStatement:
    """A statement of a policy, and who would miss it."""

    policy: str
    file: str
    line: int
    text: str
    noticed_by: str | None
    """The test or expectation that would fail without it; none if nobody would miss it."""


@dataclass(frozen=True, slots=True)
class TestReport:
    """What came of files of tests. It is true if no test and no expectation failed."""

    __test__ = False  # no test of pytest's

    results: tuple[TestResult, ...]
    expectations: tuple[Diagnostic, ...]
    """The expectations of the policies that do not hold."""
    statements: tuple[CoveredStatement, ...]
    """Of all policies, if coverage was asked for."""

    def __bool__(self) -> bool:
        return not self.expectations and all(r.outcome != "failed" for r in self.results)

    @property
    def coverage(self) -> float | None:
        """The percentage of statements that somebody would miss; none if it was not asked for."""
        if not self.statements:
            return None
        noticed = sum(statement.noticed_by is not None for statement in self.statements)
        return 100 * noticed / len(self.statements)


def test(
    files: PolicyPath | Iterable[PolicyPath], *, filter: str = "", coverage: bool = False
) -> TestReport:
    """Runs files of tests, and says what came of each question.

    `filter` is a text that a test must have in its name. Raises `ValueError` for a file that is no file of
    tests, and `PolicyError` for a policy that does not compile.
    """
    paths = [files] if isinstance(files, str | os.PathLike) else list(files)
    text, failures = _core.tested(paths, filter, coverage)
    found = json.loads(text)
    results = (
        TestResult(
            file=file["file"],
            name=test["name"],
            question=test["question"],
            outcome=cast(TestOutcome, test["outcome"]),
            differences=tuple(test.get("differences", ())),
            reasons=tuple(test.get("reasons", (test["reason"],) if "reason" in test else ())),
        )
        for file in found["files"]
        for test in file["tests"]
    )
    statements = (
        CoveredStatement(
            cover["policy"],
            statement["file"],
            statement["line"],
            statement["text"],
            statement["noticed_by"],
        )
        for cover in found["coverage"]
        for statement in cover["statements"]
    )
    return TestReport(tuple(results), diagnostics(failures), tuple(statements))
