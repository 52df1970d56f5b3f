"""The crowd: people with wishes, people who do anything at all, and readers of the web pages."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from itertools import count

import aiohttp

from tests.bots.discord import test_fuzz as discord_fuzz
from tests.bots.telegram import test_fuzz as telegram_fuzz
from tests.discord_server import ChannelView
from tests.soak.hands import DiscordHands, Hands, TelegramHands
from tests.soak.identity import FIRST, FIRST_TELEGRAM_ID, Identity
from tests.soak.signers import Person
from tests.soak.stage import ORGANIZER_ID, Stage
from tests.telegram_server import ChatView
from tests.world import SALESFORCE

PAGES = ("/", f"/p/{SALESFORCE}", f"/p/{SALESFORCE}/count.json", "/p/nothing", f"/?source={FIRST}")
FINE = (HTTPStatus.OK, HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


class Crowd:
    """Creates people and lets them act; `served` counts wishes that came true."""

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self._stage, self._chance = stage, chance
        self._numbers = count(1)
        self._guild = stage.discord.guild("Riverside")
        self.people: list[Person] = []
        self.served: Counter[str] = Counter()
        self.accounts: set[str] = {str(ORGANIZER_ID)}
        self.ending = False
        self.odd_pages: list[str] = []

    def organizer(self) -> TelegramHands:
        """The organizer's hands."""
        return TelegramHands(self._stage.telegram.person(ORGANIZER_ID, FIRST, "Organizer").private_chat())

    async def lives(self, platform: str) -> None:
        """One person after another signs, until the soak ends; the last one finishes."""
        while not self.ending:
            who = Identity(next(self._numbers))
            person = Person(self._hands(platform, who), who, random.Random(self._chance.random()))
            self.people.append(person)
            await person.live(lambda wish: self.served.update([f"{wish}: {platform}"]))

    def _hands(self, platform: str, who: Identity) -> Hands:
        if platform == "telegram":
            return TelegramHands(self._telegram_chat(who))
        return DiscordHands(*self._discord_views(who))

    def _telegram_chat(self, who: Identity) -> ChatView:
        person = self._stage.telegram.person(FIRST_TELEGRAM_ID + who.number, FIRST, who.last_name)
        self.accounts.add(str(person.account.id))
        return person.private_chat()

    def _discord_views(self, who: Identity) -> tuple[ChannelView, ChannelView]:
        person = self._stage.discord.person(who.number, who.name)
        self._guild.join(person)
        dm = person.dm()
        self.accounts |= {str(person.id), str(dm.channel.id)}
        return person.in_channel(self._guild.channel()), dm

    async def plays_on_telegram(self) -> None:
        """Tap and type anything."""
        chat = self._telegram_chat(Identity(next(self._numbers)))
        await self._plays(lambda: telegram_fuzz.step(self._chance, chat))

    async def plays_on_discord(self) -> None:
        """Press and send anything."""
        view, _ = self._discord_views(Identity(next(self._numbers)))
        await self._plays(lambda: discord_fuzz.step(self._chance, view))

    async def _plays(self, act: Callable[[], Awaitable[None]]) -> None:
        while not self.ending:
            with suppress(AssertionError, LookupError):  # the platform's own app would not let them
                await act()
                self.served["random act"] += 1
            await asyncio.sleep(self._chance.uniform(0.1, 1.0))

    async def reads_pages(self) -> None:
        """Open pages, which may be away for a while but never broken."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            while not self.ending:
                page = self._chance.choice(PAGES)
                with suppress(aiohttp.ClientError, TimeoutError):
                    async with session.get(self._stage.web_root + page) as answer:
                        await answer.read()
                        self.served["page"] += 1
                        if answer.status not in FINE:
                            self.odd_pages.append(f"{page}: {answer.status}")
                await asyncio.sleep(self._chance.uniform(0.1, 1.0))
