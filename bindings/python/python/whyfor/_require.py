"""Questions whose answer must be yes, of one set of facts or of all rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _row_facts, _rows
from ._errors import NotAllowedError

if TYPE_CHECKING:
    from ._decision import Act, Decision
    from ._protocol import PolicyLike


def required(
    policy: PolicyLike,
    act: Act,
    field: str,
    *,
    purpose: str,
    method: str | None = None,
    recipient: str | None = None,
    facts: Any = None,
    enforce: bool = True,
) -> Decision:
    """See `Policy.require`."""
    split = _row_facts.split(facts, of_frame=False)
    decision = policy.ask(
        act, field, purpose=purpose, method=method, recipient=recipient, facts=split.stated
    )
    if not split.places:
        if enforce and not decision:
            raise NotAllowedError(decision)
        return decision
    _, answers = _rows.answers(policy, act, field, purpose, method, recipient, facts, "verdict")
    denied, depends, _ = answers.counts()
    if enforce and denied + depends:
        raise NotAllowedError(decision, rows=(denied + depends, len(answers)))
    return decision
