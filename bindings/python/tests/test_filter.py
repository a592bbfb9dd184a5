"""Rows by a policy: what the engines are given to do, and the same rows in each of them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dask
import dask.dataframe
import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import whyfor

from_pandas: Any = dask.dataframe.from_pandas
dask_config: Any = vars(dask)["config"]  # it is exported by no name

LOGIN = whyfor.lit("login")


def log(rows: int = 5000) -> Any:
    """Names of each kind: spelled out, mapped by patterns, excepted, unknown, in another case, missing."""
    chosen = random.Random(rows)
    fields = ["email", "phone", "EMAIL", "contact.phone", "work_email", "noreply_email", "id_card"]
    fields += ["id_card_x", "wechat_x", "gpu_usage", "client_ip", "Users.Email", "mystery", "k1"]
    purposes = ["login", "research", "billing", "LOGIN", "customer_support.troubleshooting", "x"]
    return pa.table(
        {
            "field": pa.array(chosen.choices([*fields, None], k=rows), pa.string()),
            "purpose": pa.array(chosen.choices([*purposes, None], k=rows), pa.string()),
            "row": list(range(rows)),
        }
    )


def rows_of(frame: Any) -> list[int]:
    """The rows that are left, in order."""
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if hasattr(frame, "compute"):
        frame = frame.compute()
    if isinstance(frame, duckdb.DuckDBPyRelation):
        frame = frame.to_arrow_table()
    if isinstance(frame, pa.RecordBatchReader):
        frame = frame.read_all()
    if isinstance(frame, pa.RecordBatch):
        frame = pa.Table.from_batches([frame])
    return sorted(nw.from_native(frame)["row"].to_list())


def duck(table: Any, dtype: str) -> Any:
    relation = duckdb.from_arrow(table)
    return relation.project(f"field::{dtype} AS field, purpose::{dtype} AS purpose, row")


def enum(table: Any) -> str:
    texts = sorted({*table["field"].to_pylist(), *table["purpose"].to_pylist()} - {None})
    return "ENUM(" + ", ".join(f"'{text}'" for text in texts) + ")"


def pandas(table: Any, dtype: Any) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    return frame.astype({"field": dtype, "purpose": dtype})


ARROW_TEXT = pd.ArrowDtype(pa.string())
TEXTS = ["field", "purpose"]
FRAMES: dict[str, Callable[[Any], Any]] = {
    "pandas object": lambda table: pandas(table, object),
    "pandas string": lambda table: pandas(table, "string"),
    "pandas category": lambda table: pandas(table, "category"),
    "pandas arrow": lambda table: pandas(table, ARROW_TEXT),
    "polars": pl.DataFrame,
    "polars lazy": lambda table: pl.DataFrame(table).lazy(),
    "polars lazy categorical": lambda table: (
        pl.DataFrame(table).lazy().with_columns(pl.col(TEXTS).cast(pl.Categorical))
    ),
    "arrow": lambda table: table,
    "arrow batch": lambda table: table.combine_chunks().to_batches()[0],
    "arrow reader": lambda table: pa.RecordBatchReader.from_batches(
        table.schema, table.to_batches(max_chunksize=700)
    ),
    "duckdb": lambda table: duck(table, "VARCHAR"),
    "duckdb enum": lambda table: duck(table, enum(table)),
    "dask": lambda table: from_pandas(table.to_pandas(), npartitions=3),
    "dask category": lambda table: from_pandas(pandas(table, "category"), npartitions=3),
    "dask arrow": lambda table: from_pandas(pandas(table, ARROW_TEXT), npartitions=3),
    "narwhals": lambda table: nw.from_native(pl.DataFrame(table).lazy()),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_every_kind_of_frame_keeps_the_rows_that_are_allowed(
    drun: whyfor.Policy, kind: str
) -> None:
    table = log()
    fields, purposes = table["field"].to_pylist(), table["purpose"].to_pylist()
    with dask_config.set({"dataframe.convert-string": False}):
        for purpose, column in ((LOGIN, "login"), ("purpose", purposes)):
            allowed = drun.decide(field=fields, purpose=column)
            frame = FRAMES[kind](table)
            kept = drun.filter(frame, purpose=purpose)
            assert type(kept) is type(frame)
            if isinstance(kept, nw.LazyFrame):
                kept = kept.to_native()
            assert rows_of(kept) == [row for row, a in enumerate(allowed) if a]
            assert 0 < sum(allowed) < len(fields)


ACTS: list[dict[str, Any]] = [
    {"act": "collect", "method": "provided"},
    {"act": "share", "recipient": "courier"},
    {"facts": {"verified": True, "consent": {"yes": ["marketing"]}, "age": 20, "region": "eu"}},
]


@pytest.mark.parametrize("arguments", ACTS, ids=str)
def test_acts_and_facts_are_those_of_the_question(
    shop: whyfor.Policy, arguments: dict[str, Any]
) -> None:
    names = ["email", "phone", "usage", "work_email", "email_and_phone", "Users.email", "contact"]
    purposes = ["login", "billing", "ads", "newsletter", "marketing"]
    table = pa.table(
        {
            "field": [name for name in names for _ in purposes],
            "purpose": purposes * len(names),
            "row": list(range(len(names) * len(purposes))),
        }
    )
    fields, asked = table["field"].to_pylist(), table["purpose"].to_pylist()
    expected = shop.decide(field=fields, purpose=asked, **arguments)
    for frame in (duckdb.from_arrow(table), pl.DataFrame(table).lazy(), table):
        kept = shop.filter(frame, **arguments)
        assert rows_of(kept) == [row for row, a in enumerate(expected) if a]
    for purpose in purposes:
        expected = shop.decide(field=fields, purpose=purpose, **arguments)
        kept = shop.filter(duckdb.from_arrow(table), purpose=whyfor.lit(purpose), **arguments)
        assert rows_of(kept) == [row for row, a in enumerate(expected) if a]


def test_a_policy_without_patterns_is_a_list_of_names(shop: whyfor.Policy) -> None:
    policy = whyfor.loads("policy a category c { d } purpose p purpose q use d for p use c for q")
    table = pa.table({"field": ["c", "d", "x"] * 2, "purpose": ["p"] * 3 + ["q"] * 3})
    for purpose, expected in ((whyfor.lit("p"), 2), (whyfor.lit("q"), 4), ("purpose", 3)):
        relation = policy.filter(duckdb.from_arrow(table), purpose=purpose)
        assert "regexp" not in relation.sql_query()
        assert len(relation.fetchall()) == expected
    nothing = whyfor.loads("policy a category c purpose p")
    assert nothing.filter(duckdb.from_arrow(table), purpose=whyfor.lit("p")).fetchall() == []
    assert nothing.filter(duckdb.from_arrow(table)).fetchall() == []


def test_a_lazy_frame_of_polars_is_decided_by_the_policy_itself(
    drun: whyfor.Policy, tmp_path: Path
) -> None:
    path = tmp_path / "rows.parquet"
    pl.DataFrame(log()).write_parquet(path, row_group_size=500)
    for purpose in (LOGIN, "purpose"):
        lazy = drun.filter(pl.scan_parquet(path), purpose=purpose)
        plan = lazy.explain()
        assert "SELECTION" in plan  # it is pushed into the scan
        assert "FILTER" not in plan
        assert plan.count("python_udf") == 1
        assert "str.contains" not in plan
        assert "PROJECT 3/3" in plan or "PROJECT */3" in plan
        expected = rows_of(drun.filter(pl.read_parquet(path), purpose=purpose))
        assert rows_of(lazy) == expected
        assert sorted(lazy.collect(engine="streaming")["row"].to_list()) == expected
        assert lazy.select("row").collect()["row"].sort().to_list() == expected


def test_a_predicate_of_one_purpose_is_pushed_into_the_scan_of_duckdb(
    drun: whyfor.Policy, tmp_path: Path
) -> None:
    path = tmp_path / "rows.parquet"
    pl.DataFrame(log()).write_parquet(path)
    relation = drun.filter(duckdb.read_parquet(str(path)), purpose=LOGIN)
    plan = relation.explain()
    assert "Filters" in plan
    assert "Join" not in plan
    rows = relation.fetchall()
    assert [row for _, _, row in rows] == sorted(row for _, _, row in rows)  # in their order


def test_many_purposes_are_decided_once_for_each_pair_in_duckdb(drun: whyfor.Policy) -> None:
    relation = drun.filter(duckdb.from_arrow(log()))
    plan = relation.explain()
    # Rows are joined with pairs; the patterns are behind the distinct ones, and behind no row.
    assert "Hash Join" in plan
    assert "Hash Group By" in plan
    assert plan.index("Limit") < plan.index("Hash Group By")
    assert plan.index("regexp_matches") < plan.index("Limit")
    assert "regexp_matches" not in plan[plan.index("Hash Group By") :]


def test_rows_of_duckdb_are_read_once_and_late(drun: whyfor.Policy) -> None:
    connection = duckdb.connect()
    calls: list[str] = []

    def count(name: str) -> str:
        calls.append(name)
        return name

    connection.create_function("count_reads", count, ["VARCHAR"], "VARCHAR", side_effects=True)
    query = "SELECT count_reads('email') AS field, 'login' AS purpose FROM range(3)"
    for purpose in (LOGIN, "purpose"):
        filtered = drun.filter(connection.sql(query), purpose=purpose)
        assert calls == []
        assert len(filtered.fetchall()) == 3
        assert len(calls) == 3
        calls.clear()
    assert connection.sql("SHOW TABLES").fetchall() == []


def test_a_filtered_relation_sees_what_is_written_later(drun: whyfor.Policy) -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE log (field VARCHAR, purpose VARCHAR)")
    filtered = drun.filter(connection.table("log"))
    connection.execute("INSERT INTO log VALUES ('work_email', 'login'), ('nope', 'login')")
    assert filtered.fetchall() == [("work_email", "login")]
    twice = drun.filter(filtered, purpose=LOGIN)
    assert drun.filter(twice).project("field").fetchall() == [("work_email",)]


@pytest.mark.parametrize("collation", ["NOCASE", "NOACCENT", "NOCASE.NOACCENT"])
def test_names_are_compared_exactly_whatever_the_collation(
    shop: whyfor.Policy, collation: str
) -> None:
    connection = duckdb.connect()
    connection.execute(
        f"CREATE TABLE log (field VARCHAR COLLATE {collation}, purpose VARCHAR COLLATE {collation})"
    )
    connection.execute(
        "INSERT INTO log VALUES ('CONTACT.EMAIL', 'login'), ('email', 'login'), ('émail', 'login'), "
        "('email', 'LOGIN'), ('work_email', 'login'), ('contact.email', 'login')"
    )
    exact = [("contact.email", "login"), ("email", "login"), ("work_email", "login")]
    every = [*exact, ("email", "LOGIN")]
    assert sorted(shop.filter(connection.table("log")).fetchall()) == exact
    one = shop.filter(connection.table("log"), purpose=LOGIN).fetchall()
    assert sorted(one) == sorted(every)
    connection.execute(f"SET default_collation = '{collation}'")
    connection.execute("CREATE TABLE plain AS SELECT field COLLATE C AS field, purpose FROM log")
    assert sorted(shop.filter(connection.table("plain"), purpose=LOGIN).fetchall()) == sorted(every)


def test_a_column_is_read_by_its_own_case_where_an_engine_takes_another_for_it(
    shop: whyfor.Policy,
) -> None:
    def both() -> Any:
        return duckdb.sql("SELECT 'email' AS FIELD, 'usage' AS field, 'login' AS purpose")

    for purpose in (LOGIN, "purpose"):
        assert shop.filter(both(), purpose=purpose).fetchall() == []
        kept = shop.filter(both(), field="FIELD", purpose=purpose).fetchall()
        assert kept == [("email", "usage", "login")]


def test_a_column_that_is_there_twice_is_not_filtered_by(shop: whyfor.Policy) -> None:
    names = ["field", "field", "purpose"]
    batch = pa.record_batch([pa.array([text]) for text in ("email", "usage", "login")], names=names)
    relation = duckdb.sql("SELECT 'email' AS field, 'usage' AS field, 'login' AS purpose")
    frames: list[Any] = [batch, relation]
    for frame in frames:
        with pytest.raises(ValueError, match="argument 'field': the frame has several columns"):
            shop.filter(frame, purpose=LOGIN)


@pytest.mark.parametrize("name", ['whyfor" 0', "*", "^.*$", "events.ssn", "kept", "x y"])
def test_columns_of_any_name_are_read(shop: whyfor.Policy, name: str) -> None:
    fields, purposes = ["email", "usage", "email"], ["login", "login", "ads"]
    table: Any = pa.table(
        {"usage": ["email"] * 3, name: fields, f"{name}.p": purposes, "row": [0, 1, 2]}
    )
    frames: list[Any] = [duckdb.from_arrow(table), pl.DataFrame(table), table, table.to_pandas()]
    frames += [frames[1].lazy(), from_pandas(table.to_pandas(), npartitions=1)]
    for frame in frames:
        assert rows_of(shop.filter(frame, field=name, purpose=f"{name}.p")) == [0]
        assert rows_of(shop.filter(frame, field=name, purpose=LOGIN)) == [0, 2]


@pytest.mark.parametrize(
    "make",
    [
        lambda data: pl.DataFrame(data).lazy(),
        lambda data: duckdb.from_arrow(pa.table(data)),
        lambda data: from_pandas(pd.DataFrame(data), npartitions=1),
    ],
)
def test_what_is_misspelt_is_told_before_rows_are_read(shop: whyfor.Policy, make: Any) -> None:
    frame = make({"field": ["email"], "purpose": ["login"], "n": [1]})
    with pytest.raises(whyfor.UnknownNameError):
        shop.filter(frame, purpose=whyfor.lit("lgoin"))
    with pytest.raises(whyfor.UnknownNameError):
        shop.filter(frame, facts={"nope": True})
    with pytest.raises(whyfor.UnknownNameError, match="no method"):
        shop.filter(frame, act="collect", method="providd")
    with pytest.raises(KeyError, match="argument 'field'"):
        shop.filter(frame, field="fields")
    with pytest.raises(TypeError, match=r"argument 'field': a column of .* has no names"):
        shop.filter(frame, field="n")


def shortest(work: Callable[[], Any]) -> float:
    times: list[float] = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def test_a_lazy_frame_takes_about_as_long_as_an_eager_one(drun: whyfor.Policy) -> None:
    frame = pl.DataFrame(log(300_000))
    eager = shortest(lambda: drun.filter(frame))
    lazy = shortest(lambda: drun.filter(frame.lazy()).collect())
    assert lazy < 10 * eager  # it was 65 times as long; the rest is what a busy machine may add
