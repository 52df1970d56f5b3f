"""A person's hands and eyes on each platform: reads the newest message, presses its buttons and types."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from core.signatures.signature import Signer
from tests.discord_server import ChannelView
from tests.discord_server.kinds import BUTTON, walk
from tests.scenarios.discord_stage import UNNAMED
from tests.soak.identity import Identity
from tests.telegram_server import ChatView

BULLETIN = re.compile(r"Bulletin number \d+ of the soak\.")
"""The words of an announcement, which no other has."""


@dataclass(frozen=True)
class Seen:
    """The bot's newest message: its words, and the labels of its buttons. `form` is true while a form is open."""

    text: str = ""
    labels: list[str] = field(default_factory=list)
    form: bool = False

    def offers(self, words: str) -> bool:
        """Return true if a button has exactly these words."""
        return words in self.labels


class Hands(Protocol):
    """One person on one platform. No action waits for the bot, and one that is impossible does nothing."""

    signer: Signer

    def looks(self) -> Seen:
        """Read the newest message."""

    def changes(self) -> int:
        """A number that changes whenever the person sees something new."""

    async def opens(self, petition: str, label: str = "") -> None:
        """Open a petition to sign it, by a link with this label where the platform's links have labels."""

    async def commands(self, name: str) -> None:
        """Send a command that needs no argument."""

    async def presses(self, words: str, times: int = 1) -> None:
        """Press a button of the newest message, more than once if the finger slips."""

    async def types(self, text: str) -> None:
        """Send a text."""

    async def fills_in(self, who: Identity) -> None:
        """Send the open form."""

    def bulletins(self) -> Counter[str]:
        """The number of the bot's messages with the words of each announcement."""


class TelegramHands:
    """A private chat."""

    def __init__(self, chat: ChatView) -> None:
        self.chat = chat
        self.signer = Signer("telegram", str(chat.person.id))

    def looks(self) -> Seen:
        try:
            newest = self.chat.last
        except LookupError:
            return Seen()
        rows = (newest.reply_markup or {}).get("inline_keyboard", [])
        return Seen(newest.text, [button["text"] for row in rows for button in row])

    def changes(self) -> int:
        return len(self.chat.chat.journal)

    async def opens(self, petition: str, label: str = "") -> None:
        await self.types(f"/start {petition}" + (f"--{label}" if label else ""))

    async def commands(self, name: str) -> None:
        await self.types(f"/{name}")

    async def presses(self, words: str, times: int = 1) -> None:
        with suppress(LookupError):
            newest = self.chat.last
            for _ in range(times):
                await self.chat.tap(newest, words, wait=False)

    async def types(self, text: str) -> None:
        await self.chat.send(text, wait=False)

    async def fills_in(self, who: Identity) -> None:
        """Do nothing: Telegram has no forms."""

    def bulletins(self) -> Counter[str]:
        received = (entry for entry in self.chat.chat.journal if entry.startswith("Undersign"))
        return Counter(words for entry in received for words in set(BULLETIN.findall(entry)))


class DiscordHands:
    """A channel of a server, where the bot answers so that only this person sees it, and direct messages."""

    def __init__(self, channel: ChannelView, dm: ChannelView) -> None:
        self.view, self.dm = channel, dm
        self.signer = Signer("discord", str(channel.user.id))

    def looks(self) -> Seen:
        form = self.view.modal is not None
        try:
            newest = self.view.last
        except LookupError:
            return Seen(form=form)
        text = newest.as_text().replace("\\", "").replace("**", "")
        buttons = [each for each in walk(newest.components) if each["type"] == BUTTON and not each.get("disabled")]
        return Seen(text, [each.get("label", "") for each in buttons], form)

    def changes(self) -> int:
        messages = self.view.messages
        answered = sum(each.response is not None or bool(each.failed) for each in self.view._mine())
        return answered + len(messages) + sum(message.edits for message in messages)

    async def opens(self, petition: str, label: str = "") -> None:
        await self.commands("petition sign", petition=petition)

    async def commands(self, name: str, **options: str) -> None:
        self.view.dismiss_modal()
        with suppress(AssertionError, LookupError):  # the commands may not be registered yet
            await self.view.command(name, wait=False, **options)

    async def presses(self, words: str, times: int = 1) -> None:
        self.view.dismiss_modal()
        with suppress(AssertionError, LookupError):
            newest = self.view.last
            for _ in range(times):
                await self.view.press_on(newest, words, wait=False)

    async def types(self, text: str) -> None:
        self.dm.say(text)

    async def fills_in(self, who: Identity) -> None:
        with suppress(AssertionError, LookupError):
            labels = [component.get("label") for component in self.view.modal.components] if self.view.modal else []
            answers = {**who.answers, **UNNAMED}
            values = {label: value for label, value in answers.items() if label in labels}
            await self.view.submit(values, wait=False)

    def bulletins(self) -> Counter[str]:
        received = (message for message in self.dm.channel.messages.values() if message.author.is_bot)
        versions = ("\n".join((*message.versions, message.as_text())) for message in received)
        return Counter(words for version in versions for words in set(BULLETIN.findall(version)))
