"""The limiter in virtual time: what is let through when, and what is tried again."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bots.telegram.budgets import _Bucket
from bots.telegram.limiter import BACKGROUND, Limiter, Retrying, Sending, seconds_of
from bots.telegram.network_errors import ConnectFailed, ConnectTimedOut, UploadStalled
from tests.bots.telegram.virtual_time import run


class FakeTransport:
    """Fake transport: notes the chat and time of each call, and fails on demand."""

    def __init__(self, limiter: Limiter) -> None:
        self.limiter = limiter
        self.calls: list[tuple[Any, float]] = []
        self.troubles: dict[Any, list[TelegramError]] = {}

    async def call(self, chat: int | str | None, endpoint: str = "sendMessage", args: Sending | None = None) -> Any:
        async def send() -> bool:
            self.calls.append((chat, asyncio.get_running_loop().time()))
            if self.troubles.get(chat):
                raise self.troubles[chat].pop(0)
            return True

        data = {} if chat is None else {"chat_id": chat}
        return await self.limiter.process_request(send, (), {}, endpoint, data, args)

    def times(self, chat: int | str | None = None) -> list[float]:
        return [round(when, 2) for who, when in self.calls if who == chat]


def play(scene: Callable[[FakeTransport], Awaitable[None]], limiter: Limiter | None = None) -> FakeTransport:
    async def main() -> FakeTransport:
        transport = FakeTransport(limiter or Limiter(retrying=Retrying(jitter=0.0)))
        await transport.limiter.initialize()
        await scene(transport)
        return transport

    return run(main())


def test_a_chat_gets_a_short_burst_and_then_one_a_second() -> None:
    async def scene(transport: FakeTransport) -> None:
        await asyncio.gather(*(transport.call(7) for _ in range(8)))

    assert play(scene).times(7) == [0, 0, 0, 0, 0, 1, 2, 3]


@pytest.mark.parametrize("chat", [-100, "-100", "@channel"])
def test_a_group_gets_twenty_a_minute(chat: int | str) -> None:
    async def scene(transport: FakeTransport) -> None:
        await asyncio.gather(*(transport.call(chat) for _ in range(25)))

    times = play(scene).times(chat)
    assert (times[4], times[5], times[24]) == (0, 3, 60)


def test_a_broadcast_gets_thirty_a_second() -> None:
    async def scene(transport: FakeTransport) -> None:
        await asyncio.gather(*(transport.call(chat, args=BACKGROUND) for chat in range(1, 101)))

    times = sorted(when for _, when in play(scene).calls)
    assert sum(when < 0.01 for when in times) == 10
    assert times[-1] == pytest.approx(90 / 30, abs=0.01)


def test_a_broadcast_waits_behind_replies_in_the_same_group() -> None:
    async def scene(transport: FakeTransport) -> None:
        order: list[str] = []

        async def note(name: str, args: Sending | None) -> None:
            await transport.call(-5, args=args)
            order.append(name)

        await asyncio.gather(*(transport.call(-5) for _ in range(5)))
        await asyncio.gather(note("background", BACKGROUND), note("reply", None), note("reply", None))
        assert order == ["reply", "reply", "background"]

    play(scene)


def test_a_refused_chat_waits_alone_and_is_tried_again() -> None:
    async def scene(transport: FakeTransport) -> None:
        transport.troubles[7] = [RetryAfter(9)]
        await asyncio.gather(transport.call(7), transport.call(8), transport.call(9))
        await asyncio.gather(transport.call(7), transport.call(8))

    transport = play(scene)
    assert (transport.times(7), transport.times(8), transport.times(9)) == ([0, 9, 9], [0, 9], [0])


def test_calls_that_come_while_a_chat_is_refused_wait_for_its_time() -> None:
    async def scene(transport: FakeTransport) -> None:
        transport.troubles[7] = [RetryAfter(9)]
        first = asyncio.ensure_future(transport.call(7))
        await asyncio.sleep(1)
        await asyncio.gather(first, transport.call(7), transport.call(8))

    transport = play(scene)
    assert (transport.times(7), transport.times(8)) == ([0, 9, 9], [1])


def test_a_call_that_waits_for_its_turn_when_the_chat_is_refused_waits_longer() -> None:
    async def scene(transport: FakeTransport) -> None:
        await asyncio.gather(*(transport.call(7) for _ in range(5)))
        waiting = asyncio.ensure_future(transport.call(7))
        await asyncio.sleep(0.5)
        transport.limiter._allowance.hold(7, 9)
        await waiting

    assert play(scene).times(7) == [0, 0, 0, 0, 0, 9.5]


def test_a_long_refusal_is_raised_and_not_retried() -> None:
    async def scene(transport: FakeTransport) -> None:
        transport.troubles[7] = [RetryAfter(3600)]
        for _ in range(2):
            with pytest.raises(RetryAfter) as caught:
                await transport.call(7)
            assert seconds_of(caught.value) == pytest.approx(3600, abs=1)
        await transport.call(8)

    transport = play(scene)
    assert (transport.times(7), transport.times(8)) == ([0], [0])


def test_the_number_of_tries_is_bounded() -> None:
    async def scene(transport: FakeTransport) -> None:
        transport.troubles[7] = [RetryAfter(2) for _ in range(9)]
        with pytest.raises(RetryAfter):
            await transport.call(7)

    assert play(scene, Limiter(retrying=Retrying(tries=3))).times(7) == [0, 2, 4]


@pytest.mark.parametrize("endpoint", ["answerCallbackQuery", "setMyCommands", "getChat", "sendChatAction"])
def test_calls_that_send_nothing_are_not_counted(endpoint: str) -> None:
    async def scene(transport: FakeTransport) -> None:
        await asyncio.gather(*(transport.call(7, endpoint) for _ in range(100)))

    assert set(play(scene).times(7)) == {0}


@pytest.mark.parametrize(
    ("endpoint", "trouble", "tries"),
    [
        ("editMessageText", NetworkError("Bad Gateway"), 2),
        ("answerCallbackQuery", TimedOut(), 2),
        ("setMyCommands", TimedOut(), 2),
        ("getChat", NetworkError("lost"), 2),
        ("sendMessage", ConnectFailed("refused"), 2),
        ("sendMessage", ConnectTimedOut("busy"), 2),
        ("sendDocument", UploadStalled("stalled"), 2),
        ("sendMessage", TimedOut(), 1),
        ("sendMessage", NetworkError("Bad Gateway"), 1),
        ("copyMessage", TimedOut(), 1),
        ("answerWebAppQuery", TimedOut(), 1),
        ("editMessageText", BadRequest("message is too long"), 1),
        ("getChat", Forbidden("bot was kicked"), 1),
    ],
)
def test_only_harmless_calls_are_repeated(endpoint: str, trouble: TelegramError, tries: int) -> None:
    async def scene(transport: FakeTransport) -> None:
        transport.troubles[7] = [trouble]
        if tries == 1:
            with pytest.raises(type(trouble)):
                await transport.call(7, endpoint)
        else:
            assert await transport.call(7, endpoint) is True

    assert len(play(scene).calls) == tries


def test_the_back_off_doubles() -> None:
    async def scene(transport: FakeTransport) -> None:
        transport.troubles[None] = [TimedOut() for _ in range(3)]
        await transport.call(None, "getMe")

    assert play(scene).times() == [0, 0.2, 0.6, 1.4]


def test_an_edit_that_had_worked_after_all_counts_as_done() -> None:
    async def scene(transport: FakeTransport) -> None:
        transport.troubles[7] = [TimedOut(), BadRequest("Bad Request: message is not modified: same")]
        assert await transport.call(7, "editMessageText") is True
        transport.troubles[7] = [BadRequest("Bad Request: message is not modified: same")]
        with pytest.raises(BadRequest):
            await transport.call(7, "editMessageText")

    play(scene)


def test_idle_chats_are_forgotten() -> None:
    async def scene(transport: FakeTransport) -> None:
        for chat in range(1, 3001):
            await transport.call(chat, args=BACKGROUND)
        # 30 a second, each remembered until its bucket is full again a second later.
        gc.collect()
        assert sum(isinstance(kept, _Bucket) for kept in gc.get_objects()) < 100

    play(scene)


def test_a_refused_chat_is_not_forgotten() -> None:
    async def scene(transport: FakeTransport) -> None:
        transport.troubles[7] = [RetryAfter(600)]
        with pytest.raises(RetryAfter):
            await transport.call(7)
        for chat in range(1001, 2001):
            await transport.call(chat)
        with pytest.raises(RetryAfter):
            await transport.call(7)

    assert play(scene).times(7) == [0]


def test_a_cancelled_call_leaves_its_place_to_the_next() -> None:
    async def scene(transport: FakeTransport) -> None:
        await asyncio.gather(*(transport.call(7) for _ in range(5)))
        waiting = [asyncio.ensure_future(transport.call(7)) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    assert play(scene).times(7) == [0, 0, 0, 0, 0, 1, 2]


@pytest.mark.parametrize(("endpoint", "lines"), [("setMyCommands", 1), ("sendMessage", 0), ("answerCallbackQuery", 0)])
def test_a_pause_in_setting_up_is_kept_and_named(caplog: pytest.LogCaptureFixture, endpoint: str, lines: int) -> None:
    async def scene(transport: FakeTransport) -> None:
        transport.troubles[None] = [RetryAfter(30)]
        await transport.call(None, endpoint)

    assert play(scene).times() == [0, 30]
    assert caplog.text.count(f"Telegram asks us to wait 30 s before {endpoint}") == lines
