"""The meaning of an answer to a Bot API call: a result of the promised shape, or an error that says what to do.

An answer that is not Telegram's, or has another shape, is a fault between the bot and Telegram like a lost connection
(see network_errors): it passes, and never concerns the token. Of the body, errors contain only Telegram's own words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeAlias

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

from bots.common.bot_api import BotApiRefusal, BotApiResult, is_number, parse
from bots.telegram.network_errors import GatewayFailed, OddBotApiAnswer, RequestLost

Shape: TypeAlias = Callable[[Any], bool]

_ERRORS: Mapping[int, type[TelegramError]] = {
    HTTPStatus.BAD_REQUEST: BadRequest,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.CONFLICT: Conflict,
}


def result_of(method: str, status: int, body: bytes) -> Any:
    """The result in an answer to this method; raises TelegramError for every other answer."""
    answer = parse(status, body)
    match answer:
        case BotApiResult(value) if SHAPES.get(method, _anything)(value):
            return value
        case BotApiRefusal():
            raise _error(answer)
    if status < HTTPStatus.MULTIPLE_CHOICES:
        raise OddBotApiAnswer("Telegram's answer makes no sense")
    # After a time-out, the server in front may have passed the request on; with any other page, it didn't.
    failed = RequestLost if status == HTTPStatus.GATEWAY_TIMEOUT else GatewayFailed
    raise failed(f"Telegram answers with status {status}")


def _error(refusal: BotApiRefusal) -> TelegramError:
    if refusal.pause:
        return RetryAfter(refusal.pause)
    if refusal.moved_to:
        return ChatMigrated(refusal.moved_to)
    if refusal.concerns_token:
        return InvalidToken(refusal.words)
    return _ERRORS.get(refusal.code, NetworkError)(refusal.words)


def _anything(_: Any) -> bool:
    return True


def _is_true(value: Any) -> bool:
    return value is True


def _is_bot(value: Any) -> bool:
    match value:
        case {"id": number, "is_bot": True, "first_name": str(), "username": str()}:
            return is_number(number)
    return False


def _is_message(value: Any) -> bool:
    match value:
        case {"message_id": number, "chat": {"id": chat}}:
            return is_number(number) and is_number(chat)
    return False


def _is_edited(value: Any) -> bool:
    return value is True or _is_message(value)


def _is_member(value: Any) -> bool:
    match value:
        case {"user": {"id": number}}:
            return is_number(number)
    return False


def _is_chat(value: Any) -> bool:
    match value:
        case {"id": number, "type": str()}:
            return is_number(number)
    return False


def _is_command(value: Any) -> bool:
    match value:
        case {"command": str(), "description": str()}:
            return True
    return False


def _is_list_of(shape: Shape) -> Shape:
    return lambda value: isinstance(value, list) and all(map(shape, value))


def _has_text(name: str) -> Shape:
    return lambda value: isinstance(value, dict) and isinstance(value.get(name), str)


SHAPES: Mapping[str, Shape] = {
    "getMe": _is_bot,
    "getUpdates": _is_list_of(_anything),  # each is read alone, and an odd one is skipped
    **dict.fromkeys(("sendMessage", "sendRichMessage", "sendPhoto", "sendDocument"), _is_message),
    **dict.fromkeys(("editMessageText", "editMessageReplyMarkup"), _is_edited),
    **dict.fromkeys(("answerCallbackQuery", "answerInlineQuery", "setWebhook", "deleteWebhook"), _is_true),
    **dict.fromkeys(("setMyCommands", "setMyDescription", "setMyShortDescription"), _is_true),
    "getChatAdministrators": _is_list_of(_is_member),
    "getChatMember": _is_member,
    "getChat": _is_chat,
    "getMyCommands": _is_list_of(_is_command),
    "getMyDescription": _has_text("description"),
    "getMyShortDescription": _has_text("short_description"),
}
"""The check of each method's result, for every method that the bot calls."""
