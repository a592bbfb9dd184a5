"""Policies from files and texts."""

from __future__ import annotations

import os

from . import _core
from ._policy import Policy


def load(path: str | os.PathLike[str]) -> Policy:
    """Loads a policy from a `.why` file with its imports, or from a `.whyc` artifact.

    The first bytes tell which it is. Raises `PolicyError` with every error or every failed expectation;
    `ArtifactError`; or an `OSError` if the file cannot be read.
    """
    return Policy(_core.read(path, verify=True))


def loads(text: str) -> Policy:
    """Compiles a policy from a text without imports.

    Raises `PolicyError` with every error or every failed expectation.
    """
    return Policy(_core.compile(text, verify=True))


def load_unverified(path: str | os.PathLike[str]) -> Policy:
    """As `load`, but accepts failed expectations: for inspection, not for production."""
    return Policy(_core.read(path, verify=False))


def loads_unverified(text: str) -> Policy:
    """As `loads`, but accepts failed expectations: for inspection, not for production."""
    return Policy(_core.compile(text, verify=False))
