"""Spaces that look like the one of the space bar but aren't, such as the no-break space that Word types."""

from __future__ import annotations

ODD_SPACES = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
"""All of them, as the inside of a character class."""

RETYPE_SPACE = "this line contains an unusual space, which looks the same: type it again with the space bar"
"""The sentence about a line that can't be read because of one."""
