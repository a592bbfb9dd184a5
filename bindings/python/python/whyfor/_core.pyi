"""
The compiled part of the package `whyfor`; not for direct use.
"""

from _typeshed import SupportsGetItem, SupportsLenAndGetItem
from collections.abc import Mapping
from os import PathLike
from typing import Any, Final, SupportsFloat, SupportsIndex, final
from typing_extensions import disjoint_base
from whyfor._contents import FactValue

__all__ = ["__version__", "Answers", "Chunks", "Facts", "Image", "Pairs", "Policy", "Residuals", "check", "command", "compile", "difference", "filtered", "findings", "kept", "open", "question", "read", "restated", "tested", "write"]

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
        The numbers of rows that are denied, that depend on unstated facts, and that are allowed.
        """
    def to_bytes(self, /) -> bytes:
        """
        One byte per row: 1 if allowed, else 0; for verdicts, 0 is deny, 1 depends, 2 allow.
        """
    def to_list(self, /) -> Any:
        """
        A bool or a word for each row.
        """
    def unenforced(self, /) -> Answers:
        """
        The same number of rows, all allowed: for observing without enforcing.
        """

@final
class Chunks:
    """
    A column as it is shown.
    """
    def __arrow_c_stream__(self, /, requested_schema: "object | None" = None) -> "object":
        """
        The column as a stream of Arrow arrays.
        """

@final
class Facts:
    """
    Facts of one policy, stated once and used for many questions. `Policy.facts` makes them.

    Pickled with the digest of their policy; they cannot be used with another.
    """
    def __reduce__(self, /) -> "tuple[object, ...]":
        """
        Pickled as the stated values.
        """

@final
class Image:
    """
    A loaded policy; only for the constructor of `Policy`.
    """

@final
class Pairs:
    """
    Field names and their allowed purposes.
    """
    def __arrow_c_array__(self, /, requested_schema: "object | None" = None) -> "tuple[object, object]":
        """
        An Arrow array of structs, that is a table with the columns field and purpose.
        """
    def __len__(self, /) -> int: ...
    def __new__(cls, /, pairs: SupportsGetItem[int, tuple[str, str]]) -> Pairs:
        """
        The pickled pairs.
        """
    def __reduce__(self, /) -> "tuple[object, ...]":
        """
        Pickled as tuples.
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
    def _ask(self, /, act: str, field: str, *, purpose: str, method: str | None = None, recipient: str | None = None, facts: Facts | Mapping[str, FactValue] | None = None) -> tuple[str, list[str], tuple[list[str], bool, list[tuple[int | None, str | None, str | None, str | None]], list[tuple[int | None, str | None, str | None, str | None]], int | None, bool], list[str], list[tuple[str, str, tuple[str, int, str | None, str, str, list[tuple[int, str]], str, str] | None, list[str]]]]:
        """
        The parts of a decision: verdict, duties, terms, missing facts, reasons.
        """
    def _bases(self, /) -> list[tuple[str, str]]:
        """
        The names and labels of the legal bases, in declaration order.
        """
    def _categories_of(self, /, field: str) -> list[str]:
        """
        The paths of a field's categories; empty if the policy does not know it or its name is ambiguous.
        """
    def _decide(self, /, act: str, field: Any, party: Any | None, purpose: Any, facts: Facts | Mapping[str, FactValue] | None, verdicts: bool, places: SupportsGetItem[int, tuple[str, str | None, bool | None, str]] = ..., columns: "Mapping[str, object]" = ...) -> Answers:
        """
        A decision for each row. `party` is the method or recipient, or None for any; a column is a string for all rows,
        an Arrow column, a list of strings, or a pair of codes and a list of strings. `places` and `columns` are the facts
        that each row has.
        """
    def _events(self, /) -> list[tuple[str, str]]:
        """
        The names and labels of the events, by name.
        """
    def _facts(self, /) -> list[tuple[str, str, str, list[str], list[float], list[str]]]:
        """
        The declared facts: name, label, kind, choices, bounds, labels of the choices.
        """
    def _field_names(self, /) -> tuple[list[str], list[tuple[list[str], list[str], list[str]]]]:
        """
        Every name written in the policy, and its `field` statements: patterns, exceptions, the paths of the
        categories.
        """
    def _is_ambiguous(self, /, field: str) -> bool:
        """
        Whether a name is an ending of several categories' paths.
        """
    def _known(self, /, names: SupportsGetItem[int, str]) -> list[str]:
        """
        The names that stand for categories, ambiguous ones included.
        """
    def _masks(self, /) -> list[tuple[str, str]]:
        """
        The masks of duties: the duty's name, the mask's.
        """
    def _nodes(self, /, hierarchy: str) -> list[tuple[str, str, int, bool]]:
        """
        The nodes of a hierarchy: path, label, depth, whether it is a leaf.
        """
    def _pairs(self, /, act: str, fields: SupportsGetItem[int, str], purposes: SupportsGetItem[int, str], party: str | None, facts: Facts | Mapping[str, FactValue] | None, some: bool) -> Pairs:
        """
        Which of these field names are allowed for which of these purposes. With `some`, a question without a method or
        recipient is about some instead of any.
        """
    def _residuals(self, /, act: str, questions: SupportsGetItem[int, SupportsGetItem[int, str]], party: str | None, purpose: str, facts: Facts | Mapping[str, FactValue] | None, places: SupportsGetItem[int, tuple[str, str | None, bool | None, str]], salt: SupportsGetItem[int, SupportsIndex]) -> Residuals:
        """
        What remains of questions once the facts in columns are read. Each question is the categories of which all must
        be allowed.
        """
    def _state(self, /, stated: Facts | Mapping[str, FactValue]) -> Facts:
        """
        States facts once, for many questions.
        """
    def _warnings(self, /) -> list[tuple[str, str, str, str | None, int | None, int | None, str, list[str]]]:
        """
        The warnings from compiling the policy.
        """
    @property
    def contact(self, /) -> str:
        """
        Whom to write to; may be empty.
        """
    @property
    def controller(self, /) -> str:
        """
        The controller; may be empty.
        """
    @property
    def digest(self, /) -> str:
        """
        The SHA-256 of the policy's tables in hexadecimal: log it with each decision.
        """
    @property
    def effective(self, /) -> str:
        """
        The day from which the policy is in effect, as `2026-12-31`; may be empty.
        """
    @property
    def label(self, /) -> str:
        """
        The policy's label; may be empty.
        """
    @property
    def language(self, /) -> str:
        """
        The language of the labels, as a code such as `de`; may be empty.
        """
    def may_collect(self, /, field: str, *, method: str | None = None, purpose: str, facts: Facts | Mapping[str, FactValue] | None = None) -> bool:
        """
        Whether a field may be collected by a method for a purpose; without a method, or with `"*"`, by any. See
        `may_use`.
        """
    def may_share(self, /, field: str, *, recipient: str | None = None, purpose: str, facts: Facts | Mapping[str, FactValue] | None = None) -> bool:
        """
        Whether a field may be shared with a recipient for a purpose; without a recipient, or with `"*"`, with any. See
        `may_use`.
        """
    def may_use(self, /, field: str, *, purpose: str, facts: Facts | Mapping[str, FactValue] | None = None) -> bool:
        """
        Whether a field may be used for a purpose.

        A true answer may come with duties: `ask` and `Decision.permit` tell which.
        False for a field that the policy does not know; raises `UnknownNameError` for an unknown purpose.
        False if it depends on facts that are not stated.
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
    def url(self, /) -> str:
        """
        Where the list is published; may be empty.
        """
    @property
    def version(self, /) -> str:
        """
        The policy's version; may be empty.
        """

@final
class Residuals:
    """
    What remains of questions about the columns of a frame.
    """
    def condition(self, /, at: SupportsIndex) -> "tuple[object, ...]":
        """
        The condition under which a row is allowed, as nested tuples.
        """
    def condition_sql(self, /, at: SupportsIndex, dialect: str) -> str:
        """
        The condition under which a row is allowed, as SQL.
        """
    def decide(self, /, at: SupportsIndex, rows: SupportsIndex, facts: "Mapping[str, object]") -> Answers:
        """
        Whether each row is allowed, by the fact columns that are given.
        """
    def masked_sql(self, /, at: SupportsIndex, column: str, kind: str, dialect: str) -> str:
        """
        The value of a column under its masks, as SQL. The type is one of Iceberg's words.
        """
    def masks(self, /, at: SupportsIndex) -> list[str]:
        """
        The names of the masks.
        """
    def reads(self, /, at: SupportsIndex) -> list[str]:
        """
        The columns whose facts decide.
        """
    def show(self, /, name: str, values: "object", parts: SupportsGetItem[int, tuple[SupportsGetItem[int, str], SupportsIndex]], facts: "Mapping[str, object]") -> Chunks:
        """
        A column with what may be seen of it. Each part is the names of the fields that it is in, and its question; the
        parts of a column that is shown as a whole are one without names.
        """
    def verdict(self, /, at: SupportsIndex) -> str:
        """
        Whether all rows are allowed, some may be, or none is: `allow`, `rows`, `deny`.
        """

def check(path: str | PathLike[str]) -> list[tuple[str, str, str, str | None, int | None, int | None, str, list[str]]]:
    """
    Errors, warnings, and failed expectations.
    """

def command(arguments: SupportsGetItem[int, str]) -> int:
    """
    Runs the command with the program's name first and returns the exit status.
    """

def compile(text: str, *, verify: bool) -> Image:
    """
    Compiles the text of one file; `verify` also checks its expectations.
    """

def difference(old: str | PathLike[str], new: str | PathLike[str]) -> str:
    """
    The changes between two policies, as JSON.
    """

def filtered(values: "object", rows: "object") -> Chunks:
    """
    The values of some rows of a column.
    """

def findings(path: str | PathLike[str], sensitive: SupportsGetItem[int, str] | None) -> list[tuple[str, str, str, str | None, int | None, int | None, str, list[str]]]:
    """
    What the author likely did not mean. By default, the linter's own tags mark sensitive data.
    """

def kept(name: str, values: "object", allowed: "object") -> Chunks:
    """
    A column of which nothing is left in the rows that are not allowed.
    """

def open(artifact: "bytes") -> Image:
    """
    Copies an artifact from memory.
    """

def question(act: str, field: str, method: str | None, recipient: str | None, purpose: str) -> str:
    """
    A question in the words of the language: `collect email by provided for login`.
    """

def read(path: str | PathLike[str], *, verify: bool) -> Image:
    """
    Loads a `.why` file with its imports or a `.whyc` artifact, as its name or first bytes say. `verify`
    checks the expectations of a text.
    """

def restated(digest: SupportsLenAndGetItem[SupportsIndex], values: SupportsGetItem[int, tuple[str, bool | SupportsFloat | SupportsIndex | str | tuple[SupportsGetItem[int, str], SupportsGetItem[int, str]]]]) -> Facts:
    """
    The pickled facts. The policy checks them on first use.
    """

def tested(files: SupportsGetItem[int, str | PathLike[str]], filter: str, coverage: bool) -> tuple[str, list[tuple[str, str, str, str | None, int | None, int | None, str, list[str]]]]:
    """
    The results of test files, as JSON, and the failed expectations of their policies.
    """

def write(path: str | PathLike[str], output: str | PathLike[str]) -> Image:
    """
    Compiles a policy, verifies its expectations and writes the artifact.
    """
