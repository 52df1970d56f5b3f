"""Drawings on the page of screens: the product's own, and those that only translators and reviewers need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from bots.common.json_object import JsonObject
from bots.discord.message import DiscordMessage
from bots.preview import html, web
from bots.preview.discord import draw_form, draw_message
from bots.preview.telegram import draw_message as draw_on_telegram
from bots.telegram.renderer import TelegramMessage
from tests.refusals import check_discord, check_form, check_telegram


def discord(message: DiscordMessage) -> str:
    """A message that Discord accepts; raises AssertionError if it wouldn't."""
    check_discord(message)
    return draw_message(message)


def form(modal: JsonObject) -> str:
    """A form that Discord accepts; raises AssertionError if it wouldn't."""
    check_form(modal)
    return draw_form(modal)


def telegram(message: TelegramMessage) -> str:
    """A message that Telegram accepts; raises AssertionError if it wouldn't."""
    check_telegram(message)
    return draw_on_telegram(message)


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
