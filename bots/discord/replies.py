"""Answers to interactions: the first within three seconds, each once, and every refusal met by name."""

from __future__ import annotations

import asyncio
import logging
from enum import IntEnum
from typing import Any

import aiohttp
import discord
import stamina
from discord import InteractionResponseType as Kind
from discord.http import MultipartParameters
from discord.webhook.async_ import async_context

from bots.discord.renderer import DiscordMessage, Json

log = logging.getLogger(__name__)

ORIGINAL = "@original"  # Discord's name for the message that answered an interaction
TRIES = 3
UNREACHED = (aiohttp.ClientError, OSError)  # the connection failed; whether the call took effect is not known


class Refusal(IntEnum):
    """Discord's error codes that an answer may meet."""

    UNKNOWN_CHANNEL = 10003
    UNKNOWN_MESSAGE = 10008
    UNKNOWN_WEBHOOK = 10015
    UNKNOWN_INTERACTION = 10062
    ALREADY_ANSWERED = 40060
    NO_ACCESS = 50001
    CLOSED_TO_US = 50007
    NO_PERMISSION = 50013
    EXPIRED = 50027


_TOO_LATE = frozenset(
    {
        Refusal.UNKNOWN_INTERACTION, Refusal.UNKNOWN_WEBHOOK, Refusal.UNKNOWN_MESSAGE,
        Refusal.ALREADY_ANSWERED, Refusal.EXPIRED,
    }
)  # fmt: skip
GONE = frozenset({Refusal.UNKNOWN_CHANNEL, Refusal.UNKNOWN_MESSAGE, Refusal.NO_ACCESS, Refusal.NO_PERMISSION})
"""Refusals after which a posted card cannot be changed any more."""


class Reply:
    """The answer to one interaction: at once, or first a sign of life and the answer when it is there.

    An answer to a tap on one's own message changes that message; any other is a new one, which in company only the
    person sees. Taps that came too late, or were answered already, by another process or before, change nothing.
    """

    def __init__(self, interaction: discord.Interaction, session: aiohttp.ClientSession) -> None:
        self._interaction, self._session = interaction, session
        self._turn = asyncio.Lock()
        self._begun = self._over = False
        self.private = not interaction.context.dm_channel
        message = interaction.message
        self._edits = message is not None and (message.flags.ephemeral or not self.private)

    async def show(self, message: DiscordMessage) -> None:
        """Show a message."""
        content = message.content(private=self.private)
        async with self._turn:
            if self._over:
                return
            if self._begun:
                await self._edit_original(content)
            else:
                await self._answer(Kind.message_update if self._edits else Kind.channel_message, content)
            self._over = True

    async def publish(self, message: DiscordMessage) -> None:
        """Post a message for everybody; the one with the button stays as it is."""
        async with self._turn:
            if self._begun and not self._over:
                await self._follow_up(message.content())
            elif not self._over:
                await self._answer(Kind.channel_message, message.content())
            self._over = True

    async def open(self, form: Json) -> bool:
        """Open a form; False where it is too late for one, or none may follow."""
        async with self._turn:
            if self._begun or self._over or self._interaction.type is discord.InteractionType.modal_submit:
                return False
            self._over = True
            await self._answer(Kind.modal, form)
            return True

    async def offer(self, choices: list[Json]) -> None:
        """Complete what is being typed."""
        async with self._turn:
            self._over = True
            await self._answer(Kind.autocomplete_result, {"choices": choices})

    async def begin(self) -> bool:
        """Give the sign of life, unless the answer is there; False where somebody else has answered."""
        async with self._turn:
            if self._begun or self._over:
                return self._begun
            flags = discord.MessageFlags(ephemeral=self.private).value
            if self._edits:
                self._begun = await self._answer(Kind.deferred_message_update, {})
            else:
                self._begun = await self._answer(Kind.deferred_channel_message, {"flags": flags})
            self._over = not self._begun
            return self._begun

    async def _answer(self, kind: Kind, data: Json) -> bool:
        call, one = async_context.get().create_interaction_response, self._interaction
        params = MultipartParameters({"type": kind.value, "data": data}, None, None)
        try:
            try:  # nearly every answer is given at the first try; setting up repeats costs as much as giving it
                await call(one.id, one.token, session=self._session, params=params)
            except UNREACHED:
                async for attempt in stamina.retry_context(on=UNREACHED, attempts=TRIES - 1, wait_max=0.5):
                    with attempt:
                        await call(one.id, one.token, session=self._session, params=params)
        except discord.HTTPException as refusal:
            _pass_if_late(refusal)
            return False
        return True

    async def _follow_up(self, content: Json) -> None:
        call, one = async_context.get().execute_webhook, self._interaction
        try:
            await call(one.application_id, one.token, session=self._session, payload=content, with_components=True)
        except discord.HTTPException as refusal:
            _pass_if_late(refusal)

    async def _edit_original(self, content: Json) -> None:
        call, one = async_context.get().edit_webhook_message, self._interaction
        original: Any = ORIGINAL  # a name in a number's place
        payload = content | {"flags": discord.MessageFlags(components_v2=True).value}
        try:
            async for attempt in stamina.retry_context(on=UNREACHED, attempts=TRIES):
                with attempt:
                    await call(
                        one.application_id, one.token, original,
                        session=self._session, payload=payload, with_components=True,
                    )  # fmt: skip
        except discord.HTTPException as refusal:
            _pass_if_late(refusal)


def _pass_if_late(refusal: discord.HTTPException) -> None:
    if refusal.code not in _TOO_LATE:
        raise refusal
    log.debug("an answer came too late: %s", refusal.code)


def report(error: BaseException) -> None:
    """Log what kept something from being said, without whose it was and without any address, which holds a token."""
    if isinstance(error, discord.HTTPException):
        log.warning("Discord refused an answer: status %s, code %s", error.status, error.code)
    elif isinstance(error, UNREACHED):
        log.warning("Discord cannot be reached: %s", type(error).__name__)
    else:
        log.error("an interaction was not handled", exc_info=error)
