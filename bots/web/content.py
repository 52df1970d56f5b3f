"""Content for browsers: bytes that are made once, with headers that let caches keep them."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from aiohttp import hdrs, web
from multidict import CIMultiDict

from bots.web.compression import prefers_gzip
from bots.web.headers import OURS, PROTECTING
from bots.web.weights import joined

PAGE_SECONDS, COUNT_SECONDS, PICTURE_SECONDS, REDIRECT_SECONDS = 10, 3, 60, 3600
REFETCH_SECONDS, ERROR_SECONDS = 60, 86_400
FOREVER = "public, max-age=31536000, immutable"
SVG, PNG, HTML, JSON = "image/svg+xml", "image/png", "text/html; charset=utf-8", "application/json"
_DOCUMENTS = (HTML, SVG)
_SMALLEST_GZIPPED = 800  # bytes; smaller bodies gain nothing


def public(seconds: int, left: float = math.inf) -> str:
    """For caches: fresh for this long, good for a minute more during a refetch, for a day if we can't be reached.

    No cache may use it in more than `left` seconds.
    """
    left = max(left, 0)
    fresh = int(min(seconds, left))
    refetch, error = (int(min(most, left - fresh)) for most in (REFETCH_SECONDS, ERROR_SECONDS))
    return f"public, max-age={fresh}, stale-while-revalidate={refetch}, stale-if-error={error}"


@dataclass(frozen=True)
class Content:
    """A body with its type and the seconds for which it stays fresh; None if it never changes.

    `by_language` says that it depends on the reader's languages. `changes_at` is a moment at which it changes for
    certain, and beyond which no cache keeps it. `is_dense` says that compressing it gains nothing.
    """

    body: bytes
    content_type: str
    seconds: int | None
    by_language: bool = False
    more: Mapping[str, str] | None = None
    changes_at: dt.datetime | None = None
    is_dense: bool = False

    def prepare(self) -> None:
        """Compress the body and make the headers now, such as in a thread, and not for the first reader."""
        _ = self._gzipped, self._headers

    def to(self, request: web.Request, now: dt.datetime) -> web.Response:
        """The response: 304 for a browser that has this body, compressed for one that prefers gzip."""
        headers = self._headers_at(now)
        if hdrs.IF_NONE_MATCH in request.headers and self._is_known(request):
            return web.Response(status=304, headers=headers)
        if self._gzipped and prefers_gzip(joined(request, hdrs.ACCEPT_ENCODING)):
            response = web.Response(body=self._gzipped, headers=headers)
            response.headers[hdrs.CONTENT_ENCODING] = "gzip"
            return response
        return web.Response(body=self.body, headers=headers)

    def _headers_at(self, now: dt.datetime) -> CIMultiDict[str]:
        if self.changes_at is None or self.seconds is None:
            return self._headers
        headers = self._headers.copy()
        headers[hdrs.CACHE_CONTROL] = public(self.seconds, (self.changes_at - now).total_seconds())
        return headers

    def _is_known(self, request: web.Request) -> bool:
        return any(tag.value in (self._tag, "*") for tag in request.if_none_match or ())

    @cached_property
    def _tag(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:20]

    @cached_property
    def _gzipped(self) -> bytes | None:
        if self.is_dense or self.content_type == PNG or len(self.body) < _SMALLEST_GZIPPED:
            return None
        return gzip.compress(self.body, mtime=0)

    @property
    def _varying(self) -> tuple[str, ...]:
        """The request headers that this content depends on."""
        compressed = (hdrs.ACCEPT_ENCODING,) if self._gzipped else ()
        return (*compressed, hdrs.ACCEPT_LANGUAGE) if self.by_language else compressed

    @cached_property
    def _headers(self) -> CIMultiDict[str]:
        headers = CIMultiDict(PROTECTING if self.content_type in _DOCUMENTS else OURS)
        headers[hdrs.CONTENT_TYPE] = self.content_type
        headers[hdrs.CACHE_CONTROL] = FOREVER if self.seconds is None else public(self.seconds)
        headers[hdrs.ETAG] = f'W/"{self._tag}"'  # weak: one tag for the plain and the compressed body
        if self._varying:
            headers[hdrs.VARY] = ", ".join(self._varying)
        headers.update(self.more or {})
        return headers
