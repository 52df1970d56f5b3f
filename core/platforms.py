"""The platforms on which people talk with Undersign."""

from __future__ import annotations

from enum import StrEnum


class Platform(StrEnum):
    """A platform with accounts; its value is what the database stores.

    Rows and settings keep the plain text: they may name a platform that this version no longer has.
    """

    TELEGRAM = "telegram"
    DISCORD = "discord"
    TERMINAL = "terminal"


WRITABLE = (Platform.TELEGRAM, Platform.DISCORD)
"""Platforms where people and communities can be written to; signers on others see news when they come back."""
