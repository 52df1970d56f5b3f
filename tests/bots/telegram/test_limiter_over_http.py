"""The limiter over real HTTP: what the server gets to see."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import NetworkError, TimedOut
from telegram.ext import ExtBot

from bots.telegram.budgets import Budget, Budgets
from bots.telegram.limiter import BACKGROUND, Limiter, Retrying
from bots.telegram.transport import AiohttpRequest, Timeouts
from tests.patience import limit, until
from tests.telegram_server import TelegramServer

HURRIED = Retrying(first_wait=0.01, longest_wait=0.02, jitter=0.0)
WIDE = Budgets(Budget(1e6, 1e6), Budget(1e6, 1e6), Budget(1e6, 1e6))


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


def bot(server: TelegramServer, limiter: Limiter, read: float | None = None) -> "ExtBot[Any]":
    request, updates = AiohttpRequest(timeouts=Timeouts(read=read or limit())), AiohttpRequest()
    return ExtBot(
        server.token,
        base_url=server.base_url,
        request=request,
        get_updates_request=updates,
        rate_limiter=limiter,
    )


async def test_a_strict_server_has_nothing_to_refuse(server: TelegramServer) -> None:
    late = limit() / 10  # seconds that a busy machine may hold a call back before the server sees it: 2 or more
    server.limit(overall=(30, 5 + 30 * late), chat=(10, 4 + 10 * late), group=(10, 4 + 10 * late))
    limits = Budgets(Budget(29, 5), Budget(9, 4), Budget(9, 4))
    for number in range(1, 31):
        server.person(number, "P").private_chat().chat.started = True
    async with bot(server, Limiter(limits, Retrying(tries=1))) as sender:
        send = partial(sender.send_message, rate_limit_args=BACKGROUND)
        many = [send(number, "hi") for number in range(1, 31)]
        await asyncio.gather(*many, *(send(1, f"more {n}") for n in range(40)))

    assert {call.status for call in server.calls("sendMessage")} == {200}


async def test_a_crowd_of_replies_reaches_everybody_where_the_server_takes_thirty_a_second(
    server: TelegramServer,
) -> None:
    server.limit(overall=(30, 30))
    for number in range(1, 91):
        server.person(number, "P").private_chat().chat.started = True
    async with bot(server, Limiter()) as sender:
        await asyncio.gather(*(sender.send_message(number, "hi") for number in range(1, 91)))

    calls = server.calls("sendMessage")
    assert sum(call.status == 200 for call in calls) == 90
    assert any(call.status == 429 for call in calls), "it tried to be quicker"


async def test_a_server_that_refuses_is_tried_again_after_its_time(server: TelegramServer) -> None:
    server.person(5, "P").private_chat().chat.started = True
    server.fail_next("sendMessage", 429, "Too Many Requests: retry after 1", retry_after=1, chat_id=5)
    async with bot(server, Limiter(WIDE, HURRIED)) as sender:
        await sender.send_message(5, "hi", rate_limit_args=BACKGROUND)

    assert [call.status for call in server.calls("sendMessage")] == [429, 200]


async def test_a_message_whose_answer_was_lost_is_not_sent_twice(server: TelegramServer) -> None:
    chat = server.person(5, "P").private_chat()
    chat.chat.started = True
    async with bot(server, Limiter(WIDE, HURRIED), read=0.3) as sender:
        server.drop_next("sendMessage", applied=True)
        with pytest.raises(NetworkError):
            await sender.send_message(5, "hi")
        server.slow_next("sendMessage", 0.5)
        with pytest.raises(TimedOut):
            await sender.send_message(5, "hi")
        await until(lambda: len(server.calls("sendMessage")) == 2, "the slow call is over")

    assert len(server.calls("sendMessage")) == len(chat.messages) == 2


async def test_an_edit_whose_answer_was_lost_is_repeated_and_done(server: TelegramServer) -> None:
    chat = server.person(5, "P").private_chat()
    chat.chat.started = True
    async with bot(server, Limiter(WIDE, HURRIED)) as sender:
        sent = await sender.send_message(5, "hi")
        server.drop_next("editMessageText", applied=True)
        button = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
        assert await sender.edit_message_text("done", 5, sent.message_id, reply_markup=button) is True

    assert [call.status for call in server.calls("editMessageText")] == [200, 400]
    assert (chat.last.text, chat.last.edits) == ("done", 1)


async def test_a_broken_gateway_is_sat_out_for_an_edit(server: TelegramServer) -> None:
    chat = server.person(5, "P").private_chat()
    chat.chat.started = True
    async with bot(server, Limiter(WIDE, HURRIED)) as sender:
        sent = await sender.send_message(5, "hi")
        server.bad_gateway_next("editMessageText", times=2)
        await sender.edit_message_text("done", 5, sent.message_id)

    assert [call.status for call in server.calls("editMessageText")] == [502, 502, 200]
