"""Draws a message of Discord's components and a form as a phone shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tests.discord_server.kinds import BUTTON, CONTAINER, RADIO, ROW, TEXT, TEXT_INPUT, Component
from tests.discord_server.state import Message, Modal
from tests.pictures.sheet import HEIGHT, WIDTH, Scroll, Sheet, drawn
from tests.pictures.words import Run, width, wrap

_TOP = 66
_FORM = 130  # where the form begins that covers the rest of the channel
_SUBMIT = HEIGHT - 62  # where its fields end, above the button
_LEFT, _PADDING = 54, 11
_COLUMN = WIDTH - _LEFT - 12 - 2 * _PADDING
_BUTTON, _GAP = 30, 7
_STYLES = {1: ("primary", "label"), 2: ("secondary", "dark-label"), 3: ("success", "label"), 4: ("danger", "label")}
_LINK = ("secondary", "dark-label")
_BLOCKS = (("### ", "subheading", 15, 20), ("## ", "heading", 16, 21), ("-# ", "subtext", 11.5, 15.5))
_INLINE = re.compile(r"\*\*(?P<bold>.+?)\*\*|\\(?P<escaped>.)|(?P<link>https?://\S+)|(?P<plain>[^*\\h]+|.)", re.DOTALL)


def discord_picture(card: Message, form: Modal, typed: dict[str, str], clock: str) -> str:
    """The card in its channel, and over it the form as far as it is filled in, as SVG."""
    channel, sheet = Sheet(), Sheet()
    _add_message(channel, card, clock, 12)
    fields = _fields(form, typed, _add_form(sheet, form))
    said = f"{card.as_text()}\n\n{form.as_text()}"
    above = Sheet()
    above.box(0, 0, WIDTH, HEIGHT, "scrim")
    scrolls = [Scroll(_frame(clock), 0, HEIGHT), Scroll(channel, _TOP, HEIGHT, _TOP)]
    scrolls += [Scroll(above, 0, HEIGHT), Scroll(sheet, 0, HEIGHT), fields]
    return drawn("discord", "Signing a petition in a Discord server", said, scrolls)


def runs_of(line: str) -> Iterator[Run]:
    """A line of Discord's Markdown by its looks."""
    for found in _INLINE.finditer(line):
        if found["bold"]:
            yield from (Run(run.text, f"{run.look} bold".strip()) for run in runs_of(found["bold"]))
        elif found["link"]:
            yield Run(found["link"], "link")
        else:
            yield Run(found["escaped"] or found["plain"])


def _add_message(sheet: Sheet, message: Message, clock: str, y: float) -> None:
    sheet.box(12, y, 32, 32, "avatar", 16)
    sheet.text(28, y + 21, "U", "initial", "middle")
    name = message.author.name
    sheet.text(_LEFT, y + 12, name, "name")
    after = _LEFT + width([Run(name, "bold")], 14.5) + 9
    sheet.box(after, y + 1.5, 27, 13, "app", 4)
    sheet.text(after + 13.5, y + 11.3, "APP", "app-words", "middle")
    sheet.text(after + 33, y + 12, clock, "small")
    for component in message.components:
        if component["type"] == CONTAINER:
            _add_frame(sheet, component["components"], y + 22, component.get("accent_color"))


def _add_frame(sheet: Sheet, components: Sequence[Component], top: float, accent: int | None) -> None:
    frame = len(sheet.shapes)
    y = top + _PADDING
    for component in components:
        if component["type"] == TEXT:
            y = _add_text(sheet, component["content"], y) + 8
        elif component["type"] == ROW:
            y = _add_row(sheet, component["components"], y)
    high = y + _PADDING - _GAP - top
    sheet.box(_LEFT, top, _COLUMN + 2 * _PADDING, high, "frame", 8)
    sheet.shapes.insert(frame, sheet.shapes.pop())
    if accent is not None:
        sheet.box(_LEFT, top + 1, 4, high - 2, "accent", 2, fill=f"#{accent:06x}")


def _add_text(sheet: Sheet, content: str, y: float) -> float:
    for line in content.split("\n"):
        mark, look, size, leading = next((one for one in _BLOCKS if line.startswith(one[0])), ("", "words", 13.5, 18))
        if not line:
            y += 8
            continue
        bold = "bold" if "heading" in look else ""
        runs = [Run(run.text, f"{run.look} {bold}".strip()) for run in runs_of(line.removeprefix(mark))]
        y = sheet.lines(_LEFT + _PADDING, y, wrap(runs, _COLUMN, size), look, leading)
    return y


def _add_row(sheet: Sheet, buttons: Sequence[Component], y: float) -> float:
    x = float(_LEFT + _PADDING)
    for button in buttons:
        if button["type"] != BUTTON:
            continue
        style, look = _STYLES.get(button["style"], _LINK)
        label = button["label"] + (" ↗" if button.get("url") else "")
        wide = width([Run(label, "bold")], 13) + 22
        if x + wide > _LEFT + _PADDING + _COLUMN + 1:
            x, y = _LEFT + _PADDING, y + _BUTTON + _GAP
        sheet.box(x, y, wide, _BUTTON, style, 8)
        sheet.text(x + wide / 2, y + 19.5, label, look, "middle")
        x += wide + _GAP
    return y + _BUTTON + _GAP


def _add_form(sheet: Sheet, form: Modal) -> float:
    """The form's frame, with its title and the button that sends it; returns where its fields begin."""
    sheet.box(0, _FORM, WIDTH, HEIGHT - _FORM + 20, "form", 18)
    sheet.box(WIDTH / 2 - 18, _FORM + 8, 36, 4, "grip", 2)
    y = sheet.lines(16, _FORM + 22, wrap([Run(form.title, "bold")], WIDTH - 32, 15), "title", 20) + 10
    sheet.box(0, _SUBMIT, WIDTH, 1, "rule")
    sheet.box(16, HEIGHT - 52, WIDTH - 32, 36, "primary", 10)
    sheet.text(WIDTH / 2, HEIGHT - 29, "Submit", "label", "middle")
    return y


def _fields(form: Modal, typed: dict[str, str], top: float) -> Scroll:
    """The text and the fields of a form, scrolled to its end."""
    sheet, y = Sheet(), top
    for part in form.components:
        y = (_add_words(sheet, part, y) if part["type"] == TEXT else _add_field(sheet, part, typed, y)) + 12
    return Scroll(sheet, top, _SUBMIT, min(0, _SUBMIT - y))


def _add_words(sheet: Sheet, part: Component, y: float) -> float:
    for line in part["content"].split("\n"):
        y = sheet.lines(16, y, wrap(list(runs_of(line.removeprefix("-# "))), WIDTH - 32, 13.5), "words", 18)
    return y


def _add_field(sheet: Sheet, field: Component, typed: dict[str, str], y: float) -> float:
    box = field["component"]
    star = (Run(" *", "required"),) if box.get("required", True) else ()
    sheet.text(16, y + 10, (Run(field["label"]), *star), "field")
    about = wrap([Run(field.get("description", ""))], WIDTH - 32, 11.5)
    y = sheet.lines(16, y + 16, about, "small", 15) + 5
    if box["type"] != TEXT_INPUT:
        return _add_options(sheet, [option["label"] for option in box["options"]], y, 6 if box["type"] == RADIO else 3)
    sheet.box(16, y, WIDTH - 32, 34, "input", 8)
    sheet.text(27, y + 22, typed.get(box["custom_id"]) or str(box.get("value", "")), "words")
    return y + 34


def _add_options(sheet: Sheet, labels: list[str], y: float, radius: float) -> float:
    """The choices of a question, each with an empty circle or box."""
    for label in labels:
        sheet.box(16, y, WIDTH - 32, 26, "input", 8)
        sheet.box(26, y + 7, 12, 12, "grip", radius)
        sheet.text(46, y + 18, label, "words")
        y += 30
    return y


def _frame(clock: str) -> Sheet:
    """The frame around the messages: the clock and the channel's name."""
    sheet = Sheet()
    sheet.box(0, 0, WIDTH, _TOP, "bar")
    sheet.text(WIDTH / 2, 18, clock, "clock", "middle")
    sheet.text(12, 52, "‹", "back")
    sheet.text(32, 50, "# general", "name")
    sheet.box(0, _TOP - 1, WIDTH, 1, "rule")
    return sheet
