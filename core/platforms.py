"""The platforms on which people talk to Undersign."""

from __future__ import annotations

from enum import StrEnum


class Platform(StrEnum):
    """A platform with accounts; its value is what the database stores.

    Rows and settings store plain text, since they may name a platform that this version no longer has.
    """

    TELEGRAM = "telegram"
    DISCORD = "discord"
    TERMINAL = "terminal"

    @property
    def command_sign(self) -> str:
        """The sign that organizers type before a command; Discord keeps the slash for registered commands."""
        return "!" if self is Platform.DISCORD else "/"


WRITABLE = (Platform.TELEGRAM, Platform.DISCORD)
"""Platforms that can send messages to people and communities; signers on others see news when they come back."""

WITHOUT_FORMS = (Platform.TELEGRAM, Platform.TERMINAL)
"""Platforms where each screen asks one question; elsewhere, a form may ask all of them."""
