"""Questions by names, facts, and what is wrong with arguments."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

import numpy as np
import pytest
import whyfor
from whyfor import Policy, UnknownNameError, Verdict

ANY: Any = whyfor
"""The module to one who does not look at types."""


def test_yes_or_no_for_each_act(shop: Policy) -> None:
    assert shop.may_use("email", purpose="login") is True
    assert shop.may_use("usage", purpose="login") is False
    assert shop.may_collect("phone", method="provided", purpose="login")
    assert not shop.may_collect("usage", method="provided", purpose="login")
    assert shop.may_share("email", recipient="courier", purpose="billing")
    assert not shop.may_share("phone", recipient="courier", purpose="billing")


def test_what_depends_on_unstated_facts_is_not_allowed(shop: Policy) -> None:
    assert not shop.may_use("email", purpose="newsletter")
    agreed: dict[str, whyfor.FactValue] = {"consent": {"yes": ["marketing"]}, "age": 20}
    assert shop.may_use("email", purpose="newsletter", facts=agreed)
    assert shop.may_use("email", purpose="newsletter", facts=shop.facts(agreed))
    assert not shop.may_use("email", purpose="newsletter", facts={**agreed, "age": 17})


def test_a_decision_says_all_there_is_to_say(shop: Policy) -> None:
    decision = shop.ask("use", "users.email", purpose="newsletter", facts={"age": 20})
    assert decision.verdict == "depends"
    assert decision.verdict is Verdict.DEPENDS
    assert not decision
    assert not decision.verdict
    assert decision.missing == ("consent",)
    assert decision.duties == ("deidentify",)
    assert decision.retention == ()
    assert decision.retain_days is None
    assert decision.digest == shop.digest
    (reason,) = decision.reasons
    assert (reason.kind, reason.file, reason.section) == ("permit", "policy.why", "marketing")
    assert reason.source == "use email for newsletter when consent and age >= 18 then deidentify"


def test_retention_is_a_span_of_time(shop: Policy) -> None:
    decision = shop.ask("collect", "email", method="provided", purpose="login")
    (limit,) = decision.retention
    assert limit.timedelta == timedelta(days=180)
    assert decision.retain_days == 180
    assert decision
    assert decision.verdict


def test_more_days_than_python_counts_are_as_many_as_it_counts() -> None:
    policy = whyfor.loads("policy p  category c  purpose u  use c for u retain 4000000000 days")
    decision = policy.ask("use", "c", purpose="u")
    (limit,) = decision.retention
    assert limit.timedelta == timedelta(timedelta.max.days)
    assert (limit.count, decision.retain_days) == (4_000_000_000, 4_000_000_000)


def test_a_decision_is_shown_with_its_source_lines(shop: Policy) -> None:
    assert repr(shop.ask("collect", "email", method="provided", purpose="login")) == (
        "ALLOW  collect email by provided for login\n"
        "  this permits it (policy.why:25, section “Account registration”)\n"
        "    25 │ collect email, phone by provided for login\n"
        "    26 │     retain 180 days\n"
        "  retention  180 days"
    )
    assert str(shop.ask("use", "email", purpose="newsletter")) == (
        "DEPENDS  use email for newsletter\n"
        "  it depends on `consent`, `age`, which no one stated\n"
        "  this permits it if its condition holds (policy.why:29, section “Marketing <b>& more</b>”)\n"
        "    29 │ use email for newsletter when consent and age >= 18 then deidentify\n"
        "  duties     deidentify"
    )


def test_a_question_is_worded_as_in_the_language(shop: Policy) -> None:
    asked = [
        shop.ask("use", "email", purpose="login"),
        shop.ask("collect", "email", method="provided", purpose="login"),
        shop.ask("share", "email", recipient="courier", purpose="billing"),
    ]
    assert [decision.question for decision in asked] == [
        "use email for login",
        "collect email by provided for login",
        "share email with courier for billing",
    ]
    hidden = shop.ask("use", "e\nmail\x1b", purpose="login")
    assert (hidden.field, hidden.question) == (
        "e\nmail\x1b",
        "use e mail\N{REPLACEMENT CHARACTER} for login",
    )
    assert dataclasses.replace(hidden, field="\ud800").question.endswith(" for login")


def test_a_statement_is_kept_as_written_and_its_lines_are_shown() -> None:
    text = "policy p category c purpose q\n      use c for q\n\t    retain\n\t\t 3 days"
    (reason,) = whyfor.loads(text).ask("use", "c", purpose="q").reasons
    assert reason.source == "use c for q\n\t    retain\n\t\t 3 days"
    assert [number for number, _ in reason.lines] == [2, 3, 4]
    assert reason.lines[0] == (2, "use c for q")
    assert all(line.startswith("    ") and "\t" not in line for _, line in reason.lines[1:])
    unknown = whyfor.loads(text).ask("use", "d", purpose="q").reasons[0]
    assert unknown.lines == ()


def test_a_notebook_shows_the_source_lines_escaped(shop: Policy) -> None:
    page = shop.ask("use", "email", purpose="newsletter")._repr_html_()
    assert "age &gt;= 18 then deidentify" in page
    assert "Marketing &lt;b&gt;&amp; more&lt;/b&gt;" in page
    assert "<b>&" not in page
    page = shop.ask("use", "<script>", purpose="login")._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_field_that_nobody_knows_is_denied_with_near_names(shop: Policy) -> None:
    decision = shop.ask("use", "emial", purpose="login")
    assert decision.verdict is Verdict.DENY
    (reason,) = decision.reasons
    assert reason.kind == "unknown_field"
    assert reason.candidates == ("contact.email",)
    assert "perhaps `contact.email`" in repr(decision)
    assert shop.may_use("emial", purpose="login") is False


@pytest.mark.parametrize(
    ("ask", "kind", "name", "candidates"),
    [
        (lambda p: p.may_use("email", purpose="logn"), "unknown_purpose", "logn", "service.login"),
        (lambda p: p.may_use("no", purpose="logn"), "unknown_purpose", "logn", "service.login"),
        (
            lambda p: p.may_collect("email", method="providd", purpose="login"),
            "unknown_method",
            "providd",
            "provided",
        ),
        (
            lambda p: p.may_share("email", recipient="courrier", purpose="login"),
            "unknown_recipient",
            "courrier",
            "partners.courier",
        ),
        (lambda p: p.ask("use", "email", purpose="ad"), "unknown_purpose", "ad", "marketing.ads"),
        (lambda p: p.ask("usse", "email", purpose="ads"), "unknown_act", "usse", "use"),
        (lambda p: p.facts(agee=3), "unknown_fact", "agee", "age"),
        (lambda p: p.facts(region="uk"), "unknown_choice", "uk", "eu"),
        (lambda p: p.facts(consent={"no": ["adds"]}), "unknown_purpose", "adds", "marketing.ads"),
    ],
)
def test_a_misspelt_name_in_a_program_raises_with_near_names(
    shop: Policy, ask: Callable[[Any], object], kind: str, name: str, candidates: str
) -> None:
    with pytest.raises(UnknownNameError, match=f"`{name}`") as raised:
        ask(shop)
    assert isinstance(raised.value, ValueError)
    assert (raised.value.kind, raised.value.name) == (kind, name)
    assert candidates in raised.value.candidates
    assert candidates in str(raised.value)
    again = pickle.loads(pickle.dumps(raised.value))
    assert (str(again), again.candidates) == (str(raised.value), raised.value.candidates)


def test_an_ambiguous_name_raises_with_what_it_could_mean() -> None:
    policy = whyfor.loads("policy p  category c  purpose a { x }  purpose b { x }")
    with pytest.raises(UnknownNameError) as raised:
        policy.may_use("c", purpose="x")
    assert raised.value.kind == "ambiguous_purpose"
    assert raised.value.candidates == ("a.x", "b.x")


def test_what_is_required_and_not_allowed_raises_and_says_why(shop: Policy) -> None:
    with pytest.raises(whyfor.NotAllowedError, match="never use #sensitive") as raised:
        shop.require("use", "phone", purpose="ads", facts={"verified": False})
    assert isinstance(raised.value, PermissionError)
    assert raised.value.decision.verdict is Verdict.DENY
    again = pickle.loads(pickle.dumps(raised.value))
    assert again.decision == raised.value.decision
    assert str(again) == str(raised.value) == str(again.decision)
    with pytest.raises(whyfor.NotAllowedError):
        shop.require("use", "email", purpose="newsletter")  # depends is not allowed


def test_what_is_required_and_allowed_comes_with_its_duties(shop: Policy) -> None:
    facts = shop.facts(consent=True, age=18.5)
    decision = shop.require("use", "email", purpose="newsletter", facts=facts)
    assert decision.duties == ("deidentify",)


def test_decisions_are_data(shop: Policy) -> None:
    one, other = (shop.ask("use", "email", purpose=purpose) for purpose in ("login", "ads"))
    assert one == shop.ask("use", "email", purpose="login")
    assert one != other
    assert len({one, other, copy.deepcopy(one)}) == 2
    assert pickle.loads(pickle.dumps(one)) == one
    with pytest.raises(AttributeError):
        one.verdict = Verdict.ALLOW  # type: ignore[misc] # pyright: ignore


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda p: p.may_use(3, purpose="login"), "'field': 'int'"),
        (lambda p: p.may_use(None, purpose="login"), "'field': 'NoneType'"),
        (lambda p: p.may_use("email", purpose=b"login"), "'purpose': 'bytes'"),
        (lambda p: p.may_use("email"), "'purpose'"),
        (lambda p: p.may_collect("email", method=1, purpose="login"), "'method': 'int'"),
        (lambda p: p.may_share("email", recipient=[], purpose="login"), "'recipient': 'list'"),
        (lambda p: p.ask(1, "email", purpose="login"), "'act': 'int'"),
        (lambda p: p.ask("collect", "email", purpose="login", recipient="x"), "'recipient' goes"),
        (lambda p: p.ask("share", "email", purpose="login", method="x"), "'method' goes with"),
        (lambda p: p.ask("use", "email", purpose="login", method="x"), "'method' goes with"),
        (lambda p: p.ask("use", "email", purpose="login", recipient="x"), "'recipient' goes with"),
        (lambda p: p.ask("use", "email", purpose="login", facts=3), "'facts': 'int'"),
        (lambda p: p.ask("use", "email", purpose="login", facts=[1]), "'facts': 'list'"),
        (lambda p: p.ask("use", "email", purpose="login", facts={1: 2}), "'facts': 'int'"),
        (lambda p: p.facts(age="20"), r"'facts\['age'\]': 'str'"),
        (lambda p: p.facts(age=True), r"'facts\['age'\]': 'bool'"),
        (lambda p: p.facts(verified=1), r"'facts\['verified'\]': 'int'"),
        (lambda p: p.facts(region=True), r"'facts\['region'\]': 'bool'"),
        (lambda p: p.facts(consent="ads"), r"'facts\['consent'\]': 'str'"),
        (lambda p: p.facts(consent={"yes": "ads"}), r"'facts\['consent'\]': 'str'"),
        (lambda p: p.facts(consent={"yes": 3}), r"'facts\['consent'\]': 'int'"),
        (lambda p: p.facts(consent={"yes": [3]}), r"'facts\['consent'\]': 'int'"),
        (lambda p: p.categories_of(3), "'field': 'int'"),
        (lambda _: ANY.loads(b"policy p"), "'text': 'bytes'"),
        (lambda _: ANY.load(3), "'path': 'int'"),
        (lambda _: ANY.Policy.from_bytes(bytearray(8)), "'artifact': 'bytearray'"),
        (lambda _: ANY.Policy("shop.why"), "made by whyfor.load"),
    ],
)
def test_a_wrong_type_is_told_by_the_arguments_name(
    shop: Policy, call: Callable[[Any], object], argument: str
) -> None:
    with pytest.raises(TypeError, match=argument):
        call(shop)


@pytest.mark.parametrize(
    "facts",
    [{"age": float("nan")}, {"age": float("inf")}, {"consent": {"maybe": ["ads"]}}],
)
def test_a_fact_that_makes_no_sense_is_refused(shop: Policy, facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(facts))):
        shop.facts(facts)


class Whole:
    """A whole number of another library."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __index__(self) -> int:
        return self.value

    def __float__(self) -> float:
        return float(self.value)


@pytest.mark.parametrize("make", [int, Decimal, Fraction, Whole, np.int64, np.uint64])
def test_a_number_is_what_is_given_or_refused(make: Callable[[int], Any]) -> None:
    policy = whyfor.loads(
        f"policy p category x purpose q fact n: number use x for q when n == {2**53}"
    )
    assert policy.may_use("x", purpose="q", facts={"n": make(2**53)})
    assert not policy.may_use("x", purpose="q", facts={"n": make(2**53 + 2)})
    assert not policy.may_use("x", purpose="q", facts={"n": make(18)})
    with pytest.raises(
        ValueError, match="`n` takes a number, and `9007199254740993` is a number that"
    ):
        policy.facts(n=make(2**53 + 1))


def test_a_number_beyond_all_is_refused(shop: Policy) -> None:
    for number in (10**400, 10**5000, -(10**400)):
        with pytest.raises(ValueError, match="too large"):
            shop.facts(age=number)
    for fraction in (0.1, Decimal("0.1"), Fraction(1, 3), np.float32(0.5)):
        assert shop.facts(age=cast(Any, fraction))
    with pytest.raises(ValueError, match="finite"):
        shop.facts(age=cast(Any, Decimal("NaN")))
    with pytest.raises(TypeError, match="not a number"):
        shop.facts(age=cast(Any, np.bool_(True)))


def test_a_fact_is_stated_once(shop: Policy) -> None:
    with pytest.raises(TypeError, match="the fact `age` is stated twice"):
        shop.facts({"age": 17}, age=18)
    assert shop.facts({"age": 17}, verified=True)


def test_facts_of_another_policy_are_refused(shop: Policy, drun: Policy) -> None:
    for purpose in ("login", "newsletter"):
        with pytest.raises(ValueError, match="another policy"):
            shop.may_use("usage", purpose=purpose, facts=drun.facts())
    with pytest.raises(ValueError, match="another policy"):
        shop.ask("use", "email", purpose="login", facts=drun.facts())
    again = Policy.from_bytes(shop.to_bytes())
    assert again.may_use("email", purpose="newsletter", facts=shop.facts(consent=True, age=20))


def test_text_that_is_no_unicode_is_refused(shop: Policy) -> None:
    for call in (
        lambda: shop.may_use("\ud800", purpose="login"),
        lambda: shop.may_use("email", purpose="\udfff"),
        lambda: shop.facts(region="\ud800"),
        lambda: whyfor.loads("policy p \ud800"),
    ):
        with pytest.raises(UnicodeEncodeError):
            call()


def test_names_resolve_by_their_ends_and_by_patterns(shop: Policy) -> None:
    for field in ("email", "contact.email", "users.email", "work_email"):
        assert shop.categories_of(field) == ("contact.email",)
        assert shop.may_use(field, purpose="service.login")
    assert shop.categories_of("email_and_phone") == ("contact.email", "contact.phone")
    assert shop.categories_of("nothing") == ()


def test_a_policy_lists_what_it_contains(shop: Policy) -> None:
    assert [node.path for node in shop.purposes if node.is_leaf] == [
        "service.login",
        "service.billing",
        "marketing.newsletter",
        "marketing.ads",
    ]
    email = next(node for node in shop.categories if node.path == "contact.email")
    assert email == whyfor.Node("contact.email", "Email address", 1, True)
    assert [node.path for node in shop.methods] == ["provided"]
    assert [node.path for node in shop.recipients] == ["partners", "partners.courier"]
    verified, consent, region, age = shop.declared_facts
    assert verified == whyfor.Fact("verified", "Verified", "yes_no", (), ())
    assert consent.kind == "per_purpose"
    assert region.choices == ("eu", "us")
    assert (age.kind, age.bounds) == ("number", (18.0,))


def test_permit_raises_unless_every_duty_is_fulfilled() -> None:
    policy = whyfor.loads(
        "policy p category a purpose x purpose y duty d duty e use a for x then d, e"
    )
    decision = policy.ask("use", "a", purpose="x")
    assert decision.permit("e", "d") is decision
    with pytest.raises(whyfor.NotAllowedError, match="only with e, not fulfilled") as raised:
        decision.permit("d")
    again = pickle.loads(pickle.dumps(raised.value))
    assert (again.owed, str(again)) == (("e",), str(raised.value))
    denied = policy.ask("use", "a", purpose="y")
    with pytest.raises(whyfor.NotAllowedError) as raised:
        denied.permit("d", "e")
    assert raised.value.owed == ()
    assert str(raised.value) == str(denied)
