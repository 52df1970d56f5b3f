"""Texts at the limits of size can be read; those beyond are refused, and a sentence names the first line too much."""

from __future__ import annotations

import pytest

from core.text.excess import DEEPEST_BRACKETS, LONGEST_LINE, LONGEST_PARAGRAPH, LONGEST_TEXT, excess

_FULL_LINES = ["e" * LONGEST_LINE] * (LONGEST_PARAGRAPH // LONGEST_LINE)
_DEEP = "[" * DEEPEST_BRACKETS


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(["e" * 998] * (LONGEST_TEXT // 1000)) + "\n\n",
        "e" * LONGEST_LINE,
        "\n".join(_FULL_LINES),
        "\n".join(_FULL_LINES) + "\n\n" + "\n".join(_FULL_LINES),
        f"{_DEEP}elms{']' * DEEPEST_BRACKETS}{_DEEP}",
        f"]]]]{_DEEP}",
        f"{_DEEP}\n\t\n{_DEEP}",
    ],
)
def test_a_text_at_a_limit_can_be_read(text: str) -> None:
    assert excess(text) is None


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("e" * (LONGEST_TEXT + 1), 1, "the text has 100,001 characters, and at most 100,000 are possible: shorten it"),
        ("One.\n\n" + "e" * (LONGEST_LINE + 1), 3, "this line has 5,001 characters, and at most 5,000 are possible: "),
        ("\n".join([*_FULL_LINES, "e"]), 7, "no paragraph can have more than 30,000 characters: "),
        ("\n\n" + "\n".join([*_FULL_LINES, "e"]), 9, "no paragraph can have more than 30,000 characters: "),
        (f"One.\n\n{_DEEP}[", 3, "there are more than 20 brackets [ inside each other here: remove them"),
        (f"{_DEEP}]\n[[", 2, "there are more than 20 brackets [ inside each other here: remove them"),
    ],
)
def test_one_character_more_is_refused_at_its_line(text: str, line: int, said: str) -> None:
    found = excess(text)
    assert found is not None
    assert found[0] == line
    assert found[1].startswith(said)
