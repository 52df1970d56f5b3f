"""Words to search for where a petition gives no link to a source."""

from __future__ import annotations

import re

from core.petition.source import Source

_QUOTES = re.compile('["“”„«»「」『』]')


def search_words(source: Source) -> str:
    """The title and any publication, each in the straight quotes with which search engines look for exact words."""
    return " ".join(f'"{_plain(words)}"' for words in (source.title, source.publication) if words)


def _plain(words: str) -> str:
    """The words on one line, without quotes of their own, which would end the others."""
    return " ".join(_QUOTES.sub(" ", words).split())
