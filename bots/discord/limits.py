"""Discord's limits on messages, buttons, menus, and forms, and cutting words to fit them."""

from __future__ import annotations

from core.text.pages import utf16_length
from core.text.truncation import truncate

LONGEST_TEXT = 4000  # in all texts of a message, counted in UTF-16 units to be safe
MOST_BYTES = 9000  # Discord fails above about 10,000 bytes of text (discord-api-docs, issue 8554)
MOST_COMPONENTS = 40  # in a message, with those inside others
MOST_IN_ROW = 5
LONGEST_BUTTON = 80
LONGEST_URL = 512  # of a button
LONGEST_OPTION = 100
LONGEST_PLACEHOLDER = 150
LONGEST_CAPTION = 1024  # of a picture
LONGEST_TITLE = LONGEST_FIELD = 45
MOST_OPTIONS = 25
MOST_RADIOS = 10
MOST_FIELDS = 5


def fits(words: str) -> bool:
    """Return True if a message can hold this text."""
    return utf16_length(words) <= LONGEST_TEXT and len(words.encode()) <= MOST_BYTES


def cut_to(words: str, longest: int) -> str:
    """The text on one line, in at most `longest` characters."""
    return truncate(" ".join(words.split()), longest)
