"""Data frames of every library: which columns may be used, the frame without the others, and rows."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import dask.dataframe
import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import whyfor
from hypothesis import given, settings
from hypothesis import strategies as st

from_pandas: Any = dask.dataframe.from_pandas

DATA: dict[str, list[Any]] = {
    "Email": ["a@example.com", "b@example.com"],
    "user_phone": ["1", "2"],
    "gpu_usage": [0.5, 0.7],
    "shoe_size": [44, 38],
}

FRAMES: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "polars lazy": lambda data: pl.DataFrame(data).lazy(),
    "pyarrow": pa.table,
    "duckdb": lambda data: duckdb.from_arrow(pa.table(data)),
    "dask": lambda data: from_pandas(pd.DataFrame(data), npartitions=2),
}


def names(frame: Any) -> list[str]:
    return list(nw.from_native(frame).collect_schema().names())


def column(frame: Any, name: str) -> list[Any]:
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if hasattr(frame, "compute"):
        frame = frame.compute()
    if isinstance(frame, duckdb.DuckDBPyRelation):
        frame = frame.to_arrow_table()
    return nw.from_native(frame)[name].to_list()  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", FRAMES)
def test_a_data_scientist_asks_for_research(drun: whyfor.Policy, kind: str) -> None:
    frame = FRAMES[kind](DATA)
    report = drun.columns(frame, purpose="research")
    assert [(c.path, c.is_mapped, str(c.verdict)) for c in report] == [
        ("shoe_size", False, "deny"),
        ("Email", True, "allow"),
        ("user_phone", True, "allow"),
        ("gpu_usage", True, "allow"),
    ]
    selection = drun.select(frame, purpose="research")
    assert type(selection.frame) is type(frame)
    assert names(selection.frame) == ["Email", "user_phone", "gpu_usage"]
    assert selection.withheld == ("shoe_size",)
    assert selection.duties == ("deidentify",)


@pytest.mark.parametrize("kind", FRAMES)
def test_what_is_denied_is_masked_with_nulls(drun: whyfor.Policy, kind: str) -> None:
    frame = FRAMES[kind](DATA)
    masked = drun.select(frame, purpose="research", on_denied="mask").frame
    assert type(masked) is type(frame)
    assert names(masked) == list(DATA)
    assert all(value is None or value != value for value in column(masked, "shoe_size"))
    assert column(masked, "gpu_usage") == DATA["gpu_usage"]


def test_what_is_denied_raises_with_every_column(drun: whyfor.Policy) -> None:
    with pytest.raises(
        whyfor.ColumnsNotAllowedError, match="shoe_size: no field or category"
    ) as error:
        drun.select(pd.DataFrame(DATA), purpose="billing", on_denied="raise")
    assert isinstance(error.value, PermissionError)
    assert "user_phone" in str(error.value)
    assert error.value.report.withheld == ("shoe_size", "Email", "user_phone")


def test_lazy_frames_are_not_read(drun: whyfor.Policy) -> None:
    def fail(frame: pl.DataFrame) -> pl.DataFrame:
        raise AssertionError("it was collected")

    lazy = pl.DataFrame(DATA).lazy().map_batches(fail, schema=pl.DataFrame(DATA).schema)
    assert names(drun.select(lazy, purpose="research").frame) == [
        "Email",
        "user_phone",
        "gpu_usage",
    ]
    calls: list[str] = []

    def count(name: str) -> str:
        calls.append(name)
        return name

    connection = duckdb.connect()
    connection.create_function("count_reads", count, ["VARCHAR"], "VARCHAR", side_effects=True)
    relation = connection.sql("SELECT count_reads('email') AS field, 1 AS email, 2 AS shoe_size")
    assert drun.select(relation, purpose="login").frame.columns == ["email"]
    filtered = drun.filter(relation, purpose=whyfor.lit("login"))
    assert calls == []
    assert filtered.fetchall() == [("email", 1, 2)]
    assert calls == ["email"]


def test_the_parts_of_nested_columns_are_decided(shop: whyfor.Policy) -> None:
    frame = pl.DataFrame(
        {
            "contact": [{"email": "a", "phone": "1"}],
            "orders": [[{"usage": 1, "sku": "x"}]],
            "email": [{"local": "a", "domain": "b"}],
        }
    )
    report = shop.columns(frame, purpose="login")
    assert {c.path: str(c.verdict) for c in report} == {
        "contact.email": "allow",
        "contact.phone": "allow",
        "orders.usage": "deny",
        "orders.sku": "deny",
        "email.local": "allow",  # as the column that it is in
        "email.domain": "allow",
    }
    assert report.withheld == ("orders",)
    assert shop.select(frame, purpose="login").frame.columns == ["contact", "email"]


def test_a_part_cannot_make_up_for_what_it_is_in(shop: whyfor.Policy) -> None:
    frame = pl.DataFrame({"users": [{"email": "a"}]})
    assert shop.columns(frame, purpose="login").withheld == ()
    report = shop.columns(frame, purpose="login", mapping={"users": "usage"})
    assert report["users.email"].categories == ("contact.email", "usage")
    assert report.withheld == ("users",)


def test_a_mapping_says_what_columns_hold(shop: whyfor.Policy) -> None:
    frame = pd.DataFrame({"c1": [1], "c2": [2]})
    report = shop.columns(frame, purpose="login", mapping={"c1": "email", "c2": ["email", "usage"]})
    assert (report["c1"].categories, report["c1"].verdict) == (("contact.email",), "allow")
    assert report["c2"].verdict == "deny"
    with pytest.raises(KeyError, match="no column 'c3'"):
        shop.columns(frame, purpose="login", mapping={"c3": "email"})
    with pytest.raises(ValueError, match="perhaps"):
        shop.columns(frame, purpose="login", mapping={"c1": "emial"})


def test_names_alone_are_decided(shop: whyfor.Policy) -> None:
    report = shop.columns(["usage", "work_email"], purpose="login")
    assert [c.path for c in report] == ["usage", "work_email"]
    assert [str(limit) for limit in report.retention] == ["180 days"]
    assert report.retain_days == 180
    with pytest.raises(TypeError, match="argument 'frame'"):
        shop.columns(3, purpose="login")
    with pytest.raises(whyfor.UnknownNameError):
        shop.columns(["email"], purpose="lgoin")


def test_misspelt_names_are_told_of_a_frame_without_columns(shop: whyfor.Policy) -> None:
    frames: list[Any] = [pd.DataFrame(), pl.DataFrame(), [], pl.Schema()]
    for frame in frames:
        for ask in (shop.columns, shop.select):
            with pytest.raises(whyfor.UnknownNameError, match="no purpose"):
                ask(frame, purpose="lgoin")
            with pytest.raises(whyfor.UnknownNameError, match="no act"):
                ask(frame, purpose="login", act="reed")  # type: ignore[arg-type]
            with pytest.raises(whyfor.UnknownNameError, match="no fact"):
                ask(frame, purpose="login", facts={"nope": 1})
            with pytest.raises(whyfor.UnknownNameError, match="no method"):
                ask(frame, purpose="login", act="collect", method="providd")
            with pytest.raises(TypeError, match="argument 'purpose'"):
                ask(frame, purpose=["login"])  # type: ignore[arg-type]


TYPES: Any = {"email": pl.String, "users": pl.Struct({"email": pl.String}), "usage": pl.Int8}
SCHEMA = pl.Schema(TYPES)


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda: SCHEMA, pl.Schema),
        (lambda: dict(SCHEMA), dict),
        (lambda: nw.Schema(nw.from_native(SCHEMA.to_frame()).schema), nw.Schema),
        (lambda: SCHEMA.to_frame().to_arrow().schema, pa.Schema),
        (lambda: pd.DataFrame(columns=list(SCHEMA)).columns, pd.Index),
        (lambda: list(SCHEMA), list),
        (lambda: tuple(SCHEMA), tuple),
        (lambda: SCHEMA.keys(), list),
    ],
)
def test_schemas_and_names_are_taken_where_frames_are(
    shop: whyfor.Policy, make: Callable[[], Any], kind: type
) -> None:
    report = shop.columns(make(), purpose="login", mapping={"users": "email"})
    assert report.withheld == ("usage",)
    selection = shop.select(make(), purpose="login", mapping={"users": "email"})
    assert isinstance(selection.frame, kind)
    frame: Any = selection.frame
    kept = frame.names if kind is pa.Schema else list(frame)
    assert kept == ["email", "users"]
    with pytest.raises(whyfor.ColumnsNotAllowedError):
        shop.select(make(), purpose="login", on_denied="raise")
    with pytest.raises(ValueError, match="names alone have no values to mask"):
        shop.select(make(), purpose="login", on_denied="mask")
    with pytest.raises(ValueError, match="names alone have no values to mask"):
        shop.select(["email"], purpose="login", on_denied="mask")  # whether one is denied or not


def test_the_types_of_a_schema_are_looked_into(shop: whyfor.Policy) -> None:
    types: list[Any] = [
        pl.Struct({"usage": pl.Int8}),
        pa.struct([("usage", pa.int8())]),
        nw.Struct({"usage": nw.Int8}),
    ]
    for dtype in types:
        assert shop.columns({"email": dtype}, purpose="login")["email.usage"].verdict == "deny"
    for dtype in (pl.List, nw.List, pl.Struct, pl.Object, pd.ArrowDtype(pa.json_())):
        assert shop.columns({"email": dtype}, purpose="login").withheld == ("email",)
    for dtype in (pl.Int8, pl.String, pl.Categorical, nw.Int8, pa.int8(), pd.Int64Dtype()):
        assert shop.columns({"email": dtype}, purpose="login").withheld == ()
    data: Any = {"email": ["a"]}
    with pytest.raises(TypeError, match="'list' object is not the type of a column"):
        shop.columns(data, purpose="login")
    with pytest.raises(TypeError, match="from a list, not from an iterator"):
        shop.select(iter(["email"]), purpose="login")


@pytest.mark.parametrize(
    "name", ["index", "columns", "schema", "types", "dtypes", "shape", "alias"]
)
def test_a_column_may_be_called_as_an_attribute_of_its_frame(
    shop: whyfor.Policy, name: str
) -> None:
    table = pa.table({"email": [1], name: [{"names": 1, "n": 2}]})
    frames: list[Any] = [duckdb.from_arrow(table), table, pl.DataFrame(table)]
    for frame in [*frames, frames[-1].lazy()]:
        selection = shop.select(frame, purpose="login")
        assert selection.withheld == (name,)
        assert names(selection.frame) == ["email"]
    flat = pd.DataFrame({"email": [1], name: [2]})
    frames = [flat, from_pandas(flat, npartitions=1)]
    for frame in frames:
        assert list(shop.select(frame, purpose="login").frame.columns) == ["email"]


def test_near_names_are_searched_when_they_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = whyfor.loads("policy a purpose p category c { email phone } use c for p")
    asked: list[str] = []
    ask = whyfor.Policy.ask

    def count(self: whyfor.Policy, act: Any, field: str, **arguments: Any) -> whyfor.Decision:
        asked.append(field)
        return ask(self, act, field, **arguments)

    monkeypatch.setattr(whyfor.Policy, "ask", count)
    frame = pd.DataFrame({"emial": [1], "phone": [2]})
    report = policy.columns(frame, purpose="p")
    assert (report.withheld, report.allowed, report.duties) == (("emial",), ("phone",), ())
    assert policy.select(frame, purpose="p").withheld == ("emial",)
    assert "emial" not in asked
    assert "perhaps c.email" in repr(report)
    assert "emial" in asked


def test_a_report_can_be_kept_and_compared(shop: whyfor.Policy) -> None:
    report = shop.columns(["usage", "emial", "email"], purpose="login")
    again = pickle.loads(pickle.dumps(list(report)))
    assert again == list(report)
    assert {*again} == {*report}
    assert [c.reason for c in again] == [c.reason for c in report]
    assert again[0] != again[1]
    with pytest.raises(AttributeError):
        report[0].path = "x"


def test_a_report_is_a_table(shop: whyfor.Policy) -> None:
    report = shop.columns(["<script>", "email"], purpose="login")
    html = report._repr_html_()
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert list(report.frame("pandas")["verdict"]) == ["deny", "allow"]
    assert report.frame("polars").shape == (2, 5)
    assert report.frame("pyarrow").num_rows == 2
    with pytest.raises(ValueError, match="argument 'library'"):
        report.frame("excel")


FIELDS = [
    "email",
    "work_email",
    "WORK_EMAIL",
    "noreply_email",
    "a.noreply_email",
    "Users.Email",
    "email\n",
    "x_email\n",
    "gpu_usage",
    "gpu_usage_x",
    "gpu_usage_seconds",
    "id_card",
    "id_card_name",
    "id_number",
    "prompts.a.b",
    "wechat_pay_x",
    "wechat_x",
    "K_email",
    "\u212a_email",
    "e" * 300 + "_email",
    "nope",
    "",
    None,
]
PURPOSES = ["login", "research", "customer_support.troubleshooting", "billing", "nope", None]


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(FIELDS), st.sampled_from(PURPOSES)), min_size=1, max_size=30
    ),
    kind=st.sampled_from(sorted(FRAMES)),
    purpose=st.sampled_from(["login", "research", "troubleshooting"]),
)
def test_rows_are_filtered_as_they_are_decided(
    drun: whyfor.Policy,
    rows: list[tuple[str | None, str | None]],
    kind: str,
    purpose: str,
) -> None:
    fields, purposes = [row[0] for row in rows], [row[1] for row in rows]
    strings = pa.table(
        {"field": pa.array(fields, pa.string()), "purpose": pa.array(purposes, pa.string())}
    )
    frame = (
        FRAMES[kind]({"field": fields, "purpose": purposes})
        if kind != "duckdb"
        else (duckdb.from_arrow(strings))
    )
    if kind in ("polars", "polars lazy"):
        eager = pl.DataFrame(strings)
        frame = eager.lazy() if kind == "polars lazy" else eager
    if kind in ("pandas", "dask"):
        table = pd.DataFrame({"field": fields, "purpose": purposes}, dtype="str")
        frame = table if kind == "pandas" else from_pandas(table, npartitions=1)

    def kept(allowed: list[bool]) -> list[str | None]:
        # A predicate denies names that are longer than any, whatever they mean.
        is_predicate = kind == "duckdb"
        return [
            field
            for field, a in zip(fields, allowed, strict=True)
            if a and not (is_predicate and len(field or "") > 256)
        ]

    expected = kept(drun.decide(field=fields, purpose=purpose))
    assert column(drun.filter(frame, purpose=whyfor.lit(purpose)), "field") == expected
    expected = kept(drun.decide(field=fields, purpose=purposes))
    assert column(drun.filter(frame), "field") == expected


def test_a_filter_names_the_column_that_is_not_there(shop: whyfor.Policy) -> None:
    with pytest.raises(TypeError, match="argument 'frame': 'NoneType' object"):
        shop.filter(None, purpose=whyfor.lit("login"))
    frame = pd.DataFrame({"field": ["email"]})
    with pytest.raises(KeyError, match=r"argument 'purpose'.*whyfor\.lit"):
        shop.filter(frame, purpose="login")
    with pytest.raises(KeyError, match="argument 'field'"):
        shop.filter(frame, field="name", purpose=whyfor.lit("login"))
    with pytest.raises(whyfor.UnknownNameError):
        shop.filter(frame, purpose=whyfor.lit("lgoin"))


def test_the_named_index_of_a_frame_is_a_column(shop: whyfor.Policy) -> None:
    frame = pd.DataFrame({"email": ["a"], "usage": ["u"], "phone": ["1"], "n": [1]})
    by_usage = frame[["email", "usage"]].set_index("usage")
    for on_denied in ("drop", "mask"):
        selection = shop.select(by_usage, purpose="login", on_denied=on_denied)
        assert selection.withheld == ("usage",)
        assert list(selection.frame.index) == [0]
        assert list(selection.frame.columns) == ["email"]
    with pytest.raises(whyfor.NotAllowedError, match="usage"):
        shop.select(by_usage, purpose="login", on_denied="raise")
    levels = frame[["email", "usage", "phone"]].set_index(["usage", "phone"])
    assert list(shop.select(levels, purpose="login").frame.index.names) == ["phone"]
    spread = from_pandas(by_usage, npartitions=1)
    assert shop.select(spread, purpose="login").frame.compute().index.name is None


def test_batches_of_arrow_are_frames(shop: whyfor.Policy) -> None:
    batch = pa.RecordBatch.from_pydict({"email": ["a"], "usage": [1]})
    dropped = shop.select(batch, purpose="login").frame
    assert isinstance(dropped, pa.RecordBatch)
    assert dropped.schema.names == ["email"]
    masked = shop.select(batch, purpose="login", on_denied="mask").frame
    assert masked.to_pydict() == {"email": ["a"], "usage": [None]}
    expectations: list[tuple[Any, dict[str, Any]]] = [
        ("drop", {"email": ["a"]}),
        ("mask", {"email": ["a"], "usage": [None]}),
    ]
    for on_denied, expected in expectations:
        reader = pa.RecordBatchReader.from_batches(batch.schema, [batch])
        assert shop.columns(reader, purpose="login").withheld == ("usage",)
        kept = shop.select(reader, purpose="login", on_denied=on_denied).frame
        assert isinstance(kept, pa.RecordBatchReader)
        assert kept.read_all().to_pydict() == expected


def test_frames_of_narwhals_come_back_as_such(shop: whyfor.Policy) -> None:
    frame = nw.from_native(pl.DataFrame({"email": ["a"], "usage": [1]}), eager_only=True)
    kept = shop.select(frame, purpose="login").frame
    assert isinstance(kept, nw.DataFrame)
    assert kept.columns == ["email"]


def test_a_lazy_frame_without_any_allowed_column_raises(shop: whyfor.Policy) -> None:
    relation = duckdb.from_arrow(pa.table({"usage": [1]}))
    with pytest.raises(whyfor.ColumnsNotAllowedError, match="usage"):
        shop.select(relation, purpose="login")


def test_a_column_without_a_text_for_a_name_is_told(shop: whyfor.Policy) -> None:
    with pytest.raises(TypeError, match="argument 'frame': the column 0"):
        shop.columns(pd.DataFrame({0: [1]}), purpose="login")


def test_a_missing_narwhals_is_told(shop: whyfor.Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "narwhals", None)
    with pytest.raises(ImportError, match="pip install narwhals"):
        shop.columns(pd.DataFrame({"email": ["a"]}), purpose="login")
