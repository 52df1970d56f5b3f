"""Requests that stay polite and safe: a named agent, no cookies, redirects judged one by one, limits for everything."""

from __future__ import annotations

import socket
import zlib
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

import aiohttp
from yarl import URL

from bots.sources.answers import PERMANENT, Failure, PageAnswer, Redirect
from bots.sources.bodies import ACCEPTED, MOST_BYTES, read_body
from bots.sources.guard import AddressGuard, NotPublicError
from bots.sources.polite_rate import PoliteRate
from bots.sources.resolving import resolved
from core.version import VERSION

AGENT_NAME = "Undersign"
MOST_REDIRECTS = 5
TIMES = aiohttp.ClientTimeout(total=30, sock_connect=10, sock_read=15)  # seconds for one request
_LONGEST_HEADER = 2**15  # bytes: some sites' security policies are longer than aiohttp's own limit
_REDIRECTS = (301, 302, 303, 307, 308)
_NO_HOST = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))

Allows: TypeAlias = Callable[[URL], Awaitable[Failure | None]]
"""Judges each address before it is requested; a failure forbids it."""


async def anything(_url: URL) -> None:
    """Allow every address that the guard allows."""


def agent(page: str) -> str:
    """The name that requests carry; `page` is the address at which a publisher learns more, if there is one."""
    about = f"+{page}; " if page else ""
    return f"{AGENT_NAME}/{VERSION} ({about}checks sources that petitions cite)"


def open_session(page: str, connector: aiohttp.TCPConnector, times: aiohttp.ClientTimeout) -> aiohttp.ClientSession:
    """Create the session of a `Fetcher`; close it when done. `connector` is a guard's."""
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": agent(page), "Accept-Encoding": ACCEPTED},
        timeout=times,
        auto_decompress=False,
        max_line_size=_LONGEST_HEADER,
        max_field_size=_LONGEST_HEADER,
    )


class Fetcher:
    """Fetches pages one by one."""

    def __init__(self, session: aiohttp.ClientSession, guard: AddressGuard, rate: PoliteRate) -> None:
        self._session, self._guard, self._rate = session, guard, rate

    async def get(
        self,
        link: str,
        allows: Allows = anything,
        headers: Mapping[str, str] | None = None,
        most: int = MOST_BYTES,
        redirects: tuple[Redirect, ...] = (),
        after_redirect: Failure | None = None,
    ) -> PageAnswer | Failure:
        """Request a page and follow its redirects; `redirects` led there already.

        Reads `most` bytes of the last answer's body. A failure after a redirect counts as `after_redirect`, if given.
        """
        steps, with_cookies = list(redirects), False
        while len(steps) <= MOST_REDIRECTS:
            answer = await self._judged(link, allows, headers or {}, most)
            if isinstance(answer, Failure):
                return after_redirect or answer if steps else answer
            target = _target(answer)
            if not target:
                return PageAnswer(
                    answer.link, answer.status, answer.headers, answer.body, answer.is_whole, tuple(steps)
                )
            with_cookies = with_cookies or "Set-Cookie" in answer.headers
            steps.append(Redirect(link, target, answer.status in PERMANENT))
            link = target
        return after_redirect or (Failure.COOKIES if with_cookies and _is_circle(steps) else Failure.SILENT)

    async def _judged(self, link: str, allows: Allows, headers: Mapping[str, str], most: int) -> PageAnswer | Failure:
        """Request one address, if it may be."""
        try:
            url = self._guard.judge(link)
            return await allows(url) or await self._request(url, headers, most)
        except NotPublicError:
            return Failure.NOT_PUBLIC
        except aiohttp.ClientConnectorDNSError as error:
            return Failure.NO_HOST if error.os_error.errno in _NO_HOST else Failure.SILENT
        except (aiohttp.ClientError, OSError, ValueError, zlib.error):
            return Failure.SILENT

    async def _request(self, url: URL, headers: Mapping[str, str], most: int) -> PageAnswer:
        async with (
            self._rate.turn(url.raw_host or ""),
            self._session.get(url, headers=headers, allow_redirects=False) as response,
        ):
            body, is_whole = (b"", True) if response.status in _REDIRECTS else await read_body(response, most)
            if not is_whole:
                response.close()
            return PageAnswer(str(url), response.status, response.headers.copy(), body, is_whole)


def _target(answer: PageAnswer) -> str:
    """The address that an answer redirects to; empty if it doesn't."""
    return resolved(answer.link, answer.headers.get("Location", "")) if answer.status in _REDIRECTS else ""


def _is_circle(steps: list[Redirect]) -> bool:
    return len({step.link for step in steps}) < len(steps)
