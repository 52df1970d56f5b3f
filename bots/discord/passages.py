"""Words with buttons: one button goes beside its words, in a section; several go below them, in rows."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from bots.common.json_object import JsonObject
from bots.discord import text
from bots.discord.limits import MOST_IN_ROW
from bots.discord.message import ROW, SECTION, shown_text
from core.conversation.screen import Button
from core.conversation.state import ShowSource
from core.text.document import Block, Document

DrawButton: TypeAlias = Callable[[Button, int], JsonObject]
"""Draws a button; the number is how often an equal one came before it in the message."""


@dataclass(frozen=True, slots=True)
class ButtonedText:
    """Words in Markdown, and the buttons that belong to them."""

    words: str
    buttons: tuple[Button, ...] = ()


@lru_cache(maxsize=1000)
def paragraphs(document: Document, offered: frozenset[int], *, quoted: bool) -> tuple[ButtonedText, ...]:
    """A document's paragraphs. One that cites sources among those `offered` has a button for each of them.

    They are kept: many people read the same pages of a petition at once.
    """
    return tuple(_paragraphs(document, offered, quoted=quoted))


def _paragraphs(document: Document, offered: Container[int], *, quoted: bool) -> Iterator[ButtonedText]:
    plain: list[Block] = []
    for block in document.blocks:
        cited = [number for number in Document((block,)).citations if number in offered]
        if not cited:
            plain.append(block)
            continue
        yield from _plain(plain, quoted=quoted)
        plain = []
        buttons = tuple(Button(f"[{number}]", ShowSource(number)) for number in cited)
        yield ButtonedText(text.document(Document((block,)), quoted=quoted), buttons)
    yield from _plain(plain, quoted=quoted)


def _plain(blocks: list[Block], *, quoted: bool) -> Iterator[ButtonedText]:
    if blocks:
        yield ButtonedText(text.document(Document(tuple(blocks)), quoted=quoted))


def only_first(several: Iterable[ButtonedText], count: int) -> Iterator[ButtonedText]:
    """The paragraphs, of which only the first `count` with buttons keep them."""
    for one in several:
        count -= bool(one.buttons)
        yield one if count >= 0 else replace(one, buttons=())


def arranged(several: Iterable[ButtonedText], draw: DrawButton) -> Iterator[JsonObject]:
    """The paragraphs as components; those without buttons share a text."""
    run: list[str] = []
    before: list[Button] = []
    for one in several:
        drawn = []
        for button in one.buttons:
            drawn.append(draw(button, before.count(button)))
            before.append(button)
        if len(drawn) == 1:
            yield from _text(run)
            run = []
            yield {"type": SECTION, "components": [shown_text(one.words)], "accessory": drawn[0]}
            continue
        run.append(one.words)
        if drawn:
            yield from _text(run)
            run = []
        for start in range(0, len(drawn), MOST_IN_ROW):
            yield {"type": ROW, "components": drawn[start : start + MOST_IN_ROW]}
    yield from _text(run)


def _text(run: list[str]) -> Iterator[JsonObject]:
    words = "\n\n".join(run)
    if words.strip():
        yield shown_text(words)
