"""Compares addresses as readers do: the same page may have many."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

_INDEX = re.compile(r"/(?:index|default|home)\.(?:html?|php|aspx?|jsp)$")
_HOME = re.compile(r"(?:/[a-z]{2}(?:[-_][a-z]{2,4})?)?(?:/home|/homepage|/start|/main)?")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|ref|src|source|cmp|ocid|smid|igshid|amp|outputtype")
_SAME_HOST = re.compile(r"^(?:www\d?|m|mobile|amp|en)\.")


def is_same_page(one: str, other: str) -> bool:
    """True if two addresses differ only in what doesn't make another page.

    That is the scheme, www, letter case, a slash or index.html at the end, the fragment, and marks that track readers.
    """
    return _essence(one) == _essence(other)


def is_home(link: str) -> bool:
    """True for the address of a site's first page, in any language."""
    _, path, query = _essence(link)
    return bool(link) and not query and _HOME.fullmatch(path) is not None


def has_segment(link: str, pattern: re.Pattern[str]) -> bool:
    """True if a part of the address's path is all of a pattern."""
    return any(pattern.fullmatch(segment) for segment in unquote(urlsplit(link).path).casefold().split("/"))


def _essence(link: str) -> tuple[str, str, frozenset[tuple[str, str]]]:
    parts = urlsplit(link)
    path = _INDEX.sub("", re.sub("/+", "/", unquote(parts.path)).casefold()).rstrip("/")
    asked = parse_qsl(parts.query, keep_blank_values=True)
    query = frozenset((name, value) for name, value in asked if not _TRACKING.fullmatch(name.casefold()))
    return _SAME_HOST.sub("", parts.hostname or ""), path, query
