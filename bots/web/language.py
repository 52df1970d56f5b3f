"""The languages that a reader wants: the one in the address, then those of the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aiohttp import hdrs, web

MOST_WISHES = 10
_TAG = re.compile(r"[a-z]{2,3}([-_][a-z0-9]{2,8}){0,3}", re.IGNORECASE)
_ENTRY = re.compile(r"\s*([\w-]{2,20})\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*", re.ASCII)


def wanted_languages(request: web.Request) -> Iterator[str]:
    """Language tags, most wanted first; invalid ones are skipped."""
    for tag in (request.query.get("lang", ""), *_accepted(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))):
        if _TAG.fullmatch(tag):
            yield tag


def _accepted(header: str) -> list[str]:
    """The tags in an Accept-Language header (RFC 9110, 12.5.4), by weight, without those of weight 0."""
    entries = (_ENTRY.fullmatch(entry) for entry in header.split(",", MOST_WISHES)[:MOST_WISHES])
    weighted = [(float(match[2] or 1), match[1]) for match in entries if match]
    return [tag for weight, tag in sorted(weighted, key=lambda item: -item[0]) if weight]
