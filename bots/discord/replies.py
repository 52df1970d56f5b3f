"""Answers to interactions: the first one within three seconds, each only once, with every refusal handled by name."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Awaitable, Callable
from enum import Enum, IntEnum, auto
from typing import Any

import aiohttp
import discord
import stamina
from discord import InteractionResponseType as Kind
from discord.http import HTTPClient, MultipartParameters
from discord.webhook.async_ import AsyncWebhookAdapter

from bots.common.json_object import JsonObject
from bots.discord.answers import fault_name, number_of
from bots.discord.lasting import is_lasting
from bots.discord.message import DiscordMessage
from bots.discord.uploads import Attachments, parameters

log = logging.getLogger(__name__)

TRIES = 3
LIBRARY_WAIT = 1.0  # seconds
UNREACHED = (aiohttp.ClientError, OSError)  # the connection failed, so we don't know whether the call took effect


class Refusal(IntEnum):
    """Discord's error codes that an answer may get."""

    UNKNOWN_CHANNEL = 10003
    UNKNOWN_GUILD = 10004
    UNKNOWN_MESSAGE = 10008
    UNKNOWN_USER = 10013
    UNKNOWN_WEBHOOK = 10015
    UNKNOWN_INTERACTION = 10062
    EDITED_TOO_OFTEN = 30046
    TOO_FAST = 40003
    SENDING_DISABLED = 40004
    FEATURE_DISABLED = 40006
    ALREADY_PUBLISHED = 40033
    ALREADY_ANSWERED = 40060
    NO_ACCESS = 50001
    CLOSED_TO_US = 50007
    NO_PERMISSION = 50013
    WRONG_CHANNEL = 50024
    EXPIRED = 50027
    NO_RECIPIENT = 50033
    THREAD_ARCHIVED = 50083
    NO_SHARED_SERVER = 50278
    THREAD_LOCKED = 160005
    BLOCKED_BY_AUTOMOD = 200000
    BLOCKED_LINK = 240000


_TOO_LATE = frozenset(
    {
        Refusal.UNKNOWN_INTERACTION, Refusal.UNKNOWN_WEBHOOK, Refusal.UNKNOWN_MESSAGE,
        Refusal.ALREADY_ANSWERED, Refusal.EXPIRED,
    }
)  # fmt: skip
_LAYOUT = discord.MessageFlags(components_v2=True).value
FINAL = frozenset({Refusal.UNKNOWN_CHANNEL, Refusal.UNKNOWN_MESSAGE})
"""Refusals that say that a message no longer exists."""
PASSING = frozenset({Refusal.NO_ACCESS, Refusal.NO_PERMISSION})
"""Refusals that end when someone gives the bot its permissions back."""
BLOCKED = frozenset({Refusal.BLOCKED_BY_AUTOMOD, Refusal.BLOCKED_LINK})
"""Refusals of the words of a message, by a server's own rules or by Discord's filter of links."""
RESTING = BLOCKED | {
    Refusal.THREAD_ARCHIVED, Refusal.THREAD_LOCKED, Refusal.WRONG_CHANNEL, Refusal.EDITED_TOO_OFTEN,
}  # fmt: skip
"""Refusals that end when a thread is used again, when a rule changes, or after hours."""
UNREACHABLE = frozenset({Refusal.CLOSED_TO_US, Refusal.NO_SHARED_SERVER})
"""Refusals that say that a person gets no direct messages from the bot."""
GONE = FINAL | PASSING
"""Refusals that say that the bot can't write in a channel."""


class AnswerState(Enum):
    """The state of the answer to an interaction; LOST: it came too late, or another process has answered."""

    UNANSWERED = auto()
    BEGUN = auto()
    ANSWERED = auto()
    LOST = auto()


class InteractionReply:
    """The answer to one interaction: either at once, or after first showing that the bot is thinking.

    The answer to a tap on a person's own message changes that message, unless it lasts; any other is a new message,
    which in company only the person sees. Taps that arrive too late or were already answered, here or by another
    process, change nothing. `is_below` is True if the tapped message is the person's own and lasts.
    """

    def __init__(
        self, interaction: discord.Interaction, session: aiohttp.ClientSession, webhooks: AsyncWebhookAdapter
    ) -> None:
        self._interaction, self._session, self._webhooks = interaction, session, webhooks
        self._turn, self._stage = asyncio.Lock(), AnswerState.UNANSWERED
        self._created: object = None
        self._has_promised = False  # in a message of its own
        self.private = not interaction.context.dm_channel
        message = interaction.message
        is_own = message is not None and (message.flags.ephemeral or not self.private)
        self.is_below = is_own and is_lasting(interaction)
        self._edits = is_own and not self.is_below

    async def show(self, message: DiscordMessage) -> None:
        """Show a message instead of the one that was tapped."""
        async with self._turn:
            if self._stage is AnswerState.BEGUN and self._has_promised:
                await self._later(self._follow_up, message.content(private=self.private), message.attachments)
            elif self._stage is AnswerState.BEGUN:
                await self._later(self._edit_original, message.content(), message.attachments)
            elif self._stage is AnswerState.UNANSWERED:
                kind = Kind.message_update if self._edits else Kind.channel_message
                content = message.content(private=self.private and not self._edits)
                await self._answer(kind, content, message.attachments)

    async def tell(self, message: DiscordMessage) -> None:
        """Send a message alongside the one that was tapped, which stays as it is."""
        await self._add(message.content(private=self.private))

    async def promise(self, message: DiscordMessage) -> None:
        """Say meanwhile that the answer will come. It replaces this, or follows it if a message was tapped."""
        if await self.begin():
            await self._add(message.content(private=self.private))
            self._stage, self._has_promised = AnswerState.BEGUN, self._edits

    async def publish(self, message: DiscordMessage) -> int | None:
        """Post a message for everyone; the one that was tapped stays as it is. Returns its id, if Discord tells it."""
        return await self._add(message.content())

    async def follow(self, message: DiscordMessage) -> None:
        """Send one more message after the answer; nothing if another process has answered."""
        async with self._turn:
            if self._stage is AnswerState.ANSWERED:
                await self._later(self._follow_up, message.content(private=self.private), message.attachments)

    async def open(self, form: JsonObject) -> bool:
        """Open a form; False if it is too late, a form is not allowed here, or Discord refuses it."""
        async with self._turn:
            may = self._interaction.type is not discord.InteractionType.modal_submit
            if self._stage is not AnswerState.UNANSWERED or not may:
                return False
            try:
                await self._answer(Kind.modal, form)
            except discord.HTTPException as refusal:
                log.warning("Discord refused a form: code %s", refusal.code)
                return False
            return True

    async def offer(self, choices: list[JsonObject]) -> None:
        """Offer completions for what the person is typing."""
        async with self._turn:
            await self._answer(Kind.autocomplete_result, {"choices": choices})

    async def begin(self) -> bool:
        """Show that the bot is thinking, unless it has answered; False if another process has answered."""
        async with self._turn:
            if self._stage is AnswerState.UNANSWERED:
                flags = discord.MessageFlags(ephemeral=self.private).value
                kind = Kind.deferred_message_update if self._edits else Kind.deferred_channel_message
                if await self._answer(kind, {} if self._edits else {"flags": flags}):
                    self._stage = AnswerState.BEGUN
            return self._stage is AnswerState.BEGUN

    async def _add(self, content: JsonObject) -> int | None:
        """Send a message beside the one that was tapped; returns its id, if Discord tells it."""
        async with self._turn:
            if self._stage is AnswerState.BEGUN:
                body = content if self._edits else content | {"flags": _LAYOUT}
                await self._later(self._follow_up if self._edits else self._edit_original, body)
            elif self._stage is AnswerState.UNANSWERED:
                await self._answer(Kind.channel_message, content)
            return int(self._created["id"]) if isinstance(self._created, dict) and "id" in self._created else None

    async def _answer(self, kind: Kind, data: JsonObject, files: Attachments = ()) -> bool:
        """Give the first answer; False if it came too late, or another process has answered."""
        call, interaction = self._webhooks.create_interaction_response, self._interaction
        body: JsonObject = {"type": kind.value, "data": data}
        begun, tries = time.monotonic(), 1
        answer: Any = None
        try:
            try:  # nearly every answer succeeds at the first try, and setting up retries costs as much as answering
                answer = await call(
                    interaction.id, interaction.token, session=self._session, params=parameters(body, files)
                )
            except UNREACHED:
                async for attempt in stamina.retry_context(on=UNREACHED, attempts=TRIES - 1, wait_max=0.5):
                    with attempt:
                        tries += 1
                        answer = await call(
                            interaction.id, interaction.token, session=self._session, params=parameters(body, files)
                        )
        except discord.HTTPException as refusal:
            # An earlier try by us or by the library (which waits a second before each) may have taken effect.
            again = tries > 1 or time.monotonic() - begun >= LIBRARY_WAIT
            if refusal.code != Refusal.ALREADY_ANSWERED or not again:
                _pass_if_late(refusal)
                self._stage = AnswerState.LOST
                return False
        self._stage, self._created = AnswerState.ANSWERED, _message_of(answer)
        return True

    async def _later(
        self, call: Callable[[MultipartParameters], Awaitable[object]], content: JsonObject, files: Attachments = ()
    ) -> None:
        """Send the answer after showing that the bot is thinking."""
        try:
            async for attempt in stamina.retry_context(on=UNREACHED, attempts=TRIES):
                with attempt:
                    self._created = await call(parameters(content, files))
        except discord.HTTPException as refusal:
            _pass_if_late(refusal)
        self._stage = AnswerState.ANSWERED

    async def _edit_original(self, params: MultipartParameters) -> object:
        interaction = self._interaction
        return await self._webhooks.edit_original_interaction_response(
            interaction.application_id, interaction.token, session=self._session, **params._asdict()
        )

    async def _follow_up(self, params: MultipartParameters) -> object:
        interaction = self._interaction
        return await self._webhooks.execute_webhook(
            interaction.application_id,
            interaction.token,
            session=self._session,
            with_components=True,
            wait=True,
            **params._asdict(),
        )


async def post_once(http: HTTPClient, channel: int | str, message: DiscordMessage, nonce: str) -> int:
    """Post a message to a channel; however often it is tried, Discord accepts one with this nonce. Returns its id."""
    body = message.content() | {"nonce": nonce, "enforce_nonce": True}
    async for attempt in stamina.retry_context(on=UNREACHED, attempts=TRIES):
        with attempt:
            return number_of(await http.send_message(channel, params=parameters(body, message.attachments)))
    raise AssertionError("stamina ends with a result or an exception")


def _message_of(answer: Any) -> object:
    """The message that Discord made of an answer; None if it tells of none."""
    resource = answer.get("resource") if isinstance(answer, dict) else None
    return resource.get("message") if isinstance(resource, dict) else None


def _pass_if_late(refusal: discord.HTTPException) -> None:
    if refusal.code not in _TOO_LATE:
        raise refusal
    log.debug("an answer came too late: %s", refusal.code)


def report(error: BaseException) -> None:
    """Log why an answer failed, without the person or any address, which would contain a token."""
    if isinstance(error, discord.HTTPException | discord.RateLimited):
        log.warning("Discord refused an answer: %s", fault_name(error))
    elif isinstance(error, UNREACHED):
        log.warning("Discord cannot be reached: %s", fault_name(error))
    else:
        log.error("an interaction was not handled: %s", trace_of(error))


def trace_of(error: BaseException) -> str:
    """Kind and place of an error. Its own words are left out, since they may quote what a person wrote."""
    return "\n".join([type(error).__name__, *traceback.format_tb(error.__traceback__)]).rstrip()
