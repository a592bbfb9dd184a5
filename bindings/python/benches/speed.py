"""What whyfor costs in Python, beside what one would use instead: the table of README.md.

Run by `cargo xtask bench`, or `python benches/speed.py [--write README.md]` where the packages of
`requirements-bench.txt` are installed. Every answer is compared before anything is timed.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import casbin
import cedarpy
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import row_facts
import whyfor
from timing import best, per_call, same, shown

ROOT = Path(__file__).parents[3]
ROWS = 1_000_000
PURPOSES = ["login", "registration", "billing", "research", "audit", "feedback", "payment", "fraud"]


class CasbinAdapter(casbin.persist.Adapter):
    """Rules from memory."""

    def __init__(self, rules: list[tuple[str, str]]) -> None:
        self.rules = rules

    def load_policy(self, model: Any) -> None:
        for field, purpose in self.rules:
            casbin.persist.load_policy_line(f"p, {field}, {purpose}", model)


CASBIN = """
[request_definition]
r = field, purpose
[policy_definition]
p = field, purpose
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.field == p.field && r.purpose == p.purpose
"""


def scalar(policy: whyfor.Policy, lines: list[tuple[str, str, str]]) -> None:
    fields = [node.path.rsplit(".")[-1] for node in policy.categories]
    fields = [name for name in fields if policy.categories_of(name)]
    allowed = {f: frozenset(p for p in PURPOSES if policy.may_use(f, purpose=p)) for f in fields}

    def by_dict(field: str, purpose: str) -> bool:
        found = allowed.get(field)
        return found is not None and purpose in found

    rules = [(f, p) for f in fields for p in PURPOSES if p in allowed[f]]

    def permit(field: str) -> str:
        purposes = ", ".join(f'"{purpose}"' for purpose in PURPOSES if purpose in allowed[field])
        return (
            f'permit(principal, action == Action::"use", resource == Field::"{field}") '
            f"when {{ [{purposes}].contains(context.purpose) }};"
        )

    text = "\n".join(permit(field) for field in fields if allowed[field])
    cedar = cedarpy.PolicySet.from_str(text) if hasattr(cedarpy, "PolicySet") else text

    def by_cedar(field: str, purpose: str) -> bool:
        request = {
            "principal": 'User::"x"',
            "action": 'Action::"use"',
            "resource": f'Field::"{field}"',
            "context": {"purpose": purpose},
        }
        return bool(cedarpy.is_authorized(request, cedar, []).allowed)

    model = casbin.Model()
    model.load_model_from_text(CASBIN)
    enforcer = casbin.Enforcer(model, CasbinAdapter(rules))
    chosen = random.Random(1)
    questions = [(chosen.choice(fields), chosen.choice(PURPOSES)) for _ in range(1000)]
    for field, purpose in questions:
        expected = policy.may_use(field, purpose=purpose)
        same("the dict", by_dict(field, purpose), expected)
        same("cedarpy", by_cedar(field, purpose), expected)
        same("casbin", bool(enforcer.enforce(field, purpose)), expected)

    may_use = policy.may_use

    def ask_whyfor() -> None:
        for field, purpose in questions:
            may_use(field, purpose=purpose)

    def ask_dict() -> None:
        for field, purpose in questions:
            by_dict(field, purpose)

    ours, dicts = per_call(ask_whyfor, 1000), per_call(ask_dict, 1000)
    few = questions[:20]
    cedars = per_call(lambda: [by_cedar(f, p) for f, p in few], len(few))
    casbins = per_call(lambda: [enforcer.enforce(f, p) for f, p in few], len(few))
    lines.append(("`may_use`", shown(ours), ""))
    lines.append(("a dict of frozensets in a function", shown(dicts), f"{dicts / ours:.2f}×"))
    lines.append(("cedarpy", shown(cedars), f"{cedars / ours:,.0f}×"))
    lines.append(("casbin", shown(casbins), f"{casbins / ours:,.0f}×"))


def rows(policy: whyfor.Policy, lines: list[tuple[str, str, str]]) -> None:
    fields = [node.path for node in policy.categories]
    chosen = random.Random(2)
    data = {
        "field": [chosen.choice(fields) for _ in range(ROWS)],
        "purpose": [chosen.choice(PURPOSES) for _ in range(ROWS)],
    }
    table = pa.table(data)
    polars, pandas = pl.DataFrame(table), table.to_pandas()
    coded = polars.with_columns(pl.all().cast(pl.Categorical))
    categories = pandas.astype("category")
    dictionaries = pa.table(
        {name: table[name].combine_chunks().dictionary_encode() for name in data}
    )
    allowed = [field for field, _ in policy.pairs(purpose="login", fields=fields)]
    pairs = pl.DataFrame(policy.pairs(purpose=PURPOSES, fields=fields))
    of_pandas = pairs.to_pandas().assign(allowed=True)

    def join_polars() -> pl.DataFrame:
        return polars.join(pairs, on=["field", "purpose"], how="semi")

    def merge_pandas() -> pd.DataFrame:
        return pandas.merge(of_pandas, on=["field", "purpose"], how="left")

    duck = duckdb.connect()
    duck.register("t", table)
    duck.register("pairs", pairs.to_arrow())
    query = "SELECT count(*) FROM t SEMI JOIN pairs USING (field, purpose)"

    mask = pl.Series(policy.decide(field=data["field"], purpose=data["purpose"]))
    kept = int(mask.sum())
    for frame in (polars, coded, pandas, categories, table, dictionaries):
        answers = policy.decide(field=frame["field"], purpose=frame["purpose"])
        same(
            "decide",
            pl.Series(pa.array(answers) if isinstance(answers, pd.Series) else answers),
            mask,
        )
    same("merge", pl.Series(merge_pandas()["allowed"].notna().to_numpy()), mask)
    same("semi-join", join_polars(), polars.filter(mask))
    same("DuckDB", duck.sql(query).fetchall()[0][0], kept)
    of_login = policy.decide(field=polars["field"], purpose="login")
    same("is_in", polars["field"].is_in(allowed), of_login)
    same("is_in", coded["field"].is_in(allowed), of_login)

    def decide(frame: Any) -> Callable[[], Any]:
        return lambda: policy.decide(field=frame["field"], purpose=frame["purpose"])

    measured = [
        ("`decide`, polars strings", decide(polars)),
        ("`decide`, pandas strings", decide(pandas)),
        ("`decide`, Arrow dictionaries", decide(dictionaries)),
        ("`decide`, polars categoricals", decide(coded)),
        ("`decide`, pandas categoricals", decide(categories)),
        (
            "`decide`, polars strings, one purpose",
            lambda: policy.decide(field=polars["field"], purpose="login"),
        ),
        ("polars `is_in` of one column of strings", lambda: polars["field"].is_in(allowed)),
        ("polars `is_in` of one categorical column", lambda: coded["field"].is_in(allowed)),
        ("polars semi-join", join_polars),
        ("pandas `merge`", merge_pandas),
        ("DuckDB semi-join", lambda: duck.sql(query).fetchall()),
    ]
    times = {name: best(work, 1.5) for name, work in measured}
    ours = times["`decide`, polars strings"]
    for name, seconds in times.items():
        lines.append((f"a million rows: {name}", shown(seconds), f"{seconds / ours:.2f}×"))

    ten = pa.chunked_array(dictionaries["field"].chunks * 10)
    purposes = pa.chunked_array(dictionaries["purpose"].chunks * 10)
    strings = [pa.chunked_array(table[name].chunks * 10) for name in ("field", "purpose")]
    for fields_of, purposes_of in ((ten, purposes), strings):
        answers = policy.decide(field=fields_of, purpose=purposes_of)
        same("ten million", pl.Series(answers), pl.concat([mask] * 10))
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set[int]()
    lines.append(
        (
            f"ten million rows of dictionaries, {len(cores)} cores",
            shown(best(lambda: policy.decide(field=ten, purpose=purposes), 1.5)),
            "",
        )
    )
    every = best(lambda: policy.decide(field=strings[0], purpose=strings[1]), 1.5)
    lines.append((f"ten million rows of strings, {len(cores)} cores", shown(every), ""))
    if len(cores) > 1:
        os.sched_setaffinity(0, {min(cores)})
        one = best(lambda: policy.decide(field=strings[0], purpose=strings[1]), 1.5)
        os.sched_setaffinity(0, cores)
        lines.append(("the same on one core", shown(one), f"{one / every:.2f}× as long"))


def pairs(policy: whyfor.Policy, lines: list[tuple[str, str, str]]) -> None:
    """Two columns of plain strings, beside the least that polars does for them."""
    chosen = random.Random(3)
    for count in (4, 150):
        fields = [node.path for node in policy.categories][:count]
        of_field, of_purpose = (
            pl.Series([chosen.choice(names) for _ in range(ROWS)]) for names in (fields, PURPOSES)
        )
        ours = best(lambda of=of_field, p=of_purpose: policy.decide(field=of, purpose=p), 1.5)
        theirs = best(
            lambda of=of_field, p=of_purpose, some=fields[::2]: (
                of.is_in(some) & p.is_in(PURPOSES[::2])
            ),
            1.5,
        )
        lines.append((f"a million rows: `decide`, {len(fields)} distinct fields", shown(ours), ""))
        beside = f"{theirs / ours:.2f}×"
        lines.append(("polars `is_in` of both columns", shown(theirs), beside))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="the README whose table is replaced")
    arguments = parser.parse_args()
    policy = whyfor.load(ROOT / "policies" / "drun.why")
    lines: list[tuple[str, str, str]] = []
    print("questions one by one …", file=sys.stderr)
    scalar(policy, lines)
    print("columns …", file=sys.stderr)
    rows(policy, lines)
    pairs(policy, lines)
    print("facts in columns …", file=sys.stderr)
    row_facts.measure(lines)
    table = "| what | time | beside whyfor |\n|---|---:|---:|\n"
    table += "".join(f"| {what} | {time} | {ratio} |\n" for what, time, ratio in lines)
    print(table)
    if arguments.write is not None:
        text = arguments.write.read_text(encoding="utf-8")
        before, rest = text.split("<!-- speed:begin -->\n")
        _, after = rest.split("<!-- speed:end -->")
        text = f"{before}<!-- speed:begin -->\n{table}<!-- speed:end -->{after}"
        arguments.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
