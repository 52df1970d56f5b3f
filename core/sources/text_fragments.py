"""Links that open a page at the words that a petition quotes from it (WICG: URL Fragment Text Directives)."""

from __future__ import annotations

from urllib.parse import quote as percent_encoded

_MOST_WORDS, _ENDS = 12, 5
"""The words of a passage that is looked for as a whole; of a longer one, its first and its last words are enough."""


def text_fragment(link: str, quote: str) -> str:
    """The link that opens a page at a passage; the link itself if there is no passage.

    Browsers that don't know text fragments open the page at its beginning.
    """
    words = quote.split()
    if not words:
        return link
    ends = [words] if len(words) <= _MOST_WORDS else [words[:_ENDS], words[-_ENDS:]]
    text = ",".join(_encoded(" ".join(end)) for end in ends)
    return f"{link}{'' if '#' in link else '#'}:~:text={text}"


def _encoded(words: str) -> str:
    """The words with everything encoded that means something in a directive."""
    return percent_encoded(words, safe="").replace("-", "%2D")
