"""Compares restrictions of Iceberg with what the policy says of each row.

Random policies and rows. `whyfor view --format iceberg` writes the restrictions; the filter is evaluated here, as a reader
may: with NULL before all values or equal to none, with -0 before 0 or equal to it, and with NaN after all numbers or beside
them. It must keep exactly the rows of which `whyfor batch` allows every shown cell, and each mask must hide what a row's masks
hide.

    python restrictions.py WHYFOR [--policies N] [--seed N]
"""

import argparse
import json
import math
import random
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from residuals import PURPOSES, condition, lines
from tables import Table
from views import DUTIES, OTHERS, join

TYPES = {"DOUBLE": "double", "FLOAT": "float", "BIGINT": "long", "INTEGER": "int", "DECIMAL(9,2)": "decimal(9,2)"}
AGES = {
    "INTEGER": [None, 17, 18, 19, 0, -1, 3, 2, 2**31 - 1, -(2**31)],
    "DECIMAL(9,2)": [None, 17.5, 17.51, 17.49, 18.0, 0.0, -0.01, 0.01, 3.0, 2.99],
}


class Reader:
    """What the tables of facts are made for: only types that a filter can test."""

    ages, flags, regions = ["DOUBLE", "FLOAT", "BIGINT"], ["BOOLEAN"], ["VARCHAR"]


def less(one, other, strict_zero):
    """Whether a number is before another one; NaN is after all."""
    if math.isnan(one) or math.isnan(other):
        return math.isnan(other) and not math.isnan(one)
    if strict_zero and one == other == 0:
        return math.copysign(1, one) < math.copysign(1, other)
    return one < other


def literal(value, kind):
    if kind.startswith("decimal"):
        return float(value)
    if kind == "float":
        return struct.unpack("f", struct.pack("f", value))[0]
    return value


def holds(test, row, strange):
    """Whether a row meets a predicate. A strange reader orders NULL and -0 before all that is after them."""
    if isinstance(test, bool):
        return test
    word = test["type"]
    if word in ("and", "or"):
        return (all if word == "and" else any)(holds(test[side], row, strange) for side in ("left", "right"))
    place = test.get("child") or test["left"]
    assert place["type"] == "reference"
    value = row[place["id"]]
    if word in ("is-null", "not-null"):
        return (value is None) == (word == "is-null")
    if word == "not-nan":
        return value is None or not math.isnan(value)
    if word == "in":
        assert test["values"]["type"] == "literals" and test["values"]["data-type"] == "string"
        return value in test["values"]["values"]
    assert test["right"]["type"] == "literal"
    other = literal(test["right"]["value"], test["right"]["data-type"])
    if value is None:
        return strange and word in ("lt", "lt-eq")
    if word == "eq":
        return value is other
    before, after = less(value, other, strange), less(other, value, strange)
    return {"lt": before, "lt-eq": not after, "gt": after, "gt-eq": not before}[word]


def policy(choose):
    duties = " ".join(f'duty {name} mask "{mask}"' for name, mask in DUTIES.items())
    statements = [
        "policy views category a category b category c category fact_column", duties, "duty tell",
        "purpose marketing { news ads { banner } } purpose service { login } purpose crm also marketing",
        "fact consent per purpose fact verified fact age: number fact region: one of eu, us, other, true",
        "use fact_column for marketing, service, crm",
    ]  # fmt: skip

    def test():
        return condition(choose, choose.choice([0, 3, 3]))  # many are one test alone

    for column in choose.choice([["a"], ["a"], ["a", "b"], ["a", "a", "b", "c"]]):
        purposes = ", ".join(choose.sample(PURPOSES, choose.randint(2, 5)))
        owed = choose.sample([*OTHERS, "hash", "shape", "first", "last", "tell"], choose.choice([0, 1, 2]))
        then = f" then {', '.join(owed)}" if owed else ""
        statements.append(f"use {column} for {purposes} when {test()}{then}")
        if choose.random() < 0.3:
            statements.append(f"require hash to use {column} for {purposes} when {test()}")
        if choose.random() < 0.3:
            statements.append(f"never use {column} for {purposes} when {test()}")
    return "\n".join(statements) + "\n"


def table(choose, size):
    """Facts in columns of types that can be tested, each with the id of its field."""
    facts = Table(choose, Reader, size)
    while not facts.each:
        facts = Table(choose, Reader, size)
    kind = choose.choice([facts.kinds["age"], *AGES])
    if kind in AGES:
        facts.kinds["age"] = kind
        facts.rows = [(choose.choice(AGES[kind]), *row[1:]) for row in facts.rows]
        facts.columns[0] = ("age", kind)
    return facts


def compare(whyfor, choose, folder, size):
    """What is wrong with the restrictions for a purpose, and how many rows they keep."""
    folder = Path(folder)
    (folder / "i.why").write_text(policy(choose), encoding="utf-8")
    facts, purpose = table(choose, size), choose.choice(PURPOSES)
    kinds = {"VARCHAR": "string", "BOOLEAN": "boolean"} | TYPES
    described = {name: {"is": name, "type": "string", "id": number} for number, name in enumerate("abc")}
    for number, (name, kind) in enumerate(facts.columns):
        described[name] = {"is": "fact_column", "type": kinds[kind], "id": 10 + number}
    holding = dict(argument.split("=", 1) for argument in facts.arguments()[1::2])
    tables = {"t": {"columns": described, "facts": holding}}
    (folder / "i.yaml").write_text(json.dumps({"tables": tables}), encoding="utf-8")
    command = [whyfor, "view", folder / "i.why", "--dataset", folder / "i.yaml", "--table", "t", "--for", purpose]
    written = subprocess.run([*command, "--format", "iceberg"], capture_output=True, text=True, encoding="utf-8")
    if written.returncode == 1:
        return [], 0  # nothing is shown
    if written.returncode != 0:
        sys.exit(f"{command}: {written.stderr}")
    restrictions = json.loads(written.stdout)
    shown = [name for name in re.findall(r' AS "(\w+)",?\n', lines(command, "")) if name in "abc"]
    asked = [
        {"act": "use", "field": column, "for": purpose, "facts": facts.facts(row)} for row in facts.rows for column in shown
    ]
    answers = iter(lines([whyfor, "batch", folder / "i.why", "--reasons", "none"], "\n".join(map(json.dumps, asked))).splitlines())
    actions = {entry["field-id"]: entry["action"] for entry in restrictions.get("required-column-projections", [])}
    wrong = [f"`{name}` is not hidden" for name in set("abc") - set(shown) if actions.get("abc".index(name)) != "replace-with-null"]
    kept = 0
    for row in facts.rows:
        allowed = True
        for column in shown:
            answer = json.loads(next(answers))
            allowed &= answer["decision"] == "allow"
            action = actions.get("abc".index(column))
            for mask in (DUTIES[duty] for duty in answer["duties"] if duty in DUTIES):
                if answer["decision"] == "allow" and (action is None or join(action, mask) != action):
                    wrong.append(f"`{column}` has {action}, and a row {mask}")
        values = {10 + number: value for number, value in enumerate(row)}
        for strange in (False, True):
            found = holds(restrictions.get("required-row-filter", True), values, strange)
            if found != allowed:
                wrong.append(f"{row}: {found}, and {allowed} expected: {json.dumps(restrictions)}")
        kept += allowed
    return wrong, kept


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("whyfor", help="the command")
    parser.add_argument("--policies", type=int, default=40)
    parser.add_argument("--rows", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    choose = random.Random(arguments.seed)
    kept, wrong = 0, []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(arguments.policies):
            found, rows = compare(arguments.whyfor, choose, folder, arguments.rows)
            kept += rows
            wrong += [(problem, (Path(folder) / "i.why").read_text()) for problem in found]
    total = arguments.policies * arguments.rows
    print(f"iceberg: {total} rows of {arguments.policies} policies, {kept} kept, {len(wrong)} wrong")
    for problem in wrong[:3]:
        print(*problem, sep="\n  ")
    sys.exit(bool(wrong) or kept == 0)


if __name__ == "__main__":
    main()
