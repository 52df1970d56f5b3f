"""Odd answers of Telegram's: each method, each kind, over HTTP; they are faults that pass, and no word gets out."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bots.common import bot_api
from bots.telegram.answers import SHAPES, result_of
from bots.telegram.limiter import seconds_of
from bots.telegram.network_errors import OddBotApiAnswer, RequestLost, Unsent
from bots.telegram.transport import AiohttpRequest
from tests.bots.telegram.odd_answers import BOMB, NAME, ODD, page, refusal, written
from tests.telegram_server import TOKEN, Answer, TelegramServer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)
FIELDS = ("ok", "result", "error_code", "description", "parameters", "retry_after", "migrate_to_chat_id")
LIKELY = st.dictionaries(st.sampled_from([*FIELDS, "message_id", "chat", "id", "user", "username"]), JSON, max_size=5)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "ok": st.booleans() | JSON, "result": JSON | LIKELY | st.lists(LIKELY, max_size=3),
        "error_code": st.integers(0, 600) | JSON, "description": st.text() | JSON, "parameters": LIKELY | JSON,
    },
)  # fmt: skip
JSON_BODIES = (JSON | LIKELY | ANSWERS).map(written)
BODIES = st.binary(max_size=99) | JSON_BODIES | JSON_BODIES.map(lambda body: body[:-1])
STATUSES = st.sampled_from([200, 201, 204, 301, 304, 400, 401, 403, 404, 409, 429, 500, 502, 504])
OWN_REFUSALS: tuple[tuple[int, type[TelegramError]], ...] = (
    (400, BadRequest), (401, InvalidToken), (403, Forbidden), (404, InvalidToken), (409, Conflict), (500, NetworkError),
)  # fmt: skip


def url(server: TelegramServer, method: str) -> str:
    return f"{server.base_url}{TOKEN}/{method}"


@pytest.mark.server
@pytest.mark.parametrize("odd", ODD)
async def test_every_odd_answer_to_every_method_is_a_fault_that_passes(
    server: TelegramServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, odd: str
) -> None:
    monkeypatch.setattr(bot_api, "LONGEST_ANSWER", BOMB - 1)
    caplog.set_level(logging.DEBUG)
    async with AiohttpRequest() as request:
        for method in SHAPES:
            server.answer_next(method, ODD[odd], times=2)
            with pytest.raises(NetworkError) as plain:
                await request.post_json(url(server, method), {})
            with pytest.raises(NetworkError) as library:
                await request.post(url(server, method))
            for caught in (plain.value, library.value):
                assert not isinstance(caught, BadRequest)
                assert NAME not in f"{caught!r} {caught.__cause__!r} {caught.__context__!r}"
                assert isinstance(caught, Unsent) == (ODD[odd].status >= 300)
    assert NAME not in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize("method", SHAPES)
@given(status=STATUSES, body=BODIES)
@example(200, b'{"ok": true, "result": [{"command": 5, "description": 6}, {"user": {"id": "x"}}]}')
@example(200, b'{"ok": true, "result": {"message_id": true, "chat": {"id": null}, "username": []}}')
@example(429, b'{"ok": false, "error_code": 429, "description": "", "parameters": {"retry_after": 1e999}}')
@example(400, b'{"ok": false, "error_code": 400, "description": "", "parameters": {"migrate_to_chat_id": "x"}}')
def test_whatever_comes_is_a_result_that_fits_or_an_error_of_the_library(method: str, status: int, body: bytes) -> None:
    try:
        result = result_of(method, status, body)
    except InvalidToken:
        assert status in (401, 404)
    except RetryAfter as error:
        assert 1 <= seconds_of(error) <= 3600  # noqa: PT017
    except TelegramError:
        pass
    else:
        assert SHAPES[method](result)


def test_a_result_has_the_shape_that_its_method_promises() -> None:
    message = {"message_id": 1, "chat": {"id": 2}}
    fitting: dict[str, Any] = {
        "getMe": {"id": 1, "is_bot": True, "first_name": "U", "username": "u"}, "getUpdates": [{"update_id": 1}],
        "getChatAdministrators": [{"user": {"id": 1}}], "getChatMember": {"user": {"id": 1}},
        "getChat": {"id": 1, "type": "channel"}, "getMyCommands": [{"command": "a", "description": "b"}],
        "getMyDescription": {"description": ""}, "getMyShortDescription": {"short_description": ""},
        **dict.fromkeys(("sendMessage", "sendRichMessage", "sendPhoto", "sendDocument"), message),
        **dict.fromkeys(("editMessageText", "editMessageReplyMarkup"), message),
    }  # fmt: skip
    for method in SHAPES:
        wanted = fitting.get(method, True)
        assert result_of(method, 200, written({"ok": True, "result": wanted})) == wanted
    for method in fitting:
        for wrong in (5, "x", {"message_id": "1", "chat": {"id": 2}}, {"id": 1, "is_bot": True, "username": 7}):
            with pytest.raises(OddBotApiAnswer):
                result_of(method, 200, written({"ok": True, "result": wrong}))


@pytest.mark.parametrize(("code", "error"), OWN_REFUSALS)
def test_telegrams_own_refusals_keep_their_meaning(code: int, error: type[TelegramError]) -> None:
    answer = refusal(code, code)
    with pytest.raises(error, match="Refused"):
        result_of("sendMessage", answer.status, answer.body)


@pytest.mark.parametrize("status", [401, 404])
def test_only_telegrams_own_words_concern_the_token(status: int) -> None:
    for answer in (page(status), Answer(b"{}", status), refusal(status, 200), Answer(b"", status)):
        with pytest.raises(NetworkError):
            result_of("getMe", answer.status, answer.body)


@pytest.mark.parametrize(("asked", "seconds"), [(30, 30), (0.01, 1), (3000, 3000), (10**12, 3600), (2.5, 3)])
@pytest.mark.parametrize("status", [429, 200])
def test_the_pause_that_telegram_asks_for_is_known_within_reason(asked: float, seconds: int, status: int) -> None:
    answer = refusal(429, status, parameters={"retry_after": asked})
    with pytest.raises(RetryAfter) as caught:
        result_of("getMe", answer.status, answer.body)
    assert seconds_of(caught.value) == seconds


@pytest.mark.parametrize("asked", [None, "30", -5, 0, True, [30], {}])
def test_a_pause_that_is_none_is_an_ordinary_fault(asked: object) -> None:
    answer = refusal(429, 429, parameters={"retry_after": asked})
    with pytest.raises(NetworkError):
        result_of("getMe", answer.status, answer.body)


def test_a_group_that_moved_is_known_by_its_new_number() -> None:
    answer = refusal(400, 400, parameters={"migrate_to_chat_id": -1005})
    with pytest.raises(ChatMigrated) as caught:
        result_of("sendMessage", answer.status, answer.body)
    assert caught.value.new_chat_id == -1005


def test_a_refusal_keeps_what_it_quotes_to_itself() -> None:
    """Telegram quotes what people wrote, and a log line is one line."""
    words = f'Bad Request: unsupported start tag "{NAME}" at\nbyte 5'
    with pytest.raises(BadRequest) as caught:
        result_of("sendMessage", 400, written({"ok": False, "error_code": 400, "description": words}))
    assert caught.value.message == 'Unsupported start tag "..." at byte 5'


@pytest.mark.server
async def test_a_message_that_arrived_with_a_garbled_answer_is_in_doubt(server: TelegramServer) -> None:
    chat = server.person(11, "Anna").private_chat()
    chat.chat.started = True
    server.answer_next("sendMessage", lambda genuine: Answer(genuine[:-5]))
    async with AiohttpRequest() as request:
        with pytest.raises(OddBotApiAnswer) as caught:
            await request.post_json(url(server, "sendMessage"), {"chat_id": 11, "text": NAME})
    assert chat.last.text == NAME
    assert not isinstance(caught.value, Unsent)


def test_after_a_504_a_call_is_in_doubt() -> None:
    with pytest.raises(RequestLost):
        result_of("sendMessage", 504, page(504).body)
