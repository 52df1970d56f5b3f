"""Drawings on the page of screens: the product's own, and those that only translators and reviewers need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from bots.preview import html, web
from bots.preview.discord import draw_form as form
from bots.preview.discord import draw_message as discord
from bots.preview.telegram import draw_message as telegram

__all__ = ["discord", "form", "page", "paragraphs", "picture", "table", "telegram"]


def page(content: str, style: str) -> str:
    """A page of the web front, with its words beside the frame, so that the page of screens finds them."""
    words = re.sub(r"<[^>]*>", " ", re.sub(r"<script.*?</script>", "", content.partition("<body")[2], flags=re.DOTALL))
    return f"{web.draw_page(content, style, 'A page')}<span hidden>{words}</span>"


def picture(content: bytes, words: str = "", kind: str = "png") -> str:
    """A picture, and the words for people who can't see it below."""
    shown = f"<figcaption>{escape(words)}</figcaption>" if words else ""
    return f"<figure>{html.picture(content, words, kind)}{shown}</figure>"


def table(rows: Iterable[tuple[str, str]]) -> str:
    """Names and what is said of them, such as commands in a menu."""
    return (
        "<table>"
        + "".join(f"<tr><th>{escape(name)}</th><td>{escape(words)}</td></tr>" for name, words in rows)
        + ("</table>")
    )


def paragraphs(lines: Iterable[str]) -> str:
    """Sentences by themselves."""
    return "".join(f'<div class="words">{escape(line)}</div>' for line in lines)
