"""Draws a screen as a Telegram message: text with entities, and an inline keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from bots.common.callback_data import encode, encode_order
from bots.common.captions import with_colon
from bots.common.goal import draw_goal, goal_words
from bots.common.links import LinkAction, Links
from bots.common.shortening import shorter_and_shorter
from bots.telegram.payloads import encode_channel, share_query
from bots.telegram.text import Entity, TextBuilder
from core.conversation import state as ev
from core.conversation.abridging import fewer_buttons
from core.conversation.screen import (
    Button,
    Emphasis,
    Facts,
    Line,
    Outlets,
    Part,
    Passage,
    Progress,
    Screen,
    ShareLink,
    Style,
    View,
)
from core.messages import Catalog, Message
from core.petition.collection import find_slug
from core.petition.petition import Petition
from core.text.document import Block, BlockKind, Document
from core.text.truncation import truncate

LONGEST_TEXT = 4096  # UTF-16 units, after entities
LONGEST_BUTTON = 60  # characters of a button that still fit on a phone
LONGEST_COPY = 256
MOST_BUTTONS = 80  # of a screen; with those for sharing and for groups, Telegram allows 100
LONGEST_PLACEHOLDER = 64
_OUTLETS = (
    Message("telegram.add_to_group"),
    Message("telegram.add_to_channel"),
    Message("telegram.post_in_channel"),
)
EXPANDABLE_FROM = 500  # UTF-16 units above which a quote is folded
_LOOKS: Mapping[Style, tuple[str, ...]] = {
    Style.TITLE: ("bold",),
    Style.HEADING: ("bold",),
    Style.NOTE: ("italic",),
    Style.NOTICE: ("bold",),
    Style.COPY: ("code",),  # a tap copies it
}


InlineButton: TypeAlias = dict[str, Any]
"""A button, as the Bot API defines it."""


@dataclass(frozen=True, slots=True)
class TelegramMessage:
    """A message: the text, its entities, and the rows of the keyboard.

    `placeholder` is an example in the app's input field. Telegram shows one only while it waits for a reply to a new
    message, which then has no buttons (ForceReply). A message that `celebrates` is a new receipt. `markup` is a
    keyboard of another kind.
    """

    text: str
    entities: tuple[Entity, ...] = ()
    keyboard: tuple[tuple[InlineButton, ...], ...] = ()
    placeholder: str = ""
    celebrates: bool = False
    markup: Mapping[str, Any] | None = None

    def content(self, *, edits: bool = False) -> dict[str, Any]:
        """The parameters for sending, or for editing; links show no preview."""
        parameters: dict[str, Any] = {"text": self.text, "link_preview_options": {"is_disabled": True}}
        if self.entities:
            parameters["entities"] = self.entities
        if self.keyboard:
            parameters["reply_markup"] = {"inline_keyboard": self.keyboard}
        elif self.markup and not edits:
            parameters["reply_markup"] = self.markup
        elif self.placeholder and not edits:
            parameters["reply_markup"] = {"force_reply": True, "input_field_placeholder": self.placeholder}
        return parameters


@dataclass(frozen=True)
class TelegramRenderer:
    """Draws messages for one bot; links lead to its chat.

    `signs_in_groups` says whether the bot can answer a member of a group there, seen by nobody else.
    """

    catalog: Catalog
    petitions: Mapping[str, Petition]
    links: Links
    signs_in_groups: Callable[[], bool] = lambda: True

    def render(self, view: View) -> TelegramMessage:
        """The message that shows a screen."""
        screen = fewer_buttons(view.screen, MOST_BUTTONS)
        view = replace(view, screen=screen)
        typed = screen.is_typed
        for shorter in shorter_and_shorter(screen):
            text = self._text(shorter, view.locale)
            if typed:
                back_only = not any(isinstance(button.event, ev.Cancel) for row in screen.buttons for button in row)
                text.gap()
                text.add(self.catalog.words(Message("telegram.back" if back_only else "telegram.type"), view.locale))
            if text.units <= LONGEST_TEXT:
                break
        words, entities = text.cut(LONGEST_TEXT)
        if not typed:
            celebrates = view.lasting and screen.is_receipt
            return TelegramMessage(words, entities, self._keyboard(view), celebrates=celebrates)
        placeholder = self.catalog.words(screen.prompts[0].placeholder, view.locale)
        return TelegramMessage(words, entities, placeholder=truncate(placeholder, LONGEST_PLACEHOLDER))

    def card(self, view: View, label: str) -> TelegramMessage:
        """The message for a whole group: a tap is answered there, and a link leads to the private chat.

        If the bot can't answer a tap in the group, it is the card with links.
        """
        if not self.signs_in_groups():
            return self.card_with_links(view, label)
        petition, links = self.petitions[view.petition], self._card_links(view, label)
        taps = tuple(
            self._card_button(button, view, "callback_data", encode(event, petition, None))
            for event, (button, _) in links.items()
        )
        key = "telegram.sign_privately" if ev.Begin() in links else "telegram.continue_privately"
        _, link = next(iter(links.values()))
        private = link_button(self.catalog.words(Message(key), view.locale), link)
        return replace(self.render(view), keyboard=(taps, (private,)))

    def card_with_links(self, view: View, label: str, read_data: str = "") -> TelegramMessage:
        """The message whose buttons all lead to the private chat, and carry the label.

        With `read_data`, a tap on Read comes to the bot, which answers it with the link.
        """
        rows = []
        for event, (button, link) in self._card_links(view, label).items():
            is_tapped = bool(read_data) and event == ev.TurnPage(0)
            action, value = ("callback_data", read_data) if is_tapped else ("url", link)
            rows.append((self._card_button(button, view, action, value),))
        return replace(self.render(view), keyboard=tuple(rows))

    def source_link(self, slug: str, number: int) -> str:
        """The address that opens the screen about a source."""
        return self.links.telegram_source(self.petitions[slug].public_slug, number)

    def _card_links(self, view: View, label: str) -> dict[ev.Event, tuple[Button, str]]:
        """Those of the screen's buttons that a card can have, and the link of each."""
        slug = self.petitions[view.petition].public_slug
        links: dict[ev.Event, str] = {
            ev.Begin(): self.links.telegram_chat(slug, label, LinkAction.SIGN),
            ev.TurnPage(0): self.links.telegram_chat(slug, label, LinkAction.READ),
        }
        every = (button for row in view.screen.buttons for button in row)
        return {
            button.event: (button, links[button.event]) for button in every if button.event and button.event in links
        }

    def _card_button(self, button: Button, view: View, action: str, value: str) -> InlineButton:
        return _inline_button(self.catalog.words(button.text, view.locale), action, value, button.emphasis)

    def _text(self, screen: Screen, locale: str) -> TextBuilder:
        text = TextBuilder()
        for part in screen.parts:
            text.gap()
            self._add(text, part, locale)
        return text

    def _add(self, text: TextBuilder, part: Part, locale: str) -> None:
        match part:
            case Line(words, style):
                sign = "⚠️ " if style is Style.ALERT else ""
                text.add(sign + self.catalog.words(words, locale), *_LOOKS.get(style, ()))
            case Passage(document, quoted):
                _add_document(text, document, quoted=quoted)
            case Facts(rows):
                for number, (name, value) in enumerate(rows):
                    text.add(("\n" if number else "") + with_colon(self.catalog.words(name, locale)) + " ", "bold")
                    text.add(self.catalog.words(value, locale))
            case Progress():
                text.add(f"{draw_goal(part)}\n")
                text.add(self.catalog.words(goal_words(part), locale))
            case ShareLink(petition, label, _, invitation):
                text.add(self.catalog.words(invitation, locale) + "\n\n" + self.links.telegram_chat(petition, label))

    def _keyboard(self, view: View) -> tuple[tuple[InlineButton, ...], ...]:
        links = (part for part in view.screen.parts if isinstance(part, ShareLink))
        rows = (tuple(self._button(button, view) for button in row) for row in view.screen.buttons)
        outlets = view.screen.outlets if self.links.telegram else None
        last = ((button,) for button in self._outlet_buttons(outlets, view.locale)) if outlets else ()
        return (*(self._share_row(link, view.locale) for link in links), *rows, *last)

    def _share_row(self, part: ShareLink, locale: str) -> tuple[InlineButton, ...]:
        link = self.links.telegram_chat(part.petition, part.label)
        words = self.catalog.words(Message("telegram.share"), locale)
        if self.links.telegram_inline and find_slug(self.petitions, part.petition) in list(self.petitions):
            send = share_button(words, share_query(part.petition, part.label))
        else:
            send = link_button(words, self.links.telegram_share(part.petition, part.label, part.title))
        words = self.catalog.words(Message("telegram.copy"), locale)
        return send, {"text": words, "copy_text": {"text": link[:LONGEST_COPY]}}

    def _outlet_buttons(self, outlets: Outlets, locale: str) -> Iterator[InlineButton]:
        slug = self.petitions[outlets.petition].public_slug if outlets.petition in self.petitions else ""
        group, channel, post = (self.catalog.words(words, locale) for words in _OUTLETS)
        yield link_button(group, self.links.telegram_group(slug))
        yield link_button(channel, self.links.telegram_channel)
        yield {"text": post, "callback_data": encode_channel("", outlets.petition)}

    def _button(self, button: Button, view: View) -> InlineButton:
        words = self.catalog.words(button.text, view.locale)
        if button.url:
            return link_button(words, button.url)
        return _inline_button(words, "callback_data", self._data(button, view), button.emphasis)

    def _data(self, button: Button, view: View) -> str:
        if button.order:
            return encode_order(button.order)
        assert button.event is not None  # noqa: S101  (a button has one of the three)
        elsewhere = button.petition and button.petition != view.petition
        slug = button.petition or view.petition
        revision = None if elsewhere else view.revision
        return encode(button.event, self.petitions.get(slug), revision, slug, lasting=view.lasting)


def link_button(words: str, url: str, emphasis: Emphasis = Emphasis.PLAIN) -> InlineButton:
    """A button that opens an address."""
    return _inline_button(words, "url", url, emphasis)


def _inline_button(words: str, action: str, value: str, emphasis: Emphasis) -> InlineButton:
    style = {"style": emphasis.value} if emphasis else {}
    return {"text": truncate(words, LONGEST_BUTTON), action: value, **style}


def share_button(words: str, query: str) -> InlineButton:
    """A button that lets a person choose a chat, and then offers them what the bot finds for a query."""
    chats = ("allow_user_chats", "allow_group_chats", "allow_channel_chats")
    return {
        "text": truncate(words, LONGEST_BUTTON),
        "switch_inline_query_chosen_chat": {"query": query, **dict.fromkeys(chats, True)},
    }


def _add_document(text: TextBuilder, document: Document, *, quoted: bool) -> None:
    start = text.mark()
    for number, block in enumerate(document.blocks):
        if number:
            text.add("\n" if _same_list(document.blocks[number - 1], block) else "\n\n")
        inside = text.mark()
        _add_block(text, block)
        if block.kind is BlockKind.QUOTE and not quoted:
            text.look("blockquote", inside)
    if quoted:
        folded = text.units - start > EXPANDABLE_FROM
        text.look("expandable_blockquote" if folded else "blockquote", start)


def _same_list(first: Block, second: Block) -> bool:
    return first.kind is second.kind is BlockKind.ITEM


def _add_block(text: TextBuilder, block: Block) -> None:
    if block.kind is BlockKind.ITEM:
        text.add("   " * (block.level - 1) + (f"{block.marker} " if block.marker else "  "))
    for span in block.spans:
        looks = list(_looks(block, bold=span.bold, italic=span.italic))
        text.add(span.text, *looks, link=span.link)


def _looks(block: Block, *, bold: bool, italic: bool) -> Iterator[str]:
    if bold or block.kind is BlockKind.HEADING:
        yield "bold"
    if italic:
        yield "italic"
