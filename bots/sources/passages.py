"""Finds quoted words in a text, whatever the case, the spaces, the quotation marks, and the dashes are."""

from __future__ import annotations

import unicodedata

import regex

from core.sources.checks import PassageState
from core.sources.quotes import quoted_parts

_LONGEST_GAP = 5000  # characters that a quote may leave out at one place
_SECONDS = 5.0  # after which the search gives up: a page must not stop the checker
_SPACELESS = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_WORD = regex.compile(rf"\d+(?:[.,]\d+)*|{_SPACELESS}|[\p{{L}}\p{{M}}]+|[\p{{Sc}}%‰]")  # 2.5 isn't 25, and $ isn't €
_BETWEEN = r"[^\p{L}\p{M}\d]*?"
_BEFORE, _AFTER = r"(?<![\p{L}\p{M}\d]|\d[.,])", r"(?![\p{L}\p{M}\d]|[.,]\d)"


def passage_state(quote: str, text: str, *, is_whole: bool) -> PassageState:
    """Look for quoted words in a page's text; without all of it, not finding them means nothing."""
    if not quote:
        return PassageState.NOT_GIVEN
    if not text:
        return PassageState.UNREAD
    try:
        found = contains(text, quote)
    except TimeoutError:
        return PassageState.UNREAD
    missing = PassageState.MISSING if is_whole else PassageState.UNREAD
    return PassageState.FOUND if found else missing


def contains(text: str, quote: str) -> bool:
    """Return True if a text has all parts of a quote, in their order. Raises TimeoutError if that takes too long."""
    patterns = [_pattern(_plain(part)) for part in quoted_parts(quote)]
    if not patterns:
        return False
    gap = rf"[\s\S]{{0,{_LONGEST_GAP}}}?"
    return regex.search(gap.join(patterns), _plain(text), timeout=_SECONDS) is not None


def _pattern(part: str) -> str:
    """A pattern for the words of a part, in their order, with anything but letters and digits between them."""
    words = _WORD.findall(part)
    before, after = (
        edge if regex.match(r"[\p{L}\p{M}\d]", word) and not regex.match(_SPACELESS, word) else ""
        for edge, word in ((_BEFORE, words[0]), (_AFTER, words[-1]))
    )
    return before + _BETWEEN.join(map(regex.escape, words)) + after


def _plain(text: str) -> str:
    """The text in small letters, with ligatures and accents in one form, without apostrophes and invisible marks."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return regex.sub(r"[\p{Cf}'’‘ʼ`´]+", "", folded)
