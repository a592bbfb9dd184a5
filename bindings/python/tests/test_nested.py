"""What is inside of columns: parts of every library's nested types, and what cannot be read, is not passed."""

from __future__ import annotations

import datetime
import decimal
import uuid
from typing import Any

import dask
import dask.dataframe
import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import whyfor
from hypothesis import given, settings
from hypothesis import strategies as st

from_pandas: Any = dask.dataframe.from_pandas
dask_config: Any = vars(dask)["config"]  # it is exported by no name

POLICY = """
policy nested "Nested"

tag sensitive
category identity { national_id #sensitive }
category contact { email  phone  page }
category usage { events  amount  age }
category work { page }
purpose analytics { reporting }
purpose service { login }

field "*_email" is contact.email
field "ssn", "people.ssn" is identity.national_id
field "logs.*" is usage.events

use usage for reporting
use contact.email for login
never use #sensitive for reporting
"""


@pytest.fixture(scope="module")
def policy() -> whyfor.Policy:
    return whyfor.loads(POLICY)


def verdicts(policy: whyfor.Policy, frame: Any, purpose: str = "reporting") -> dict[str, str]:
    return {c.path: str(c.verdict) for c in policy.columns(frame, purpose=purpose)}


def arrow(dtype: Any, name: str = "events") -> Any:
    return pa.table({name: pa.nulls(1, dtype)})


def sql(expression: str) -> Any:
    return duckdb.sql(f"SELECT {expression} AS events")


STRUCT: Any = pa.struct([("user_email", pa.string())])


@pytest.mark.parametrize("separator", [".", "_", "/", "__", ":"])
def test_a_flat_column_is_asked_by_its_own_name_alone(
    policy: whyfor.Policy, separator: str
) -> None:
    records = [{"events": {"user_mail": "a", "ssn": "1", "n": 2}, "age": 3}]
    frame: Any = pd.json_normalize(records, sep=separator)
    for kind in (frame, pl.from_pandas(frame), pa.table(frame.to_dict("list")), list(frame)):
        for column in policy.columns(kind, purpose="reporting"):
            assert bool(column.verdict) == policy.may_use(column.path, purpose="reporting")
        assert policy.columns(kind, purpose="reporting").allowed == ("age",)


NAMES = ["email", "ssn", "events", "a", "user_email", "logs", "people"]


@settings(max_examples=50, deadline=None)
@given(
    parts=st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3), min_size=1, max_size=4)
)
def test_names_of_columns_are_decided_as_single_questions(parts: list[list[str]]) -> None:
    policy = whyfor.loads(POLICY)
    names = list(dict.fromkeys(".".join(part) for part in parts))
    for purpose in ("reporting", "login"):
        report = policy.columns(pl.DataFrame({name: [1] for name in names}), purpose=purpose)
        expected = [name for name in names if policy.may_use(name, purpose=purpose)]
        assert sorted(report.allowed) == sorted(expected)


def test_a_part_and_a_flat_column_of_the_same_text_are_two_things(policy: whyfor.Policy) -> None:
    frame = pl.DataFrame({"logs": [{"n": 1}], "logs.n": [1], "events": [{"n": 1}], "events.n": [1]})
    report = policy.columns(frame, purpose="reporting")
    assert [(c.path, c.column, str(c.verdict)) for c in report] == [
        ("events.n", "events.n", "deny"),
        ("logs.n", "logs", "allow"),
        ("logs.n", "logs.n", "allow"),
        ("events.n", "events", "allow"),
    ]
    assert policy.select(frame, purpose="reporting").frame.columns == ["logs", "logs.n", "events"]
    with pytest.raises(ValueError, match=r"'events\.n' is a column, and a part of another one"):
        policy.columns(frame, purpose="reporting", mapping={"events.n": "age"})


@pytest.mark.parametrize(
    "make",
    [
        pl.DataFrame,
        pl.LazyFrame,
        pa.table,
        lambda data: duckdb.from_arrow(pa.table(data)),
        pd.DataFrame,
    ],
)
def test_a_column_with_a_dot_is_selected_as_itself(policy: whyfor.Policy, make: Any) -> None:
    parts = [1] if make is pd.DataFrame else [{"n": 1}]
    frame = make({"events.ssn": [1], "events": parts})
    mapping = {"events.ssn": "age", "events": "phone"}
    selection = policy.select(frame, purpose="reporting", mapping=mapping)
    assert list(nw.from_native(selection.frame).collect_schema()) == ["events.ssn"]
    assert selection.withheld == ("events",)


def test_the_own_name_of_a_part_counts_beside_what_it_is_in(policy: whyfor.Policy) -> None:
    frame = pl.DataFrame(
        {"events": [{"ssn": "1", "national_id": "2", "user_email": "a@b", "n": 1, "age": 3}]}
    )
    report = policy.columns(frame, purpose="reporting")
    assert {c.path: (str(c.verdict), c.categories) for c in report} == {
        "events.ssn": ("deny", ("usage.events", "identity.national_id")),
        "events.national_id": ("deny", ("usage.events", "identity.national_id")),
        "events.user_email": ("deny", ("usage.events", "contact.email")),
        "events.n": ("allow", ("usage.events",)),
        "events.age": ("allow", ("usage.events", "usage.age")),
    }
    assert policy.select(frame, purpose="reporting").withheld == ("events",)


@pytest.mark.parametrize(
    "part",
    [
        {"ssn": {"digits": "1"}},  # what it is in is named, and is in an event
        {"a": {"ssn": "1"}},
        {"a": [{"b": [{"ssn": "1"}]}]},
        {"a.ssn": "1"},  # a dot in the name of a part hides nothing
        {"people": {"ssn": "1"}},
        {"contact": {"email": "a"}},
        {"contact": {"n": "a"}},
    ],
)
def test_a_name_counts_at_any_depth(policy: whyfor.Policy, part: dict[str, Any]) -> None:
    assert list(verdicts(policy, pl.DataFrame({"events": [part]})).values()) == ["deny"]


def test_an_ambiguous_part_is_denied_unless_what_it_is_in_says_which(policy: whyfor.Policy) -> None:
    frame = pl.DataFrame({"events": [{"page": "a"}]})
    report = policy.columns(frame, purpose="reporting")
    assert (report[0].verdict, report[0].categories) == ("deny", ())
    assert "`page` names more than one field or category" in report[0].reason
    frame = pl.DataFrame({"events": [{"work": {"page": "a"}}]})
    report = policy.columns(frame, purpose="reporting")
    assert report[0].categories == ("usage.events", "work.page")


def test_the_own_name_of_a_part_cannot_make_up_for_an_unknown_column(
    policy: whyfor.Policy,
) -> None:
    frame = pl.DataFrame({"competitor": [{"email": "a", "user_email": "a"}]})
    assert verdicts(policy, frame, "login") == {
        "competitor.email": "deny",
        "competitor.user_email": "deny",
    }
    report = policy.columns(frame, purpose="login", mapping={"competitor": "email"})
    assert report.withheld == ()


ARROW: list[tuple[Any, dict[str, str]]] = [
    (STRUCT, {"events.user_email": "deny"}),
    (pa.list_(STRUCT), {"events.user_email": "deny"}),
    (pa.large_list(STRUCT), {"events.user_email": "deny"}),
    (pa.list_(STRUCT, 2), {"events.user_email": "deny"}),
    (pa.list_view(STRUCT), {"events.user_email": "deny"}),
    (pa.large_list_view(STRUCT), {"events.user_email": "deny"}),
    (pa.list_view(pa.list_(STRUCT)), {"events.user_email": "deny"}),
    (pa.dictionary(pa.int8(), STRUCT), {"events.user_email": "deny"}),
    (pa.run_end_encoded(pa.int32(), STRUCT), {"events.user_email": "deny"}),
    (pa.map_(pa.int32(), STRUCT), {"events.user_email": "deny", "events": "allow"}),
    (pa.map_(pa.string(), STRUCT), {"events": "deny", "events.user_email": "deny"}),
    (pa.map_(pa.string(), pa.int8()), {"events": "deny"}),
    (pa.map_(pa.date32(), pa.int8()), {"events": "allow"}),
    (pa.dense_union([pa.field("user_email", pa.string())]), {"events.user_email": "deny"}),
    (pa.sparse_union([pa.field("n", STRUCT)]), {"events.n.user_email": "deny"}),
    (pa.json_(), {"events": "deny"}),
    (pa.list_(pa.json_()), {"events": "deny"}),
    (pa.opaque(pa.binary(), "point", "acme"), {"events": "deny"}),
    (pa.struct([("n", pa.json_())]), {"events.n": "deny"}),
    (pa.uuid(), {"events": "allow"}),
    (pa.bool8(), {"events": "allow"}),
    (pa.fixed_shape_tensor(pa.int8(), [2]), {"events": "allow"}),
    (pa.dictionary(pa.int8(), pa.string()), {"events": "allow"}),
    (pa.run_end_encoded(pa.int32(), pa.string()), {"events": "allow"}),
    (pa.month_day_nano_interval(), {"events": "allow"}),
    (pa.list_view(pa.int8()), {"events": "allow"}),
    (pa.struct([]), {"events": "allow"}),
    (pa.null(), {"events": "allow"}),
]


@pytest.mark.parametrize(("dtype", "expected"), ARROW, ids=lambda value: str(value)[:40])
def test_every_type_of_arrow_is_looked_into_or_denied(
    policy: whyfor.Policy, dtype: Any, expected: dict[str, str]
) -> None:
    table = arrow(dtype)
    assert verdicts(policy, table) == expected
    assert verdicts(policy, table.schema) == expected
    assert verdicts(policy, table.to_batches()[0]) == expected
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches())
    assert verdicts(policy, reader) == expected
    if not pa.types.is_union(dtype):
        array: Any = pd.arrays.ArrowExtensionArray(pa.chunked_array([pa.nulls(1, dtype)]))
        assert verdicts(policy, pd.DataFrame({"events": array})) == expected


@pytest.mark.parametrize(
    ("name", "inside", "expected"),
    [
        ("geoarrow.point", ["x", "y"], "allow"),
        ("geoarrow.point", ["x", "user_email"], "deny"),
        ("pandas.interval", ["left", "right"], "allow"),
        ("pandas.interval", ["x", "y"], "deny"),
        ("pandas.period", ["ordinal"], "deny"),
        ("arrow.uuid", ["user_email"], "deny"),
    ],
)
def test_an_extension_is_plain_only_if_it_holds_what_its_name_says(
    policy: whyfor.Policy, name: str, inside: list[str], expected: str
) -> None:
    storage = pa.struct([(part, pa.float64()) for part in inside])
    for dtype in (storage, pa.list_(storage)):
        field: Any = pa.field("events", dtype, metadata={"ARROW:extension:name": name})
        assert verdicts(policy, pa.schema([field])) == {"events": expected}


def test_an_extension_that_nobody_registered_is_denied(policy: whyfor.Policy) -> None:
    names = {"arrow.parquet.variant": "deny", "google:sqlType:json": "deny", "arrow.uuid": "allow"}
    for name, expected in names.items():
        field: Any = pa.field("events", pa.string(), metadata={"ARROW:extension:name": name})
        assert verdicts(policy, pa.schema([field])) == {"events": expected}
        nested: Any = pa.field("events", pa.list_(field))
        assert verdicts(policy, pa.schema([nested])) == {"events": expected}


POLARS: list[tuple[Any, dict[str, str]]] = [
    (pl.Struct({"user_email": pl.String}), {"events.user_email": "deny"}),
    (pl.List(pl.Struct({"ssn": pl.String})), {"events.ssn": "deny"}),
    (pl.Array(pl.Struct({"ssn": pl.String}), (2, 2)), {"events.ssn": "deny"}),
    (pl.Map(pl.String, pl.Int8), {"events": "deny"}),
    (pl.Map(pl.Int8, pl.Struct({"ssn": pl.Int8})), {"events.ssn": "deny", "events": "allow"}),
    (pl.Object(), {"events": "deny"}),
    (pl.Enum(["a"]), {"events": "allow"}),
    (pl.Categorical(), {"events": "allow"}),
    (pl.Categorical(pl.Categories.random()), {"events": "allow"}),
    (pl.Decimal(3, 1), {"events": "allow"}),
    (pl.Datetime("us", "UTC"), {"events": "allow"}),
    (pl.List(pl.Int128), {"events": "allow"}),
    (pl.Null(), {"events": "allow"}),
]


@pytest.mark.parametrize(("dtype", "expected"), POLARS, ids=lambda value: str(value)[:40])
def test_every_type_of_polars_is_looked_into_or_denied(
    policy: whyfor.Policy, dtype: Any, expected: dict[str, str]
) -> None:
    frame = pl.DataFrame(schema={"events": dtype})
    assert verdicts(policy, frame) == expected
    assert verdicts(policy, frame.lazy()) == expected
    assert verdicts(policy, frame.schema) == expected
    assert verdicts(policy, nw.from_native(frame)) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("{'user_email': 'a'}", {"events.user_email": "deny"}),
        ("[{'ssn': 'a'}]", {"events.ssn": "deny"}),
        ("map {'k': {'ssn': 'a'}}", {"events": "deny", "events.ssn": "deny"}),
        ("map {'k': 1}", {"events": "deny"}),
        ("map {1: 1}", {"events": "allow"}),
        ("union_value(ssn := 'a')", {"events.ssn": "deny"}),
        ("union_value(n := {'ssn': 1})", {"events.n.ssn": "deny"}),
        ("row(1, {'ssn': 1})", {"events": "allow", "events.ssn": "deny"}),
        ("'{}'::json", {"events": "deny"}),
        ("'{}'::variant", {"events": "deny"}),
        ("{'n': '{}'::json}", {"events.n": "deny"}),
        ("['{}'::json]", {"events": "deny"}),
        ("'a'::enum('a')", {"events": "allow"}),
        ("[1, 2]::int[2]", {"events": "allow"}),
        ("'1'::bit", {"events": "allow"}),
        ("interval 1 day", {"events": "allow"}),
        ("'a'", {"events": "allow"}),
        ("null", {"events": "allow"}),
    ],
)
def test_every_type_of_duckdb_is_looked_into_or_denied(
    policy: whyfor.Policy, expression: str, expected: dict[str, str]
) -> None:
    assert verdicts(policy, sql(expression)) == expected


class Point:
    """An object that could hold anything."""

    def __hash__(self) -> int:
        return 1


LOOP: list[Any] = []
LOOP.append(LOOP)


@pytest.mark.parametrize(
    "value",
    [
        {"ssn": 1},
        [{"ssn": 1}],
        ({"ssn": 1},),
        [[], [[{"ssn": 1}]]],
        np.array([{"ssn": 1}], dtype=object),
        np.zeros(1, dtype=[("ssn", "i4")]),
        np.zeros(1, dtype=[("ssn", "i4")])[0],
        Point(),
        pd.Series([1]),
        LOOP,
    ],
    ids=lambda value: str(type(value)),
)
def test_one_object_with_parts_denies_a_column_of_pandas(policy: whyfor.Policy, value: Any) -> None:
    values: Any = pd.Series(["a"] * 100 + [value, None], dtype=object)
    assert verdicts(policy, pd.DataFrame({"events": values})) == {"events": "deny"}


def test_objects_without_parts_are_values(policy: whyfor.Policy) -> None:
    shared: list[Any] = ["a"]
    for _ in range(30):
        shared = [shared, shared]  # of two to the thirtieth elements, if each were looked at
    values: list[Any] = [
        *("a", 1, 1.5, True, b"a", None, pd.NA, pd.NaT, pd.Timestamp(0), decimal.Decimal(1)),
        *(datetime.date(2026, 1, 1), uuid.uuid4(), np.float32(1), [1, 2], ["a", ["b"]], {"a"}),
        *(("a", 1), np.array([1, 2]), pd.Interval(0, 1), pd.Period("2026"), shared),
    ]
    for value in values:
        column: Any = pd.Series([value, "a"], dtype=object)
        assert verdicts(policy, pd.DataFrame({"events": column})) == {"events": "allow"}
    mixed: Any = pd.Series(values, dtype=object)
    assert verdicts(policy, pd.DataFrame({"events": mixed})) == {"events": "allow"}


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pd.Categorical(["a"]), "allow"),
        (pd.Categorical([("a", 1)]), "allow"),
        (pd.Categorical([Point()]), "deny"),
        (pd.arrays.SparseArray(["a"]), "allow"),
        (pd.interval_range(0, 1), "allow"),
        (pd.array([1], dtype="Int64"), "allow"),
        (pd.date_range("2026", periods=1, tz="UTC"), "allow"),
        (pd.period_range("2026", periods=1), "allow"),
    ],
    ids=lambda value: str(getattr(value, "dtype", value)),
)
def test_types_of_pandas_are_looked_into_or_denied(
    policy: whyfor.Policy, column: Any, expected: str
) -> None:
    assert verdicts(policy, pd.DataFrame({"events": column})) == {"events": expected}


def test_objects_of_a_lazy_frame_are_not_read_and_denied(policy: whyfor.Policy) -> None:
    texts = pd.DataFrame({"events": ["a"]})
    assert verdicts(policy, from_pandas(texts, npartitions=1)) == {"events": "allow"}
    objects: Any = pd.DataFrame({"events": pd.Series([{"ssn": 1}], dtype=object)})
    with dask_config.set({"dataframe.convert-string": False}):
        frame = from_pandas(objects, npartitions=1)
    report = policy.columns(frame, purpose="reporting")
    assert report.withheld == ("events",)
    assert "does not say what it holds" in report[0].reason


def test_a_mapping_says_what_a_column_holds_that_cannot_be_read(policy: whyfor.Policy) -> None:
    table = arrow(pa.map_(pa.string(), pa.int8()))
    report = policy.columns(table, purpose="reporting")
    assert (report[0].is_mapped, report[0].decisions[0].reasons[0].kind) == (False, "unread_part")
    assert "map<string, int8>` does not say" in report[0].reason
    report = policy.columns(table, purpose="reporting", mapping={"events": "events"})
    assert (report[0].categories, str(report[0].verdict)) == (("usage.events",), "allow")
    # The parts that can be read are asked nevertheless.
    table = arrow(pa.map_(pa.string(), STRUCT))
    report = policy.columns(table, purpose="reporting", mapping={"events": "events"})
    assert report.withheld == ("events",)
    # What is said of a column is not said of a part of it that cannot be read.
    table = arrow(pa.struct([("n", pa.json_())]))
    report = policy.columns(table, purpose="reporting", mapping={"events": "events"})
    assert report.withheld == ("events",)
    report = policy.columns(table, purpose="reporting", mapping={"events.n": "events"})
    assert report.withheld == ()
    with pytest.raises(ValueError, match="'events' is given no category"):
        policy.columns(table, purpose="reporting", mapping={"events": ()})


@pytest.mark.parametrize(
    ("index", "withheld"),
    [
        (None, ()),
        (pd.Index([7]), ()),
        (pd.Index([7], name="ssn"), ("ssn",)),
        (pd.Index(["a"]), ("(index)",)),
        (pd.date_range("2026", periods=1), ("(index)",)),
        (pd.MultiIndex.from_tuples([("a", 1)], names=["ssn", None]), ("ssn",)),
        (pd.MultiIndex.from_tuples([("a", 1)], names=["age", None]), ()),
        (pd.MultiIndex.from_tuples([("a", "b")], names=["age", None]), ("(index level 1)",)),
    ],
    ids=str,
)
def test_every_level_of_an_index_that_holds_data_is_a_column(
    policy: whyfor.Policy, index: Any, withheld: tuple[str, ...]
) -> None:
    frame = pd.DataFrame({"age": [1]}, index=index)
    selection = policy.select(frame, purpose="reporting")
    assert selection.withheld == withheld
    assert not set(withheld) & {*selection.frame.index.names}
    if index is not None and withheld:
        assert policy.columns(selection.frame, purpose="reporting").withheld == ()


def test_an_index_that_is_not_named_by_a_text_is_told(policy: whyfor.Policy) -> None:
    for name in (0, ("a", "b")):
        frame = pd.DataFrame({"age": [1]}, index=pd.Index(["a"], name=name))
        with pytest.raises(TypeError, match="the index"):
            policy.columns(frame, purpose="reporting")
