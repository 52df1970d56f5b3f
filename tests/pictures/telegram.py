"""Draws messages of Telegram's as a phone shows them: bubbles, looks of words, buttons in rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from tests.pictures.sheet import HEIGHT, WIDTH, Scroll, Sheet, drawn
from tests.pictures.words import Line, Run, width, wrap
from tests.telegram_server import Message, entities

_TOP, _BOTTOM = 76, HEIGHT - 46
_SIZE, _LEADING, _PADDING = 13.5, 18.5, 10
_COLUMN = 252  # of the words in a bubble
_BUTTON, _GAP = 32, 3
_LEFT_OUT = 20  # pixels between the parts, for the messages that aren't shown
_LOOKS = {
    "bold": "bold", "italic": "italic", "url": "link", "text_link": "link", "bot_command": "link", "mention": "link",
}  # fmt: skip


def telegram_picture(messages: Sequence[Message], clock: str) -> str:
    """The bot's first message with its buttons, then the receipt, as SVG."""
    chat, tops = Sheet(), [0.0]
    for message in messages:
        tops.append(_add_message(chat, message, clock, tops[-1]) + 8)
    said = "\n\n".join(message.as_text() for message in messages)
    opening, after, receipt = tops[1], tops[2], tops[-2]
    cut = _TOP + 8 + after - opening
    scrolls = [
        Scroll(_frame(clock, cut), 0, HEIGHT),
        Scroll(chat, _TOP, cut, _TOP + 8 - opening),
        Scroll(chat, cut + _LEFT_OUT, _BOTTOM, cut + _LEFT_OUT + 8 - receipt),
    ]
    return drawn("telegram", "Signing a petition in a Telegram chat", said, scrolls)


def runs_of(message: Message) -> list[Run]:
    """The words of a message by their looks; addresses and commands are marked as Telegram marks them."""
    marks: list[dict[str, Any]] = [*message.entities, *entities.find(message.text)]
    looks: list[str] = []
    offset = 0
    for character in message.text:
        around = (one for one in marks if one["offset"] <= offset < one["offset"] + one["length"])
        looks.append(" ".join(sorted({_LOOKS.get(one["type"], "") for one in around})).strip())
        offset += entities.units(character)
    pairs = groupby(zip(message.text, looks, strict=True), key=lambda one: one[1])
    return [Run("".join(character for character, _ in group), look) for look, group in pairs]


def _add_message(sheet: Sheet, message: Message, clock: str, y: float) -> float:
    lines = wrap(runs_of(message), _COLUMN, _SIZE)
    rows = (message.reply_markup or {}).get("inline_keyboard", ())
    mine = not message.sender.is_bot
    wide = _COLUMN if rows else max(width(line, _SIZE) for line in lines)
    room = width(lines[-1], _SIZE) + (60 if mine else 40)
    wide = max(wide, min(room, _COLUMN))
    high = len(lines) * _LEADING + 2 * 8 + (0 if room <= wide else 10)
    x = WIDTH - 8 - wide - 2 * _PADDING if mine else 8
    sheet.box(x, y, wide + 2 * _PADDING, high, "mine" if mine else "theirs", 14)
    sheet.lines(x + _PADDING, y + 7, lines, "words", _LEADING)
    sheet.text(x + wide + _PADDING, y + high - 6, f"{clock} ✓✓" if mine else clock, "seen" if mine else "time", "end")
    return _add_keyboard(sheet, rows, x, y + high + _GAP, wide + 2 * _PADDING)


def _add_keyboard(sheet: Sheet, rows: Sequence[Sequence[Any]], x: float, y: float, wide: float) -> float:
    for row in rows:
        each = (wide - _GAP * (len(row) - 1)) / len(row)
        for number, button in enumerate(row):
            left = x + number * (each + _GAP)
            sheet.box(left, y, each, _BUTTON, button.get("style", "button"), 9)
            sheet.text(left + each / 2, y + 20.5, _fitted(button["text"], each - 12), "label", "middle")
            if "url" in button:
                sheet.text(left + each - 6, y + 11, "↗", "mark", "end")
            if "copy_text" in button:
                sheet.box(left + each - 13, y + 5, 5, 6, "outline", 1)
                sheet.box(left + each - 10.5, y + 7, 5, 6, "outline", 1)
        y += _BUTTON + _GAP
    return y


def _fitted(label: str, column: float) -> Line:
    lines = wrap([Run(label, "bold")], column, 13)
    return lines[0] if len(lines) == 1 else (*lines[0], Run("…", "bold"))


def _frame(clock: str, cut: float) -> Sheet:
    """The frame around the chat: the clock, the bot's name, the input field, and dots where messages are left out."""
    sheet = Sheet()
    for dot in (-10, 0, 10):
        sheet.box(WIDTH / 2 + dot - 1.5, cut + _LEFT_OUT / 2 - 1.5, 3, 3, "dot", 1.5)
    sheet.box(0, 0, WIDTH, _TOP, "bar")
    sheet.text(WIDTH / 2, 18, clock, "clock", "middle")
    sheet.text(12, 56, "‹", "back")
    sheet.box(30, 34, 34, 34, "avatar", 17)
    sheet.text(47, 56, "U", "initial", "middle")
    sheet.text(74, 49, "Undersign", "name")
    sheet.text(74, 65, "bot", "small")
    sheet.box(0, _TOP - 1, WIDTH, 1, "rule")
    sheet.box(0, _BOTTOM, WIDTH, HEIGHT - _BOTTOM, "bar")
    sheet.box(12, _BOTTOM + 7, WIDTH - 24, 32, "input", 16)
    sheet.text(28, _BOTTOM + 27.5, "Message", "hint")
    return sheet
