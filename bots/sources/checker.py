"""The checker: one look at one source."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, field, replace
from ssl import SSLContext
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

from aiohttp import ClientTimeout
from aiohttp.abc import AbstractResolver

from bots.sources.answers import Failure, PageAnswer, Redirect
from bots.sources.archives import ArchiveAddresses, ArchiveFinder
from bots.sources.digest import text_digest
from bots.sources.fetching import TIMES, Fetcher, open_session
from bots.sources.guard import AddressGuard
from bots.sources.judging import Judgement, is_short, judge_failure, judge_page, needs_scripts
from bots.sources.page_reader import PageReader
from bots.sources.passages import passage_state
from bots.sources.polite_rate import PoliteRate
from bots.sources.robots import Robots
from bots.sources.same_page import is_home, is_same_page
from bots.sources.source_page import SourcePage
from bots.sources.wanted_date import wanted_date
from core.petition.source import Source
from core.ports import NewCode
from core.sources.checks import LinkState, PassageState, SourceCheck

_THERE = (LinkState.ALIVE, LinkState.MOVED)


@dataclass(frozen=True, slots=True)
class Network:
    """The ways out, and the limits for what comes in; tests replace them.

    They are a guard, a polite rate, a resolver of names, trust in certificates, and a reader of pages.
    """

    guard: AddressGuard = field(default_factory=AddressGuard)
    rate: PoliteRate | None = None
    resolver: AbstractResolver | None = None
    ssl: SSLContext | bool = True
    times: ClientTimeout = TIMES
    reader: PageReader = field(default_factory=PageReader)


class Checker:
    """Looks at sources in one run of checks, in which it asks for each site's robots.txt once.

    `page` is the address that its requests name, at which a publisher learns more; empty if there is none. `new_code`
    gives unguessable codes. Use it with `async with`.
    """

    def __init__(
        self,
        page: str,
        new_code: NewCode,
        archive: ArchiveAddresses | None = None,
        network: Network | None = None,
    ) -> None:
        network = network or Network()
        self._new_code, self._reader = new_code, network.reader
        rate = network.rate or PoliteRate()
        self._session = open_session(page, network.guard.connector(network.resolver, ssl=network.ssl), network.times)
        self._fetcher = Fetcher(self._session, network.guard, rate)
        self._robots = Robots(self._fetcher, rate)
        self._archives = ArchiveFinder(self._fetcher, network.guard, archive or ArchiveAddresses())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def check(
        self, source: Source, before: SourceCheck | None, now: dt.datetime, *, order_copy: bool = False
    ) -> SourceCheck:
        """Look at a source's link, look for its quoted words, and ask an archive for a copy.

        `before` is the last check; `order_copy` has the archive make a new copy of a page that is there. Waits between
        requests to one site, so it may take a minute. Raises ValueError if the source has no link.
        """
        if not source.link:
            raise ValueError(f"source {source.number} has no link")
        before = before if before and before.link == source.link else None
        check = await self._look(source, source.link, before, now)
        if check.state is LinkState.REFUSED:
            return check
        ordered = await self._archives.order(source.link, now) if order_copy and check.state in _THERE else None
        found = ordered or await self._archives.nearest(source.link, wanted_date(source.date, now))
        return replace(check, archive=found or (before.archive if before else None))

    async def _look(self, source: Source, link: str, before: SourceCheck | None, now: dt.datetime) -> SourceCheck:
        """Check the link alone."""
        check = SourceCheck(
            source.key, link, now, LinkState.UNREACHABLE, quote=source.quote,
            passage=PassageState.UNREAD if source.quote else PassageState.NOT_GIVEN,
            digest=before.digest if before else "", changed_at=before.changed_at if before else None,
        )  # fmt: skip
        got = await self._get(link, now.date())
        if isinstance(got, Failure):
            return replace(check, state=judge_failure(got, before))
        answer, page = got
        judgement = judge_page(link, answer, page)
        if judgement.state in _THERE and await self._is_everywhere(answer, page, now.date()):
            judgement = Judgement(LinkState.SOFT_404)
        check = replace(check, state=judgement.state, status=answer.status, final_link=judgement.final_link)
        return await asyncio.to_thread(_with_text, check, answer, page)

    async def _get(self, link: str, today: dt.date) -> tuple[PageAnswer, SourcePage] | Failure:
        """Fetch and read a page as a browser does, which follows a page's own request to go on elsewhere, too."""
        steps: tuple[Redirect, ...] = ()
        while True:
            answer = await self._fetcher.get(link, self._robots.allows, redirects=steps)
            if isinstance(answer, Failure):
                return answer
            page = await self._reader.read(answer, today)
            if not page.refresh:
                return answer, page
            link = page.refresh
            steps = (*answer.redirects, Redirect(answer.link, link, permanent=True))

    async def _is_everywhere(self, answer: PageAnswer, page: SourcePage, today: dt.date) -> bool:
        """True if a page with few words is also at an address that nobody can have made."""
        if not is_short(page) or needs_scripts(page) or is_home(answer.link):
            return False
        got = await self._get(urljoin(answer.link, f"undersign-{self._new_code().lower()}"), today)
        if isinstance(got, Failure) or got[0].status != answer.status:
            return False
        other, other_page = got
        return is_same_page(other.link, answer.link) or text_digest(other_page) == text_digest(page)


def _with_text(check: SourceCheck, answer: PageAnswer, page: SourcePage) -> SourceCheck:
    """The check with what the page's text says, if the page is the source, or may be."""
    if check.state is LinkState.WALLED and answer.status < 300:
        return replace(check, passage=passage_state(check.quote, page.text, is_whole=False))
    if check.state not in _THERE:
        return check
    is_whole = answer.is_whole and page.is_whole and not needs_scripts(page)
    digest = text_digest(page) if is_whole else ""
    return replace(
        check,
        passage=passage_state(check.quote, page.text, is_whole=is_whole),
        digest=digest or check.digest,
        changed_at=check.at if digest and check.digest not in ("", digest) else check.changed_at,
        facts=page.facts,
    )
