"""Watches the calls to Discord, and tells which it refused; of an address, only the words that are Discord's own."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from types import SimpleNamespace

import aiohttp

_WORDS = frozenset({
    "gateway", "bot", "users", "@me", "applications", "commands", "interactions", "callback", "webhooks", "messages",
    "@original", "channels",
})  # fmt: skip


def trace(failed: Callable[[str, str], None]) -> aiohttp.TraceConfig:
    """What a client session is given; `failed` hears which call it was, and the status or "network"."""

    async def ended(_: aiohttp.ClientSession, __: SimpleNamespace, params: aiohttp.TraceRequestEndParams) -> None:
        if params.response.status >= HTTPStatus.BAD_REQUEST:
            failed(called(params.method, params.url.path), str(params.response.status))

    async def broke(_: aiohttp.ClientSession, __: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams) -> None:
        failed(called(params.method, params.url.path), "network")

    watching = aiohttp.TraceConfig()
    watching.on_request_end.append(ended)
    watching.on_request_exception.append(broke)
    return watching


def called(method: str, path: str) -> str:
    """A call without its numbers and tokens, such as `PATCH channels messages`."""
    return " ".join([method, *(word for word in path.split("/") if word in _WORDS)])
