"""Answers to the checker's requests, and the reasons why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

PERMANENT = (301, 308)


class Failure(Enum):
    """Reason for a missing answer.

    `NO_HOST` is a name that doesn't exist, `COOKIES` a site that redirects readers without cookies in a circle, and
    `SILENT` everything else that may pass: no connection, a TLS fault, a time limit, an answer that makes no sense.
    """

    NOT_PUBLIC = auto()
    DISALLOWED = auto()
    NO_HOST = auto()
    COOKIES = auto()
    SILENT = auto()


@dataclass(frozen=True, slots=True)
class Redirect:
    """One step from a link to another; `permanent` if the site says that it will stay."""

    link: str
    target: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """The last answer for a link. `body` is decompressed, and `is_whole` unless it was too large or unreadable."""

    link: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    is_whole: bool = True
    redirects: tuple[Redirect, ...] = ()

    @property
    def content_type(self) -> str:
        """The media type, in small letters without parameters; empty if the answer names none."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
