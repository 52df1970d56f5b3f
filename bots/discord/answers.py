"""Answers of Discord's REST API, told apart from whatever else comes: a proxy's page, half a body, other JSON.

Nothing here fails on a body, and no error contains any of it. An answer that isn't Discord's is like no answer at all:
nobody knows whether the call took effect.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from http import HTTPStatus
from typing import Any, TypeAlias

import aiohttp
import discord
import yarl
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter

from bots.discord.tracing import call_name

UNREADABLE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""Errors that the library or our code raises over a body of another shape."""
LONGEST_CALL = 60.0  # seconds for an answer to an interaction, with all repeats and requested pauses
OnFailure: TypeAlias = Callable[[str, str], None]


class OddAnswer(aiohttp.ClientPayloadError):
    """An answer that Discord would not give; the text names the fault and contains nothing of the body."""


def check_answers(client: discord.Client, on_failure: OnFailure, on_refusal: Callable[[], None] = lambda: None) -> None:
    """Make a client's calls raise OddAnswer for odd answers; `on_failure` gets the call's name and "unreadable".

    `on_refusal` is called when Discord says that it refuses the token.
    """
    http = client.http
    request = http.request

    async def checked(route: Route, **arguments: Any) -> Any:
        try:
            return await _sound(request(route, allow_redirects=False, **arguments), route, on_failure)
        except discord.HTTPException as refusal:
            if refusal.status == HTTPStatus.UNAUTHORIZED:
                on_refusal()
            raise

    http.request = checked  # type: ignore[method-assign]


class CheckedWebhooks(AsyncWebhookAdapter):
    """The calls that answer interactions: checked as in `check_answers`, and with a time limit."""

    def __init__(self, on_failure: OnFailure) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._on_failure = on_failure

    async def request(self, route: Route, session: aiohttp.ClientSession, **arguments: Any) -> Any:
        """Make a call. Raises OddAnswer, TimeoutError, and what the library raises."""
        async with asyncio.timeout(LONGEST_CALL):
            return await _sound(super().request(route, session, **arguments), route, self._on_failure)


def number_of(answer: Any) -> int:
    """The id of what was created. Raises OddAnswer if there is none."""
    try:
        return int(answer["id"])
    except UNREADABLE:
        raise OddAnswer("no id") from None


async def _sound(call: Awaitable[Any], route: Route, on_failure: OnFailure) -> Any:
    """Result of a call. Raises OddAnswer, or the library's error for Discord's own refusal."""
    try:
        answer = await _read(call)
        if answer == "" and not _answers_nothing(route):
            raise OddAnswer("empty")  # noqa: TRY301  (counted like the others)
        if route.method == "POST" and route.path.endswith("/messages"):
            number_of(answer)  # otherwise nobody knows if there is a message
    except OddAnswer:
        on_failure(call_name(route.method, yarl.URL(route.url).path), "unreadable")
        raise
    return answer


def _answers_nothing(route: Route) -> bool:
    """True for calls that Discord may answer without a body: deleting, typing, further messages of an interaction."""
    may = route.path.startswith("/webhooks/") or route.path.endswith("/typing")
    return route.method == "DELETE" or (route.method == "POST" and may)


async def _read(call: Awaitable[Any]) -> Any:
    try:
        return _decoded(await call)
    except discord.HTTPException as refusal:
        if refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR or refusal.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise
        raise await _told_apart(refusal) from None
    except (aiohttp.ClientError, OSError):
        raise
    except UNREADABLE as error:
        raise OddAnswer(type(error).__name__) from None


def _decoded(answer: Any) -> Any:
    """The object or list of an answer, or an empty string; JSON with a charset comes as text from the library."""
    if isinstance(answer, str) and answer:
        answer = json.loads(answer)
    if not isinstance(answer, dict | list) and answer != "":
        raise TypeError
    return answer


async def _told_apart(refusal: discord.HTTPException) -> Exception:
    """The refusal if it is Discord's own, otherwise OddAnswer."""
    try:
        body = await refusal.response.json(content_type=None)
        redirected = refusal.response.history  # which Discord never does
        if type(body["code"]) is int and isinstance(body["message"], str) and not redirected:
            return type(refusal)(refusal.response, body)
    except (aiohttp.ClientError, *UNREADABLE):
        pass
    return OddAnswer(f"status {refusal.status}")


async def refused_fields(refusal: discord.HTTPException) -> list[tuple[str, ...]]:
    """The path to each field that Discord names in a refusal, such as ("0", "name_localizations", "de")."""
    try:
        body = await refusal.response.json(content_type=None)
        return list(_paths(body["errors"]))
    except (aiohttp.ClientError, *UNREADABLE):
        return []


def _paths(errors: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, inner in errors.items():
        if name == "_errors":
            yield ()
        else:
            yield from ((name, *path) for path in _paths(inner))


def fault_name(error: BaseException) -> str:
    """A few words for the log that contain nothing of a body, an address or a person."""
    if isinstance(error, discord.HTTPException):
        return f"status {error.status}, code {error.code}"
    return f"an odd answer, {error}" if isinstance(error, OddAnswer) else type(error).__name__
