"""The digest that identifies a petition's words."""

from __future__ import annotations

import hashlib
import unicodedata


def digest(title: str, letter: str, background: str) -> str:
    """The SHA-256, in hexadecimal, of title, letter and background (with its sources) as they are in the files.

    Canonical form, which anyone can compute: Unicode NFC, LF line endings, no white space at the end of a line or a
    part, parts joined by a line that is just "---".
    """
    parts = (_canonical(part) for part in (title, letter, background))
    return hashlib.sha256("\n---\n".join(parts).encode()).hexdigest()


def _canonical(text: str) -> str:
    lines = unicodedata.normalize("NFC", text).splitlines()
    return "\n".join(line.rstrip() for line in lines).strip()
