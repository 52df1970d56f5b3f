"""Odd spaces are all of Unicode's except the one of the space bar, and the marks without any width."""

from __future__ import annotations

import re
import sys
import unicodedata

from core.text.odd_spaces import ODD_SPACES

_WITHOUT_WIDTH = {"\u200b", "\u2060", "\ufeff"}


def test_they_are_what_unicode_calls_spaces_and_the_marks_without_width() -> None:
    every = set(map(chr, range(sys.maxunicode + 1)))
    spaces = {sign for sign in every if unicodedata.category(sign) == "Zs"} - {" "}
    assert {sign for sign in every if re.fullmatch(f"[{ODD_SPACES}]", sign)} == spaces | _WITHOUT_WIDTH
