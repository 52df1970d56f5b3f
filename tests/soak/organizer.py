"""An organizer on Telegram: announces, reviews, and looks at the figures."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from tests.patience import load, until
from tests.soak.hands import TelegramHands
from tests.world import SALESFORCE

_DRAFT = re.compile(r"Announcement (\d+) hasn't been sent yet")
_LISTS = ("/stats", "/count", "/review", "/announcement {}", "/audit", "/sources")
_DECISIONS = ("Yes, do it", "Accept", "Invalidate", "Restore")
_REVIEWS = ("", "accept", "invalidate status=counted language=en", "restore")
TRIES = 10  # until the organizer sees that it is being sent
ANSWERED_WITHIN = 5.0  # seconds, on a machine with nothing else to do


@dataclass(frozen=True)
class Bulletin:
    """An announcement that the organizer saw being sent; its words are unique, and `since` is when it was ordered."""

    number: int
    words: str
    since: float


@dataclass
class Organizer:
    """Announces every few seconds (`every`), and reviews meanwhile."""

    hands: TelegramHands
    chance: random.Random
    every: float
    bulletins: list[Bulletin] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    _drafts: int = 0

    async def forever(self) -> None:
        """Work until cancelled."""
        while True:
            sent = await self._announces()
            pause = self.every * self.chance.uniform(0.5, 1.5) if sent else 0.0
            latest = time.monotonic() + pause
            while time.monotonic() < latest:
                await (self._reviews() if self.chance.random() < 0.3 else self._looks())
                await asyncio.sleep(self.chance.uniform(0.5, 3.0))

    async def _announces(self) -> bool:
        """Write a draft, and send it if its preview comes; return true if it is being sent."""
        self._drafts += 1
        words = f"Bulletin number {self._drafts} of the soak."
        before = len(self.hands.chat.chat.journal)
        await self.hands.types(f"/announce {SALESFORCE} {words}")
        preview = await self._answer(before, words)
        drafted = _DRAFT.search(preview)
        if not drafted:
            return False
        since, number = time.monotonic(), int(drafted[1])
        for _ in range(TRIES):
            before = len(self.hands.chat.chat.journal)
            await self.hands.types(f"/announcement {number} send all")
            if await self._answer(before, f"Announcement {number} ·"):
                self.bulletins.append(Bulletin(number, words, since))
                self.done["announcements sent"] += 1
                return True
        return False

    async def _reviews(self) -> None:
        await self.hands.types(f"/review {SALESFORCE} {self.chance.choice(_REVIEWS)}")
        with suppress(TimeoutError):  # there may be nothing to decide
            async with asyncio.timeout(ANSWERED_WITHIN):
                await until(lambda: bool(self._decisions()))
            await self.hands.presses(self._decisions()[0], times=self.chance.choice((1, 2)))
            self.done["reviews"] += 1

    def _decisions(self) -> list[str]:
        """The buttons of the newest message that decide about signatures."""
        return [label for label in self.hands.looks().labels if any(words in label for words in _DECISIONS)]

    async def _looks(self) -> None:
        number = self.bulletins[-1].number if self.bulletins else 1
        await self.hands.types(self.chance.choice(_LISTS).format(number))
        self.done["other commands"] += 1

    async def _answer(self, before: int, words: str) -> str:
        """The bot's newest entry in the journal that has these words; nothing if none comes."""
        latest = time.monotonic() + ANSWERED_WITHIN * load()
        while time.monotonic() < latest:
            for entry in reversed(self.hands.chat.chat.journal[before:]):
                if entry.startswith("Undersign") and words in entry:
                    return entry
            await asyncio.sleep(0.05)
        return ""
