"""What goes to other processes: facts, pairs, decisions, selections."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import cloudpickle
import pandas as pd
import pytest
import whyfor
from whyfor import Policy

STATED: dict[str, whyfor.FactValue] = {
    "consent": {"yes": ["marketing"], "no": ["ads"]},
    "age": 20,
    "region": "eu",
    "verified": True,
}

Again = Callable[[Any], Any]
WAYS: list[Again] = [
    copy.copy,
    copy.deepcopy,
    *(lambda value, p=p: pickle.loads(pickle.dumps(value, p)) for p in (2, 4, 5)),
    lambda value: cloudpickle.loads(cloudpickle.dumps(value)),
]


def asked(policy: Policy, facts: whyfor.Facts) -> list[str]:
    questions = [("email", "newsletter"), ("email", "ads"), ("usage", "billing"), ("phone", "ads")]
    return [str(policy.ask("use", f, purpose=p, facts=facts).verdict) for f, p in questions]


@pytest.mark.parametrize("again", WAYS)
def test_facts_are_the_same_when_they_come_back(shop: Policy, again: Again) -> None:
    facts = shop.facts(STATED)
    expected = asked(shop, facts)
    assert "allow" in expected
    assert asked(shop, again(facts)) == expected
    assert asked(shop, again(again(facts))) == expected
    everywhere = again(shop.facts(consent=True, age=18.5))
    assert shop.may_use("email", purpose="newsletter", facts=everywhere)


@pytest.mark.parametrize("again", WAYS)
def test_facts_that_come_back_are_good_for_their_policy_alone(
    shop: Policy, drun: Policy, again: Again
) -> None:
    facts = again(shop.facts(STATED))
    other = whyfor.loads("policy p category usage purpose login fact consent fact age: number")
    for policy in (drun, other):
        with pytest.raises(ValueError, match="another policy"):
            policy.may_use("usage", purpose="login", facts=facts)
        with pytest.raises(ValueError, match="another policy"):
            policy.decide(field=["usage"], purpose="login", facts=facts)
    # Another copy of the same policy takes them.
    assert asked(Policy.from_bytes(shop.to_bytes()), facts) == asked(shop, facts)


def test_facts_do_not_follow_what_they_were_stated_from(shop: Policy) -> None:
    purposes = ["marketing"]
    facts = shop.facts(consent={"yes": purposes}, age=20)
    purposes.clear()
    again = pickle.loads(pickle.dumps(facts))
    assert shop.may_use("email", purpose="newsletter", facts=again)


@pytest.mark.parametrize("again", WAYS)
def test_pairs_are_the_same_when_they_come_back(shop: Policy, again: Again) -> None:
    pairs = shop.pairs(purpose="login")
    assert list(again(pairs)) == list(pairs)


@pytest.mark.parametrize("again", WAYS)
def test_reports_selections_and_refusals_come_back(shop: Policy, again: Again) -> None:
    frame = pd.DataFrame({"email": ["a"], "usage": [1]})
    selection = again(shop.select(frame, purpose="login"))
    assert list(selection.frame.columns) == ["email"]
    assert selection.withheld == ("usage",)
    with pytest.raises(whyfor.ColumnsNotAllowedError) as raised:
        shop.select(frame, purpose="login", on_denied="raise")
    assert str(again(raised.value)) == str(raised.value)


def work(policy: Policy, facts: whyfor.Facts) -> bool:
    return policy.may_use("email", purpose="newsletter", facts=facts)


def test_workers_take_a_policy_and_its_facts(shop: Policy) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        facts = shop.facts(consent=True, age=20)
        assert pool.submit(work, shop, facts).result()


def test_facts_are_not_forged_by_hand() -> None:
    with pytest.raises(TypeError):
        whyfor.Facts()  # they are made by `Policy.facts`
