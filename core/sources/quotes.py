"""Quoted words of a source: their parts, and the link that opens the page at them."""

from __future__ import annotations

import re
from urllib.parse import quote as percent_encoded

_LEFT_OUT = re.compile(r"\s*(?:[\[(]\s*(?:…|\.\s?\.\s?\.)\s*[\])]|…|\.\s?\.\s?\.+)\s*")
_INSERTED = re.compile(r"\[(\w{1,2})\](?=\w)")  # "[T]he": a letter that the quote changed
_LONGEST_EXACT = 200  # characters of words that a link repeats as a whole
_EDGE_WORDS = 6  # of longer ones, at the beginning and at the end
_EDGE_LETTERS = 30  # in scripts that put no spaces between words
_DIRECTIVE = ":~:"


def quoted_parts(quote: str) -> tuple[str, ...]:
    """The parts of quoted words between which something is left out, as "..." or "[…]" say."""
    whole = _INSERTED.sub(r"\1", " ".join(quote.split()))
    return tuple(part for part in _LEFT_OUT.split(whole) if re.search(r"\w", part))


def text_fragment(link: str, quote: str) -> str:
    """The link that opens a page at these words and highlights them (WICG, URL Fragment Text Directives).

    Apps that don't know such fragments open the page as usual. Without words, this is the link itself.
    """
    parts = quoted_parts(quote)
    if not parts:
        return link
    if len(parts) == 1 and len(parts[0]) <= _LONGEST_EXACT:
        directive = _encoded(parts[0])
    else:
        directive = f"{_encoded(_edge(parts[0], at_end=False))},{_encoded(_edge(parts[-1], at_end=True))}"
    address, _, fragment = link.partition("#")
    own = fragment.partition(_DIRECTIVE)[0]
    return f"{address}#{own}{_DIRECTIVE}text={directive}"


def _edge(part: str, *, at_end: bool) -> str:
    """The first or the last words of a part."""
    words = part.split(" ")
    chosen = " ".join(words[-_EDGE_WORDS:] if at_end else words[:_EDGE_WORDS])
    if len(chosen) <= _LONGEST_EXACT:
        return chosen
    return chosen[-_EDGE_LETTERS:] if at_end else chosen[:_EDGE_LETTERS]


def _encoded(words: str) -> str:
    """The words, with the comma, the ampersand, and the hyphen encoded too, which divide a directive."""
    return percent_encoded(words, safe="").replace("-", "%2D")
