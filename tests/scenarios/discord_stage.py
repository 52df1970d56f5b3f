"""Stories on Discord: forms are filled in field by field, as a person does, and sent when nothing more is required."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from bots.common.service_threads import ServiceThreads
from bots.delivery.files import FileOrders
from bots.discord.connection import DiscordEndpoint
from bots.discord.files import DiscordFiles
from bots.discord.handlers import DEFER_AFTER
from bots.discord.surface import DiscordSurface
from bots.services import Services
from tests.bots.delivery.file_worker import orders, work_off
from tests.discord_server import DiscordServer
from tests.discord_server.client import library_idle, pointed_at
from tests.discord_server.kinds import BUTTON, CHECKBOXES, SELECTS, TEXT_INPUT, Component, walk
from tests.discord_server.people import Person
from tests.discord_server.posts import KINDS
from tests.discord_server.views import ChannelView
from tests.patience import load, patience, until
from tests.world import World

LOCALES = {"en": "en-US", "es": "es-ES"}
EDITS = ("Edit: ", "Add: ")
KEEP = ("Keep as it is",)
NAMING = (["Hand in your name?"], ["¿Entregar tu nombre?"])
CHECKED = {"If you like": ["Let me add to my answers first"]}
"""The wish to come to the review, in a form that would otherwise be the signature."""
NAMELESS = {"Hand in your name?": "No"}
"""The required choice in the shipped petition's form."""
UNNAMED = NAMELESS | CHECKED
"""The same, on the way to the review."""
FORMS = ("Fill out the form", "Correct your answers", "Rellenar el formulario", "Corregir las respuestas")


def _is_asked(part: Component) -> bool:
    """True for a part of a form that is a question, and neither text nor wishes."""
    return (part.get("component") or {}).get("type") not in {None, CHECKBOXES}


class DiscordTheatre:
    """A fake Discord with one server, and the real application connected to it."""

    def __init__(self, world: World, services: Services) -> None:
        self.world, self.services = world, services
        self.server = DiscordServer()
        self._people = 0
        self._bots: list[tuple[asyncio.Task[None], ServiceThreads]] = []

    @asynccontextmanager
    async def playing(self) -> AsyncIterator[Self]:
        """Open the server and connect the bot; close all at the end, bots first, even if one could not start."""
        async with self.server:
            with pointed_at(self.server):
                self.server.wait_also(library_idle)
                self.server.wait_also(self._idle)
                self.guild = self.server.guild("Riverside")
                self.channel = self.guild.channel("general")
                try:
                    await self.start_bot()
                    yield self
                finally:
                    while self._bots:
                        await self.stop_bot()

    async def organize_in(self, guild: int) -> None:
        """Name a server as the organizers' own in the settings, and restart the bot."""
        await self.stop_bot()
        settings = self.services.settings.model_copy(update={"organizers_guild": guild})
        self.services = replace(self.services, settings=settings)
        await self.start_bot()

    async def organizer(self) -> Person:
        """Olga, who has joined with a code and is a member of the organizers' own server, which is this one."""
        await self.organize_in(self.guild.id)
        olga = self.server.person(77, "Olga")
        self.guild.join(olga)
        with self.world.work() as work:
            work.organizers.invite("OLGASCODE", self.world.now.replace(year=2027))
            work.commit()
        dm = olga.dm()
        dm.say("!join olgascode")
        await dm.settle()
        assert "You're an organizer now" in dm.last.as_text()
        await until(lambda: self.surface.organizers_server.is_ready)
        return olga

    async def restart(self) -> None:
        """Stop the bot in an orderly way, and start it again."""
        await self.stop_bot()
        await self.start_bot()

    async def start_bot(self, defer_after: float | None = None, others: int = 0) -> None:
        """Connect the bot, beside so many others, and wait until Discord knows its commands."""
        self._threads = ServiceThreads(1, self.services.database.together, self.services.metrics.count_outcome)
        place = DiscordEndpoint(self.server.base_url, self.server.gateway_url)
        usual = DEFER_AFTER * load()
        self.surface = DiscordSurface(
            self.services, self._threads, self.server.token, place, usual if defer_after is None else defer_after
        )
        self.running = asyncio.create_task(self.surface.run())
        self._bots.append((self.running, self._threads))
        ready = asyncio.create_task(self._ready(others + 1))
        try:
            await asyncio.wait([self.running, ready], return_when=asyncio.FIRST_COMPLETED)
            await (self.running if self.running.done() else ready)
        finally:
            ready.cancel()

    async def _ready(self, clients: int) -> None:
        async with patience():
            await self.server.connected(clients)
            await self.surface.registered.wait()

    async def _idle(self) -> None:
        await self.surface.queue.empty()

    def file_orders(self, folder: Path, every: float = 5.0) -> FileOrders:
        """Worker that delivers files by this bot's own calls."""
        return orders(self.services, self._threads, DiscordFiles(self.surface._client.http), folder, every)

    async def files_arrive(self, folder: Path) -> None:
        """Let a worker make and deliver what was ordered."""
        await work_off(self.services, self.file_orders(folder))

    async def stop_bot(self) -> None:
        """Let the newest bot finish, and disconnect it."""
        running, threads = self._bots.pop()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        threads.close()

    async def person(self, name: str, language: str = "en") -> DiscordPersona:
        """Create a persona who is a member of the server."""
        self._people += 1
        person = self.server.person(self._people, name, LOCALES.get(language, language))
        self.guild.join(person)
        return DiscordPersona(person.in_channel(self.channel), person.dm())


class DiscordPersona:
    """Uses a channel of the server, and the bot's direct messages to say something to it."""

    sign = "!"

    def __init__(self, channel: ChannelView, dm: ChannelView) -> None:
        self.view, self._channel, self.dm = channel, channel, dm
        self._typed: dict[str, Any] = {}
        self._chosen = ""  # the field that the person wants to change, in a form with all of them

    async def opens(self, petition: str, label: str = "") -> None:
        """Use the command, because Discord has no links into a conversation."""
        self.view = self._channel
        self.view.dismiss_modal()
        await self.view.command("petition show", petition=petition)

    async def taps(self, words: str) -> None:
        """Press the button, choose in the menu, or mark the choice of an open form."""
        form = self._form()
        if form and words.startswith(EDITS):
            self._chosen = words.partition(": ")[2]
        elif form and words in KEEP:
            await self._send()
        elif form and self._marks(words):
            await self._go_on()
        else:
            self.view.dismiss_modal()
            await self._use(words)

    async def types(self, text: str) -> None:
        """Fill in the next field, or where no form is open, say it to the bot."""
        if not self._form() and any(words in self.view.last.as_text() for words in FORMS if self._has_messages()):
            await self.view.press(next(words for words in FORMS if words in self.view.last.as_text()))
        form = self._form()
        if form:
            chosen = [self._chosen] if self._chosen else []
            self._typed[(chosen or self._empty() or self._refused() or [field["label"] for field in form])[0]] = text
            await self._go_on()
        else:
            self.view = self.dm
            self.dm.say(text)
            await self.dm.settle()

    async def speaks(self) -> None:
        """Send the bot a voice message, which no form takes."""
        self.view.dismiss_modal()
        self.view = self.dm
        self.dm.say("", KINDS["voice"])
        await self.dm.settle()

    def reads(self) -> str:
        """The newest message; of an open form, what is asked for next."""
        text = self.view.last.as_text().partition(":")[2]  # without whose it is, and who sees it
        message = " ".join(text.replace("\\", "").replace("**", "").split())
        return " ".join([message, *self._next_question()])

    def pictures(self) -> list[bytes]:
        """Pictures in the channel."""
        return [attachment.content for message in self.view.messages for attachment in message.attachments]

    def proofs(self) -> list[bytes]:
        """Proofs in the channel, which only this person sees."""
        attached = [attachment for message in self.view.messages for attachment in message.attachments]
        return [attachment.content for attachment in attached if attachment.filename.endswith(".tlog-proof")]

    def _has_messages(self) -> bool:
        return bool(self.view.messages)

    def _next_question(self) -> Iterator[str]:
        form, empty = self._form(), self._empty()
        for field in form:
            if field["label"] in (*empty[:1], self._chosen) or len(form) == 1:
                inner = field["component"]
                yield from (field["label"], field.get("description", ""), inner.get("value", ""))
                yield from (option["label"] for option in inner.get("options", []))

    def _form(self) -> list[Component]:
        modal = self.view.modal
        return [field for field in modal.components if _is_asked(field)] if modal else []

    def _refused(self) -> list[str]:
        """The fields of which the message says what is wrong."""
        text = self.view.last.as_text()
        return [field["label"] for field in self._form() if field.get("description", "-") in text]

    def _empty(self) -> list[str]:
        """Required fields that are still empty."""
        return [
            field["label"]
            for field in self._form()
            if field["component"].get("required", True)
            and field["label"] not in self._typed
            and not field["component"].get("value")
            and not any(option.get("default") for option in field["component"].get("options", []))
        ]

    def _marks(self, words: str) -> bool:
        for field in self._form():
            if field["component"]["type"] != TEXT_INPUT:
                for option in field["component"]["options"]:
                    if option["label"] == words:
                        self._typed[field["label"]] = words
                        return True
        return False

    async def _go_on(self) -> None:
        if self._empty() in NAMING:
            self._typed[self._empty()[0]] = "No"
        if not self._empty():
            await self._send()

    async def _send(self) -> None:
        values, self._typed, self._chosen = self._typed, {}, ""
        await self.view.submit(values | self._to_review())

    def _to_review(self) -> dict[str, Any]:
        """The box to tick in a form that would be the signature, since stories go through the review."""
        parts = self.view.modal.components if self.view.modal else ()
        groups = [part for part in parts if (part.get("component") or {}).get("type") == CHECKBOXES]
        return {group["label"]: [group["component"]["options"][-1]["label"]] for group in groups}

    async def _use(self, words: str) -> None:
        components = list(walk(self.view.last.components))
        if any(component["type"] == BUTTON and words in component["label"] for component in components):
            await self.view.press_on(self.view.last, words)
            return
        for menu in (component for component in components if component["type"] in SELECTS):
            for option in menu["options"]:
                if words in option["label"]:
                    await self.view.choose(option["label"], [option["label"]])
                    return
        raise LookupError(f"nothing is called {words!r} in:\n{self.view.last.as_text()}")
