"""Checks the words of options in one language: people type them, so each must mean one thing."""

from __future__ import annotations

from collections.abc import Iterator

from core.messages import Catalog, Message
from core.petition.petition_file import Fault
from core.petition.text_files import TextReading

_BUTTONS = ("button.back", "button.cancel", "button.keep", "button.remove", "button.skip")  # next to a question


def option_faults(reading: TextReading, catalog: Catalog) -> Iterator[Fault]:
    """Options of a field with the same words, and options with the words of a button next to them."""
    letter, lines = reading.letter, reading.front.lines
    buttons = {catalog.words(Message(key), locale).casefold(): locale for key in _BUTTONS for locale in catalog.locales}
    for field, options in _options(reading):
        seen: dict[str, str] = {}
        for key, words in options.items():
            typed, line = words.strip().casefold(), lines.of("options", field, key)
            if typed in buttons:
                yield Fault(
                    letter.path, line, f"options: {words!r} of {field!r} is also a button's text: choose other words"
                )
            others = {other for other in options if other != key and other.casefold() == typed}
            if others or typed in seen:
                other = seen.get(typed) or others.pop()
                text = f"options: {key!r} of {field!r} has the same words as {other!r}: choose other words"
                yield Fault(letter.path, line, text)
            seen[typed] = key


def _options(reading: TextReading) -> Iterator[tuple[str, dict[str, str]]]:
    """The readable words of each field's options."""
    options = (reading.front.facts or {}).get("options")
    for field, words in options.items() if isinstance(options, dict) else ():
        if isinstance(words, dict):
            yield str(field), {str(key): text for key, text in words.items() if isinstance(text, str)}
