"""The languages that a reader wants: the one in the address, then those of the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aiohttp import hdrs, web

from bots.web.weights import joined, weighted

_TAG = re.compile(r"[a-z]{2,3}([-_][a-z0-9]{2,8}){0,3}", re.IGNORECASE)


def wanted_languages(request: web.Request) -> Iterator[str]:
    """Language tags, most wanted first; invalid ones are skipped."""
    for tag in (request.query.get("lang", ""), *_accepted(joined(request, hdrs.ACCEPT_LANGUAGE))):
        if _TAG.fullmatch(tag):
            yield tag


def _accepted(value: str) -> list[str]:
    """The tags in an Accept-Language header (RFC 9110, 12.5.4), by weight, without those of weight 0."""
    return [tag for tag, weight in sorted(weighted(value), key=lambda entry: -entry[1]) if weight]
