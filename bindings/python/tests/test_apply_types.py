"""`apply` on columns of odd types: what cannot be read states nothing, and what is shown keeps its meaning."""

from __future__ import annotations

import datetime
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
import whyfor
from whyfor import col

SECRET = "canary-1234567890"


def test_rows_go_and_cells_are_hidden_in_columns_of_any_type_of_arrow() -> None:
    texts = ["open", SECRET, None, SECRET]
    numbers: Any = pa.UnionArray.from_sparse(
        pa.array([0, 1, 0, 1], pa.int8()), [pa.array([1, 2, 3, 4]), pa.array(texts)]
    )
    uuids: Any = pa.array([bytes(range(16))] * 4, pa.uuid())
    table: Any = pa.table(
        {
            "text": pa.array(texts, pa.string_view()),
            "union": numbers,
            "uuid": uuids,
            "ok": [True, False, True, None],
        }
    )
    categories = "policy p category text category union category uuid purpose q fact ok "
    policy = whyfor.loads(categories + "use text, uuid for q when ok use union for q")
    shown = policy.apply(table, purpose="q", facts={"ok": col("ok")}, rows="drop").frame
    assert shown.to_pydict() == {
        "text": ["open", None],
        "union": [1, 3],
        "uuid": uuids.to_pylist()[:2],
    }
    assert shown.schema.field("uuid").type == pa.uuid()
    shown = policy.apply(table, purpose="q", facts={"ok": col("ok")}).frame
    assert shown["uuid"].to_pylist() == [*uuids.to_pylist()[:1], None, *uuids.to_pylist()[:1], None]
    assert shown.schema.field("uuid").type == pa.uuid()


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
@pytest.mark.parametrize("condition", ["verified", "age < 18", "region is not us", "consent"])
def test_a_lazy_frame_shows_nothing_by_facts_of_another_type(engine: Any, condition: str) -> None:
    facts = "fact verified fact age: number fact region: one of eu, us fact consent per purpose"
    policy = whyfor.loads(f"policy p category a purpose q {facts} use a for q when {condition}")
    frame = pl.LazyFrame(
        {"a": [SECRET] * 3, "fact": [datetime.date(2024, 1, 1), None, datetime.date.min]}
    )
    places = {"verified": col("fact"), "age": col("fact"), "region": col("fact")}
    shown = policy.apply(
        frame, purpose="q", facts={**places, "consent": {"yes": col("fact")}}
    ).frame
    assert shown.collect(engine=engine)["a"].to_list() == [None] * 3
