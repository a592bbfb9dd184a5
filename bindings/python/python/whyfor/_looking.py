"""Inspects a policy: its table, and what would change a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import _html
from ._decision import Decision, Verdict
from ._report import ORDER, frame_of

if TYPE_CHECKING:
    from ._contents import FactValue, Node
    from ._core import Facts
    from ._decision import Act
    from ._protocol import PolicyLike

_MOST_CELLS = 1 << 22
_MOST_SHOWN = 20_000
_MARKS = {Verdict.ALLOW: "✓", Verdict.DEPENDS: "?", Verdict.DENY: ""}
_COLOURS = {
    Verdict.ALLOW: "background:rgba(26,127,55,0.30)",
    Verdict.DEPENDS: "background:rgba(191,135,0,0.30)",
    Verdict.DENY: "",
}


@dataclass(frozen=True, slots=True)
class Matrix:
    """Every category against every purpose. Displayed as a table in a notebook."""

    title: str
    categories: tuple[Node, ...]
    purposes: tuple[Node, ...]
    verdicts: tuple[tuple[Verdict, ...], ...]
    """A row for each category."""

    def frame(self, library: str | None = None) -> Any:
        """A data frame of `pandas`, `polars` or `pyarrow`: rows are categories, columns are purposes."""
        columns: dict[str, list[Any]] = {"category": [node.path for node in self.categories]}
        for at, purpose in enumerate(self.purposes):
            columns[purpose.path] = [str(row[at]) for row in self.verdicts]
        return frame_of(columns, library)

    def __getitem__(self, key: tuple[str, str]) -> Verdict:
        """The verdict of a category's path and a purpose's path."""
        category, purpose = key
        rows = [node.path for node in self.categories]
        columns = [node.path for node in self.purposes]
        if category not in rows or purpose not in columns:
            raise KeyError(key)
        return self.verdicts[rows.index(category)][columns.index(purpose)]

    def __repr__(self) -> str:
        allowed = sum(v is Verdict.ALLOW for row in self.verdicts for v in row)
        size = f"{len(self.categories)} categories × {len(self.purposes)} purposes"
        return f"<Matrix: {self.title}; {size}, {allowed} allowed>"

    def _repr_html_(self) -> str:
        if len(self.categories) * len(self.purposes) > _MOST_SHOWN:
            return _html.text(f"{self!r} is too large to display; see `frame()` or `whyfor matrix`")
        cell = "border:1px solid rgba(128,128,128,0.25);text-align:center;min-width:1.3em;padding:0"
        tilt = "writing-mode:vertical-rl;transform:rotate(180deg);text-align:left;font-weight:400"
        # Labels of purposes are sentences: show the names, and the labels in tooltips.
        heads = "".join(
            f'<th scope="col" style="{tilt};padding:0.3em 0" title="{_html.text(_title(node))}">'
            f"{_html.text(node.path.rpartition('.')[2])}</th>"
            for node in self.purposes
        )
        rows = []
        for node, verdicts in zip(self.categories, self.verdicts, strict=True):
            cells = "".join(
                f'<td style="{cell};{_COLOURS[verdict]}" title="{_html.text(node.path)} for '
                f'{_html.text(purpose.path)}: {verdict}">{_MARKS[verdict]}</td>'
                for purpose, verdict in zip(self.purposes, verdicts, strict=True)
            )
            style = (
                f"text-align:left;white-space:nowrap;font-weight:400;padding-left:{node.depth}em"
            )
            head = f'<th scope="row" style="{style}" title="{_html.text(_title(node))}">'
            rows.append(f"<tr>{head}{_html.text(node.label or node.path)}</th>{cells}</tr>")
        caption = f"{self.title}. ✓ allowed, ? depends on facts, empty: denied"
        return (
            '<div style="overflow:auto;max-height:40em"><table style="border-collapse:collapse">'
            f'<caption style="text-align:left">{_html.text(caption)}</caption>'
            f"<thead><tr><td></td>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
        )


def _title(node: Node) -> str:
    return f"{node.path}: {node.label}" if node.label else node.path


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision, and what would change it."""

    decision: Decision
    methods: tuple[str, ...]
    """For a `collect` that is not allowed: the methods that are."""
    recipients: tuple[str, ...]
    """For a `share` that is not allowed: the recipients that are."""
    purposes: tuple[str, ...]
    """If it is not allowed: the purposes that are, in declaration order."""

    def _changes(self) -> list[str]:
        lines = []
        if self.decision.missing:
            lines.append(f"it depends on {', '.join(self.decision.missing)}")
        if self.methods:
            lines.append(f"it is allowed by {', '.join(self.methods)}")
        if self.recipients:
            lines.append(f"it is allowed with {', '.join(self.recipients)}")
        if self.purposes:
            more = len(self.purposes) - 10
            shown = ", ".join(self.purposes[:10]) + (f" and {more} more" if more > 0 else "")
            lines.append(f"it is allowed for {shown}")
        return lines

    def __repr__(self) -> str:
        changes = [f"    {line}" for line in self._changes()]
        if self.decision or not changes:
            return repr(self.decision)
        return "\n".join([repr(self.decision), "  what would change it", *changes])

    def _repr_html_(self) -> str:
        changes = [_html.text(line) for line in self._changes()]
        if self.decision or not changes:
            return self.decision._repr_html_()
        return _html.block([self.decision._repr_html_(), "<b>what would change it</b>", *changes])


def matrix(
    policy: PolicyLike,
    act: Act,
    method: str | None,
    recipient: str | None,
    facts: Facts | Mapping[str, FactValue] | None,
) -> Matrix:
    """See `Policy.matrix`."""
    categories, purposes = policy.categories, policy.purposes
    cells = len(categories) * len(purposes)
    if cells > _MOST_CELLS:
        raise ValueError(
            f"the table has {cells:,} cells; `whyfor matrix` writes tables of any size"
        )
    fields = [node.path for node in categories for _ in purposes]
    names = [node.path for node in purposes] * len(categories)

    def decide(method: str | None, recipient: str | None) -> Any:
        return policy.decide(
            field=fields,
            purpose=names,
            act=act,
            method=method,
            recipient=recipient,
            facts=facts,
            out="verdict",
        )

    tables = [decide(*party) for party in _parties(policy, act, method, recipient)]
    by_word = {str(verdict): verdict for verdict in Verdict}
    verdicts = [_best(by_word[word] for word in words) for words in zip(*tables, strict=True)]
    wide = len(purposes)
    rows = tuple(tuple(verdicts[start : start + wide]) for start in range(0, cells, wide or 1))
    title = f"{policy.label or policy.name}: what may be {_done(act, method, recipient)}"
    return Matrix(title, categories, purposes, rows)


def _parties(
    policy: PolicyLike, act: Act, method: str | None, recipient: str | None
) -> list[tuple[str | None, str | None]]:
    """The methods and recipients that a table is about: without one, every one that has nothing below it."""
    parties: list[tuple[str | None, str | None]] = []
    if act == "collect" and method is None and recipient is None:
        parties = [(node.path, None) for node in policy.methods if node.is_leaf]
    if act == "share" and method is None and recipient is None:
        parties = [(None, node.path) for node in policy.recipients if node.is_leaf]
    return parties or [(method, recipient)]


def _best(verdicts: Iterable[Verdict]) -> Verdict:
    return max(verdicts, key=lambda verdict: ORDER[verdict])


def _done(act: Act, method: str | None, recipient: str | None) -> str:
    """What a table is about, as the command says it."""
    if act == "use":
        return "used"
    if act == "collect":
        return f"collected by {_named(method, 'method')}"
    return f"shared with {_named(recipient, 'recipient')}"


def _named(party: str | None, kind: str) -> str:
    if party is None:
        return f"some {kind}"
    return f"every {kind}" if party == "*" else party


def explain(
    policy: PolicyLike,
    act: Act,
    field: str,
    purpose: str,
    method: str | None,
    recipient: str | None,
    facts: Facts | Mapping[str, FactValue] | None,
) -> Explanation:
    """See `Policy.explain`."""

    def ask(purpose: str, method: str | None, recipient: str | None) -> Decision:
        return policy.ask(
            act, field, purpose=purpose, method=method, recipient=recipient, facts=facts
        )

    decision = ask(purpose, method, recipient)
    if decision or not policy.categories_of(field):
        return Explanation(decision, (), (), ())
    methods = policy.methods if act == "collect" else ()
    recipients = policy.recipients if act == "share" else ()
    return Explanation(
        decision,
        tuple(node.path for node in methods if ask(purpose, node.path, None)),
        tuple(node.path for node in recipients if ask(purpose, None, node.path)),
        tuple(node.path for node in policy.purposes if ask(node.path, method, recipient)),
    )
