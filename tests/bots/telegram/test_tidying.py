"""Old keyboards go when nothing else is to be sent: a quick person waits for answers only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.error import BadRequest, RetryAfter, TelegramError

from bots.common.links import Links
from bots.papers.pictures import Painter
from bots.telegram.calls import Calls
from bots.telegram.chat_sender import ChatSender
from bots.telegram.delivery import Delivery
from bots.telegram.limiter import Limiter
from bots.telegram.place import Place
from bots.telegram.renderer import TelegramRenderer
from bots.telegram.tidying import Tidying
from bots.telegram.transport import AiohttpRequest
from core.conversation.screen import Button, Line, Screen, View
from core.conversation.state import Skip
from tests.bots.telegram.virtual_time import run
from tests.world import SALESFORCE, catalog, petitions

ADA, BEN = Place(7), Place(8)
QUESTION = View(Screen((Line("Do you rent?"),), ((Button("Skip", Skip()),),)), "en", SALESFORCE)
TAKE = "editMessageReplyMarkup"


class Wire(AiohttpRequest):
    """A transport that reaches nobody: it notes the method, the chat, and the virtual time of each call."""

    def __init__(self) -> None:
        super().__init__(connections=1)
        self.calls: list[tuple[str, int, float]] = []
        self.refusals: list[TelegramError] = []

    async def post_json(self, url: str, values: dict[str, Any], answer_within: float | None = None) -> Any:
        method = url.rpartition("/")[2]
        self.calls.append((method, values["chat_id"], round(asyncio.get_running_loop().time(), 1)))
        if method == TAKE and self.refusals:
            raise self.refusals.pop(0)
        return {"message_id": len(self.calls)}

    def times(self, method: str, place: Place = ADA) -> list[float]:
        return [when for name, chat, when in self.calls if (name, chat) == (method, place.chat)]


class Bot:
    """Delivery on that transport, with Telegram's usual limits."""

    def __init__(self) -> None:
        self.wire = Wire()
        calls = Calls(self.wire, Limiter(), "bot")
        self.tidying = Tidying(calls)
        links = Links(telegram="undersign_bot")
        renderer = TelegramRenderer(catalog(), petitions(), links)
        painter = Painter(catalog(), links.anywhere)
        self.delivery = Delivery(calls, ChatSender(calls), self.tidying, renderer, painter)

    async def answers(self, count: int, place: Place = ADA) -> list[float]:
        """Seconds that each of several answers took, for a person who replies at once."""
        clock, waits = asyncio.get_running_loop().time, []
        for _ in range(count):
            begun = clock()
            await self.delivery.answer(place, QUESTION)
            waits.append(round(clock() - begun, 1))
        return waits


def play(scene: Callable[[Bot], Awaitable[None]]) -> Bot:
    async def main() -> Bot:
        bot = Bot()
        await scene(bot)
        await bot.tidying.empty()
        return bot

    return run(main())


def test_a_quick_person_waits_a_second_at_most_and_only_after_five_answers() -> None:
    waits: list[float] = []

    async def scene(bot: Bot) -> None:
        waits.extend(await bot.answers(8))

    bot = play(scene)
    assert waits == [0, 0, 0, 0, 0, 1, 1, 1]
    assert len(bot.wire.times(TAKE)) == 7, "every keyboard but the last goes"
    assert min(bot.wire.times(TAKE)) >= max(bot.wire.times("sendMessage")), "after the last answer"


def test_a_person_who_takes_their_time_never_waits() -> None:
    async def scene(bot: Bot) -> None:
        for _ in range(8):
            assert await bot.answers(1) == [0]
            await asyncio.sleep(2)

    bot = play(scene)
    assert len(bot.wire.times(TAKE)) == 7


def test_tidying_holds_nobody_else_back() -> None:
    async def scene(bot: Bot) -> None:
        await asyncio.gather(*(bot.answers(5, Place(chat)) for chat in range(100, 130)))
        assert await bot.answers(5) == [0] * 5

    play(scene)


def test_a_message_that_gets_new_buttons_keeps_them() -> None:
    async def scene(bot: Bot) -> None:
        await bot.answers(2)
        assert bot.tidying.is_retired(ADA, 1)
        bot.tidying.revive(ADA, 1)
        assert not bot.tidying.is_retired(ADA, 1)

    assert play(scene).wire.times(TAKE) == []


def test_buttons_that_cannot_be_removed_stay() -> None:
    async def scene(bot: Bot) -> None:
        bot.wire.refusals = [BadRequest("Message can't be edited"), RetryAfter(60)]
        await bot.answers(4)

    bot = play(scene)
    assert len(bot.wire.times(TAKE)) == 2, "a chat that Telegram holds back is left alone"


def test_stopping_leaves_the_rest() -> None:
    async def scene(bot: Bot) -> None:
        await bot.answers(5)
        await bot.answers(5, BEN)
        await bot.tidying.stop()

    assert play(scene).wire.times(TAKE) == []
