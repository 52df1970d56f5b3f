"""Weighted lists in request headers, such as `gzip, br;q=0.5` (RFC 9110, 12.4.2)."""

from __future__ import annotations

import re

from aiohttp import web

MOST_ENTRIES = 10
_ENTRY = re.compile(
    r"[ \t]*([\w!#$%&'*+.^`|~-]{1,30})[ \t]*(?:;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*)?",
    re.ASCII | re.IGNORECASE,
)


def joined(request: web.Request, header: str) -> str:
    """The value of a header. Several lines of it mean the same as one list with all their entries."""
    return ",".join(request.headers.getall(header, ()))


def weighted(value: str) -> list[tuple[str, float]]:
    """The names and weights in a list, in its order; invalid entries are skipped, and so is the end of a long list."""
    entries = (_ENTRY.fullmatch(entry) for entry in value.split(",", MOST_ENTRIES)[:MOST_ENTRIES])
    return [(match[1], float(match[2] or 1)) for match in entries if match]
