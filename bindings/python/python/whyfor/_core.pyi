"""
The compiled part of the package `whyfor`, which is not for use by itself.
"""

from collections.abc import Mapping
from os import PathLike
from typing import Final, final
from typing_extensions import disjoint_base
from whyfor._contents import FactValue

__all__ = ["__version__", "Facts", "Image", "Policy", "compile", "open", "read"]

__version__: Final[str]
"""
The version of the engine.
"""

@final
class Facts:
    """
    Facts of one policy, stated once and used for many questions. `Policy.facts` makes them.
    """

@final
class Image:
    """
    A policy as loaded, for the constructor of `Policy` alone.
    """

@disjoint_base
class Policy:
    """
    A compiled policy: immutable, and shared by threads without locks.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, image: "Image") -> Policy: ...
    def _ask(self, /, act: str, field: str, *, purpose: str, method: str | None = None, recipient: str | None = None, facts: Facts | Mapping[str, FactValue] | None = None) -> tuple[str, list[str], int | None, list[str], list[tuple[str, str, tuple[str, int, str | None, str, str] | None, list[str]]]]:
        """
        The parts of a decision: verdict, duties, days of retention, missing facts, reasons.
        """
    def _categories_of(self, /, field: str) -> list[str]:
        """
        The paths of the categories that a field stands for; none if the policy does not know it, or if its
        name is ambiguous.
        """
    def _facts(self, /) -> list[tuple[str, str, str, list[str], list[float]]]:
        """
        The declared facts: name, label, kind, choices, bounds.
        """
    def _nodes(self, /, hierarchy: str) -> list[tuple[str, str, int, bool]]:
        """
        The nodes of a hierarchy: path, label, depth, whether nothing is below it.
        """
    def _state(self, /, stated: Facts | Mapping[str, FactValue]) -> Facts:
        """
        States facts once, for many questions.
        """
    def _warnings(self, /) -> list[tuple[str, str, str, str | None, int | None, int | None, str, list[str]]]:
        """
        What was warned of when the policy was compiled.
        """
    @property
    def controller(self, /) -> str:
        """
        The controller, or an empty text.
        """
    @property
    def digest(self, /) -> str:
        """
        The SHA-256 of the policy's tables in hexadecimal: log it beside a decision.
        """
    @property
    def label(self, /) -> str:
        """
        The policy's label, or an empty text.
        """
    def may_collect(self, /, field: str, *, method: str, purpose: str, facts: Facts | Mapping[str, FactValue] | None = None) -> bool:
        """
        Whether a field may be collected by a method for a purpose. See `may_use`.
        """
    def may_share(self, /, field: str, *, recipient: str, purpose: str, facts: Facts | Mapping[str, FactValue] | None = None) -> bool:
        """
        Whether a field may be shared with a recipient for a purpose. See `may_use`.
        """
    def may_use(self, /, field: str, *, purpose: str, facts: Facts | Mapping[str, FactValue] | None = None) -> bool:
        """
        Whether a field may be used for a purpose.

        False for a field that the policy does not know; an `UnknownName` for a purpose that it does not know.
        What depends on facts that are not stated is not allowed.
        """
    @property
    def name(self, /) -> str:
        """
        The policy's name.
        """
    def to_bytes(self, /) -> bytes:
        """
        The artifact: what `Policy.from_bytes` reads and `whyfor compile` writes.
        """
    @property
    def version(self, /) -> str:
        """
        The policy's version, or an empty text.
        """

def compile(text: str) -> Image:
    """
    Compiles the text of one file.
    """

def open(artifact: "bytes") -> Image:
    """
    Copies an artifact from memory.
    """

def read(path: str | PathLike[str]) -> Image:
    """
    Loads a `.why` file with its imports, or a `.whyc` artifact: told apart by their first bytes.
    """
