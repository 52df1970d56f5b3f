"""Digest of a page's readable text, which tells whether its words have changed."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from bots.sources.source_page import SourcePage

_FEW_LETTERS = 25  # in a line that is a date, a count, or a button rather than a sentence


def text_digest(page: SourcePage) -> str:
    """The SHA-256, in hexadecimal, of the page's own sentences; empty if there are none.

    Lines such as "Updated 3 hours ago" and "1,204 views" don't count, nor do spaces and letter case.
    """
    text = unicodedata.normalize("NFKC", page.main or page.text).casefold()
    lines = [re.sub(r"\s", "", line) for line in text.splitlines()]
    sentences = [line for line in lines if len(line) > _FEW_LETTERS or line.startswith("|")] or [*filter(None, lines)]
    return hashlib.sha256("\n".join(sentences).encode()).hexdigest() if sentences else ""
