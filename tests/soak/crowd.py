"""The crowd: people with wishes, people who do anything at all, and readers of the web pages."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from itertools import count

import aiohttp

from tests.bots.discord import test_fuzz as discord_fuzz
from tests.bots.telegram import test_fuzz as telegram_fuzz
from tests.discord_server import ChannelView
from tests.soak.hands import DiscordHands, Hands, TelegramHands
from tests.soak.identity import FIRST, FIRST_TELEGRAM_ID, Identity
from tests.soak.petition_folders import ENDING
from tests.soak.signers import Person, Wish, random_wishes
from tests.soak.stage import ORGANIZER_ID, Stage
from tests.telegram_server import ChatView
from tests.world import SALESFORCE

PAGES = ("/", f"/p/{SALESFORCE}", f"/p/{SALESFORCE}/count.json", "/p/nothing", f"/?source={FIRST}")
FINE = (HTTPStatus.OK, HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
RECENT = 10  # people whose links others follow
AUDIENCE = 40  # people who want updates at any time: announcements to more would last longer than the soak
TO_A_CHANNEL = 10  # people who share a channel on Discord
FOR_THE_ENDING = 0.4  # of the people, while the petition whose folder will be taken away is there
ACTS = 200  # of one person who does anything at all
EVERY_WISH = (Wish.SIGN, Wish.WITHDRAW, Wish.SIGN, Wish.FORGET)

PAGE, ACT = "web pages", "acts of people who do anything"
_DOUBLE_TAPS = tuple(f"double taps on {words}" for words in ("Confirm", "Withdraw my signature", "Erase everything"))
_INGREDIENTS = (
    *(f"{what}: {platform}" for what in (*Wish, *_DOUBLE_TAPS) for platform in ("telegram", "discord")), PAGE, ACT
)  # fmt: skip


class Crowd:
    """Creates people and lets them act; `served` counts wishes that came true."""

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self._stage, self._chance = stage, chance
        self._numbers = count(1)
        self._guild = stage.discord.guild("Riverside")
        self.people: list[Person] = []
        self._readers: list[Person] = []
        self.served = Counter(dict.fromkeys(_INGREDIENTS, 0))
        self.accounts: set[str] = {str(ORGANIZER_ID)}
        self.ending = False
        self.odd_pages: list[str] = []

    def organizer(self) -> TelegramHands:
        """The organizer's hands."""
        return TelegramHands(self._stage.telegram.person(ORGANIZER_ID, FIRST, "Organizer").private_chat())

    async def lives(self, platform: str, first: Iterable[Wish] = ()) -> None:
        """One person after another signs, until the soak ends; the last one finishes.

        `first` are the wishes of the first person.
        """
        wishes = list(first)
        while not self.ending:
            person = self._person(platform, Identity(next(self._numbers)), is_first=bool(wishes))
            await person.live(wishes or random_wishes(self._chance), lambda done: self.served.update([done]))
            self._stage.petitions.signers += person.petition == ENDING and bool(person.memory.standing)
            wishes = []

    def _person(self, platform: str, who: Identity, *, is_first: bool) -> Person:
        self._readers = [reader for reader in self._readers if not reader.memory.given_up]
        ends = not is_first and self._stage.petitions.is_there and self._chance.random() < FOR_THE_ENDING
        reads_updates = not ends and len(self._readers) < AUDIENCE and self._chance.random() < 0.6
        links = ["", "press", *(person.memory.link for person in self.people[-RECENT:])]
        person = Person(
            self._hands(platform, who), who, random.Random(self._chance.random()),
            reads_updates=reads_updates, label=self._chance.choice(links), petition=ENDING if ends else SALESFORCE,
            offered=lambda: not ends or self._stage.petitions.is_there,
        )  # fmt: skip
        self.people.append(person)
        if reads_updates:
            self._readers.append(person)
        return person

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
        return person.in_channel(self._guild.channel(f"general-{who.number // TO_A_CHANNEL}")), dm

    async def plays_on_telegram(self) -> None:
        """Tap and type anything."""
        while not self.ending:
            chat = self._telegram_chat(Identity(next(self._numbers)))
            await self._plays(partial(telegram_fuzz.step, self._chance, chat))

    async def plays_on_discord(self) -> None:
        """Press and send anything."""
        while not self.ending:
            view, _ = self._discord_views(Identity(next(self._numbers)))
            await self._plays(partial(discord_fuzz.step, self._chance, view))

    async def _plays(self, act: Callable[[], Awaitable[None]]) -> None:
        for _ in range(ACTS):
            if self.ending:
                return
            with suppress(AssertionError, LookupError):  # the platform's own app would not let them
                await act()
                self.served[ACT] += 1
            await asyncio.sleep(self._chance.uniform(0.1, 1.0))

    async def reads_pages(self) -> None:
        """Open pages, which may be away for a while but never broken."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            while not self.ending:
                page = self._chance.choice(PAGES)
                with suppress(aiohttp.ClientError, TimeoutError):
                    async with session.get(self._stage.web_root + page) as answer:
                        await answer.read()
                        self.served[PAGE] += 1
                        if answer.status not in FINE:
                            self.odd_pages.append(f"{page}: {answer.status}")
                await asyncio.sleep(self._chance.uniform(0.1, 1.0))
