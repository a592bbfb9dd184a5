"""`apply` shows of each row what the policy allows with the row's facts stated, and nothing else."""

from __future__ import annotations

import datetime
import hashlib
import math
import pickle
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal

import dask.dataframe
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import whyfor
from hypothesis import given, settings
from hypothesis import strategies as st
from whyfor import col

SECRET = "canary-1234567890"
OPEN = "open-1234567890"

TEXT = """
policy shop "Shop"
category contact { email phone } category age category born category uid
purpose marketing { newsletter } purpose research
fact consent per purpose
fact age: number
fact region: one of eu, us
duty hash mask "sha-256-global"
duty last mask "show-last-4"
duty year mask "truncate-to-year"
duty tell
use email for newsletter when consent and age >= 18 then tell
use uid for newsletter
use age for newsletter
use email for research then hash
use phone for research when region is eu then last
use born for research then year
"""

FACTS = {"age": col("age"), "consent": {"marketing": col("ok")}, "region": col("region")}

DENIED: list[Literal["drop", "mask"]] = ["drop", "mask"]
CONSENT = {fact: FACTS[fact] for fact in ("age", "consent")}

DATA: dict[str, list[Any]] = {
    "uid": [1, 2, 2**53 + 1, 4],
    "email": ["a@b", SECRET, SECRET, None],
    "phone": ["555-1234", SECRET, SECRET, "1"],
    "age": [20, 17, None, 30],
    "ok": [True, True, True, None],
    "region": ["eu", "us", "uk", "eu"],
    "born": [datetime.date(2024, 7, 15), None, datetime.date(1969, 12, 31), None],
    "zip": ["1", "2", "3", "4"],
}


@pytest.fixture(scope="module")
def policy() -> whyfor.Policy:
    return whyfor.loads(TEXT)


def dask_frame(data: dict[str, list[Any]]) -> Any:
    from_pandas: Any = dask.dataframe.from_pandas
    # Dask reads objects as texts, unless their types are known.
    frame = pd.DataFrame(data).convert_dtypes()
    if "born" in data and data["born"][0] != SECRET:
        frame["born"] = pd.to_datetime(frame["born"])
    return from_pandas(frame, npartitions=2)


FRAMES: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "lazy polars": pl.LazyFrame,
    "pyarrow": pa.table,
    "batch": lambda data: pa.table(data).to_batches()[0],
    "reader": lambda data: pa.table(data).to_reader(max_chunksize=2),
    "dask": dask_frame,
    "duckdb": lambda data: duckdb.from_arrow(pa.table(data)),
}


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """The rows of a frame of any library, with None for what is missing."""
    if hasattr(frame, "read_all"):
        frame = frame.read_all()
    if hasattr(frame, "collect"):
        frame = frame.collect()
    if isinstance(frame, duckdb.DuckDBPyRelation):
        frame = frame.to_arrow_table()
    if hasattr(frame, "compute"):
        frame = frame.compute()
    if isinstance(frame, pl.DataFrame):
        return frame.to_dicts()
    if isinstance(frame, pd.DataFrame):
        frame = frame.astype(object).where(frame.notna(), None)
        return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
    return frame.to_pylist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", FRAMES)
def test_cells_of_rows_that_are_not_allowed_are_null(policy: whyfor.Policy, kind: str) -> None:
    applied = policy.apply(FRAMES[kind](DATA), purpose="newsletter", facts=FACTS)
    assert rows_of(applied.frame) == [
        {"uid": 1, "email": "a@b", "age": 20},
        {"uid": 2, "email": None, "age": 17},
        {"uid": 2**53 + 1, "email": None, "age": None},
        {"uid": 4, "email": None, "age": 30},
    ]
    is_lazy = kind in ("lazy polars", "reader", "dask", "duckdb")
    assert applied.conditional == {"email": None if is_lazy else 3}
    assert set(applied.dropped) == {"phone", "ok", "region", "born", "zip"}
    assert applied.duties == ("tell",)


@pytest.mark.parametrize("kind", FRAMES)
def test_rows_with_a_denied_cell_go_if_they_are_to(policy: whyfor.Policy, kind: str) -> None:
    frame = FRAMES[kind](DATA)
    applied = policy.apply(frame, purpose="newsletter", facts=FACTS, rows="drop")
    assert rows_of(applied.frame) == [{"uid": 1, "email": "a@b", "age": 20}]


@pytest.mark.parametrize("kind", FRAMES)
def test_masks_are_applied(policy: whyfor.Policy, kind: str) -> None:
    applied = policy.apply(FRAMES[kind](DATA), purpose="research", facts=FACTS)

    def hashed(text: str | None) -> str | None:
        return None if text is None else hashlib.sha256(text.encode()).hexdigest()

    assert [row["email"] for row in rows_of(applied.frame)] == list(map(hashed, DATA["email"]))
    frame = FRAMES[kind](DATA)  # a reader is read once
    shown = rows_of(policy.apply(frame, purpose="research", facts=FACTS).frame)
    assert [row["phone"] for row in shown] == ["nnn-1234", None, None, "1"]
    years = [row["born"] and str(row["born"])[:10] for row in shown]
    assert years == ["2024-01-01", None, "1969-01-01", None]
    assert applied.masked == {
        "email": ("sha-256-global",),
        "phone": ("show-last-4",),
        "born": ("truncate-to-year",),
    }
    assert applied.duties == ()


@pytest.mark.parametrize("kind", FRAMES)
def test_a_mask_that_is_not_for_a_type_is_refused_before_a_row_is_read(
    policy: whyfor.Policy, kind: str
) -> None:
    frame = FRAMES[kind]({"born": [SECRET, None]})
    with pytest.raises(TypeError, match="`truncate-to-year` is") as raised:
        policy.apply(frame, purpose="research")
    assert SECRET not in str(raised.value)


def test_a_masked_column_does_not_hold_facts() -> None:
    masked = whyfor.loads(
        'policy p category age purpose q fact age: number duty d mask "mask-to-fixed-value" use age for q then d'
    )
    with pytest.raises(ValueError, match="holds a fact and has the mask `mask-to-fixed-value`"):
        masked.apply(pl.DataFrame({"age": [1]}), purpose="q", facts={"age": col("age")})


def test_misspelt_columns_facts_and_purposes_are_told(policy: whyfor.Policy) -> None:
    frame = pl.DataFrame(DATA)
    with pytest.raises(KeyError, match="no column 'agee'"):
        policy.apply(frame, purpose="newsletter", facts={"age": col("agee")})
    with pytest.raises(whyfor.UnknownNameError, match="no fact `agee`"):
        policy.apply(frame, purpose="newsletter", facts={"agee": col("age")})
    with pytest.raises(whyfor.UnknownNameError, match="marketin"):
        policy.apply(frame, purpose="newsletter", facts={"consent": {"marketin": col("ok")}})
    with pytest.raises(ValueError, match="is not a fact per purpose"):
        policy.apply(frame, purpose="newsletter", facts={"age": {"yes": col("age")}})
    with pytest.raises(TypeError, match=r"whyfor\.col"):
        policy.apply(frame, purpose="newsletter", facts={"age": frame["age"]})


def test_lists_of_purposes_hold_a_fact(policy: whyfor.Policy) -> None:
    lists: dict[str, list[Any]] = {
        "email": ["1", "2", "3", "4", "5"],
        "yes": [["marketing"], ["marketing"], ["newsletter"], ["marketing", "nope"], []],
        "no": [None, ["newsletter"], [], [], ["marketing"]],
    }
    consent = {"consent": {"yes": col("yes"), "no": col("no")}, "age": 20}
    for kind in ("pandas", "polars", "lazy polars", "pyarrow"):
        shown = policy.apply(FRAMES[kind](lists), purpose="newsletter", facts=consent)
        assert [row["email"] for row in rows_of(shown.frame)] == ["1", None, "3", None, None], kind


# ── Nothing else ────────────────────────────────────────────────────────────────────────────────

HELD: dict[str, Callable[[list[str]], Any]] = {
    "str": pd.Series,
    "object": lambda values: pd.Series(values, dtype=object),
    "string": lambda values: pd.Series(values, dtype="string"),
    "category": lambda values: pd.Series(values, dtype="category"),
    "arrow": lambda values: pd.Series(values, dtype=pd.ArrowDtype(pa.string())),
    "arrow dictionary": lambda values: pd.Series(
        pd.array(
            pa.array(values).dictionary_encode(),  # type: ignore[call-overload]
            dtype=pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string())),
        )
    ),
    "sparse": lambda values: pd.Series(pd.arrays.SparseArray(values, fill_value=SECRET)),
}


@pytest.mark.parametrize("kind", HELD)
@pytest.mark.parametrize("purpose", ["newsletter", "research"])
def test_no_hidden_value_is_left_in_pandas(policy: whyfor.Policy, kind: str, purpose: str) -> None:
    column = HELD[kind]([OPEN, SECRET])
    frame = pd.DataFrame({"email": column, "phone": column, "ok": [True, False], "age": [18, 18]})
    frame["region"] = ["eu", "us"]
    frame.attrs["first"] = SECRET
    shown = policy.apply(frame, purpose=purpose, facts=FACTS).frame
    assert len(shown.columns) >= 1
    assert SECRET.encode() not in pickle.dumps(shown)


@pytest.mark.parametrize("dtype", [pl.String, pl.Categorical, pl.Enum([OPEN, SECRET])])
def test_no_hidden_value_is_left_in_polars(policy: whyfor.Policy, dtype: Any) -> None:
    column = pl.Series([OPEN, SECRET], dtype=dtype)
    frame = pl.DataFrame({"email": column, "ok": [True, False], "age": [18, 18]})
    shown = policy.apply(frame, purpose="newsletter", facts=CONSENT).frame
    assert shown["email"].to_list() == [OPEN, None]
    assert SECRET.encode() not in pickle.dumps(shown)
    lazy = policy.apply(frame.lazy(), purpose="newsletter", facts=CONSENT).frame
    assert SECRET not in lazy.explain()


@pytest.mark.parametrize("encode", [False, True])
def test_no_hidden_value_is_left_in_pyarrow(policy: whyfor.Policy, encode: bool) -> None:
    values = pa.array([OPEN, SECRET])
    table = pa.table(
        {
            "email": values.dictionary_encode() if encode else values,
            "ok": [True, False],
            "age": [18, 18],
        }
    )
    shown = policy.apply(table, purpose="newsletter", facts=CONSENT).frame
    assert shown["email"].to_pylist() == [OPEN, None]
    buffers = [b for c in shown["email"].chunks for b in c.buffers() if b is not None]
    assert not any(SECRET.encode() in buffer.to_pybytes() for buffer in buffers)


def test_values_of_several_types_are_not_shown_in_an_error() -> None:
    policy = whyfor.loads(
        'policy p category c purpose q duty d mask "sha-256-global" use c for q then d'
    )
    frame = pd.DataFrame({"c": pd.Series([SECRET, b"x", 1], dtype=object)})
    with pytest.raises(TypeError, match="several types") as raised:
        policy.apply(frame, purpose="q")
    assert SECRET not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None


def test_parts_of_nested_values_are_left_out_by_themselves(policy: whyfor.Policy) -> None:
    people = [[{"email": "a@b", "ssn": SECRET}], [], [{"email": "c@d", "ssn": SECRET}] * 2]
    nested: dict[str, list[Any]] = {
        "contact": people,
        "ok": [True, True, False],
        "age": [18, 18, 18],
    }
    text = TEXT + "use contact for newsletter when consent\n"
    contact = whyfor.loads(text + 'category ssn\nfield "contact.ssn" is ssn\n')
    for kind in ("polars", "lazy polars", "pyarrow"):
        applied = contact.apply(FRAMES[kind](nested), purpose="newsletter", facts=CONSENT)
        shown = [row["contact"] for row in rows_of(applied.frame)]
        assert shown == [[{"email": "a@b"}], [], [{"email": None}] * 2], kind
        assert "contact.ssn" in applied.dropped


def test_a_lazy_frame_filters_where_it_is_read(policy: whyfor.Policy, tmp_path: Any) -> None:
    pl.DataFrame(DATA).write_parquet(tmp_path / "t.parquet")
    scan = pl.scan_parquet(tmp_path / "t.parquet")
    applied = policy.apply(scan, purpose="newsletter", facts=FACTS, rows="drop").frame
    plan = applied.explain()
    assert "SELECTION" in plan
    assert "zip" not in plan
    assert applied.collect().to_dicts() == [{"uid": 1, "email": "a@b", "age": 20}]


def test_whole_numbers_of_pandas_stay_whole(policy: whyfor.Policy) -> None:
    big = 2**60 + 1
    frame = pd.DataFrame({"email": [big, big], "ok": [True, False], "age": [18, 18]})
    shown = policy.apply(frame, purpose="newsletter", facts=CONSENT).frame
    assert shown["email"].tolist() == [big, pd.NA]


NUMBER = 987654321012345

NUMBERS: dict[str, Callable[[list[Any]], Any]] = {
    "int64": pd.Series,
    "Int64": lambda values: pd.Series(values, dtype="Int64"),
    "UInt64": lambda values: pd.Series(values, dtype="UInt64"),
    "Float64": lambda values: pd.Series(values, dtype="Float64"),
    "float64": lambda values: pd.Series(values, dtype="float64"),
    "arrow": lambda values: pd.Series(values, dtype=pd.ArrowDtype(pa.int64())),
    "datetime": lambda values: pd.Series(pd.to_datetime(values)),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_no_number_is_left_below_a_null_in_pandas(policy: whyfor.Policy, kind: str) -> None:
    column = NUMBERS[kind]([5, NUMBER] * 10)
    frame = pd.DataFrame({"email": column, "ok": [True, False] * 10, "age": 18})
    shown = policy.apply(frame, purpose="newsletter", facts=CONSENT).frame
    assert shown["email"].isna().tolist() == [False, True] * 10
    bits = [NUMBER.to_bytes(8, "little"), np.float64(NUMBER).tobytes()]
    assert not any(secret in pickle.dumps(shown) for secret in bits)


@pytest.mark.parametrize("dtype", [pl.Int64, pl.Float64, pl.Datetime("us"), pl.Binary, pl.String])
def test_no_value_is_left_below_a_null_in_polars(policy: whyfor.Policy, dtype: Any) -> None:
    texts: dict[Any, list[Any]] = {
        pl.Binary: [b"a", SECRET.encode()],
        pl.String: [OPEN, SECRET],
    }
    values: list[Any] = texts.get(dtype, [5, NUMBER])
    column = pl.Series(values * 10, dtype=dtype if dtype in (pl.Binary, pl.String) else None)
    column = column if dtype in (pl.Binary, pl.String) else column.cast(dtype)
    frame = pl.DataFrame({"email": column, "ok": [True, False] * 10, "age": [18] * 20})
    secrets = [NUMBER.to_bytes(8, "little"), np.float64(NUMBER).tobytes(), SECRET.encode()]
    lazy = policy.apply(frame.lazy(), purpose="newsletter", facts=CONSENT).frame
    for shown in (policy.apply(frame, purpose="newsletter", facts=CONSENT).frame, lazy.collect()):
        chunk = shown["email"].to_arrow()
        held = b"".join(b.to_pybytes() for b in chunk.buffers() if b is not None)
        assert not any(secret in held for secret in secrets)
        assert shown["email"].null_count() == 10


def test_parts_that_are_in_each_other_are_shown_as_they_are_or_not_at_all() -> None:
    policy = whyfor.loads(
        'policy p category m category ssn purpose q duty d mask "sha-256-global"\n'
        'category mail use m for q field "m.ssn" is ssn field "m.mail" is mail use mail for q then d'
    )
    for part, value in (("ssn", SECRET), ("mail", SECRET)):
        kind = pa.map_(pa.int64(), pa.struct([(part, pa.string())]))
        table = pa.table({"m": pa.array([[(1, {part: value})]], kind), "n": [1]})
        for frame in (table, table.to_batches()[0]):
            applied = policy.apply(frame, purpose="q")
            assert applied.frame.schema.names == []
            assert "m" in applied.dropped


def test_a_map_is_hidden_whose_values_have_a_part_of_unclear_meaning() -> None:
    policy = whyfor.loads(
        "policy p category m category a { ssn } category b { ssn } purpose q use m for q"
    )
    kind = pa.map_(pa.int64(), pa.struct([("ssn", pa.string())]))
    table = pa.table({"m": pa.array([[(1, {"ssn": SECRET})]], kind)})
    assert policy.apply(table, purpose="q").frame.schema.names == []


def test_what_is_withheld_takes_notes_and_places_with_it(policy: whyfor.Policy) -> None:
    index = pd.Index([SECRET, "x"], name="zip")
    frame = pd.DataFrame({"uid": [1, 2]}, index=index)
    frame.attrs["first"] = SECRET
    shown = policy.apply(frame, purpose="newsletter").frame
    assert SECRET.encode() not in pickle.dumps(shown)
    from_pandas: Any = dask.dataframe.from_pandas
    lazy = policy.apply(from_pandas(frame, npartitions=1), purpose="newsletter").frame
    assert SECRET not in repr(lazy)
    assert not lazy.known_divisions
    table = pa.table({"email": [SECRET]}, metadata={"first": SECRET})
    assert policy.apply(table, purpose="research").frame.schema.metadata is None


STATING_NOTHING: list[Any] = [
    np.array([20], "datetime64[ns]"),
    np.array([20], "timedelta64[ns]"),
    pa.array([Decimal(2**53 + 1)]),
    pd.Series([Decimal(2**53 + 1)], dtype=object),
    pd.Series([Decimal("sNaN")], dtype=object),
    pd.Series(pd.period_range("2020", periods=1, freq="D")),
    pl.Series([2**53 + 1], dtype=pl.Int128),
    pl.Series([None]),
    pa.array([True]),
]


@pytest.mark.parametrize("column", STATING_NOTHING)
def test_values_that_state_nothing_allow_nothing(policy: whyfor.Policy, column: Any) -> None:
    facts = {"age": column, "consent": {"marketing": pa.array([True])}}
    assert not any(policy.decide(field="email", purpose="newsletter", facts=facts))


def test_each_column_of_a_fact_is_paired_by_its_index(policy: whyfor.Policy) -> None:
    crossed = pd.Series([False, True], index=[1, 0])
    facts = {"age": 20, "consent": {"marketing": crossed, "newsletter": pd.Series([True, False])}}
    with pytest.raises(ValueError, match="its index is not that of"):
        policy.decide(field=pd.Series(["email"] * 2), purpose="newsletter", facts=facts)


def test_objects_keep_their_whole_numbers_and_nothing_is_no_text(policy: whyfor.Policy) -> None:
    frame = pd.DataFrame({"email": pd.Series([2**60 + 1, None], dtype=object)})
    number = int.from_bytes(
        hashlib.sha256((2**60 + 1).to_bytes(8, "little")).digest()[:8], "little", signed=True
    )
    assert policy.apply(frame, purpose="research").frame["email"].tolist() == [number, None]
    for nothing in (pd.Series([None], dtype=object), pd.Series([], dtype=object)):
        shown = policy.apply(pd.DataFrame({"email": nothing}), purpose="research").frame
        assert shown["email"].isna().all()


def test_a_column_that_cannot_be_null_is_not_made_null(policy: whyfor.Policy) -> None:
    fields: list[Any] = [pa.field("email", pa.string(), nullable=False), pa.field("ok", pa.bool_())]
    schema = pa.schema(fields)
    table = pa.table({"email": ["a", "b"], "ok": [True, False]}, schema=schema)
    consent = {"age": 20, "consent": CONSENT["consent"]}
    shown = policy.apply(table, purpose="newsletter", facts=consent).frame
    assert shown.to_pylist() == [{"email": "a"}]
    null = whyfor.loads(
        'policy p category email purpose q duty d mask "replace-with-null" use email for q then d'
    )
    with pytest.raises(TypeError, match="cannot be null"):
        null.apply(table, purpose="q")


def test_misspelt_facts_of_a_filter_are_told_before_rows_are_read(policy: whyfor.Policy) -> None:
    log: dict[str, list[Any]] = {"field": ["email"], "purpose": ["newsletter"], "age": [20]}
    for kind in ("lazy polars", "dask", "reader"):
        with pytest.raises(whyfor.UnknownNameError, match="no fact `agee`"):
            policy.filter(FRAMES[kind](log), facts={"agee": col("age")})


# ── Against single questions ────────────────────────────────────────────────────────────────────

AGES: list[Any] = [None, 17.9, 18.0, -0.0, -5.0, math.nan, math.inf, -math.inf, 2.0**60, 17.5]
WHOLE: list[Any] = [None, 17, 18, 0, 2**53, 2**53 + 1, -(2**53) - 1]
DECIMALS: list[Any] = [None, Decimal("17.50"), Decimal("18.00"), Decimal("-1.25")]
REGIONS: list[Any] = [None, "eu", "us", "EU", "uk", "", "eu "]
CONDITIONS = [
    "consent",
    "age >= 18",
    "age < 17.75",
    "age != 18",
    "region is eu",
    "region is not us",
    "not consent and age > 0",
    "(consent or region in (eu, us)) and age <= 18",
]


def states(fact: str, value: Any) -> bool:
    """Whether a value states a fact, as the page on rows says."""
    if value is None:
        return False
    if fact == "age":
        is_exact = isinstance(value, float) or abs(value) <= 2**53
        return math.isfinite(value) and is_exact
    return value in ("eu", "us") if fact == "region" else True


@settings(max_examples=60, deadline=None)
@given(
    data=st.data(),
    conditions=st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=3),
    never=st.sampled_from(CONDITIONS),
)
def test_a_cell_is_shown_exactly_where_the_policy_allows(
    data: st.DataObject, conditions: list[str], never: str
) -> None:
    statements = [f"use email for newsletter when {c}" for c in conditions]
    policy = whyfor.loads(
        "policy p category email category uid purpose marketing { newsletter } use uid for newsletter\n"
        "fact consent per purpose fact age: number fact region: one of eu, us\n"
        + "\n".join([*statements, f"never use email for newsletter when {never}"])
    )
    values = data.draw(st.sampled_from([AGES, WHOLE, DECIMALS]))
    size = 12
    drawn = [
        data.draw(st.lists(st.sampled_from(list_), min_size=size, max_size=size))
        for list_ in (values, REGIONS, [None, True, False])
    ]
    columns = dict(zip(("age", "region", "ok"), drawn, strict=True))
    expected = []
    for age, region, ok in zip(*drawn, strict=True):
        facts: dict[str, Any] = {}
        if states("age", age):
            facts["age"] = age
        if states("region", region):
            facts["region"] = region
        if ok is not None:
            facts["consent"] = {"yes" if ok else "no": ["marketing"]}
        expected.append(policy.may_use("email", purpose="newsletter", facts=facts))
    frame = {"email": [str(n) for n in range(size)], "uid": list(range(size)), **columns}
    ages: dict[int, Any] = {
        id(AGES): pl.Float64,
        id(WHOLE): pl.Int64,
        id(DECIMALS): pl.Decimal(9, 2),
    }
    types = {"age": ages[id(values)], "region": pl.String, "ok": pl.Boolean}
    polars = pl.DataFrame(frame, schema_overrides=types)
    arrow = polars.to_arrow()
    frames = [
        polars,
        polars.lazy(),
        arrow,
        pd.DataFrame(frame, dtype=object),
        duckdb.from_arrow(arrow),
    ]
    for made in frames:
        applied = policy.apply(made, purpose="newsletter", facts=FACTS)
        shown = [row.get("email") is not None for row in rows_of(applied.frame)]
        assert shown == expected, type(made)
    row_facts = {
        "age": polars["age"],
        "region": polars["region"],
        "consent": {"marketing": polars["ok"]},
    }
    decided = policy.decide(field="email", purpose="newsletter", facts=row_facts)
    assert decided.to_list() == expected


def test_decide_and_filter_read_facts_of_each_row(policy: whyfor.Policy) -> None:
    log: dict[str, list[Any]] = {
        "field": ["email", "email", "uid", "phone", None],
        "purpose": ["newsletter", "newsletter", "newsletter", "research", "research"],
        "age": [20, 17, None, 5, 5],
        "ok": [True, True, None, None, True],
        "region": [None, None, None, "eu", "eu"],
    }
    for kind in ("pandas", "polars", "lazy polars", "pyarrow", "batch", "reader", "dask"):
        kept = policy.filter(FRAMES[kind](log), facts=FACTS)
        assert [row["field"] for row in rows_of(kept)] == ["email", "uid", "phone"], kind
    frame = pd.DataFrame(log)
    ages = {"age": frame["age"], "consent": {"marketing": frame["ok"]}}
    decided = policy.decide(
        field=frame["field"], purpose=frame["purpose"], facts=ages, out="verdict"
    )
    assert list(decided) == ["allow", "deny", "allow", "depends", "deny"]
    with pytest.raises(ValueError, match="its index is not that of"):
        policy.decide(
            field=frame["field"], purpose="newsletter", facts={"age": frame["age"].iloc[::-1]}
        )
    with pytest.raises(ValueError, match="rows"):
        policy.decide(field=["email"], purpose="newsletter", facts={"age": np.array([1, 2])})


def test_an_audit_records_what_apply_withholds(policy: whyfor.Policy) -> None:
    records: list[dict[str, Any]] = []
    frame = pl.DataFrame(DATA)
    applied = policy.audit(records).apply(frame, purpose="newsletter", facts=FACTS)
    assert applied.frame is frame
    assert records[0]["rows_withheld"] == {"email": 3}
    assert SECRET not in str(records)


def test_select_applies_masks_and_owes_no_duty_for_them(policy: whyfor.Policy) -> None:
    region = {"region": "eu"}
    for kind in ("pandas", "polars", "lazy polars", "pyarrow", "duckdb", "dask"):
        for on_denied in DENIED:
            selection = policy.select(
                FRAMES[kind]({"phone": DATA["phone"], "zip": DATA["zip"]}),
                purpose="research",
                facts=region,
                on_denied=on_denied,
            )
            shown = rows_of(selection.frame)
            expected = ["nnn-1234", "xxxxxx-xxxxxx7890", "xxxxxx-xxxxxx7890", "1"]
            expected[1] = expected[2] = "xxxxxx-nnnnnn7890"
            assert [row["phone"] for row in shown] == expected, kind
            assert [row.get("zip") for row in shown] == [None] * 4
            assert selection.duties == ()
