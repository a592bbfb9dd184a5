"""The terms of a decision: legal bases, retention, optional data; and questions about any method or recipient."""

from __future__ import annotations

import copy
import pickle
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
import whyfor
from whyfor import Limit, Policy

TERMS = """
policy shop "Shop" {
    version "2026-01"  effective "2026-12-31"  language "en"
    contact "privacy@example.com"  url "https://example.com/data"
}
category contact { email phone address }
category device { ip_address }
method provided { form  import_file }
method observed
purpose service { login  billing }
purpose marketing { ads }
recipient partners { courier mailer }
fact consent per purpose
fact region: one of eu "European Union", us
basis contract "Performance of a contract"
basis agreed "Consent" when consent
basis legitimate
event withdrawal
event account_deletion "Deletion of the account"

collect email, optional phone by provided for login on contract
    retain 2 years, 30 days after account_deletion
collect device for service on legitimate, contract retain 36 hours
collect address by form for billing on contract retain at least 10 years because "Tax law"
    see "https://example.com/tax"
use email for ads on agreed retain until withdrawal, 1 week
share email with courier, mailer for billing retain 7 days after withdrawal
share device with * for service on contract
use address for ads
"""


@pytest.fixture(scope="module")
def terms() -> Policy:
    return whyfor.loads(TERMS)


def text(limits: tuple[Limit, ...]) -> list[str]:
    return [str(limit) for limit in limits]


def test_the_bases_are_those_that_hold_in_alphabetical_order(terms: Policy) -> None:
    assert terms.ask("collect", "device", purpose="login").bases == ("contract", "legitimate")
    pending = terms.ask("use", "email", purpose="ads")
    assert (pending.verdict, pending.bases) == ("depends", ("agreed",))
    assert terms.ask("use", "phone", purpose="ads").bases == ()


def test_what_no_basis_carries_is_unbased(terms: Policy) -> None:
    assert terms.ask("use", "address", purpose="ads").unbased
    assert not terms.ask("use", "email", purpose="login").unbased
    assert not terms.ask("use", "phone", purpose="ads").unbased  # denied
    assert (
        not whyfor.loads("policy p category c purpose u use c for u")
        .ask("use", "c", purpose="u")
        .unbased
    )


def test_retention_is_a_list_of_limits_from_collection_first(terms: Policy) -> None:
    decision = terms.ask("collect", "email", method="form", purpose="login")
    assert text(decision.retention) == ["2 years", "30 days after account_deletion"]
    assert decision.retain == decision.retention
    years, days = decision.retention
    assert (years.count, years.unit, years.after, years.until) == (2, "years", None, None)
    assert (years.period, years.timedelta) == ("2 years", None)
    assert (days.period, days.after) == ("30 days", "account_deletion")
    assert days.timedelta == timedelta(days=30)
    assert decision.retain_days == 730
    assert terms.ask("collect", "device", purpose="login").retain_days == 1  # 36 hours
    assert terms.ask("use", "email", purpose="billing").retention == ()  # those of a share


def test_a_limit_can_be_an_event(terms: Policy) -> None:
    week, until = terms.ask(
        "use", "email", purpose="ads", facts={"consent": {"yes": ["ads"]}}
    ).retention
    assert (week.period, week.timedelta) == ("1 week", timedelta(weeks=1))
    assert (until.until, until.period, until.count, until.unit) == ("withdrawal", None, None, None)
    assert (str(until), until.timedelta) == ("until withdrawal", None)


def test_how_long_data_must_be_kept_is_said_apart(terms: Policy) -> None:
    decision = terms.ask("collect", "address", method="form", purpose="billing")
    assert decision.retain_at_least == (Limit(10, "years"),)
    assert (decision.retention, decision.retain_days) == ((), None)


def test_optional_data_is_what_the_person_may_leave_out(terms: Policy) -> None:
    assert terms.ask("collect", "phone", method="provided", purpose="login").optional
    assert not terms.ask("collect", "email", method="provided", purpose="login").optional
    assert not terms.ask("use", "phone", purpose="login").optional


def test_a_reason_says_why_the_statement_stands_and_where_to_read_more(terms: Policy) -> None:
    decision = terms.ask("collect", "address", method="form", purpose="billing")
    (reason,) = decision.reasons
    assert (reason.because, reason.see) == ("Tax law", "https://example.com/tax")
    assert "because: Tax law\n" in f"{reason}\n"
    assert "see: https://example.com/tax" in reason._repr_html_()
    assert terms.ask("use", "email", purpose="login").reasons[0].because == ""


def test_a_decision_is_shown_with_its_terms(terms: Policy) -> None:
    shown = repr(terms.ask("collect", "phone", method="form", purpose="login"))
    assert shown.splitlines()[-3:] == [
        "  basis      contract",
        "  retention  2 years, 30 days after account_deletion",
        "  optional   the person may leave it out",
    ]
    shown = repr(terms.ask("collect", "address", method="form", purpose="billing"))
    assert shown.endswith("  basis      contract\n  retention  at least 10 years")
    assert repr(terms.ask("use", "address", purpose="ads")).endswith("  basis      none")
    assert "<b>basis</b> contract" in terms.ask("use", "phone", purpose="login")._repr_html_()


def test_terms_are_data(terms: Policy) -> None:
    decision = terms.ask("collect", "email", method="form", purpose="login")
    assert pickle.loads(pickle.dumps(decision)) == copy.deepcopy(decision) == decision
    assert hash(decision.retention) == hash(copy.deepcopy(decision.retention))
    with pytest.raises(AttributeError):
        decision.retention[0].count = 3  # type: ignore[misc] # pyright: ignore


def test_the_policy_lists_its_bases_events_and_header(terms: Policy) -> None:
    assert [(basis.name, basis.label) for basis in terms.bases] == [
        ("contract", "Performance of a contract"),
        ("agreed", "Consent"),
        ("legitimate", ""),
    ]
    assert terms.events == (
        whyfor.Event("account_deletion", "Deletion of the account"),
        whyfor.Event("withdrawal", ""),
    )
    assert terms.bases[2] == whyfor.Basis("legitimate", "")
    assert (terms.effective, terms.language) == ("2026-12-31", "en")
    assert (terms.contact, terms.url) == ("privacy@example.com", "https://example.com/data")
    region = terms.declared_facts[1]
    assert (region.choices, region.choice_labels) == (("eu", "us"), ("European Union", ""))
    again = Policy.from_bytes(terms.to_bytes())
    assert (again.bases, again.events, again.url) == (terms.bases, terms.events, terms.url)


@pytest.mark.parametrize("any_method", [{}, {"method": None}, {"method": "*"}])
def test_without_a_method_a_question_is_about_any(terms: Policy, any_method: Any) -> None:
    asked = terms.ask("collect", "email", purpose="login", **any_method)
    assert asked.verdict == "deny"
    assert asked.question == "collect email for login"
    assert terms.ask("collect", "device", purpose="login", **any_method)
    assert not terms.may_collect("email", purpose="login", **any_method)
    assert terms.may_collect("device", purpose="login", **any_method)
    assert terms.may_collect("device", purpose="login", facts={"region": "eu"}, **any_method)
    assert terms.require("collect", "device", purpose="login", **any_method)
    rows = terms.decide(
        act="collect", field=["email", "device"], purpose=["login", "billing"], **any_method
    )
    assert rows == [False, True]
    with pytest.raises(whyfor.UnknownNameError, match="no purpose"):
        terms.may_collect("device", purpose="lgoin", **any_method)


@pytest.mark.parametrize("any_recipient", [{}, {"recipient": None}, {"recipient": "*"}])
def test_without_a_recipient_a_question_is_about_any(terms: Policy, any_recipient: Any) -> None:
    assert not terms.may_share("email", purpose="billing", **any_recipient)
    assert terms.may_share("device", purpose="billing", **any_recipient)
    assert terms.ask("share", "device", purpose="login", **any_recipient).bases == ("contract",)
    frame = pd.DataFrame({"field": ["email", "device"], "purpose": ["billing", "login"]})
    kept = terms.filter(frame, act="share", **any_recipient)
    assert list(kept["field"]) == ["device"]
    lazy = pl.LazyFrame({"field": ["email", "device"], "purpose": ["billing", "login"]})
    assert terms.filter(lazy, act="share", **any_recipient).collect()["field"].to_list() == [
        "device"
    ]
    report = terms.columns(["email", "ip_address"], purpose="billing", act="share", **any_recipient)
    assert report.withheld == ("email",)
    assert list(
        terms.pairs(purpose="billing", fields=["email", "device"], act="share", **any_recipient)
    ) == [("device", "billing")]


def test_a_star_in_a_column_of_data_is_no_method(terms: Policy) -> None:
    answers = terms.decide(
        act="collect", field="device", method=["*", "observed", None], purpose="login"
    )
    assert answers == [False, True, False]


def test_the_other_way_round_some_method_is_enough_and_a_star_means_every_one(
    terms: Policy,
) -> None:
    assert terms.purposes_for("email", act="collect") == ("service.login",)
    assert terms.purposes_for("email", act="collect", method="*") == ()
    assert terms.purposes_for("device", act="collect", method="*") == terms.purposes_for(
        "device", act="collect"
    )
    assert terms.fields_for("billing", act="share") == (
        "contact.email",
        "device",
        "device.ip_address",
    )
    assert terms.fields_for("billing", act="share", recipient="*") == (
        "device",
        "device.ip_address",
    )
    with pytest.raises(whyfor.UnknownNameError):
        terms.fields_for("lgoin", act="share")
    alone = whyfor.loads("policy p category c purpose u collect c for u")
    assert alone.purposes_for("c", act="collect") == ("u",)  # no method is declared


def test_who_may_get_a_field_is_listed_any_recipient_first(terms: Policy) -> None:
    # Both parts of a group are named, and not the group.
    assert terms.recipients_for("email", purpose="billing") == (
        "partners.courier",
        "partners.mailer",
    )
    everyone = ("*", "partners", "partners.courier", "partners.mailer")
    assert terms.recipients_for("device", purpose="login") == everyone
    assert terms.recipients_for("phone", purpose="login", facts={"region": "eu"}) == ()
    records: list[Any] = []
    assert terms.audit(records).recipients_for("device", purpose="login") == everyone
    assert records == []
    with pytest.raises(whyfor.UnknownNameError):
        terms.recipients_for("device", purpose="lgoin")


def test_the_matrix_without_a_method_has_the_best_of_all(terms: Policy) -> None:
    some, every = terms.matrix(act="collect"), terms.matrix(act="collect", method="*")
    assert some.title.endswith("collected by some method")
    assert every.title.endswith("collected by every method")
    for category in terms.categories:
        for purpose in terms.purposes:
            key = category.path, purpose.path
            asked = [
                terms.ask("collect", category.path, method=path, purpose=purpose.path).verdict
                for path in ("form", "import_file", "observed")
            ]
            best = next(v for v in ("allow", "depends", "deny") if v in asked)
            assert some[key] == best
            assert every[key] == terms.ask("collect", category.path, purpose=purpose.path).verdict
    assert terms.matrix(act="share", recipient="courier").title.endswith("shared with courier")
    assert terms.matrix().title.endswith("used")


def test_an_explanation_of_any_method_names_those_that_are_allowed(terms: Policy) -> None:
    explanation = terms.explain("collect", "address", purpose="billing")
    assert explanation.methods == ("provided.form",)
    assert "it is allowed by provided.form" in repr(explanation)


def test_an_audit_takes_the_same_questions(terms: Policy) -> None:
    records: list[Any] = []
    audit = terms.audit(records, enforce=True)
    assert not audit.may_collect("email", purpose="login")
    assert audit.may_share("device", purpose="login")
    assert audit.decide(act="collect", field=["device"], purpose="login") == [True]
    assert [(r["method"], r["recipient"]) for r in records] == [(None, None)] * 3
    assert audit.purposes_for("email", act="collect") == ("service.login",)


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """A policy where a field stands for several categories with limits of all kinds."""
    limits = [
        "3 days, 2 months, 5 weeks after a, at least 1 year, at least 3 days after b",
        "72 hours, 1 year, until a, at least 12 months",
        "1 week, 61 days after b, 2 months after b, at least 5 hours, at least 4 days after b",
    ]
    statements = "\n".join(f"use c{i} for u retain {text}" for i, text in enumerate(limits))
    path: Path = tmp_path_factory.mktemp("mapped") / "mapped.why"
    path.write_text(
        "policy p category all { c0 c1 c2 } purpose u event a event b\n"
        f'field "one" is c0, c1, c2\n{statements}\n'
    )
    return whyfor.load(path)


def test_the_limits_of_several_categories_are_joined_as_in_one_decision(mapped: Policy) -> None:
    one = mapped.ask("use", "one", purpose="u")
    assert text(one.retention) == [
        "72 hours",
        "2 months",
        "until a",
        "61 days after b",
        "2 months after b",
    ]
    assert text(one.retain_at_least) == ["5 hours", "12 months", "4 days after b"]
    (column,) = mapped.columns(["one"], purpose="u")
    assert len(column.decisions) == 3
    assert (column.retention, column.retain_at_least) == (one.retention, one.retain_at_least)
    assert (column.bases, column.unbased, column.retain_days) == ((), False, one.retain_days)
    selection = mapped.select(pd.DataFrame({"c2": [1], "c0": [2]}), purpose="u")
    joined = mapped.select(pd.DataFrame({"c0": [2], "c2": [1]}), purpose="u")
    assert selection.retention == joined.retention
    assert "retention: 3 days, 2 months" in repr(selection)


def test_the_bases_of_a_frame_are_those_of_its_allowed_columns(terms: Policy) -> None:
    report = terms.columns(["email", "phone", "address"], purpose="login")
    assert (report.withheld, report.bases, report.unbased) == (("address",), ("contract",), False)
    report = terms.columns(["address"], purpose="ads")
    assert (report.bases, report.unbased) == ((), True)
