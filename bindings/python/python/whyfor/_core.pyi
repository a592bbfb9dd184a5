"""
The compiled part of the package `whyfor`, which is not for use by itself.
"""

from _typeshed import SupportsGetItem, SupportsLenAndGetItem
from collections.abc import Mapping
from os import PathLike
from typing import Any, Final, SupportsFloat, SupportsIndex, final
from typing_extensions import disjoint_base
from whyfor._contents import FactValue

__all__ = ["__version__", "Answers", "Facts", "Image", "Pairs", "Policy", "check", "command", "compile", "difference", "findings", "open", "read", "restated", "tested", "write"]

__version__: Final[str]
"""
The version of the engine.
"""

@final
class Answers:
    """
    The decisions of a column: yes or no, or verdicts.
    """
    def __arrow_c_array__(self, /, requested_schema: "object | None" = None) -> "tuple[object, object]":
        """
        An Arrow array: of booleans, or a dictionary of the words deny, depends and allow.
        """
    def __len__(self, /) -> int: ...
    def counts(self, /) -> tuple[int, int, int]:
        """
        How many rows are denied, depend on facts that are not stated, and are allowed.
        """
    def to_bytes(self, /) -> bytes:
        """
        A byte for each row: 1 where it is allowed, else 0; of verdicts 0 for deny, 1 for depends, 2 for allow.
        """
    def to_list(self, /) -> Any:
        """
        A bool or a word for each row.
        """
    def unenforced(self, /) -> Answers:
        """
        As many rows, all of them allowed: for who observes, and does not enforce.
        """

@final
class Facts:
    """
    Facts of one policy, stated once and used for many questions. `Policy.facts` makes them.

    They are pickled with the digest of their policy, and good for no other.
    """
    def __reduce__(self, /) -> "tuple[object, ...]":
        """
        They are pickled as what was stated.
        """

@final
class Image:
    """
    A policy as loaded, for the constructor of `Policy` alone.
    """

@final
class Pairs:
    """
    Field names and the purposes that they are allowed for.
    """
    def __arrow_c_array__(self, /, requested_schema: "object | None" = None) -> "tuple[object, object]":
        """
        An Arrow array of structs, which is a table: the columns field and purpose.
        """
    def __len__(self, /) -> int: ...
    def __new__(cls, /, pairs: SupportsGetItem[int, tuple[str, str]]) -> Pairs:
        """
        The pairs as they were pickled.
        """
    def __reduce__(self, /) -> "tuple[object, ...]":
        """
        They are pickled as tuples.
        """
    def to_list(self, /) -> list[tuple[str, str]]:
        """
        The pairs as tuples.
        """

@disjoint_base
class Policy:
    """
    A compiled policy: immutable, and shared by threads without locks.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, image: "Image | Policy") -> Policy: ...
    def _ask(self, /, act: str, field: str, *, purpose: str, method: str | None = None, recipient: str | None = None, facts: Facts | Mapping[str, FactValue] | None = None) -> tuple[str, list[str], int | None, list[str], list[tuple[str, str, tuple[str, int, str | None, str, str] | None, list[str]]]]:
        """
        The parts of a decision: verdict, duties, days of retention, missing facts, reasons.
        """
    def _categories_of(self, /, field: str) -> list[str]:
        """
        The paths of the categories that a field stands for; none if the policy does not know it, or if its
        name is ambiguous.
        """
    def _decide(self, /, act: str, field: Any, party: Any | None, purpose: Any, facts: Facts | Mapping[str, FactValue] | None, verdicts: bool) -> Answers:
        """
        A decision for each row. The method or recipient is `party`; a column is a text for all rows, an Arrow
        column, a list of texts, or a pair of codes and a list of texts.
        """
    def _facts(self, /) -> list[tuple[str, str, str, list[str], list[float]]]:
        """
        The declared facts: name, label, kind, choices, bounds.
        """
    def _field_names(self, /) -> tuple[list[str], list[tuple[list[str], list[str], list[str]]]]:
        """
        Every name of a field that the policy spells out, and its `field` statements: patterns, exceptions, a
        name that stands for what they map to.
        """
    def _is_ambiguous(self, /, field: str) -> bool:
        """
        Whether a field's name is the end of several categories' paths, and so stands for none.
        """
    def _known(self, /, names: SupportsGetItem[int, str]) -> list[str]:
        """
        Those of the names that stand for some category, or leave open for which.
        """
    def _nodes(self, /, hierarchy: str) -> list[tuple[str, str, int, bool]]:
        """
        The nodes of a hierarchy: path, label, depth, whether nothing is below it.
        """
    def _pairs(self, /, act: str, fields: SupportsGetItem[int, str], purposes: SupportsGetItem[int, str], party: str | None, facts: Facts | Mapping[str, FactValue] | None) -> Pairs:
        """
        Which of these field names are allowed for which of these purposes.
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

        A yes can owe duties: `ask` and `Decision.permit` say which.
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

def check(path: str | PathLike[str]) -> list[tuple[str, str, str, str | None, int | None, int | None, str, list[str]]]:
    """
    Mistakes, warnings, and expectations that do not hold.
    """

def command(arguments: SupportsGetItem[int, str]) -> int:
    """
    Runs the command, the program's name first, and gives the exit status.
    """

def compile(text: str, *, verify: bool) -> Image:
    """
    Compiles the text of one file; its expectations are verified if it is said so.
    """

def difference(old: str | PathLike[str], new: str | PathLike[str]) -> str:
    """
    What changed between two policies, as JSON.
    """

def findings(path: str | PathLike[str], sensitive: SupportsGetItem[int, str] | None) -> list[tuple[str, str, str, str | None, int | None, int | None, str, list[str]]]:
    """
    What the author likely did not mean. Without tags, those that mark sensitive data are the linter's own.
    """

def open(artifact: "bytes") -> Image:
    """
    Copies an artifact from memory.
    """

def read(path: str | PathLike[str], *, verify: bool) -> Image:
    """
    Loads a `.why` file with its imports, or a `.whyc` artifact: told apart by their first bytes. The
    expectations of a text are verified if it is said so.
    """

def restated(digest: SupportsLenAndGetItem[SupportsIndex], values: SupportsGetItem[int, tuple[str, bool | SupportsFloat | SupportsIndex | str | tuple[SupportsGetItem[int, str], SupportsGetItem[int, str]]]]) -> Facts:
    """
    Facts as they were pickled. Their policy looks at them when it meets them.
    """

def tested(files: SupportsGetItem[int, str | PathLike[str]], filter: str, coverage: bool) -> tuple[str, list[tuple[str, str, str, str | None, int | None, int | None, str, list[str]]]]:
    """
    What came of files of tests, as JSON, and the expectations of their policies that do not hold.
    """

def write(path: str | PathLike[str], output: str | PathLike[str]) -> Image:
    """
    Compiles a policy, verifies its expectations and writes the artifact.
    """
