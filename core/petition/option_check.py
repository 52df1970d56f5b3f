"""Checks the words of options in one language: people type them, so each must mean one thing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from core.messages import Catalog, Message
from core.petition.lines import yaml_lines
from core.petition.petition import PetitionText
from core.petition.petition_file import Fault
from core.petition.text_files import TextFile
from core.text.markdown import front_matter

_BUTTONS = ("button.back", "button.cancel", "button.keep", "button.remove", "button.skip")  # next to a question


def option_faults(folder: Path, text: PetitionText, catalog: Catalog) -> Iterator[Fault]:
    """Options of a field with the same words, and options with the words of a button next to them."""
    letter = TextFile.read(folder / "letter.md")
    parts = front_matter(letter.text)
    lines = yaml_lines(parts[0] if parts else "", above=1)
    buttons = {catalog.words(Message(key), locale).casefold(): locale for key in _BUTTONS for locale in catalog.locales}
    for field, options in text.options.items():
        seen: dict[str, str] = {}
        for key, words in options.items():
            typed, line = words.strip().casefold(), lines.of("options", field, key)
            if typed in buttons:
                yield Fault(letter.path, line, f"options: {words!r} of {field!r} is also a button: choose other words")
            others = {other for other in options if other != key and other.casefold() == typed}
            if others or typed in seen:
                other = seen.get(typed) or others.pop()
                yield Fault(letter.path, line, f"options: {key!r} of {field!r} has the same words as {other!r}")
            seen[typed] = key
