"""The sentences in a block, and the sources that each one cites."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate, pairwise

import regex
import sentencex

from core.text.document import Block

_ABBREVIATION = regex.compile(
    r"""(?<![\p{L}\p{M}\p{Nd}.,])
        (?: \p{L}\p{M}*              # an initial: "M. Dupont"
          | \p{Lu}\p{Ll}?\.?-\p{Lu}   # "J.-P. Martin"
          | \p{Ll}\.\p{Ll}            # "5 p.m. Monday"
          | \p{Nd}{1,2} )             # an ordinal: "am 3. Mai"
        \.$""",
    regex.VERBOSE,
)
_CONTINUATION = regex.compile(r"[\p{Ll}\p{Nd}]")  # "approx. 50", "“No!” says the mayor"
_LOOKED_BACK = 99  # characters before the end of a sentence
_CLOSING_QUOTES = tuple("”’»」』")


def sentences(block: Block, language: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each sentence of a block as written, with the numbers of the sources that it cites.

    A citation belongs to the sentence before it: "They refused. [1] So we ask" begins with "They refused. [1]".
    `language` is the text's locale, such as es_MX. If a full stop may belong to an abbreviation, the sentence
    continues, because quoting two sentences is better than quoting half of one.
    """
    words = "".join(span.text for span in block.spans if span.citation is None)
    bounds, cited = _with_citations(block, _ends(words, language))
    for (start, end), numbers in zip(pairwise([0, *bounds]), cited, strict=True):
        if sentence := block.text[start:end].strip():
            yield sentence, tuple(numbers)


def _ends(words: str, language: str) -> list[int]:
    """The position after each sentence; the last one is the end of the text."""
    english = set(_cuts(words, "en"))  # Dr., Prof. and St. are missing from other languages' lists
    cuts = _cuts(words, language.partition("_")[0])
    return [cut for cut in cuts if not _goes_on(words, cut, sure=cut in english)] + [len(words)]


def _cuts(words: str, language: str) -> list[int]:
    return list(accumulate(len(part) for part in sentencex.segment(language, words)))[:-1]


def _goes_on(words: str, cut: int, *, sure: bool) -> bool:
    before = words[max(0, cut - _LOOKED_BACK) : cut]
    return (
        _CONTINUATION.match(words, cut) is not None
        or before.endswith(_CLOSING_QUOTES)  # and no space: 「なぜ。」と言った。
        or (before.rstrip().endswith(".") and not (sure and _ABBREVIATION.search(before.rstrip()) is None))
    )


def _with_citations(block: Block, ends: list[int]) -> tuple[list[int], list[list[int]]]:
    """The ends of the sentences in the block's text (with its citations), and the sources that each sentence cites."""
    bounds = list(ends)
    cited: list[list[int]] = [[] for _ in ends]
    position = 0
    for span in block.spans:
        if span.citation is None:
            position += len(span.text)
            continue
        own = bisect_left(ends, position)
        cited[own].append(span.citation)
        bounds[own:] = [bound + len(span.text) for bound in bounds[own:]]
    return bounds, cited
