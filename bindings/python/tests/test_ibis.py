"""Tables of Ibis: `apply` gives an expression that its engine evaluates, and `select` and `filter` do so too.

In an environment of its own, since Ibis does not run with the current DuckDB.
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal

import pyarrow as pa
import pytest
import whyfor
from whyfor import col

ibis: Any = pytest.importorskip("ibis")

TEXT = """
policy shop "Shop"
category contact { email phone } category age category born category uid
purpose marketing { newsletter } purpose research
fact consent per purpose
fact age: number
fact region: one of eu, us
duty hash mask "sha-256-global"
duty last mask "show-last-4"
use email for newsletter when consent and age >= 18
use uid, age for newsletter
use email for research then hash
use phone for research when region is eu then last
"""
FACTS = {"age": col("age"), "consent": {"marketing": col("ok")}, "region": col("region")}
SECRET = "canary-1234567890"
DATA: dict[str, list[Any]] = {
    "uid": [1, 2, 2**53 + 1, 4],
    "email": ["a@b", SECRET, SECRET, None],
    "phone": ["555-1234", SECRET, SECRET, "1"],
    "age": [20, 17, None, 30],
    "ok": [True, True, True, None],
    "region": ["eu", "us", "EU", "eu"],
    'odd "name" `x`': ["1", "2", "3", "4"],
}


@pytest.fixture(scope="module")
def policy() -> whyfor.Policy:
    return whyfor.loads(TEXT)


@pytest.fixture
def table() -> Any:
    engine = ibis.duckdb.connect()
    engine.con.register("people", pa.table(DATA))
    return engine.table("people")


def rows_of(table: Any) -> list[dict[str, Any]]:
    return table.to_pyarrow().to_pylist()  # type: ignore[no-any-return]


def test_cells_of_rows_that_are_not_allowed_are_null(policy: whyfor.Policy, table: Any) -> None:
    applied = policy.apply(table, purpose="newsletter", facts=FACTS)
    assert isinstance(applied.frame, ibis.Table)
    assert applied.conditional == {"email": None}
    assert rows_of(applied.frame) == [
        {"uid": 1, "email": "a@b", "age": 20},
        {"uid": 2, "email": None, "age": 17},
        {"uid": 2**53 + 1, "email": None, "age": None},
        {"uid": 4, "email": None, "age": 30},
    ]


def test_rows_with_a_denied_cell_go_if_they_are_to(policy: whyfor.Policy, table: Any) -> None:
    applied = policy.apply(table, purpose="newsletter", facts=FACTS, rows="drop")
    assert rows_of(applied.frame) == [{"uid": 1, "email": "a@b", "age": 20}]


def test_masks_are_applied(policy: whyfor.Policy, table: Any) -> None:
    shown = rows_of(policy.apply(table, purpose="research", facts=FACTS).frame)
    digests = [text and hashlib.sha256(text.encode()).hexdigest() for text in DATA["email"]]
    assert [row["email"] for row in shown] == digests
    assert [row["phone"] for row in shown] == ["nnn-1234", None, None, "1"]


def test_what_is_shown_can_be_asked_further_and_shown_again(
    policy: whyfor.Policy, table: Any
) -> None:
    once = policy.apply(table, purpose="newsletter", facts=FACTS).frame
    frame = policy.apply(once.filter(once.uid < 3), purpose="newsletter").frame
    assert rows_of(frame.order_by("uid")) == [{"uid": 1, "age": 20}, {"uid": 2, "age": 17}]


def test_a_column_of_any_name_is_shown(table: Any) -> None:
    name = 'odd "name" `x`'
    text = "policy p category c purpose q fact ok use c for q when ok"
    applied = whyfor.loads(text).apply(
        table, purpose="q", facts={"ok": col("ok")}, mapping={name: "c"}
    )
    assert [row[name] for row in rows_of(applied.frame)] == ["1", "2", "3", None]


def test_a_list_of_categories_does_not_tell_what_is_hidden(policy: whyfor.Policy) -> None:
    engine = ibis.duckdb.connect()
    engine.con.execute(f"CREATE TYPE mails AS ENUM ('{SECRET}', 'open')")
    engine.con.execute(
        f"CREATE TABLE people AS SELECT unnest(['{SECRET}', 'open'])::mails AS email"
    )
    engine.con.execute("ALTER TABLE people ADD COLUMN agreed BOOLEAN")
    engine.con.execute("UPDATE people SET agreed = email = 'open'")
    facts = {"age": 20, "consent": {"marketing": col("agreed")}}
    shown = policy.apply(engine.table("people"), purpose="newsletter", facts=facts).frame
    (kind,) = engine.con.sql(ibis.to_sql(shown)).types
    assert str(kind) == "VARCHAR"
    assert [row["email"] for row in rows_of(shown)] == [None, "open"]


def test_an_engine_without_a_dialect_is_refused(policy: whyfor.Policy) -> None:
    engine = ibis.sqlite.connect()
    engine.raw_sql("CREATE TABLE people (uid INTEGER)")
    with pytest.raises(TypeError, match="DuckDB, PostgreSQL and Spark, not in sqlite"):
        policy.apply(engine.table("people"), purpose="newsletter")


def test_columns_are_selected_and_rows_filtered(policy: whyfor.Policy, table: Any) -> None:
    assert policy.select(table, purpose="newsletter").frame.columns == ("uid", "age")
    asked = ibis.memtable({"field": ["uid", "email"], "purpose": ["newsletter", "newsletter"]})
    assert rows_of(policy.filter(asked)) == [{"field": "uid", "purpose": "newsletter"}]


def test_names_that_differ_in_case_are_refused(policy: whyfor.Policy) -> None:
    frame = ibis.table({"EMAIL": "string", "email": "string"}, name="log")
    ways: list[Literal["mask", "drop"]] = ["mask", "drop"]
    for on_denied in ways:
        with pytest.raises(ValueError, match="'EMAIL' and 'email' are one column"):
            policy.select(frame, purpose="research", on_denied=on_denied)
    frame = ibis.table({"FIELD": "string", "field": "string"}, name="log")
    with pytest.raises(ValueError, match="'FIELD' and 'field' are one column"):
        policy.filter(frame, purpose=whyfor.lit("newsletter"))
