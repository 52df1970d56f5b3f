"""robots.txt of the sites that sources are on, obeyed as RFC 9309 asks."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from protego import Protego
from yarl import URL

from bots.sources.answers import Failure, PageAnswer
from bots.sources.fetching import AGENT_NAME, Fetcher
from bots.sources.polite_rate import PoliteRate

_MOST_BYTES = 500 * 2**10  # RFC 9309, 2.5
_BUSY = 429


class Robots:
    """The rules of each site, asked for once."""

    def __init__(self, fetcher: Fetcher, rate: PoliteRate) -> None:
        self._fetcher, self._rate = fetcher, rate
        self._rules: dict[URL, Protego | Failure] = {}
        self._locks: defaultdict[URL, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def allows(self, url: URL) -> Failure | None:
        """Return None if the site's rules allow the address, and why not otherwise.

        Rules that can't be read for the moment forbid everything, wherever a redirect leads from them; rules that don't
        exist, nothing (RFC 9309, 2.3.1).
        """
        site = url.origin()
        async with self._locks[site]:
            if site not in self._rules:
                self._rules[site] = await self._ask(site)
        rules = self._rules[site]
        if isinstance(rules, Failure):
            return rules
        return None if rules.can_fetch(str(url), AGENT_NAME) else Failure.DISALLOWED

    async def _ask(self, site: URL) -> Protego | Failure:
        """Ask for the rules. Only a failure of the site itself says something about its pages."""
        link = str(site / "robots.txt")
        answer = await self._fetcher.get(link, most=_MOST_BYTES, after_redirect=Failure.SILENT)
        if isinstance(answer, Failure):
            return answer
        is_missing = 400 <= answer.status < 500 and answer.status != _BUSY
        is_readable = 200 <= answer.status < 300 and (answer.is_whole or answer.body)
        if not is_missing and not is_readable:
            return Failure.SILENT
        rules = Protego.parse("" if is_missing else _lines(answer))
        self._rate.slow_down(site.raw_host or "", rules.crawl_delay(AGENT_NAME) or 0)
        return rules


def _lines(answer: PageAnswer) -> str:
    """The lines that were read; one that was cut off would be another rule."""
    body = answer.body if answer.is_whole else answer.body.rpartition(b"\n")[0]
    return body.decode("utf-8-sig", "replace")
