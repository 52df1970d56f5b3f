"""Time marks in citations of videos, such as 03:15, and links that open a video there."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_MARK = re.compile(r"(?<![\d:])(?:(?P<hours>\d{1,2}):)?(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d)(?![\d:])")
_BY_QUERY = ("youtube.com", "youtu.be", "youtube-nocookie.com")
_BY_FRAGMENT = ("vimeo.com",)


def seconds_of(locator: str) -> int | None:
    """The seconds from the beginning of a video to the first time mark in a locator; None if it has none."""
    mark = _MARK.search(locator)
    return mark and int(mark["hours"] or 0) * 3600 + int(mark["minutes"]) * 60 + int(mark["seconds"])


def link_at(link: str, locator: str) -> str:
    """The link that opens a video at a time mark; empty if the locator has none, or the site can't do that."""
    seconds = seconds_of(locator)
    if seconds is None:
        return ""
    address = urlsplit(link)
    host = (address.hostname or "").removeprefix("www.").removeprefix("m.")
    if host in _BY_QUERY:
        name = "start" if address.path.startswith("/embed/") else "t"
        query = [(each, value) for each, value in parse_qsl(address.query) if each not in ("t", "start")]
        return urlunsplit(address._replace(query=urlencode([*query, (name, seconds)])))
    if host in _BY_FRAGMENT or host == "player.vimeo.com":
        return urlunsplit(address._replace(fragment=f"t={seconds}s"))
    return ""
