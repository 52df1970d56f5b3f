"""The color at the edge of a petition's messages: always the same for a petition."""

from __future__ import annotations

from hashlib import sha256

ACCENTS = (0xE05A1E, 0xB7791F, 0x36945F, 0x0F8F8F, 0x2F86DC, 0x7C78E4, 0xB765C8, 0xE04E80)
"""Colors that are easy to see beside Discord's dark and light backgrounds."""


def accent_of(slug: str) -> int | None:
    """The petition's color; None if a message is about no petition."""
    return ACCENTS[sha256(slug.encode()).digest()[0] % len(ACCENTS)] if slug else None
