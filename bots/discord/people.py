"""The people behind interactions and messages."""

from __future__ import annotations

import discord
from discord.utils import snowflake_time

from bots.discord.limits import cut_to
from core.platforms import Platform
from core.signatures.signature import Signer

LONGEST_NAME = 100


def signer_of(user: discord.abc.User, locale: str = "") -> Signer:
    """The account behind an interaction; its name and language are only hints."""
    name = cut_to(user.global_name or user.name, LONGEST_NAME)
    return Signer(Platform.DISCORD, str(user.id), name, locale, snowflake_time(user.id))
