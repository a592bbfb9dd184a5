"""Frames of Spark, by Sail: run where it is installed, by `cargo xtask rows`."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
import whyfor
from whyfor import col

sail: Any = pytest.importorskip("pysail.spark")
sql: Any = pytest.importorskip("pyspark.sql")

SECRET = "canary-1234567890"

POLICY = """
policy shop "Shop"
category contact { email phone } category uid category born
purpose marketing { newsletter } purpose research
fact consent per purpose fact age: number fact region: one of eu, us
duty hash mask "sha-256-global" duty last mask "show-last-4" duty month mask "truncate-to-month"
use email for newsletter when consent and age >= 18
use uid for newsletter
use email for research then hash
use phone for research when region is eu then last
use born for research then month
"""
FACTS = {"age": col("age"), "consent": {"marketing": col("ok")}, "region": col("region")}
SCHEMA = "uid long, email string, phone string, born date, age double, ok boolean, region string"
ROWS = [
    (1, "a@b", "555-1234", datetime.date(2024, 7, 15), 20.0, True, "eu"),
    (2, SECRET, SECRET, datetime.date(1969, 12, 31), float("nan"), True, "EU"),
    (3, SECRET, SECRET, None, 20.0, None, None),
    (4, None, "1", None, 18.0, True, "eu"),
]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    server = sail.SparkConnectServer(port=0)
    server.start(background=True)
    address = f"sc://127.0.0.1:{server.listening_address[1]}"
    session = sql.SparkSession.builder.remote(address).getOrCreate()
    yield session
    session.stop()
    server.stop()


def shown(session: Any, purpose: str, rows: Any = "keep") -> list[dict[str, Any]]:
    frame = session.createDataFrame(ROWS, SCHEMA)
    policy = whyfor.loads(POLICY)
    applied = policy.apply(frame, purpose=purpose, facts=FACTS, rows=rows)
    assert type(applied.frame) is type(frame)
    return [row.asDict() for row in applied.frame.collect()]


def test_cells_of_rows_that_are_not_allowed_are_null(session: Any) -> None:
    assert [row["email"] for row in shown(session, "newsletter")] == ["a@b", None, None, None]
    assert shown(session, "newsletter", "drop") == [
        {"uid": 1, "email": "a@b"},
        {"uid": 4, "email": None},
    ]


def test_masks_are_applied(session: Any) -> None:
    rows = shown(session, "research")
    hashed = [None if row[1] is None else hashlib.sha256(row[1].encode()) for row in ROWS]
    assert [row["email"] for row in rows] == [hash and hash.hexdigest() for hash in hashed]
    assert [row["phone"] for row in rows] == ["nnn-1234", None, None, "1"]
    months = [datetime.date(2024, 7, 1), datetime.date(1969, 12, 1), None, None]
    assert [row["born"] for row in rows] == months


def test_names_that_differ_only_in_case_are_refused(session: Any) -> None:
    policy = whyfor.loads(POLICY)
    frame = session.sql("select 1 as uid, 2 as UID")
    try:
        names = frame.columns
    except sql.utils.AnalysisException:
        return  # Spark refuses them itself
    if names == ["uid", "UID"]:
        with pytest.raises(ValueError, match="are one column"):
            policy.apply(frame, purpose="newsletter")


@pytest.mark.parametrize("rows", ["keep", "drop"])
@pytest.mark.parametrize("purpose", ["newsletter", "research"])
def test_no_hidden_value_is_in_the_buffers_of_what_is_shown(
    session: Any, purpose: str, rows: Any
) -> None:
    frame = session.createDataFrame(ROWS * 20, SCHEMA)
    applied = whyfor.loads(POLICY).apply(frame, purpose=purpose, facts=FACTS, rows=rows)
    chunks = [chunk for column in applied.frame.toArrow().columns for chunk in column.chunks]
    buffers = [buffer for chunk in chunks for buffer in chunk.buffers() if buffer is not None]
    assert buffers
    assert not any(SECRET.encode() in buffer.to_pybytes() for buffer in buffers)
