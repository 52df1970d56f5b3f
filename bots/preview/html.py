"""HTML that every surface's drawing needs: words, links of the petition's own, buttons in a row, pictures."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable
from html import escape


def link(url: str, words: str, own: Collection[str]) -> str:
    """A link around HTML that is escaped already; it works only if it is one of the petition's `own`.

    Any other leads to a bot, an application, or a page, which a drawing has none of.
    """
    if url not in own:
        return f"<u>{words}</u>"
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{words}</a>'


def button_row(buttons: Iterable[str]) -> str:
    """Buttons next to each other, each as HTML."""
    return f'<div class="row">{"".join(buttons)}</div>'


def button(words: str, look: str = "") -> str:
    """A button with its words; `look` names its style."""
    return f'<span class="{f"button {look}".strip()}">{escape(words)}</span>'


def button_link(words: str, url: str, own: Collection[str], look: str = "") -> str:
    """A button that opens an address; `look` names its style."""
    return f'<span class="{f"button {look}".strip()}">{link(url, escape(words), own)} ↗</span>'


def picture(content: bytes, words: str, kind: str = "png") -> str:
    """A picture, with words for people who can't see it."""
    return f'<img alt="{escape(words)}" src="{data_address(content, kind)}">'


def data_address(content: bytes, kind: str) -> str:
    """A picture as an address that holds it, so that nothing needs to be loaded."""
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
