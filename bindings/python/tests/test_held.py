"""A frame that an argument holds is checked wherever it is, and replaced where it can be."""

from __future__ import annotations

import collections
import contextvars
import dataclasses
import enum
import functools
import types
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import numpy as np
import pandas as pd
import pytest
import whyfor
from held import FINE, FRAME, Keeper, Pair, Take


@dataclasses.dataclass
class Study:
    frame: Any
    name: str = "study"


@dataclasses.dataclass(frozen=True, slots=True)
class FrozenStudy:
    frame: Any


@attrs.define
class Attributed:
    frame: Any


class Slotted:
    __slots__ = ("frame",)

    def __init__(self, frame: Any) -> None:
        self.frame = frame


class Configured:
    frame = FRAME


class OwnFrame(pd.DataFrame):
    pass


OwnFrame.__module__ = "acme"


class OwnList(list[Any]):
    pass


@pytest.mark.parametrize(
    ("make", "find"),
    [
        (lambda f: [f], lambda v: v[0]),
        (lambda f: (1, f), lambda v: v[1]),
        (lambda f: {"a": f}, lambda v: v["a"]),
        (lambda f: {"a": [{"b": (f,)}]}, lambda v: v["a"][0]["b"][0]),
        (lambda f: collections.OrderedDict(a=f), lambda v: v["a"]),
        (lambda f: collections.defaultdict(list, a=f), lambda v: v["a"]),
        (lambda f: collections.deque([f]), lambda v: v[0]),
        (lambda f: collections.ChainMap({"a": f}), lambda v: v["a"]),
        (lambda f: collections.UserDict(a=f), lambda v: v["a"]),
        (lambda f: collections.UserList([f]), lambda v: v[0]),
        (lambda f: OwnList([f]), lambda v: v[0]),
        (lambda f: Pair(f, 1), lambda v: v.train),
        (Study, lambda v: v.frame),
        (FrozenStudy, lambda v: v.frame),
        (Attributed, lambda v: v.frame),
        (lambda f: (d for d in [f]), next),
        (lambda f: iter([f]), next),
        (lambda f: map(lambda d: d, [f]), next),
        (lambda f: {"a": (d for d in [f])}, lambda v: next(v["a"])),
        (lambda f: [*list(range(1000)), f], lambda v: v[-1]),
        (lambda f: [[1, 2], [3, f]], lambda v: v[1][1]),
        (lambda f: np.array([(f, 1)], [("amount", "O"), ("age", "i4")]), lambda v: v[0][0]),
        (lambda f: [{"age": 1}, {"age": f}], lambda v: v[1]["age"]),
    ],
)
def test_a_frame_is_replaced_wherever_a_container_or_a_record_has_it(
    take: Take, make: Callable[[Any], Any], find: Callable[[Any], Any]
) -> None:
    assert list(find(take(make(FRAME))).columns) == ["amount"]
    assert find(take(make(FINE))) is FINE
    value = make(FRAME)
    result = take(value)
    assert type(result) is type(value) or isinstance(result, Iterator)


@pytest.mark.parametrize(
    "make",
    [
        Keeper,
        Slotted,
        lambda f: Keeper({"a": [f]}),
        lambda f: Keeper(Slotted(f)),
        lambda f: Keeper(f).run,
        lambda f: types.SimpleNamespace(frame=f),
        lambda f: types.MappingProxyType({"a": f}).values(),
        lambda f: functools.partial(print, f),
        lambda f: functools.partial(dict, frame=f),
        lambda f: lambda: f,
        lambda f: lambda x=f: x,
        lambda f: f.head,
        lambda f: [f].append,
        lambda f: ValueError(f),
        lambda f: [Keeper(f)],
    ],
)
def test_what_an_object_or_a_function_keeps_must_be_allowed_as_it_is(
    take: Take, make: Callable[[Any], Any]
) -> None:
    with pytest.raises(whyfor.ColumnsNotAllowedError, match="ssn"):
        take(make(FRAME))
    value = make(FINE)
    assert take(value) is value


def test_the_attributes_of_a_class_are_its_objects_too(take: Take) -> None:
    for value in (Configured(), Configured):
        with pytest.raises(whyfor.ColumnsNotAllowedError):
            take(value)


def test_what_a_frame_has_in_its_attrs_is_looked_at(take: Take) -> None:
    frame = FINE.copy()
    frame.attrs["raw"] = FRAME
    with pytest.raises(whyfor.ColumnsNotAllowedError):
        take(frame)


class Copied:
    """Copies itself, and keeps what it has."""

    def __init__(self, frame: Any) -> None:
        self.frames = [frame]

    def __deepcopy__(self, memo: Any) -> Copied:
        return self


class Lazy(collections.UserList[Any]):
    def __iter__(self) -> Iterator[Any]:
        return iter([FRAME.copy()])


class Uncopied(list[Any]):
    def __deepcopy__(self, memo: Any) -> Uncopied:
        return self


class Colours(enum.Enum):
    FRAME = (FRAME,)


def test_what_is_copied_in_its_own_way_hands_nothing_on(take: Take) -> None:
    variable = contextvars.ContextVar("variable", default=FRAME)
    for value in (Copied(FRAME), Colours.FRAME, variable, OwnFrame(FINE)):
        if isinstance(value, OwnFrame):
            object.__setattr__(value, "raw", FRAME)
        with pytest.raises(whyfor.ColumnsNotAllowedError):
            take(value)
    for uncopied in (Lazy([FRAME]), Uncopied([FRAME])):
        with pytest.raises(TypeError, match="cannot be copied"):
            take(uncopied)


def test_what_an_array_of_a_class_of_its_own_keeps_is_looked_at(take: Take) -> None:
    class Marked(np.ndarray[Any, Any]):
        raw: Any = None

    array = np.zeros(2).view(Marked)
    assert take({"amount": array})["amount"] is array
    array.raw = FRAME
    with pytest.raises(whyfor.ColumnsNotAllowedError):
        take({"amount": array})
