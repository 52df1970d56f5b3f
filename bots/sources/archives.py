"""Copies of pages in web archives: the nearest to a date (Memento, RFC 7089), and new ones, where they are wanted."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from bots.sources.answers import Failure, PageAnswer
from bots.sources.fetching import Fetcher
from bots.sources.guard import AddressGuard, NotPublicError
from bots.sources.resolving import resolved
from core.sources.checks import ArchiveCopy

_MOST_JSON = 2**16  # bytes
_STAMP = re.compile(r"/(\d{14})(?:[a-z]{2}_)?/")
_NAMED = re.compile(r'<([^<>]*)>\s*;\s*rel="memento"\s*;\s*datetime="([^"]*)"')
_STAMPED = "%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True)
class ArchiveAddresses:
    """Addresses of an archive: a page's own address follows the first and the last one.

    They are where it finds the copy nearest to a date (a TimeGate), where it answers the same in JSON (the Wayback
    Machine's availability API), and where one orders a copy.
    """

    timegate: str = "https://web.archive.org/web/"
    availability: str = "https://archive.org/wayback/available"
    save: str = "https://web.archive.org/save/"


class ArchiveFinder:
    """Asks a web archive about pages."""

    def __init__(self, fetcher: Fetcher, guard: AddressGuard, addresses: ArchiveAddresses) -> None:
        self._fetcher, self._guard, self._addresses = fetcher, guard, addresses

    async def nearest(self, link: str, at: dt.datetime) -> ArchiveCopy | None:
        """Find the copy made nearest to a moment; None if there is none, or the archive doesn't answer."""
        headers = {"Accept-Datetime": format_datetime(at.astimezone(dt.UTC), usegmt=True)}
        answer = await self._fetcher.get(self._addresses.timegate + link, headers=headers, most=1)
        return self._memento(answer) or await self._available(link, at)

    async def order(self, link: str, now: dt.datetime) -> ArchiveCopy | None:
        """Order a copy; None if the archive hasn't made it yet, or doesn't want to."""
        answer = await self._fetcher.get(self._addresses.save + link, most=1)
        return self._memento(answer, now)

    def _memento(self, answer: PageAnswer | Failure, ordered: dt.datetime | None = None) -> ArchiveCopy | None:
        """The copy that an answer is or names, unless it is a copy of an error page."""
        if isinstance(answer, Failure) or answer.status >= 300:
            return None
        link = resolved(answer.link, answer.headers.get("Content-Location", "")) or answer.link
        made = _http_date(answer.headers.get("Memento-Datetime", "")) or (ordered and _stamped(link))
        if made:
            return self._copy(link, made)
        named = _NAMED.search(answer.headers.get("Link", ""))  # pywb answers with a page around the copy
        at = _http_date(named[2]) if named else None
        return self._copy(resolved(answer.link, named[1]), at) if named and at else None

    async def _available(self, link: str, at: dt.datetime) -> ArchiveCopy | None:
        stamp = at.astimezone(dt.UTC).strftime(_STAMPED)
        asked = f"{self._addresses.availability}?url={quote(link, safe='')}&timestamp={stamp}"
        answer = await self._fetcher.get(asked, most=_MOST_JSON)
        if isinstance(answer, Failure) or answer.status >= 300:
            return None
        closest = _closest(answer.body)
        made = _stamped(f"/{closest.get('timestamp', '')}/")
        if closest.get("available") is not True or str(closest.get("status", "200")) != "200" or not made:
            return None
        return self._copy(str(closest.get("url", "")), made)

    def _copy(self, link: str, made: dt.datetime) -> ArchiveCopy | None:
        """The copy at an address that an archive gave, which people may open only if it is a web address."""
        if self._addresses.timegate.startswith("https:"):
            link = re.sub("^http:", "https:", link)  # the availability API names the unsafe one
        try:
            self._guard.judge(link)
        except NotPublicError:
            return None
        return ArchiveCopy(link, made)


def _closest(body: bytes) -> dict[str, Any]:
    """The nearest copy in an answer of the availability API; empty if it names none."""
    try:
        found = json.loads(body)["archived_snapshots"]["closest"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _http_date(written: str) -> dt.datetime | None:
    try:
        return parsedate_to_datetime(written).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _stamped(link: str) -> dt.datetime | None:
    """The moment in an address of a copy, such as /20180628120000/."""
    stamp = _STAMP.search(link)
    try:
        return dt.datetime.strptime(stamp[1], _STAMPED).replace(tzinfo=dt.UTC) if stamp else None
    except ValueError:
        return None
