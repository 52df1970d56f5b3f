"""Odd answers on the wire, for the fakes of both platforms."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from aiohttp import web

FOREVER = sys.maxsize


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes that replace the platform's own; the connection breaks when the last `missing` bytes are due."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    missing: int = 0

    async def send(self, request: web.Request, more: Mapping[str, str] | None = None) -> web.StreamResponse:
        """Send it, with `more` headers unless it has its own."""
        response = web.StreamResponse(status=self.status, headers={**(more or {}), **self.headers})
        response.content_length = len(self.body)
        await response.prepare(request)
        await response.write(self.body[: len(self.body) - self.missing])
        if self.missing and request.transport is not None:
            request.transport.close()
        return response


Odd: TypeAlias = Answer | Callable[[bytes], Answer]
"""An odd answer: to a call that takes no effect, or made from the platform's own to a call that did."""
