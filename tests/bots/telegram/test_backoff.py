"""Replies keep to Telegram's limit for bulk messages only after refusals; in virtual time."""

import asyncio

import pytest
from telegram.error import RetryAfter

from bots.telegram.limiter import BACKGROUND
from tests.bots.telegram.test_limiter import FakeTransport, play


def test_replies_go_at_once_while_telegram_takes_them_and_a_broadcast_makes_room() -> None:
    async def scene(transport: FakeTransport) -> None:
        await asyncio.gather(*(transport.call(chat) for chat in range(1, 101)))
        await transport.call(1001, args=BACKGROUND)

    transport = play(scene)
    assert {round(when, 2) for chat, when in transport.calls if chat <= 100} == {0}
    assert transport.times(1001)[0] > 0


async def refused(transport: FakeTransport, *chats: int) -> None:
    """Telegram refuses these chats once; a second later they are served."""
    for chat in chats:
        transport.troubles[chat] = [RetryAfter(1)]
    await asyncio.gather(*(transport.call(chat) for chat in chats))


def test_replies_keep_to_thirty_a_second_for_a_while_after_telegram_refused_several() -> None:
    async def scene(transport: FakeTransport) -> None:
        await refused(transport, *range(1, 11))
        await asyncio.gather(*(transport.call(chat) for chat in range(1001, 1101)))  # at 1 s
        await asyncio.sleep(61)
        await asyncio.gather(*(transport.call(chat) for chat in range(2001, 2101)))

    transport = play(scene)
    careful, free = (sorted(when for chat, when in transport.calls if chat // 1000 == kind) for kind in (1, 2))
    assert careful[-1] - careful[0] == pytest.approx((100 - 10 + 10) / 30, abs=0.05), "those who were refused go first"
    assert free[-1] == free[0]


def test_the_backoff_doubles_when_it_was_not_enough() -> None:
    async def scene(transport: FakeTransport) -> None:
        for first in (1, 11):
            await refused(transport, *range(first, first + 5))
            await asyncio.sleep(61)
        await asyncio.gather(*(transport.call(chat) for chat in range(1001, 1101)))

    times = sorted(when for chat, when in play(scene).calls if chat > 1000)
    assert times[-1] - times[0] == pytest.approx(90 / 30, abs=0.1)


def test_the_backoff_ends_after_an_hour_at_most() -> None:
    async def scene(transport: FakeTransport) -> None:
        for time in range(7):  # 60 s, doubled six times, would be more than an hour
            await refused(transport, *range(10 * time + 1, 10 * time + 6))
            await asyncio.sleep(3601)
        await asyncio.gather(*(transport.call(chat) for chat in range(1001, 1101)))

    times = sorted(when for chat, when in play(scene).calls if chat > 1000)
    assert times[-1] - times[0] < 0.01


@pytest.mark.parametrize("chats", [(-1, -2, -3, -4, -5), (1, 2, 3, 4)])
def test_refused_groups_or_a_few_chats_make_nobody_else_wait(chats: tuple[int, ...]) -> None:
    async def scene(transport: FakeTransport) -> None:
        await refused(transport, *chats)
        await asyncio.gather(*(transport.call(chat) for chat in range(1001, 1101)))

    assert {round(when, 2) for chat, when in play(scene).calls if chat > 1000} == {1}


def test_one_person_who_is_refused_again_and_again_makes_nobody_else_wait() -> None:
    async def scene(transport: FakeTransport) -> None:
        for _ in range(8):
            await refused(transport, 7)
        await asyncio.gather(*(transport.call(chat) for chat in range(1001, 1101)))

    times = sorted(when for chat, when in play(scene).calls if chat > 1000)
    assert times[-1] - times[0] < 0.01


def test_chats_that_are_refused_one_now_and_one_then_make_nobody_else_wait() -> None:
    async def scene(transport: FakeTransport) -> None:
        for chat in range(1, 9):
            await refused(transport, chat)
            await asyncio.sleep(5)
        await asyncio.gather(*(transport.call(chat) for chat in range(1001, 1101)))

    times = sorted(when for chat, when in play(scene).calls if chat > 1000)
    assert times[-1] - times[0] < 0.01


@pytest.mark.parametrize(("refusals", "last"), [((), 1), ((1, 2, 3, 4, 5), 2 + 15 / 30)])
def test_no_reply_waits_behind_a_broadcast(refusals: tuple[int, ...], last: float) -> None:
    """Neither while replies are free, nor while both keep to the limit."""

    async def scene(transport: FakeTransport) -> None:
        await refused(transport, *refusals)
        broadcast = [asyncio.ensure_future(transport.call(chat, args=BACKGROUND)) for chat in range(11, 211)]
        await asyncio.sleep(1)
        await asyncio.gather(*(transport.call(chat) for chat in range(1001, 1016)))
        await asyncio.gather(*broadcast)

    transport = play(scene)
    replies = [when for chat, when in transport.calls if chat > 1000]
    between = [when for chat, when in transport.calls if 10 < chat < 1000 and replies[0] < when < replies[-1]]
    assert replies[-1] == pytest.approx(last, abs=0.05)
    assert between == []
