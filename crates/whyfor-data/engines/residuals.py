"""Compares conditions on rows with what the policy says of each row, in real engines.

Random policies, questions and rows, odd values included. `whyfor batch` answers for the facts of each row. Of a database,
`whyfor residual` writes the condition and the engine evaluates it over a table: the two must agree in all three values, and in
the masks. Of a library of frames, `Policy.apply` must show exactly the values that are allowed, under the same masks.

    python residuals.py WHYFOR [--policies N] [--rows N] [--seed N] [--engine NAME …]
"""

import argparse
import hashlib
import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from databases import DATABASES
from frames import FRAMES
from tables import Table

DECLARATIONS = """policy rows
category a { b c } category d
purpose marketing { news ads { banner } } purpose service { login } purpose crm also marketing
fact consent per purpose fact verified fact age: number fact region: one of eu, us, other, true
duty hash mask "sha-256-global" duty fixed mask "mask-to-fixed-value" duty tell
"""
CATEGORIES = ["a", "a.b", "a.c", "d"]
PURPOSES = ["marketing", "marketing.news", "marketing.ads", "marketing.ads.banner", "service", "service.login", "crm"]
TESTS = [
    "consent", "verified", "age >= 18", "age > 17.5", "age < 3", "age == 18", "age != 18", "age <= 0", "age >= 0",
    "age == 17.5", "region is eu", "region in (eu, us)", "region is not us", "region not in (other)",
]  # fmt: skip
FURTHER = ["region is true", "region in (true, us)"]  # a word that other types have too
ENGINES = DATABASES | FRAMES
NAMED = {"hash": "sha-256-global", "fixed": "mask-to-fixed-value"}


def condition(choose, depth=0, tests=TESTS):
    kind = choose.random()
    if depth < 3 and kind < 0.4:
        joint = choose.choice([" and ", " or "])
        return "(" + joint.join(condition(choose, depth + 1, tests) for _ in range(choose.randint(2, 3))) + ")"
    if depth < 3 and kind < 0.5:
        return "not " + condition(choose, 3, tests)
    return choose.choice(tests)


def policy(choose):
    statements = []
    for _ in range(choose.randint(2, 6)):
        data = ", ".join(choose.sample(CATEGORIES, choose.randint(1, 2)))
        purposes = ", ".join(choose.sample(PURPOSES, choose.randint(1, 3)))
        when = f" when {condition(choose, tests=TESTS + FURTHER)}" if choose.random() < 0.8 else ""
        duties = choose.choice(["", " then hash", " then fixed", " then tell", " then hash, tell"])
        kind = choose.random()
        if kind < 0.75:
            statements.append(f"use {data} for {purposes}{when}{duties}")
        elif kind < 0.9:
            statements.append(f"never use {data} for {purposes}{when}")
        else:
            statements.append(f"require {choose.choice(['hash', 'fixed'])} to use {data} for {purposes}{when}")
    return DECLARATIONS + "\n".join(statements) + "\n"


def lines(command, text):
    done = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8")
    if done.stderr or done.returncode not in (0, 1):
        sys.exit(f"{command}: {done.stderr}")
    return done.stdout


def joined(masks):
    return "mask-to-fixed-value" if len(masks) > 1 else next(iter(masks), None)


@dataclass
class Case:
    """A policy, a question, and rows; `values` are what the question is about."""

    path: Path
    text: str
    table: Table
    field: str
    purpose: str
    values: range


def random_case(choose, engine, folder, rows):
    path, text = Path(folder) / "rows.why", policy(choose)
    path.write_text(text, encoding="utf-8")
    table = Table(choose, engine, rows, odd=True)
    return Case(path, text, table, choose.choice(CATEGORIES), choose.choice(PURPOSES), range(1, rows + 1))


def expected(whyfor, case):
    """Of each row, the answer and the mask that its duties are."""
    asked = [
        json.dumps({"act": "use", "field": case.field, "for": case.purpose, "facts": case.table.facts(row)})
        for row in case.table.rows
    ]
    each = list(dict.fromkeys(asked))
    answers = lines([whyfor, "batch", case.path, "--reasons", "none"], "\n".join(each)).splitlines()
    found = {}
    for question, answer in zip(each, map(json.loads, answers), strict=True):
        value = {"allow": True, "deny": False, "depends": None}[answer["decision"]]
        found[question] = value, joined({NAMED[duty] for duty in answer["duties"] if duty in NAMED})
    return [found[question] for question in asked]


def by_database(engine, whyfor, case):
    """Of each row, what the condition says, and the mask that is for it. A mask says nothing where nothing is shown."""
    residual = [whyfor, "residual", case.path, "use", case.field, "--for", case.purpose, *case.table.arguments()]
    written = json.loads(lines([*residual, "--dialect", engine.dialect, "--format", "json"], ""))
    expressions = [written["sql"], *(mask["unless_no"] for mask in written["masks"])]
    engine.load(case.table.columns, case.table.rows)
    results = ", ".join(f"{text} AS e{number}" for number, text in enumerate(expressions))
    for value, *unless, _ in engine.query(f"SELECT {results}, number FROM t ORDER BY number")[0]:
        masks = {mask["mask"] for mask, applies in zip(written["masks"], unless) if applies is not False}
        yield value, joined(masks)


def by_frame(engine, case):
    """Of each row, whether its value is shown, and the mask that made it."""
    shown = engine.shown(case)
    if shown is None:
        return [(False, None)] * len(case.values)
    return [seen(value, raw) for value, raw in zip(shown, case.values, strict=True)]


def seen(value, raw):
    if value is None or value == raw:
        return value is not None, None
    if value == 0:
        return True, "mask-to-fixed-value"
    digest = hashlib.sha256(raw.to_bytes(8, "little", signed=True)).digest()
    is_hash = value == int.from_bytes(digest[:8], "little", signed=True)
    return True, "sha-256-global" if is_hash else f"of its own: {value}"


def compare(engine, whyfor, case):
    """How many rows are allowed, and what is wrong."""
    is_database = hasattr(engine, "dialect")
    found = by_database(engine, whyfor, case) if is_database else by_frame(engine, case)
    wrong, allowed = [], 0
    for row, got, (value, mask) in zip(case.table.rows, found, expected(whyfor, case), strict=True):
        allowed += value is True
        if is_database:
            is_right = got[0] is value and (value is False or got[1] == mask)
        else:
            is_right = got == ((True, mask) if value is True else (False, None))
        if not is_right:
            wrong.append((case.field, case.purpose, case.table.columns, row, (value, mask), got, case.text))
    return allowed, wrong


@dataclass
class Outcome:
    """What the comparison in one engine found."""

    rows: int
    allowed: int
    wrong: int
    examples: list
    seconds: float


DONE = None
"""How many policies are compared, in all processes."""


def share(done):
    global DONE
    DONE = done


def compare_all(name, arguments):
    choose = random.Random(arguments.seed)
    started = time.monotonic()
    outcome = Outcome(0, 0, 0, [], 0)
    with tempfile.TemporaryDirectory() as folder:
        engine = ENGINES[name](folder)
        try:
            for _ in range(arguments.policies):
                case = random_case(choose, engine, folder, arguments.rows)
                allowed, wrong = compare(engine, arguments.whyfor, case)
                outcome.rows += arguments.rows
                outcome.allowed += allowed
                outcome.wrong += len(wrong)
                outcome.examples += wrong[: 3 - len(outcome.examples)]
                with DONE.get_lock():
                    DONE.value += 1
        finally:
            engine.close()
    outcome.seconds = time.monotonic() - started
    return outcome


def outcomes(futures, done, total):
    """Each name and outcome when there is one; on a terminal, how many policies are compared until then."""
    pending = set(futures)
    while pending:
        ended, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
        if sys.stderr.isatty():
            shown = f"\r{done.value} of {total} policies" if pending and not ended else "\r\033[K"
            print(shown, end="", file=sys.stderr, flush=True)
        yield from ((futures[future], future.result()) for future in ended)


def report(name, outcome, policies):
    """Says what was found in an engine. Whether it is as it must be."""
    told = f"{outcome.rows} rows of {policies} policies, {outcome.allowed} allowed, {outcome.wrong} wrong"
    print(f"{name}: {told}, {outcome.seconds:.0f} s", flush=True)
    for case in outcome.examples:
        print(*case, sep="\n  ")
    return outcome.wrong == 0 and outcome.allowed > 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("whyfor", help="the command")
    parser.add_argument("--policies", type=int, default=60)
    parser.add_argument("--rows", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=list(ENGINES), action="append")
    arguments = parser.parse_args()
    names = arguments.engine or list(ENGINES)
    processes = multiprocessing.get_context("spawn")
    done = processes.Value("q", 0)
    are_right = []
    with ProcessPoolExecutor(os.cpu_count(), processes, share, (done,)) as pool:
        futures = {pool.submit(compare_all, name, arguments): name for name in names}
        try:
            for name, outcome in outcomes(futures, done, arguments.policies * len(names)):
                are_right.append(report(name, outcome, arguments.policies))
        finally:
            pool.shutdown(cancel_futures=True)
    sys.exit(not all(are_right))


if __name__ == "__main__":
    main()
