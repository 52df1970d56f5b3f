"""An organizer on Telegram: announces, reviews, and looks at the figures."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from tests.patience import load
from tests.soak.hands import TelegramHands
from tests.world import SALESFORCE

_DRAFT = re.compile(r"Announcement (\d+) hasn't been sent yet")
_LISTS = ("stats", "count", "review", "announcement {}", "audit", "sources")
ANNOUNCE, LOOK = "announcements sent", "other commands"
REVIEWS = {
    "reviews that invalidate": ("invalidate status=counted since=10m", "as invalid? Nothing is deleted"),
    "reviews that restore": ("restore", "Restore these invalid signatures"),
    "reviews that accept": ("accept", "Count these signatures"),
}
"""For each kind of review: what the organizer types after the petition, and words of the bot's question."""
_CONFIRMATIONS = {"invalidate": "Mark them as invalid", "restore": "Restore them", "accept": "Count them"}
_NOTHING, _DONE, _TOO_LATE = "Nothing to review here", "Done. Here's what changed:", "That's already done"
_BOT = ("Undersign", "(edited) Undersign")
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
    """Announces every few seconds (`every`), and reviews meanwhile; `done` counts what the bot confirmed."""

    hands: TelegramHands
    chance: random.Random
    every: float
    bulletins: list[Bulletin] = field(default_factory=list)
    done: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys((ANNOUNCE, LOOK, *REVIEWS), 0)))
    _drafts: int = 0

    async def forever(self) -> None:
        """Work until cancelled: first announce, and do every kind of review until each has been done once."""
        latest = 0.0
        for name in self._reviews():
            if time.monotonic() >= latest and await self._announces():
                self.done[ANNOUNCE] += 1
                latest = time.monotonic() + self.every * self.chance.uniform(0.5, 1.5)
            if await self._decides(*REVIEWS[name]):
                self.done[name] += 1
            await self._looks()
            await asyncio.sleep(self.chance.uniform(0.5, 3.0))

    def _reviews(self) -> Iterator[str]:
        while True:
            is_complete = all(self.done[name] for name in REVIEWS)
            # All of them in turn until then: what was invalidated may be gone before it can be restored.
            yield from [self.chance.choice(list(REVIEWS))] if is_complete else REVIEWS

    async def _announces(self) -> bool:
        """Write a draft, and send it if its preview comes; return true if it is being sent."""
        self._drafts += 1
        words = f"Bulletin number {self._drafts} of the soak."
        preview = await self._types(f"/announce {SALESFORCE} {words}", words)
        drafted = _DRAFT.search(preview)
        if not drafted:
            return False
        since, number = time.monotonic(), int(drafted[1])
        for _ in range(TRIES):
            if await self._types(f"/announcement {number} send all", f"Announcement {number} ·"):
                self.bulletins.append(Bulletin(number, words, since))
                return True
        return False

    async def _decides(self, order: str, question: str) -> bool:
        """Review many signatures; return true if the bot confirms that something changed."""
        if question not in await self._types(f"/review {SALESFORCE} {order}", question, _NOTHING):
            return False
        before = len(self.hands.chat.chat.journal)
        with suppress(LookupError):
            for _ in range(self.chance.choice((1, 2))):
                await self.hands.chat.press(_CONFIRMATIONS[order.split(maxsplit=1)[0]], wait=False)
        return _DONE in await self._answer(before, _DONE, _TOO_LATE)

    async def _looks(self) -> None:
        number = self.bulletins[-1].number if self.bulletins else 1
        await self.hands.types("/" + self.chance.choice(_LISTS).format(number))
        self.done[LOOK] += 1

    async def _types(self, line: str, *words: str) -> str:
        """Type a line; the bot's answer with any of these words, or nothing."""
        before = len(self.hands.chat.chat.journal)
        await self.hands.types(line)
        return await self._answer(before, *words)

    async def _answer(self, before: int, *words: str) -> str:
        """The bot's newest entry in the journal that has any of these words; nothing if none comes."""
        latest = time.monotonic() + ANSWERED_WITHIN * load()
        while time.monotonic() < latest:
            for entry in reversed(self.hands.chat.chat.journal[before:]):
                if entry.startswith(_BOT) and any(each in entry for each in words):
                    return entry
            await asyncio.sleep(0.05)
        return ""
