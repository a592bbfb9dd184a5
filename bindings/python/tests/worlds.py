"""Random policies with everything that the terms of a decision come from."""

from __future__ import annotations

from hypothesis import strategies as st

DECLARATIONS = """
policy world
tag sensitive { health }
category a { b c #sensitive { d } }
category e #health { f also a }
method m { n o } method q
purpose u { v w } purpose x also u
recipient r { s t } recipient z
fact verified
fact consent per purpose
fact region: one of eu "Europe", us
fact age: number
duty notify
duty deidentify
basis contract
basis agreed "Consent" when consent
basis legitimate unless age < 17 or region is us
event deletion
event withdrawal
field "col_*" is c, e.f
field "*_id" except "col_id" is b
"""

CATEGORIES = ["*", "a, e", "a", "b", "c", "e", "f", "a except d", "#sensitive", "#health", "b, e"]
METHODS = ["m", "n", "o", "q", "m except o", "*", "n, q"]
RECIPIENTS = ["*", "r", "s", "t", "z", "* except s"]
PURPOSES = ["*", "u", "v", "w", "x", "u except w", "* except v"]
CONDITIONS = ["consent", "verified", "age >= 18", "region is eu", "not verified and consent"]
PERIODS = ["1 hour", "24 hours", "1 day", "2 weeks", "14 days", "1 month", "12 months", "1 year"]
EVENTS = ["deletion", "withdrawal"]
BASES = ["contract", "agreed", "legitimate", "contract, agreed", "agreed & legitimate, contract"]
OPTIONAL = [
    "optional *",
    "optional (a, e)",
    "optional c & d",
    "b, optional f",
    "(a except d), optional d",
]


@st.composite
def limits(draw: st.DrawFn) -> str:
    """A list of limits."""
    event, period = st.sampled_from(EVENTS), st.sampled_from(PERIODS)
    after = st.builds("{} after {}".format, period, event)
    limit = (
        period | after | event.map("until {}".format) | (period | after).map("at least {}".format)
    )
    return ", ".join(draw(st.lists(limit, min_size=1, max_size=3)))


@st.composite
def permits(draw: st.DrawFn) -> str:
    """A permit with any of its clauses."""

    def maybe(clause: str, values: st.SearchStrategy[str]) -> str:
        return f" {clause} {draw(values)}" if draw(st.booleans()) else ""

    def one(values: list[str]) -> st.SearchStrategy[str]:
        return st.sampled_from(values)

    act = draw(one(["use", "collect", "share"]))
    optional = act == "collect" and draw(st.booleans())
    statement = f"{act} {draw(one(OPTIONAL if optional else CATEGORIES))}"
    if act == "collect":
        statement += maybe("by", one(METHODS))
    if act == "share":
        statement += f" with {draw(one(RECIPIENTS))}"
    statement += f" for {draw(one(PURPOSES))}"
    if draw(st.booleans()):
        statement += maybe("when", one(CONDITIONS)) + maybe("unless", one(CONDITIONS))
    statement += maybe("then", one(["notify", "deidentify, notify"]))
    return statement + maybe("on", one(BASES)) + maybe("retain", limits())


@st.composite
def limiting(draw: st.DrawFn) -> str:
    """A `never` or a `require`."""
    act = draw(st.sampled_from(["use", "collect", "share"]))
    data, purpose = draw(st.sampled_from(CATEGORIES)), draw(st.sampled_from(PURPOSES))
    condition = draw(st.sampled_from(CONDITIONS))
    if draw(st.booleans()):
        return f"never {act} {data} for {purpose} when {condition}"
    return f"require notify retain {draw(limits())} to {act} {data} unless {condition}"


def policies() -> st.SearchStrategy[str]:
    """The text of a policy."""
    statements = st.tuples(
        st.lists(permits(), min_size=2, max_size=8), st.lists(limiting(), max_size=2)
    )
    return statements.map(lambda parts: "\n".join([DECLARATIONS, *parts[0], *parts[1], ""]))
