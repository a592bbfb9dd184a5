"""HTML for notebooks. Text from policies and column names is escaped here.

Styles are inline, since notebooks drop style sheets; colours are readable on light and dark backgrounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_COLOURS = {"allow": "#1a7f37", "depends": "#9a6700", "deny": "#cf222e"}


def text(text: str) -> str:
    """Text, escaped."""
    return escape(text)


def dim(text: str) -> str:
    """Less important text, escaped."""
    return f'<span style="opacity:0.65">{escape(text)}</span>'


def verdict(word: str) -> str:
    """A verdict as a badge."""
    colour = _COLOURS.get(word, "#57606a")
    style = f"background:{colour};color:#fff;padding:0 0.5em;border-radius:0.4em"
    return f'<span style="{style}">{escape(word)}</span>'


def source(lines: Iterable[tuple[int, str]]) -> str:
    """Source lines with their numbers; empty for no lines."""
    rows = "\n".join(f"{dim(f'{number} │')} {escape(line)}" for number, line in lines)
    return f'<pre style="margin:0.2em 0 0.2em 1em">{rows}</pre>' if rows else ""


def block(parts: Iterable[str]) -> str:
    """HTML parts, one below the other."""
    return "<div>" + "".join(f"<div>{part}</div>" for part in parts) + "</div>"


def table(caption: str, head: Iterable[str], body: Iterable[Iterable[str]]) -> str:
    """A table of HTML cells; the caption and the head are escaped here."""
    cell = "padding:0.2em 0.6em;text-align:left;vertical-align:top"
    heads = "".join(f'<th scope="col" style="{cell}">{escape(name)}</th>' for name in head)
    rows = []
    for first, *rest in body:
        cells = "".join(f'<td style="{cell}">{part}</td>' for part in rest)
        rows.append(f'<tr><th scope="row" style="{cell};font-weight:600">{first}</th>{cells}</tr>')
    return (
        f'<table style="border-collapse:collapse"><caption style="text-align:left">{escape(caption)}'
        f"</caption><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )
