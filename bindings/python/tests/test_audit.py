"""An audit stands in for its policy, records what is asked, and withholds only if it enforces."""

from __future__ import annotations

import inspect
import json
import logging
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import whyfor
from whyfor import Policy

FRAME = pd.DataFrame({"email": ["a"], "shoe_size": [44]})
ROWS = pd.DataFrame({"field": ["email", "usage", None], "purpose": ["login"] * 3})


def public(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}


def test_an_audit_is_a_policy_with_every_public_name_of_one(shop: Policy) -> None:
    observed = shop.audit([])
    assert isinstance(observed, Policy)
    assert public(Policy) <= public(whyfor.Audit)
    # What decides, or withholds, is the audit's own: of anything else nothing is to be recorded.
    own = {name for name in vars(whyfor.Audit) if not name.startswith("_")}
    looking = {"columns", "matrix", "explain"}
    enforcing = {
        "ask",
        "may_use",
        "may_collect",
        "may_share",
        "require",
        "select",
        "apply",
        "filter",
    }
    assert own == looking | enforcing | {"from_bytes", "enforce"}
    for name in enforcing:
        ours, theirs = (inspect.signature(getattr(kind, name)) for kind in (whyfor.Audit, Policy))
        assert list(ours.parameters) == list(theirs.parameters), name


def test_every_method_that_answers_works_on_an_audit(shop: Policy) -> None:
    records: list[dict[str, Any]] = []
    observed = shop.audit(records)
    assert observed.may_use("usage", purpose="login")
    assert observed.may_collect("usage", method="provided", purpose="login")
    assert observed.may_share("phone", recipient="courier", purpose="billing")
    assert not observed.ask("use", "usage", purpose="login")
    assert not observed.require("use", "usage", purpose="login")
    assert [r["verdict"] for r in records] == ["deny"] * 5
    assert [r["act"] for r in records[:3]] == ["use", "collect", "share"]
    del records[:]
    facts = observed.facts(age=20)
    assert observed.explain("use", "email", purpose="newsletter", facts=facts).decision.missing
    assert observed.matrix()["contact.email", "service.login"] == "allow"
    assert observed.purposes_for("email") == shop.purposes_for("email")
    assert observed.fields_for("login") == shop.fields_for("login")
    assert observed.categories_of("email") == ("contact.email",)
    assert list(observed.pairs(purpose="login", fields=["email"])) == [("email", "login")]
    assert observed.columns(FRAME, purpose="login").withheld == ("shoe_size",)
    assert (observed.name, observed.digest) == (shop.name, shop.digest)
    assert observed.to_bytes() == shop.to_bytes()
    assert observed == shop
    assert records == []
    with observed.purpose("login") as login:
        assert login.may_use("usage")
    assert records[0]["purpose"] == "login"


@pytest.mark.parametrize(
    "make",
    [list, pd.Series, pl.Series, lambda rows: pa.array(rows)],
    ids=["list", "pd", "pl", "pa"],
)
def test_rows_are_recorded_by_their_number_and_all_of_them_allowed(shop: Policy, make: Any) -> None:
    records: list[dict[str, Any]] = []
    fields = make(["email", "usage", "nobody_knows"])
    observed = shop.audit(records)
    answers = observed.decide(field=fields, purpose="login")
    assert type(answers) is type(shop.decide(field=fields, purpose="login"))
    assert [bool(answer) for answer in pa.array(answers).to_pylist()] == [True, True, True]
    assert [records[0][k] for k in ("kind", "purpose", "allowed", "denied", "depends")] == [
        "rows",
        "login",
        1,
        2,
        0,
    ]
    assert "nobody_knows" not in json.dumps(records)
    verdicts = observed.decide(field=["email", "usage"], purpose="login", out="verdict")
    assert verdicts == ["allow", "deny"]
    enforced = shop.audit(records, enforce=True)
    assert enforced.decide(field=["email", "usage"], purpose="login") == [True, False]


def test_filtered_rows_are_recorded_and_kept(shop: Policy) -> None:
    records: list[dict[str, Any]] = []
    observed = shop.audit(records)
    assert observed.filter(ROWS) is ROWS
    assert (records[0]["allowed"], records[0]["withheld"]) == (1, 2)
    lazy = pl.from_pandas(ROWS).lazy()
    assert observed.filter(lazy, purpose=whyfor.lit("login")) is lazy
    assert (records[1]["purpose"], records[1]["allowed"]) == ("login", None)
    assert list(shop.audit(records, enforce=True).filter(ROWS)["field"]) == ["email"]


def test_what_a_guard_refuses_is_recorded_and_passed(shop: Policy) -> None:
    records: list[dict[str, Any]] = []

    def take(value: Any) -> Any:
        return value

    reader = pa.array([44])
    assert shop.audit(records).guard(purpose="login")(take)(reader) is reader
    assert records[0]["kind"] == "refused"
    assert "Int64Array" in records[0]["reason"]
    with pytest.raises(TypeError, match="Int64Array"):
        shop.audit(records, enforce=True).guard(purpose="login")(take)(reader)
    assert shop.audit(records).guard(purpose="login", on_denied="drop")(take)(FRAME) is FRAME


def test_an_audit_goes_to_other_processes_with_its_sink(shop: Policy, tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    observed = shop.audit(path)
    again = pickle.loads(pickle.dumps(observed))
    assert type(again) is whyfor.Audit
    assert (again, again.enforce) == (shop, False)
    code = "import pickle, sys; pickle.load(sys.stdin.buffer).may_use('usage', purpose='login')"
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code], input=pickle.dumps(observed), check=True)
    observed.may_use("email", purpose="login")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["verdict"] for line in lines] == ["deny", "deny", "allow"]
    logger = logging.getLogger("privacy")
    assert pickle.loads(pickle.dumps(shop.audit(logger)))._sink is logger
    with pytest.raises(TypeError, match="audit that records into a list is not pickled"):
        pickle.dumps(shop.audit([]))


def test_an_audit_of_an_audit_records_once(shop: Policy) -> None:
    outer: list[dict[str, Any]] = []
    inner: list[dict[str, Any]] = []
    shop.audit(inner).audit(outer).may_use("email", purpose="login")
    assert (len(outer), len(inner)) == (1, 0)
    assert repr(shop.audit(inner)).startswith("<Audit, observed, of <Policy shop")
    assert type(whyfor.Audit.from_bytes(shop.to_bytes())) is Policy
