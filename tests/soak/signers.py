"""People who sign, withdraw and erase, try again until it works, and remember what they were shown."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from tests.patience import load, until
from tests.soak.hands import Hands, Seen
from tests.soak.identity import POSTAL_CODE, Identity

RECEIPT = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
_OWN_LINK = re.compile(r"(?:--|source=)(r[0-9a-z]{12})\b")
ANSWERED_WITHIN = 3.0  # seconds after which a person tries again, on a machine with nothing else to do
_SIGNED = ("Thank you!", "You signed on", "You've already signed")


class Wish(StrEnum):
    """A wish of a person."""

    SIGN = "sign"
    WITHDRAW = "withdraw"
    FORGET = "forget"


@dataclass
class Memory:
    """The person's side of the story.

    `standing`: receipts that were shown, and that the person has done nothing to give up. `given_up`: those that a
    withdrawal or an erasure was tried for; `withdrawn` and `erased` were confirmed. `updates_since` is when the person
    read that updates are on, until they try to withdraw. `link` is the label of the person's own link.
    """

    standing: set[str] = field(default_factory=set)
    given_up: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    erased: bool = False
    updates_since: float | None = None
    confirmations: int = 0
    link: str = ""

    def reads(self, text: str) -> None:
        """Note a receipt."""
        if any(words in text for words in _SIGNED):
            self.standing |= set(RECEIPT.findall(text)) - self.given_up
            if "Stop updates" in text and self.updates_since is None:
                self.updates_since = time.monotonic()

    def gives_up(self) -> None:
        """Expect nothing of these signatures from now on."""
        self.given_up |= self.standing
        self.standing.clear()
        self.updates_since = None


def random_wishes(chance: random.Random) -> list[Wish]:
    """Sign; some withdraw, some of those sign again, and some erase everything."""
    wishes = [Wish.SIGN]
    if chance.random() < 0.3:
        wishes += [Wish.WITHDRAW, *([Wish.SIGN] if chance.random() < 0.5 else [])]
    if chance.random() < 0.15:
        wishes.append(Wish.FORGET)
    return wishes


class Person:
    """A person on a platform, with a wish. `label` is that of the link that led here."""

    _done: Callable[[str], None]

    def __init__(
        self, hands: Hands, who: Identity, chance: random.Random, *, reads_updates: bool = False, label: str = ""
    ) -> None:
        self.hands, self.who, self.memory, self.label = hands, who, Memory(), label
        self.wish: Wish | None = None
        self._chance = chance
        self._wants_updates = reads_updates
        self._wants = [words for words in ("Add: Email", "Add: Comment") if chance.random() < 0.5]
        if who.is_disposable:
            self._wants = ["Add: Email"]

    async def live(self, wishes: Iterable[Wish], done: Callable[[str], None]) -> None:
        """Pursue one wish after another. `done` hears of each, and of each button pressed more than once."""
        self._done = done
        for self.wish in wishes:
            await self._pursue()
            done(f"{self.wish}: {self.hands.signer.platform}")
            await asyncio.sleep(self._chance.uniform(0.1, 2.0))
        self.wish = None

    async def _pursue(self) -> None:
        """Go on until the wish has come true."""
        while True:
            if await self._step():
                return
            await asyncio.sleep(self._chance.uniform(0.02, 0.3))

    async def _step(self) -> bool:
        """Do one thing and wait for an answer; return true if the wish has come true."""
        seen = self.hands.looks()
        self.memory.reads("\n".join([seen.text, *seen.labels]))
        assert self.wish
        rule = {Wish.SIGN: self._signs, Wish.WITHDRAW: self._withdraws, Wish.FORGET: self._forgets}[self.wish]
        act = rule(seen)
        if act is None:
            return True
        await act
        before = self.hands.changes()
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWERED_WITHIN * load()):
                await until(lambda: self.hands.changes() != before)
        await asyncio.sleep(0.05)  # what was pressed is answered in two steps
        return False

    def _signs(self, seen: Seen) -> Awaitable[None] | None:
        hands = self.hands
        if any(words in seen.text for words in _SIGNED) and RECEIPT.search(seen.text):
            if links := _OWN_LINK.search(seen.text):
                self.memory.link = links[1]
            if self._wants_updates and seen.offers("Send me updates"):
                return hands.presses("Send me updates")
            return None
        if seen.form:
            self._wants = []  # the form has all fields
            return hands.fills_in(self.who)
        if seen.offers("Confirm"):
            return hands.presses("Edit") if self._wants else self._confirms()
        if seen.offers("Back to signing"):
            return self._adds(seen)
        asked = () if seen.offers("Fill out the form") else (
            ("Your postal code", POSTAL_CODE), ("count each person once", self.who.mailbox),
            ("In your own words", self.who.comment),
        )  # fmt: skip
        for words, answer in asked:
            if words in seen.text:
                return hands.types(answer)
        label = next((label for label in ("Fill out the form", "Sign", "Sign again") if seen.offers(label)), None)
        return hands.presses(label) if label else hands.opens(self.label)

    def _adds(self, seen: Seen) -> Awaitable[None]:
        """Choose the next field to add, or go back if all are filled in."""
        words = next((words for words in self._wants if seen.offers(words)), "")
        self._wants = [other for other in self._wants if words and other != words]
        return self.hands.presses(words or "Back to signing")

    def _confirms(self) -> Awaitable[None]:
        self.memory.confirmations += 1
        return self._presses("Confirm", self._chance.choice((1, 1, 2, 3)))

    def _presses(self, words: str, times: int) -> Awaitable[None]:
        if times > 1:
            self._done(f"double taps: {self.hands.signer.platform}")
        return self.hands.presses(words, times=times)

    def _withdraws(self, seen: Seen) -> Awaitable[None] | None:
        if "We've withdrawn your signature" in seen.text or "nothing to withdraw" in seen.text:
            self.memory.withdrawn |= self.memory.given_up
            return None
        if seen.offers("Withdraw my signature"):
            self.memory.gives_up()
            return self._presses("Withdraw my signature", self._chance.choice((1, 2)))
        return self.hands.presses("Withdraw") if seen.offers("Withdraw") else self.hands.commands("withdraw")

    def _forgets(self, seen: Seen) -> Awaitable[None] | None:
        if "We've erased everything about you" in seen.text:
            self.memory.erased = True
            return None
        if seen.offers("Erase everything"):
            self.memory.gives_up()
            return self.hands.presses("Erase everything")
        return self.hands.commands("forget")
