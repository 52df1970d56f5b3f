"""The characters that every database can hold."""

from __future__ import annotations

import re

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""PostgreSQL has no NUL in a text, and half of a pair of surrogates isn't a character in UTF-8."""


def is_storable(text: str) -> bool:
    """Return True if each database that we support can hold the text."""
    return not _UNSTORABLE.search(text)
