"""Limits on the size of a text: nobody reads more in a chat, and a parser would take minutes for some of it."""

from __future__ import annotations

import re

LONGEST_TEXT = 100_000  # characters of a file, about 15,000 words
LONGEST_LINE = 5_000  # characters; a paragraph is often on one line
LONGEST_PARAGRAPH = 30_000  # characters without an empty line, such as a list of sources
DEEPEST_BRACKETS = 20  # one inside the other
_SPLIT = "put empty lines between its parts"
_BRACKETS = re.compile(r"[\[\]]")


def excess(text: str) -> tuple[int, str] | None:
    """The first line (from 1) that is too much, and a sentence that says so; None if the text can be read."""
    if len(text) > LONGEST_TEXT:
        return 1, f"the text has {len(text):,} characters, and at most {LONGEST_TEXT:,} are possible: shorten it"
    depth = length = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            depth = length = 0  # no brackets reach beyond a paragraph
        length += len(line)
        if len(line) > LONGEST_LINE:
            return (
                number,
                f"this line has {len(line):,} characters, and at most {LONGEST_LINE:,} are possible: {_SPLIT}",
            )
        if length > LONGEST_PARAGRAPH:
            return number, f"no paragraph can have more than {LONGEST_PARAGRAPH:,} characters: {_SPLIT}"
        for bracket in _BRACKETS.findall(line):
            depth = max(0, depth + (1 if bracket == "[" else -1))
            if depth > DEEPEST_BRACKETS:
                return number, f"there are more than {DEEPEST_BRACKETS} brackets [ inside each other here: remove them"
    return None
