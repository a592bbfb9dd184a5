"""Enforces purposes: of functions, and of parts of a notebook."""

from __future__ import annotations

import copy
import functools
import inspect
import os
import sys
import types
import warnings
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from . import _frames, _objects
from ._held import PLAIN, Held, Path, Refused, inspect_argument
from ._lit import lit
from ._parts import Fields, Part, index_labels, names_of
from ._report import CategoryMapping, F, OnDenied, Report, Selection

if TYPE_CHECKING:
    from types import FrameType, TracebackType

    from ._contents import FactValue
    from ._core import Facts
    from ._decision import Decision
    from ._protocol import PolicyLike

P = ParamSpec("P")
R = TypeVar("R")

_HERE = (
    os.path.dirname(__file__) + os.sep,
    os.path.join(os.path.dirname(os.__file__), "asyncio") + os.sep,
)
"""Files that are not the caller: this package, and asyncio."""


class DutiesWarning(UserWarning):
    """A guarded function received columns that have duties."""


def guard(
    policy: PolicyLike,
    purpose: str,
    on_denied: OnDenied,
    facts: Facts | Mapping[str, FactValue] | None,
    mapping: CategoryMapping | None,
    on_report: Callable[[Report], object] | None,
    strict: bool,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """See `Policy.guard`."""
    if on_denied not in ("drop", "raise", "mask"):
        raise ValueError(f"argument 'on_denied': {on_denied!r} is none of 'drop', 'raise', 'mask'")
    policy.pairs(purpose=purpose, fields=())  # report a misspelt purpose at the decorator
    held = _Guard(policy, purpose, on_denied, facts, dict(mapping or {}), on_report, strict)

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        return cast(Callable[P, R], _guarded(held, function))

    return decorate


@dataclass(frozen=True, slots=True)
class _Guard:
    policy: PolicyLike
    purpose: str
    on_denied: OnDenied
    facts: Facts | Mapping[str, FactValue] | None
    mapping: Mapping[str, Any]
    on_report: Callable[[Report], object] | None
    strict: bool

    def reported(self, selection: Selection[F]) -> F:
        """Reports the selection and its duties, and returns its frame."""
        if self.on_report is not None:
            self.on_report(selection.report)
        elif selection.duties:
            duties = ", ".join(selection.duties)
            warnings.warn(
                f"for {self.purpose}, first: {duties}", DutiesWarning, stacklevel=_callers_level()
            )
        return selection.frame


def _callers_level() -> int:
    """The stack level of the line that called a guarded function, for `warnings.warn` in the caller."""
    frame: FrameType | None = sys._getframe(1)
    level = 1
    while frame is not None and frame.f_code.co_filename.startswith(_HERE):
        frame, level = frame.f_back, level + 1
    return level


class _Call:
    """One call of a guarded function; checks its arguments one by one."""

    def __init__(self, guard: _Guard) -> None:
        self._guard = guard
        self._unmatched = set(guard.mapping)
        self._has_data = False

    def passed(self, name: str, value: Any, strict: bool, path: Path = ()) -> Any:
        """An argument as passed to the function: the same object, unless something is withheld.

        `path` is given if the argument itself is a field of a record.
        """
        if type(value) in PLAIN and not path:
            return value
        guard = self._guard
        try:
            held = inspect_argument(name, value, strict, path)
        except Refused as refusal:
            guard.policy._refuse(refusal)
            return value
        if not held:
            return value
        replaced: dict[int, Any] = {}
        fine: list[Any] = []
        for frame, is_free in held.frames:
            on_denied: OnDenied = guard.on_denied if is_free else "raise"
            selected = self._selected(frame, on_denied)
            fine.append(selected)
            if selected is not frame:
                replaced[id(frame)] = selected
        for column, key in held.columns:
            self._column(column, key)
        self._fields(held.fields, strict, path)
        for stream, keys in held.streams:
            replaced[id(stream)] = _drawn(guard, name, stream, strict, keys)
        if not replaced:
            return value
        value = _with(value, held, replaced)
        # A class may copy itself in its own way, or may have created frames during the inspection.
        known = {id(frame) for frame in fine}
        if any(
            id(frame) not in known for frame, _ in inspect_argument(name, value, False, path).frames
        ):
            raise _uncopied(value)
        return value

    def finish(self) -> None:
        """Reports misspelt keys of the mapping: those that no data has."""
        if self._has_data and self._unmatched:
            key = sorted(self._unmatched)[0]
            raise KeyError(f"argument 'mapping': no frame or column that was passed has {key!r}")

    def _selected(self, frame: Any, on_denied: OnDenied) -> Any:
        """A frame without what is denied; or names, which must all be allowed."""
        guard = self._guard
        self._has_data = True
        try:
            names = names_of(frame) if guard.mapping else ()
            mapping = {name: guard.mapping[name] for name in names if name in guard.mapping}
            self._unmatched -= set(mapping)
            selection = guard.policy.select(
                frame,
                purpose=guard.purpose,
                facts=guard.facts,
                mapping=mapping,
                on_denied=on_denied,
            )
        except TypeError as refusal:  # names that are not strings
            guard.policy._refuse(refusal)
            return frame
        return guard.reported(selection)

    def _column(self, column: Any, key: str | None) -> None:
        """Checks a single column. Dropping it would leave nothing, so it raises instead."""
        if _objects.is_index(column):
            if _objects.library(column) == "pandas":
                indexed: Any = sys.modules["pandas"].DataFrame(index=column)
            else:
                indexed = [label for label in index_labels(column) if label is not None]
            self._selected(indexed, "raise")
            return
        series = _frames.narwhals().from_native(column, series_only=True)
        name = series.name
        if not isinstance(name, str) or not name:
            name = repr(name) if name not in (None, "") else key or "(column without a name)"
        self._selected(series.alias(name).to_frame().to_native(), "raise")

    def _fields(self, fields: Mapping[Path, bool], strict: bool, argument: Path) -> None:
        """Checks fields: those known to the policy must be allowed; if strict, all but an argument itself."""
        given = set(self._guard.mapping)
        names = {path[0] for path in fields}
        for path in (path for path in fields if len(path) > 1):
            names.update(name for start in range(len(path)) for name in _wholes(path[start:]))
        known = given.union(self._guard.policy._known(list(names)))
        if not (known or strict or any(fields.values())):
            return
        parts: dict[Path, None] = {}
        for path, is_required in fields.items():
            # Records may be nested in records and settings whose keys have no meaning.
            ends = (path[start:] for start in range(len(path)))
            meant = next((end for end in ends if not known.isdisjoint(_wholes(end))), None)
            if is_required or (strict and path != argument):
                parts[path] = None
            elif meant is not None:
                parts[meant] = None
        if parts:
            self._selected(Fields(map(Part, parts)), "raise")


def _wholes(path: Path) -> Iterator[str]:
    """The dotted names of a path and of all its prefixes."""
    return (".".join(path[:length]) for length in range(1, len(path) + 1))


def _with(value: Any, held: Held, replaced: dict[int, Any]) -> Any:
    """A value with some of its contents replaced; copies only the containers on the way."""
    changed = set(replaced)
    todo = list(replaced)
    while todo:
        for holder in held.parents.get(todo.pop(), ()):
            if id(holder) not in changed:
                changed.add(id(holder))
                todo.append(id(holder))
    kept = {id(one): one for one in held.seen.values() if id(one) not in changed}
    try:
        return copy.deepcopy(value, {**kept, **replaced})
    except RecursionError:
        raise TypeError(
            "an argument is nested too deeply for columns to be withheld in it"
        ) from None
    except Exception as error:
        raise _uncopied(value) from error


def _uncopied(value: Any) -> TypeError:
    kind = type(value).__qualname__
    return TypeError(f"'{kind}' object cannot be copied for columns to be withheld in it")


def _drawn(guard: _Guard, name: str, stream: Any, strict: bool, path: Path) -> Any:
    """The items of a generator, each checked when drawn. The generator's own path is a field already."""

    def passed(item: Any) -> Any:
        if type(item) in PLAIN:
            return item
        call = _Call(guard)
        item = call.passed(name, item, strict, path)
        call.finish()
        return item

    async def later(items: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for item in items:
            yield passed(item)

    def now(items: Iterator[Any]) -> Iterator[Any]:
        for item in items:
            yield passed(item)

    return later(stream) if isinstance(stream, AsyncIterator) else now(stream)


def _guarded(guard: _Guard, function: Any) -> Any:
    """Guards a callable of any kind."""
    if isinstance(function, staticmethod | classmethod):
        return type(function)(_guarded(guard, function.__func__))
    if isinstance(function, functools.partial):
        return functools.partial(
            _guarded(guard, function.func), *function.args, **function.keywords
        )
    if isinstance(function, types.MethodType):
        return types.MethodType(_guarded(guard, function.__func__), function.__self__)
    if isinstance(function, type):
        return _guarded_class(guard, function)
    if not callable(function):
        raise TypeError(f"'{type(function).__qualname__}' object is not a function")
    if not isinstance(function, types.FunctionType):
        called = inspect.getattr_static(type(function), "__call__", None)
        if isinstance(called, types.FunctionType):
            return types.MethodType(_guarded(guard, called), function)
    arguments = _Arguments(guard, function)
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def wrapped_async(*args: Any, **kwargs: Any) -> Any:
            args, kwargs = arguments.passed(args, kwargs)
            return await function(*args, **kwargs)

        return wrapped_async

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        args, kwargs = arguments.passed(args, kwargs)
        return function(*args, **kwargs)

    return wrapped


def _guarded_class(guard: _Guard, kind: Any) -> Any:
    """Guards a class: checks the arguments of its constructor."""
    makers = [
        name
        for name in ("__new__", "__init__")
        if isinstance(getattr(kind, name), types.FunctionType)
    ]
    if not makers:
        raise TypeError(
            f"class '{kind.__qualname__}' has no `__init__` to be guarded: guard its methods"
        )
    for name in makers:
        made = _guarded(guard, getattr(kind, name))
        setattr(kind, name, staticmethod(made) if name == "__new__" else made)
    return kind


class _Arguments:
    """The parameters of a guarded function, and the defaults that may hold data."""

    def __init__(self, guard: _Guard, function: Any) -> None:
        self._guard = guard
        self._owner = getattr(function, "__self__", None)
        self._names: list[str] = []
        self._others = False
        """Whether it takes arbitrary keywords, whose arguments are fields of a record."""
        self._wrapped_defaults = list(_wrapped_defaults(function))
        self._defaults: dict[str, Any] = {}
        self._class = getattr(function, "__qualname__", "").rpartition(".")[0]
        self._module = getattr(function, "__module__", None)
        try:
            self._signature = inspect.signature(function)
        except (TypeError, ValueError):  # some C functions have no signature
            return
        for name, parameter in self._signature.parameters.items():
            if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
                self._names.append(name)
            self._others |= parameter.kind is parameter.VAR_KEYWORD
            if parameter.default is not parameter.empty and type(parameter.default) not in PLAIN:
                self._defaults[name] = parameter.default

    def _is_other(self, name: str) -> bool:
        return self._others and name not in self._signature.parameters

    def _is_owner(self, value: Any) -> bool:
        """Whether an argument is the method's object or class."""
        kind: type = value if isinstance(value, type) else type(value)
        return any(
            base.__qualname__ == self._class and base.__module__ == self._module
            for base in kind.__mro__
        )

    def passed(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments of a call as passed to the function."""
        guard = self._guard
        call = _Call(guard)
        for kept in [self._owner, *self._wrapped_defaults]:
            if kept is not None:
                call.passed("self", types.CellType(kept), False)
        values: list[Any] = []
        for number, value in enumerate(args):
            name = self._names[number] if number < len(self._names) else f"*{number}"
            strict = guard.strict and not (number == 0 and self._is_owner(value))
            values.append(call.passed(name, value, strict))
        named = {
            name: call.passed(name, value, guard.strict, (name,) if self._is_other(name) else ())
            for name, value in kwargs.items()
        }
        if self._defaults:
            bound = self._signature.bind(*values, **named)
            for name, default in self._defaults.items():
                if name not in bound.arguments:
                    value = call.passed(name, default, guard.strict)
                    if value is not default:
                        bound.arguments[name] = value
            # In parameter order, or positional arguments would be mixed up.
            order = self._signature.parameters
            bound.arguments = {n: bound.arguments[n] for n in order if n in bound.arguments}
            values, named = list(bound.args), bound.kwargs
        call.finish()
        return tuple(values), named


def _wrapped_defaults(function: Any) -> Iterator[Any]:
    """The defaults of a function's wrappers; its signature is that of the innermost function."""
    while (inner := getattr(function, "__wrapped__", None)) is not None:
        yield getattr(function, "__defaults__", None)
        yield getattr(function, "__kwdefaults__", None)
        function = inner


class Purpose:
    """A policy for one purpose, in a `with` block: `with policy.purpose("research") as p:`."""

    __slots__ = ("_open", "_policy", "facts", "purpose")

    def __init__(
        self, policy: PolicyLike, purpose: str, facts: Facts | Mapping[str, FactValue] | None
    ) -> None:
        policy.pairs(purpose=purpose, fields=())  # raises for a misspelt purpose
        self._policy = policy
        self._open = False
        self.purpose = purpose
        self.facts = facts

    def __enter__(self) -> Purpose:
        self._open = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open = False

    def _asked(self) -> PolicyLike:
        if not self._open:
            raise RuntimeError(f"the purpose {self.purpose} is asked for outside its `with` block")
        return self._policy

    def may_use(self, field: str) -> bool:
        """Whether a field may be used for the purpose."""
        return self._asked().may_use(field, purpose=self.purpose, facts=self.facts)

    def ask(self, field: str) -> Decision:
        """Whether a field may be used for the purpose, and why."""
        return self._asked().ask("use", field, purpose=self.purpose, facts=self.facts)

    def require(self, field: str) -> Decision:
        """As `ask`, but raises `NotAllowedError` unless it is allowed."""
        return self._asked().require("use", field, purpose=self.purpose, facts=self.facts)

    def columns(self, frame: Any, *, mapping: CategoryMapping | None = None) -> Report:
        """Which columns of a frame are allowed. See `Policy.columns`."""
        policy = self._asked()
        return policy.columns(frame, purpose=self.purpose, facts=self.facts, mapping=mapping)

    def select(
        self, frame: F, *, mapping: CategoryMapping | None = None, on_denied: OnDenied = "drop"
    ) -> Selection[F]:
        """The frame without the columns that are not allowed. See `Policy.select`."""
        return self._asked().select(
            frame, purpose=self.purpose, facts=self.facts, mapping=mapping, on_denied=on_denied
        )

    def filter(self, frame: F, *, field: str = "field") -> F:
        """The rows whose field is allowed. See `Policy.filter`."""
        purpose = lit(self.purpose)
        return self._asked().filter(frame, field=field, purpose=purpose, facts=self.facts)
