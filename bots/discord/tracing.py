"""Watches the calls to Discord and reports refused ones. Of an address, it keeps only Discord's own words."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from types import SimpleNamespace

import aiohttp

_WORDS = frozenset({
    "gateway", "bot", "users", "@me", "applications", "commands", "interactions", "callback", "webhooks", "messages",
    "@original", "channels",
})  # fmt: skip


def trace(on_failure: Callable[[str, str], None]) -> aiohttp.TraceConfig:
    """Trace configuration for a client session; `on_failure` gets the name of a call, and the status or "network"."""

    async def on_end(_: aiohttp.ClientSession, __: SimpleNamespace, params: aiohttp.TraceRequestEndParams) -> None:
        if params.response.status >= HTTPStatus.BAD_REQUEST:
            on_failure(call_name(params.method, params.url.path), str(params.response.status))

    async def on_exception(
        _: aiohttp.ClientSession, __: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams
    ) -> None:
        on_failure(call_name(params.method, params.url.path), "network")

    watching = aiohttp.TraceConfig()
    watching.on_request_end.append(on_end)
    watching.on_request_exception.append(on_exception)
    return watching


def call_name(method: str, path: str) -> str:
    """A call without its numbers and tokens, such as `PATCH channels messages`."""
    return " ".join([method, *(word for word in path.split("/") if word in _WORDS)])
