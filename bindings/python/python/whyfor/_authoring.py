"""The commands `check`, `lint`, `diff`, `test` and `compile` for whole policies, with results as data."""

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
    """All diagnostics of a policy: errors, warnings, and failed expectations.

    The policy is fine if none of them is an `error`. Raises an `OSError` if the file cannot be read, and
    `ArtifactError` for a damaged artifact.
    """
    return diagnostics(_core.check(path))


def lint(path: PolicyPath, *, sensitive: Iterable[str] | None = None) -> tuple[Diagnostic, ...]:
    """What the author of a policy likely did not mean: findings with the codes W07….

    `sensitive` replaces the tags that mark sensitive data, `sensitive` and `special`. Raises `PolicyError` if
    the policy does not compile. Takes up to a few times as long as compiling.
    """
    return diagnostics(_core.findings(path, None if sensitive is None else list(sensitive)))


def compile(path: PolicyPath, output: PolicyPath) -> Policy:
    """Compiles a policy and writes the artifact, as `whyfor compile` does. Returns the policy.

    Raises `PolicyError` for errors and failed expectations; then nothing is written.
    """
    return Policy(_core.write(path, output))


@dataclass(frozen=True, slots=True)
class Answer:
    """A policy's answer to the questions of a change, for any facts."""

    verdict: Verdict
    condition: str
    """The facts under which it is allowed; empty if it does not depend on facts."""
    duties: str
    """Its duties, and the facts under which they apply."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A statement that caused a change."""

    kind: str
    """What happened to the statement: `added`, `removed` and so on."""
    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """Questions whose answers changed in the same way: every combination of its names."""

    kind: str
    """The kind of change: `allowed`, `denied` and so on."""
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
    with_use: bool
    """Using the data changed in the same way: it is one of these questions too."""


@dataclass(frozen=True, slots=True)
class NameChange:
    """A name that appeared, disappeared, or means something else."""

    of: str
    """The kind of name: `category`, `purpose` and so on."""
    name: str
    kind: str
    text: str
    """A sentence."""


@dataclass(frozen=True, slots=True)
class WordingChange:
    """A label, a title or another text that readers of the policy see, and that changed."""

    of: str
    """Whose text it is: `category`, `section`, `policy` and so on."""
    name: str
    part: str
    """Which text: `label`, `open`, `title`, `because` and so on."""
    before: str
    after: str
    text: str
    """A sentence."""


@dataclass(frozen=True, slots=True)
class Diff:
    """The changes between two policies. True if there are any."""

    more_permissive: bool
    """Whether something is allowed that was not, with fewer duties, for longer, on fewer bases."""
    changes: tuple[Change, ...]
    """The most severe first."""
    names: tuple[NameChange, ...]
    wording: tuple[WordingChange, ...]

    def __bool__(self) -> bool:
        return bool(self.changes or self.names or self.wording)


def diff(old: PolicyPath, new: PolicyPath) -> Diff:
    """Every decision that changed between two policies, and the statements that changed it.

    Raises `PolicyError` if one of them does not compile, and `ValueError` for an artifact, which cannot be
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
        tuple(WordingChange(**change) for change in found["wording"]),
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
        with_use=change["with_use"],
    )


def _answer(answer: Mapping[str, Any]) -> Answer:
    return Answer(Verdict(answer["decision"]), answer["condition"], answer["duties"])


TestOutcome = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class TestResult:
    """The result of one question of a test file."""

    __test__ = False  # not a pytest test

    file: str
    name: str
    question: str
    outcome: TestOutcome
    differences: tuple[str, ...]
    """The differences if it failed, one per line."""
    reasons: tuple[str, ...]
    """The reasons for the answer if it failed; why it was skipped if it was."""


@dataclass(frozen=True, slots=True)
class CoveredStatement:
    """A statement of a policy, and what covers it."""

    policy: str
    file: str
    line: int
    text: str
    noticed_by: str | None
    """The test or expectation that would fail without it; None if none would."""


@dataclass(frozen=True, slots=True)
class TestReport:
    """The results of test files. True if no test and no expectation failed."""

    __test__ = False  # not a pytest test

    results: tuple[TestResult, ...]
    expectations: tuple[Diagnostic, ...]
    """The failed expectations of the policies."""
    statements: tuple[CoveredStatement, ...]
    """The statements of all policies, if coverage was requested."""

    def __bool__(self) -> bool:
        return not self.expectations and all(r.outcome != "failed" for r in self.results)

    @property
    def coverage(self) -> float | None:
        """The percentage of covered statements; None if coverage was not requested."""
        if not self.statements:
            return None
        noticed = sum(statement.noticed_by is not None for statement in self.statements)
        return 100 * noticed / len(self.statements)


def test(
    files: PolicyPath | Iterable[PolicyPath], *, filter: str = "", coverage: bool = False
) -> TestReport:
    """Runs test files and returns the result of each question.

    `filter` selects the tests whose names contain it. Raises `ValueError` for an invalid test file, and
    `PolicyError` for a policy that does not compile.
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
