"""The errors: their common base, their earlier names, and their pickles."""

from __future__ import annotations

import importlib
import pickle
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import whyfor
from whyfor import Policy

ANY: Any = whyfor
"""The module without types."""

RENAMED = {
    "ColumnsNotAllowed": whyfor.ColumnsNotAllowedError,
    "NotAllowed": whyfor.NotAllowedError,
    "UnknownName": whyfor.UnknownNameError,
}


def error_classes() -> Iterator[type[Exception]]:
    """All classes of errors that the package defines."""
    for module in pkgutil.iter_modules(whyfor.__path__, "whyfor."):
        for thing in vars(importlib.import_module(module.name)).values():
            is_error = isinstance(thing, type) and issubclass(thing, Exception)
            if is_error and thing.__module__ == module.name and not issubclass(thing, Warning):
                yield thing


def test_all_errors_have_one_base() -> None:
    classes = set(error_classes())
    assert {*RENAMED.values(), whyfor.PolicyError, whyfor.ArtifactError} < classes
    for one in classes:
        assert issubclass(one, whyfor.WhyforError), one


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (whyfor.PolicyError, ValueError),
        (whyfor.ArtifactError, ValueError),
        (whyfor.UnknownNameError, ValueError),
        (whyfor.NotAllowedError, PermissionError),
        (whyfor.ColumnsNotAllowedError, whyfor.NotAllowedError),
    ],
)
def test_each_error_keeps_its_builtin_base(
    error: type[Exception], builtin: type[Exception]
) -> None:
    assert issubclass(error, builtin)


FAILURES: list[tuple[type[Exception], Callable[[Any], object]]] = [
    (whyfor.PolicyError, lambda _: whyfor.loads("policy p use a for b")),
    (whyfor.ArtifactError, lambda _: Policy.from_bytes(b"nothing")),
    (whyfor.UnknownNameError, lambda p: p.may_use("email", purpose="logn")),
    (whyfor.UnknownNameError, lambda p: p.decide(field=["email"], purpose="ads", act="usse")),
    (whyfor.NotAllowedError, lambda p: p.require("use", "phone", purpose="ads")),
    (
        whyfor.ColumnsNotAllowedError,
        lambda p: p.select(["usage"], purpose="login", on_denied="raise"),
    ),
]


@pytest.mark.parametrize(("error", "fail"), FAILURES)
def test_an_error_that_is_raised_is_caught_by_the_base(
    shop: Policy, error: type[Exception], fail: Callable[[Any], object]
) -> None:
    with pytest.raises(whyfor.WhyforError) as raised:
        fail(shop)
    assert type(raised.value) is error
    again = pickle.loads(pickle.dumps(raised.value))
    assert type(again) is error
    assert str(again) == str(raised.value)


@pytest.mark.parametrize(("old", "error"), RENAMED.items())
def test_an_earlier_name_is_the_class_and_warns_of_the_new_name(
    old: str, error: type[Exception]
) -> None:
    with pytest.warns(DeprecationWarning, match=f"use `whyfor.{error.__name__}`") as warned:
        assert getattr(ANY, old) is error
    assert warned[0].filename == __file__
    with pytest.warns(DeprecationWarning, match=f"`whyfor.{old}` is deprecated"):
        exec(f"from whyfor import {old}")
    assert old not in whyfor.__all__
    assert old not in dir(whyfor)


@pytest.mark.parametrize("module", ["whyfor", "whyfor._errors", "whyfor._report"])
def test_no_other_names_are_there(module: str) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Allowed'"):
        getattr(importlib.import_module(module), "Allowed")  # noqa: B009 - for type checkers


@pytest.mark.parametrize(("old", "error"), RENAMED.items())
def test_a_pickle_by_an_earlier_name_is_read_without_a_warning(
    shop: Policy, old: str, error: type[Exception]
) -> None:
    fail = next(fail for kind, fail in FAILURES if kind is error)
    with pytest.raises(error) as raised:
        fail(shop)
    text = pickle.dumps(raised.value, protocol=2)
    earlier = text.replace(f"\n{error.__name__}\n".encode(), f"\n{old}\n".encode())
    assert earlier != text
    again = pickle.loads(earlier)
    assert type(again) is error
    assert str(again) == str(raised.value)
