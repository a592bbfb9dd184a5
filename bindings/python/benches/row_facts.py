"""Facts in columns: `decide` and `apply` on ten million rows, beside what one would write by hand.

`python benches/row_facts.py [ROWS]` prints these lines only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import whyfor
from timing import best, same, shown

POLICY = """
policy shop "Shop"
category email "Email address"
category spent "Money spent"
purpose newsletter
purpose research
fact consent per purpose
fact age: number
fact region: one of eu, us, other
use email, spent for newsletter when consent and age >= 16 and region in (eu, us)
use email for research when consent
"""
FACTS = {
    "consent": {"newsletter": whyfor.col("agreed")},
    "age": whyfor.col("age"),
    "region": whyfor.col("region"),
}
BY_HAND = "agreed AND age >= 16 AND region IN ('eu', 'us')"


def frame(rows: int) -> pl.DataFrame:
    """Rows in random order. About half of them are allowed."""
    chosen = np.random.default_rng(1)
    regions = np.array(["eu", "us", "other"])
    return pl.DataFrame(
        {
            "email": pl.Series(chosen.integers(0, 10**6, rows)).cast(pl.String) + "@example.org",
            "spent": chosen.integers(0, 10**5, rows),
            "agreed": chosen.random(rows) < 0.7,
            "age": chosen.integers(10, 90, rows),
            "region": regions[chosen.integers(0, 3, rows)],
        }
    )


def measure(lines: list[tuple[str, str, str]], rows: int = 10_000_000) -> None:
    """Appends a line for each pair: ours, and how much of its time the way by hand takes."""
    policy = whyfor.loads(POLICY)
    polars = frame(rows)
    condition = pl.col("agreed") & (pl.col("age") >= 16) & pl.col("region").is_in(["eu", "us"])
    hand = polars.select(condition.alias("answer"))["answer"]
    facts = {
        "consent": {"newsletter": polars["agreed"]},
        "age": polars["age"],
        "region": polars["region"],
    }
    answers = policy.decide(field="email", purpose="newsletter", facts=facts)
    same("decide with facts", pl.Series(answers), hand)

    def pair(what: str, ours: Callable[[], Any], other: str, by_hand: Callable[[], Any]) -> None:
        took, beside = best(ours, 3), best(by_hand, 3)
        lines.append((f"{what}", shown(took), ""))
        lines.append((f"{other}", shown(beside), f"{beside / took:.2f}×"))
        for line in lines[-2:]:
            print(*line, sep=" | ", file=sys.stderr)

    def apply(given: Any, **more: Any) -> Callable[[], Any]:
        return lambda: policy.apply(given, purpose="newsletter", facts=FACTS, **more).frame

    pair(
        "ten million rows with three facts: `decide`",
        lambda: policy.decide(field="email", purpose="newsletter", facts=facts),
        "a polars expression of the same condition",
        lambda: polars.select(condition),
    )
    names = pl.Series(["email", "spent"])[np.arange(rows) % 2]
    purposes = pl.Series(["newsletter", "research"])[np.arange(rows) // 2 % 2]
    pair(
        "the same, with the field and the purpose in columns",
        lambda: policy.decide(field=names, purpose=purposes, facts=facts),
        "polars `when` of each pair",
        lambda: polars.select(
            pl.when((names == "email") & (purposes == "research"))
            .then(pl.col("agreed"))
            .otherwise((purposes == "newsletter") & condition)
        ),
    )
    shown_columns = [
        pl.when(condition).then(pl.col(name)).alias(name) for name in ("email", "spent")
    ]
    same("apply", apply(polars)(), polars.select(shown_columns))
    pair(
        "`apply` to two columns, polars",
        apply(polars),
        "polars `when` for each column",
        lambda: polars.select(shown_columns),
    )
    lazy = polars.lazy()
    pair(
        "the same, lazy, rows dropped",
        lambda: apply(lazy, rows="drop")().collect(),
        "polars `filter`",
        lambda: lazy.filter(condition).select("email", "spent").collect(),
    )
    table = polars.to_arrow(compat_level=pl.CompatLevel.oldest())

    def by_arrow() -> Any:
        allowed = pc.and_(
            pc.and_(table["agreed"], pc.greater_equal(table["age"], 16)),
            pc.is_in(table["region"], pa.array(["eu", "us"], table["region"].type)),
        )
        return [pc.if_else(allowed, table[name], None) for name in ("email", "spent")]

    pair("the same, pyarrow", apply(table), "pyarrow `if_else` for each column", by_arrow)
    pandas = table.to_pandas()

    def by_pandas() -> pd.DataFrame:
        allowed = pandas["agreed"] & (pandas["age"] >= 16) & pandas["region"].isin(["eu", "us"])
        return pandas[["email", "spent"]].where(allowed)

    pair("the same, pandas", apply(pandas), "pandas `where`", by_pandas)
    duck = duckdb.connect()
    duck.register("people", table)
    relation = duck.sql("FROM people")
    cases = ", ".join(f"CASE WHEN {BY_HAND} THEN {name} END" for name in ("email", "spent"))

    def count(relation: Any) -> Any:
        return relation.aggregate("count(COLUMNS(*))").fetchall()

    same("DuckDB", count(apply(relation)()), count(relation.project(cases)))
    pair(
        "the same, DuckDB, counted",
        lambda: count(apply(relation)()),
        "DuckDB `CASE WHEN` for each column",
        lambda: count(relation.project(cases)),
    )


if __name__ == "__main__":
    measure([], int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
