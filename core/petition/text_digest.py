"""The first form of digest, which covers only a text's words; signatures from before the envelope carry it."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Self


@dataclass(frozen=True)
class FirstForm:
    """A title, a letter, and a background (with its sources), as they are in the files.

    Unicode NFC, LF line endings, no white space at the end of a line or a part.
    """

    title: str
    letter: str
    background: str

    @classmethod
    def of(cls, title: str, letter: str, background: str) -> Self:
        """The first form of a text as it was read."""
        return cls(*map(_canonical, (title, letter, background)))

    @cached_property
    def digest(self) -> str:
        """The SHA-256, in hexadecimal, of the parts joined by a line that is just "---"."""
        parts = (self.title, self.letter, self.background)
        return hashlib.sha256("\n---\n".join(parts).encode()).hexdigest()


def _canonical(text: str) -> str:
    lines = unicodedata.normalize("NFC", text).splitlines()
    return "\n".join(line.rstrip() for line in lines).strip()
