"""Content for browsers: bytes that are made once, with headers that let caches keep them."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from aiohttp import hdrs, web
from multidict import CIMultiDict

from bots.web.compression import prefers_gzip
from bots.web.headers import OURS, PROTECTING
from bots.web.weights import joined

PAGE_SECONDS, COUNT_SECONDS, PICTURE_SECONDS, REDIRECT_SECONDS = 10, 3, 60, 3600
FOREVER = "public, max-age=31536000, immutable"
SVG, PNG, HTML, JSON = "image/svg+xml", "image/png", "text/html; charset=utf-8", "application/json"
_DOCUMENTS = (HTML, SVG)
_SMALLEST_GZIPPED = 800  # bytes; smaller bodies gain nothing


def public(seconds: int) -> str:
    """For caches: fresh for this long, good for a minute more during a refetch, for a day if we can't be reached."""
    return f"public, max-age={seconds}, stale-while-revalidate=60, stale-if-error=86400"


@dataclass(frozen=True)
class Content:
    """A body with its type and lifetime.

    `by_language` says that it depends on the reader's languages, `is_dense` that compressing it gains nothing.
    """

    body: bytes
    content_type: str
    cache: str
    by_language: bool = False
    more: Mapping[str, str] | None = None
    is_dense: bool = False

    def prepare(self) -> None:
        """Compress the body and make the headers now, such as in a thread, and not for the first reader."""
        _ = self._gzipped, self._headers

    def to(self, request: web.Request) -> web.Response:
        """The response: 304 for a browser that has this body, compressed for one that prefers gzip."""
        if hdrs.IF_NONE_MATCH in request.headers and self._is_known(request):
            return web.Response(status=304, headers=self._headers)
        if self._gzipped and prefers_gzip(joined(request, hdrs.ACCEPT_ENCODING)):
            response = web.Response(body=self._gzipped, headers=self._headers)
            response.headers[hdrs.CONTENT_ENCODING] = "gzip"
            return response
        return web.Response(body=self.body, headers=self._headers)

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
        headers[hdrs.CACHE_CONTROL] = self.cache
        headers[hdrs.ETAG] = f'W/"{self._tag}"'  # weak: one tag for the plain and the compressed body
        if self._varying:
            headers[hdrs.VARY] = ", ".join(self._varying)
        headers.update(self.more or {})
        return headers
