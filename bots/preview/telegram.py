"""Draws Telegram's messages as HTML, from the very text, entities, and keyboards that the renderer makes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from bots.preview.html import button, button_link, button_row, link
from bots.telegram.renderer import InlineButton, TelegramMessage, TelegramRenderer
from bots.telegram.text import Entity
from core.conversation.screen import Prompt, View
from core.messages import Message
from core.platforms import Platform

_TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "code": ("<code>", "</code>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote>", "</blockquote>"),
}


@dataclass(frozen=True)
class TelegramChat:
    """A private chat on Telegram, and the group that gets the card."""

    renderer: TelegramRenderer
    own: Collection[str] = ()
    name = "Telegram"
    has_forms = False
    platform = Platform.TELEGRAM

    def greeting(self, locale: str) -> str:
        """The bot's description, above the button that begins the chat."""
        catalog = self.renderer.catalog
        words = f'<div class="words">{escape(catalog.text(Message("telegram.description"), locale))}</div>'
        return words + button_row([button("START")])

    def draw(self, view: View) -> str:
        """A screen in the private chat."""
        return draw_message(self.renderer.render(view), self.own)

    def asks(self, view: View) -> Sequence[Prompt]:
        """The question on a screen."""
        return view.screen.prompts[:1]

    def question(self, view: View) -> str:
        """The screen, which asks one question."""
        return self.draw(view)

    def card(self, view: View, label: str) -> str:
        """A post in a group."""
        return draw_message(self.renderer.card(view, label), self.own)


def draw_message(message: TelegramMessage, own: Collection[str] = ()) -> str:
    """A message with its keyboard; only links of the petition's `own` work."""
    rows = "".join(button_row(_button(one, own) for one in row) for row in message.keyboard)
    example = f'<div class="input">{escape(message.placeholder)}</div>' if message.placeholder else ""
    return f'<div class="words">{_with_entities(message, own)}</div>{rows}{example}'


def _button(content: InlineButton, own: Collection[str]) -> str:
    url = content.get("url")
    look = content.get("style", "")
    return button_link(content["text"], url, own, look) if url else button(content["text"], look)


def _with_entities(message: TelegramMessage, own: Collection[str]) -> str:
    units = message.text.encode("utf-16-le")
    marks: dict[int, list[str]] = {}
    for one in sorted(message.entities, key=lambda entity: -entity["length"]):
        begin, end = _tags(one, own)
        marks.setdefault(one["offset"], []).append(begin)
        marks.setdefault(one["offset"] + one["length"], []).insert(0, end)
    places = sorted({0, *marks, len(units) // 2})
    pieces = [units[2 * start : 2 * stop].decode("utf-16-le") for start, stop in pairwise(places)]
    marked = ["".join(sorted(marks.get(place, []), key=lambda tag: tag[1] != "/")) for place in places]
    return "".join(mark + escape(piece) for mark, piece in zip(marked, [*pieces, ""], strict=True))


def _tags(entity: Entity, own: Collection[str]) -> tuple[str, str]:
    """The tags around an entity's words."""
    if entity["type"] != "text_link":
        return _TAGS[entity["type"]]
    begin, _, end = link(entity["url"], "\0", own).partition("\0")
    return begin, end
