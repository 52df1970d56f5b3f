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
from bots.web.response import Head, ReadyResponse
from bots.web.weights import joined

PAGE_SECONDS, COUNT_SECONDS, PICTURE_SECONDS, REDIRECT_SECONDS = 10, 3, 60, 3600
REFETCH_SECONDS, ERROR_SECONDS = 60, 86_400
FOREVER = "public, max-age=31536000, immutable"
SVG, PNG, HTML, JSON = "image/svg+xml", "image/png", "text/html; charset=utf-8", "application/json"
_DOCUMENTS = (HTML, SVG)
_SMALLEST_GZIPPED = 800  # bytes; smaller bodies gain nothing
_QUICK = 3  # level of compression, again for each reader
GAP = "gap-c7f04f1d9d3ab6e25b8e1c40a796"
"""A label to draw with, which nothing else on a page contains.

Labels have only characters that HTML and addresses leave as they are (core.petition.label), so it fits everywhere.
"""


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
    certain, and beyond which no cache keeps it. `is_dense` says that compressing it gains nothing. `has_gaps` says that
    the body was drawn with the label GAP, which each answer's label replaces.
    """

    body: bytes
    content_type: str
    seconds: int | None
    by_language: bool = False
    more: Mapping[str, str] | None = None
    changes_at: dt.datetime | None = None
    is_dense: bool = False
    has_gaps: bool = False

    def labelled(self, label: str) -> Labelled:
        """The content with a label in its gaps."""
        return Labelled(self, label)

    def prepare(self) -> None:
        """Compress the body and make the headers now, such as in a thread, and not for the first reader."""
        _ = self._compressed, self._plain_head, self._packed_head

    def to(self, request: web.Request, now: dt.datetime, label: str = "") -> web.Response:
        """The response: 304 for a browser that has this body, compressed for one that prefers gzip.

        The `label` fills the gaps, if the body has any.
        """
        if hdrs.IF_NONE_MATCH in request.headers and self._is_known(request):
            return web.Response(status=304, headers=self._head_at(now).headers)
        packs = self._is_compressible and prefers_gzip(joined(request, hdrs.ACCEPT_ENCODING))
        body = self._packed(label) if packs else self.filled(label)
        return ReadyResponse(body, self._head_at(now, packs=packs))

    def filled(self, label: str) -> bytes:
        """The body with a label in its gaps."""
        return self.body.replace(GAP.encode(), label.encode()) if self.has_gaps else self.body

    def _packed(self, label: str) -> bytes:
        """The filled body, compressed. At this level that takes a third of the time, and 6% more bytes."""
        return gzip.compress(self.filled(label), _QUICK, mtime=0) if self.has_gaps else self._compressed

    def _head_at(self, now: dt.datetime, *, packs: bool = False) -> Head:
        head = self._packed_head if packs else self._plain_head
        if self.changes_at is None or self.seconds is None:
            return head
        return head.replace(hdrs.CACHE_CONTROL, public(self.seconds, (self.changes_at - now).total_seconds()))

    def _is_known(self, request: web.Request) -> bool:
        return any(tag.value in (self._tag, "*") for tag in request.if_none_match or ())

    @cached_property
    def _tag(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:20]

    @cached_property
    def _is_compressible(self) -> bool:
        return not (self.is_dense or self.content_type == PNG or len(self.body) < _SMALLEST_GZIPPED)

    @cached_property
    def _compressed(self) -> bytes:
        return gzip.compress(self.body, mtime=0) if self._is_compressible else b""

    @property
    def _varying(self) -> tuple[str, ...]:
        """The request headers that this content depends on."""
        compressed = (hdrs.ACCEPT_ENCODING,) if self._is_compressible else ()
        return (*compressed, hdrs.ACCEPT_LANGUAGE) if self.by_language else compressed

    @cached_property
    def _headers(self) -> CIMultiDict[str]:
        headers = CIMultiDict(PROTECTING if self.content_type in _DOCUMENTS else OURS)
        headers[hdrs.CONTENT_TYPE] = self.content_type
        headers[hdrs.CACHE_CONTROL] = FOREVER if self.seconds is None else public(self.seconds)
        # Weak: one tag for the plain and the compressed body, and for all labels, since each has its own address.
        headers[hdrs.ETAG] = f'W/"{self._tag}"'
        if self._varying:
            headers[hdrs.VARY] = ", ".join(self._varying)
        headers.update(self.more or {})
        return headers

    @cached_property
    def _plain_head(self) -> Head:
        return Head(self._headers)

    @cached_property
    def _packed_head(self) -> Head:
        return self._plain_head.replace(hdrs.CONTENT_ENCODING, "gzip")


@dataclass(frozen=True, slots=True)
class Labelled:
    """Content for the visitors of one link."""

    content: Content
    label: str

    @property
    def body(self) -> bytes:
        """The body with the label in its gaps."""
        return self.content.filled(self.label)

    def to(self, request: web.Request, now: dt.datetime) -> web.Response:
        """The response, as `Content.to` makes it."""
        return self.content.to(request, now, self.label)
