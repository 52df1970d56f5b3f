"""Answers of Telegram's Bot API, told apart from whatever else comes: a proxy's page, half a body, other JSON.

Nothing here fails on a body, and nothing keeps any of it except Telegram's own words for a refusal.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp

LONGEST_ANSWER = 16 * 1024 * 1024  # bytes; a hundred updates are at most a tenth of that
LONGEST_PAUSE = 3600  # seconds; after an hour, one more call to ask again does no harm
_LONGEST_WORDS = 200
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class BotApiResult:
    """The result of a call, of any shape."""

    value: Any


@dataclass(frozen=True, slots=True)
class BotApiRefusal:
    """Telegram's own refusal. `pause` is how many seconds to wait, `moved_to` the new id of a group; 0 means none.

    `words` are Telegram's, on one line, without anything they quote, since that may come from a person.
    """

    code: int
    words: str
    pause: int = 0
    moved_to: int = 0

    @property
    def concerns_token(self) -> bool:
        """True if the token is not, or no longer, a bot's."""
        return self.code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)


class AnswerTooLong(aiohttp.ClientPayloadError):
    """An answer longer than any of Telegram's."""


async def read_body(response: aiohttp.ClientResponse) -> bytes:
    """The whole body. Raises AnswerTooLong, or any other aiohttp.ClientError."""
    parts, size = [], 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > LONGEST_ANSWER:
            raise AnswerTooLong
        parts.append(part)
    return b"".join(parts)


def parse(status: int, body: bytes) -> BotApiResult | BotApiRefusal | None:
    """The Bot API's answer; None for anything that doesn't look like one."""
    try:
        answer = json.loads(body.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    match answer:
        case {"ok": True, "result": value} if value is not None and status < HTTPStatus.MULTIPLE_CHOICES:
            return BotApiResult(value)
        case {"ok": False, "error_code": int(code), "description": str(words)}:
            refusal = BotApiRefusal(code, _tidy(words), *_details(answer.get("parameters")))
            return refusal if code == status or refusal.pause else None
    return None


def is_number(value: object) -> bool:
    """Return True if a JSON value is a whole number; true and false are not."""
    return type(value) is int


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and infinities, which JSON does not have


def _details(parameters: object) -> tuple[int, int]:
    """The pause and the new id of a group."""
    if not isinstance(parameters, dict):
        return 0, 0
    pause, moved_to = parameters.get("retry_after"), parameters.get("migrate_to_chat_id")
    return _pause(pause), moved_to if isinstance(moved_to, int) and is_number(moved_to) else 0


def _pause(asked: object) -> int:
    if isinstance(asked, bool) or not isinstance(asked, int | float) or asked <= 0:
        return 0
    return math.ceil(min(asked, LONGEST_PAUSE))


def _tidy(words: str) -> str:
    return _QUOTED.sub('"..."', " ".join(words.split()))[:_LONGEST_WORDS]
