"""A policy at hand on frames: `frame.whyfor.apply(policy, purpose="research")`.

Importing this module registers the accessor `whyfor` with pandas and polars, those that are installed.
"""

from __future__ import annotations

import importlib
from typing import Any

from ._policy import Policy

__all__ = ["Whyfor"]


class Whyfor:
    """What a policy says of a frame. Arguments are those of the methods of `Policy`."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    def apply(self, policy: Policy, **question: Any) -> Any:
        """The frame with what a purpose may see of each row. See `Policy.apply`."""
        return policy.apply(self._frame, **question)

    def select(self, policy: Policy, **question: Any) -> Any:
        """The frame without the columns that are not allowed. See `Policy.select`."""
        return policy.select(self._frame, **question)

    def columns(self, policy: Policy, **question: Any) -> Any:
        """Which columns are allowed. See `Policy.columns`."""
        return policy.columns(self._frame, **question)

    def filter(self, policy: Policy, **question: Any) -> Any:
        """The rows whose field may be used for their purpose. See `Policy.filter`."""
        return policy.filter(self._frame, **question)


def _register() -> None:
    for name, registrars in (
        ("pandas", ("register_dataframe_accessor",)),
        ("polars", ("register_dataframe_namespace", "register_lazyframe_namespace")),
    ):
        try:
            api = importlib.import_module(name).api
        except ImportError:
            continue
        api = getattr(api, "extensions", api)
        for registrar in registrars:
            getattr(api, registrar)("whyfor")(Whyfor)


_register()
