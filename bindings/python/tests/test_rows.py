"""Decisions for columns: every kind of column, and the same answers as one question at a time."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import dask.dataframe
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute
import pytest
import whyfor
from hypothesis import given, settings
from hypothesis import strategies as st

run_end_encode: Any = vars(pyarrow.compute)["run_end_encode"]  # its stubs lack it

FIELDS = ["email", "phone", "contact", "work_email", "usage", "nope", "", "EMAIL_and_phone", None]
PURPOSES = ["login", "service.billing", "ads", "marketing", "nope", None]
FACTS: list[dict[str, Any]] = [
    {},
    {"verified": True},
    {"consent": {"yes": ["marketing"]}, "age": 20, "region": "eu"},
]

ARROW: dict[str, Callable[[list[str | None]], Any]] = {
    "plain": lambda c: pa.array(c, pa.string()),
    "large": lambda c: pa.array(c, pa.large_string()),
    "view": lambda c: pa.array(c, pa.string_view()),
    "dictionary": lambda c: pa.array(c, pa.string()).dictionary_encode(),
    "small dictionary": lambda c: (
        pa.array(c, pa.string()).dictionary_encode().cast(pa.dictionary(pa.int8(), pa.string()))
    ),
    "runs": lambda c: run_end_encode(pa.array(c, pa.string())),
    "slice": lambda c: pa.array(["email", *c, "email"], pa.string()).slice(1, len(c)),
    "slice of runs": lambda c: run_end_encode(pa.array(["x", *c, "x"], pa.string())).slice(
        1, len(c)
    ),
    "chunks": lambda c: pa.chunked_array(
        [pa.array(c[: len(c) // 3], pa.string()), pa.array(c[len(c) // 3 :], pa.string())]
    ),
}
OTHERS: dict[str, Callable[[list[str | None]], Any]] = {
    "list": list,
    "tuple": tuple,
    "numpy": lambda c: np.array(c, dtype=object),
    "pandas": lambda c: pd.Series(c, dtype="str", name="f"),
    "pandas object": lambda c: pd.Series(c, dtype=object),
    "pandas category": lambda c: pd.Series(c, dtype="category"),
    "pandas python": lambda c: pd.Series(c, dtype="string[python]"),
    "pandas pyarrow": lambda c: pd.Series(c, dtype="string[pyarrow]"),
    "pandas arrow": lambda c: pd.Series(c, dtype=pd.ArrowDtype(pa.string())),
    "pandas arrow dictionary": lambda c: pd.Series(
        pd.arrays.ArrowExtensionArray(
            pa.chunked_array([pa.array(c, pa.string()).dictionary_encode()])
        )
    ),
    "pandas index": lambda c: pd.Index(c, dtype=object),
    "pandas sparse": lambda c: pd.Series(pd.arrays.SparseArray(np.array(c, dtype=object))),
    "polars": lambda c: pl.Series("f", c, dtype=pl.String),
    "polars categorical": lambda c: pl.Series(c, dtype=pl.String).cast(pl.Categorical),
    "polars enum": lambda c: pl.Series(
        c, dtype=pl.Enum(sorted({name for name in c if name is not None}))
    ),
}
KINDS = ARROW | OTHERS


def listed(answers: Any) -> list[Any]:
    for name in ("to_pylist", "to_list", "tolist"):
        if hasattr(answers, name):
            return list(getattr(answers, name)())
    return list(answers)


def one_by_one(
    policy: whyfor.Policy,
    rows: list[tuple[str | None, str | None]],
    facts: dict[str, Any],
) -> list[str]:
    def verdict(field: str | None, purpose: str | None) -> str:
        if field is None or purpose is None:
            return "deny"
        try:
            return str(policy.ask("use", field, purpose=purpose, facts=facts).verdict)
        except whyfor.UnknownNameError:
            return "deny"

    return [verdict(*row) for row in rows]


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from(FIELDS), st.sampled_from(PURPOSES)), max_size=40),
    kinds=st.tuples(st.sampled_from(sorted(KINDS)), st.sampled_from(sorted(KINDS))),
    facts=st.sampled_from(FACTS),
)
def test_every_kind_of_column_is_decided_as_one_question_at_a_time(
    shop: whyfor.Policy,
    rows: list[tuple[str | None, str | None]],
    kinds: tuple[str, str],
    facts: dict[str, Any],
) -> None:
    expected = one_by_one(shop, rows, facts)
    field, purpose = (KINDS[kind]([row[at] for row in rows]) for at, kind in enumerate(kinds))
    verdicts = shop.decide(field=field, purpose=purpose, facts=facts, out="verdict")
    assert listed(verdicts) == expected
    allowed = shop.decide(field=field, purpose=purpose, facts=facts)
    assert listed(allowed) == [verdict == "allow" for verdict in expected]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_many_rows_are_decided_by_threads_as_few_are(shop: whyfor.Policy, kind: str) -> None:
    fields = [FIELDS[i * 7 % len(FIELDS)] for i in range(200_000)]
    purposes = [PURPOSES[i * 5 % len(PURPOSES)] for i in range(200_000)]
    rows = list(zip(fields, purposes, strict=True))
    of_row = {
        row: answer == "allow"
        for row, answer in zip(set(rows), one_by_one(shop, list(set(rows)), {}), strict=True)
    }
    answers = shop.decide(field=KINDS[kind](fields), purpose=KINDS[kind](purposes))
    assert listed(answers) == [of_row[row] for row in rows]


WITHOUT_THREADS = """
import resource, whyfor
policy = whyfor.loads("policy shop category email purpose login use email for login")
fields = ["email", "usage"] * 200_000
assert policy.decide(field=fields[:2], purpose="login") == [True, False]
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + (64 << 20)  # answers fit in that, and no stack of a thread
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
assert policy.decide(field=fields, purpose="login") == [True, False] * 200_000
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited in Linux' way")
def test_rows_are_decided_where_no_thread_can_be_started() -> None:
    environment = {**os.environ, "RUST_MIN_STACK": str(1 << 30)}
    subprocess.run([sys.executable, "-c", WITHOUT_THREADS], env=environment, check=True)


def test_the_answers_are_of_the_kind_of_the_column(shop: whyfor.Policy) -> None:
    fields = ["email", None]
    series = shop.decide(field=pd.Series(fields, index=[7, 8], name="f"), purpose="login")
    assert isinstance(series, pd.Series)
    assert (list(series.index), series.name, str(series.dtype)) == ([7, 8], "f", "bool")
    assert shop.decide(field=np.array(fields, dtype=object), purpose="login").dtype == bool
    polars = shop.decide(field=pl.Series("f", fields), purpose="login")
    assert (polars.name, polars.dtype) == ("f", pl.Boolean)
    assert isinstance(shop.decide(field=pa.array(fields), purpose="login"), pa.BooleanArray)
    chunked = shop.decide(field=pa.chunked_array([fields]), purpose="login")
    assert isinstance(chunked, pa.ChunkedArray)
    assert shop.decide(field=fields, purpose="login") == [True, False]


def test_series_with_other_labels_are_not_paired_by_place(shop: whyfor.Policy) -> None:
    field = pd.Series({0: "email", 1: "usage"})
    purpose = pd.Series({1: "ads", 0: "login"})
    with pytest.raises(ValueError, match=r"argument 'purpose': its index.*'field'.*align"):
        shop.decide(field=field, purpose=purpose)
    with pytest.raises(ValueError, match="index"):
        shop.decide(field=nw.from_native(field, series_only=True), purpose=purpose)
    with pytest.raises(ValueError, match="argument 'method': its index"):
        shop.decide(act="collect", field=field, method=purpose, purpose="login")
    with pytest.raises(ValueError, match="index"):
        shop.decide(field="email", act="collect", method=field, purpose=purpose)
    # What the message says to do.
    aligned = field.align(purpose, join="inner")
    answers = shop.decide(field=aligned[0], purpose=aligned[1])
    assert answers.to_dict() == {0: True, 1: False}
    by_place = shop.decide(field=field.reset_index(drop=True), purpose=purpose.to_numpy())
    assert by_place.to_list() == [False, False]


def test_series_whose_labels_are_not_read_are_not_paired_by_place(shop: whyfor.Policy) -> None:
    from_pandas: Any = dask.dataframe.from_pandas
    field = pd.Series({0: "email", 1: "usage"})
    purpose = pd.Series({1: "ads", 0: "login"})
    lazy = from_pandas(field, npartitions=1)
    for columns in ((lazy, purpose), (purpose, lazy), (lazy, lazy)):
        with pytest.raises(ValueError, match=r"cannot be held against.*compute them first"):
            shop.decide(field=columns[0], purpose=columns[1])
    assert listed(shop.decide(field=lazy, purpose="login")) == [True, False]
    assert listed(shop.decide(field=lazy, purpose=["login", "login"])) == [True, False]


def test_series_with_the_same_labels_are_paired(shop: whyfor.Policy) -> None:
    index: Any
    for index in ([5, 5], ["a", "b"], pd.MultiIndex.from_tuples([(1, 2), (3, 4)]), None):
        field = pd.Series(["email", "usage"], index=index)
        purpose = pd.Series(["login", "login"], index=index)
        answers = shop.decide(field=field, purpose=purpose)
        assert answers.to_list() == [True, False]
        assert answers.index.equals(field.index)
        # Beside what has no labels, the place is all there is.
        for other in (["login"] * 2, np.array(["login"] * 2), pl.Series(["login"] * 2)):
            assert shop.decide(field=field, purpose=other).to_list() == [True, False]
            assert listed(shop.decide(field=other, purpose=purpose)) == [False, False]


def test_methods_and_recipients_are_columns_too(shop: whyfor.Policy) -> None:
    fields = ["email", "email", "phone"]
    answers = shop.decide(
        act="collect", field=fields, method=["provided", None, "provided"], purpose="login"
    )
    assert answers == [True, False, True]
    shared = shop.decide(act="share", field=fields, recipient="courier", purpose="billing")
    assert shared == [True, True, False]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"field": ["email"], "purpose": "lgoin"},
            whyfor.UnknownNameError,
            "no purpose is named `lgoin`",
        ),
        ({"field": [1], "purpose": "login"}, TypeError, r"argument 'field\[0\]': 'int' object"),
        ({"field": pa.array([1]), "purpose": "login"}, TypeError, "a column of Int64 has no names"),
        ({"field": 1, "purpose": "login"}, TypeError, "argument 'field': 'int' object"),
        (
            {"field": ["email"], "purpose": ["login"] * 2},
            ValueError,
            "has 2 rows, and 'field' has 1",
        ),
        ({"field": "email", "purpose": "login"}, TypeError, "no argument is a column"),
        ({"field": np.array([["email"]]), "purpose": "login"}, TypeError, "2 dimensions"),
        (
            {"act": "collect", "field": ["email"], "purpose": "login", "recipient": "courier"},
            TypeError,
            "'recipient' goes with",
        ),
        ({"field": ["email"], "purpose": "login", "out": "x"}, ValueError, "argument 'out'"),
        (
            {"act": "steal", "field": ["email"], "purpose": "login"},
            whyfor.UnknownNameError,
            "no act",
        ),
    ],
)
def test_a_wrong_argument_is_named(
    shop: whyfor.Policy, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        shop.decide(**arguments)


def test_half_a_character_in_a_column_is_an_unknown_name(shop: whyfor.Policy) -> None:
    assert shop.decide(field=["\ud800", "email"], purpose="login") == [False, True]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"purpose": 3}, "argument 'purpose': 'int' object"),
        ({"purpose": ["login", None]}, "argument 'purpose': 'NoneType' object"),
        ({"fields": "email"}, "argument 'fields': 'str' object"),
        ({"fields": [3]}, "argument 'fields': 'int' object"),
    ],
)
def test_a_wrong_argument_of_pairs_is_named(
    shop: whyfor.Policy, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        shop.pairs(**arguments)


def test_no_rows_have_no_answers(shop: whyfor.Policy) -> None:
    assert shop.decide(field=[], purpose="login") == []
    assert len(shop.decide(field=pa.array([], pa.string()), purpose="login")) == 0
    nulls = pa.nulls(3)
    assert shop.decide(field=nulls, purpose="login").to_pylist() == [False] * 3


def test_columns_of_arrow_in_pandas_are_not_made_lists(
    shop: whyfor.Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Any) -> list[Any]:
        raise AssertionError("it was made a list")

    monkeypatch.setattr(pd.Series, "tolist", fail)
    for kind in ("pandas pyarrow", "pandas arrow", "pandas arrow dictionary", "pandas category"):
        answers = shop.decide(field=KINDS[kind](["email", None]), purpose="login")
        assert [*answers] == [True, False]


def test_what_is_required_of_rows_must_be_allowed_in_all(shop: whyfor.Policy) -> None:
    def require(policy: whyfor.Policy, ages: list[int | None]) -> whyfor.Decision:
        facts = {"age": pl.Series(ages, dtype=pl.Int64), "consent": {"yes": ["newsletter"]}}
        return policy.require("use", "email", purpose="newsletter", facts=facts)

    assert require(shop, [18, 80]).duties == shop.ask("use", "email", purpose="newsletter").duties
    for policy in (shop, shop.audit([], enforce=True)):
        with pytest.raises(whyfor.NotAllowedError, match="2 of 3 rows are not allowed") as raised:
            require(policy, [18, 3, None])
        assert raised.value.rows == (2, 3)
        assert pickle.loads(pickle.dumps(raised.value)).rows == (2, 3)
    assert require(shop.audit([]), [3]).missing


def test_many_threads_decide_at_once(shop: whyfor.Policy) -> None:
    fields = pa.array(["email", "phone"] * 100_000)
    expected = [True, False] * 100_000
    found: list[bool] = []

    def work() -> None:
        found.append(shop.decide(field=fields, purpose="login").to_pylist() == expected)

    expected = shop.decide(field=fields, purpose="login").to_pylist()
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 8


def test_pairs_are_the_fields_and_purposes_that_are_allowed(shop: whyfor.Policy) -> None:
    pairs = shop.pairs(purpose="login")
    names = [field for field, _ in pairs]
    assert "email" in names
    assert "contact.email" in names
    assert "users.email" in names
    assert "ads" not in names
    for field, purpose in shop.pairs():
        assert shop.may_use(field, purpose=purpose)
    assert list(shop.pairs(purpose="login", fields=["work_email", "usage"])) == [
        ("work_email", "login")
    ]
    assert pl.DataFrame(pairs).columns == ["field", "purpose"]
    assert pa.record_batch(pairs).num_rows == len(pairs)
    with pytest.raises(whyfor.UnknownNameError):
        shop.pairs(purpose="lgoin")
