"""Waits of people: from a tap until the bot shows what it leads to, whatever apologies come in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.soak.hands import Seen, TelegramHands
from tests.soak.identity import Identity
from tests.telegram_server import ChatView

APOLOGIES = ("I can't reach my records right now", "Something went wrong on our end")


@dataclass(frozen=True)
class Wait:
    """One person's wait in one way to the database; times are in seconds of one clock."""

    way: str
    begun: float
    ended: float

    @property
    def seconds(self) -> float:
        """The length."""
        return self.ended - self.begun


def longest(waits: Iterable[Wait], way: str, since: float, until: float) -> float:
    """The longest wait in a way that was still going on at some moment of this period; 0 if there is none."""
    seconds = (each.seconds for each in waits if each.way == way and each.begun < until and each.ended > since)
    return max(seconds, default=0.0)


class TimedHands(TelegramHands):
    """Hands in a private chat that time each wait. `on_wait` gets those that ended."""

    def __init__(
        self, chat: ChatView, way: str, on_wait: Callable[[Wait], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(chat)
        self._way, self._on_wait, self._clock = way, on_wait, clock
        self._begun: float | None = None
        self._before: object = None

    def looks(self) -> Seen:
        seen = super().looks()
        if self._begun is not None and self._view() != self._before and not seen.text.startswith(APOLOGIES):
            self._on_wait(Wait(self._way, self._begun, self._clock()))
            self._begun = None
        return seen

    def changes(self) -> int:
        self.looks()
        return super().changes()

    async def presses(self, words: str, times: int = 1) -> None:
        self._begin()
        await super().presses(words, times)

    async def types(self, text: str) -> None:
        self._begin()
        await super().types(text)

    async def fills_in(self, who: Identity) -> None:
        """Do nothing: Telegram has no forms."""

    def _begin(self) -> None:
        """Begin to wait, unless the last tap is not answered yet."""
        if self._begun is None:
            self._begun, self._before = self._clock(), self._view()

    def _view(self) -> object:
        """A value that tells apart two views of the chat: the newest message of the bot and its versions."""
        try:
            newest = self.chat.last
        except LookupError:
            return None
        return newest.id, newest.edits
