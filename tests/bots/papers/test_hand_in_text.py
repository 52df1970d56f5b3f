"""The text of the hand-in: nested lists keep their indent, and every language has its own letter and digest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from bots.papers.hand_in_pdf import write
from core.petition.petition import PetitionText
from core.text.document import Document
from core.text.markdown import Numbering, parse
from tests.bots.papers.documents import hand_in, pages_of, plain, text

pytestmark = pytest.mark.process

LISTS = """
1. First demand
   - a point
     1. much deeper
     2. its sibling
   - another point
2. Second demand

   Continued here

In between.

98. and
99. so
100. onward
     - at the end
"""


def letter(markdown: str) -> Document:
    return parse(markdown, (), Numbering())[0]


def bare(**changed: object) -> PetitionText:
    """The text with a letter only."""
    return replace(text(), background=Document(), sources=(), **changed)  # type: ignore[arg-type]


def lefts(file: Path, *words: str) -> list[float]:
    """The left edges of words on the second page, in points."""
    with pypdfium2.PdfDocument(file) as document:
        page = document[1]
        content = page.get_textpage()
        edges = []
        for each in words:
            found = content.search(each).get_next()
            assert found, each
            edges.append(content.get_charbox(found[0])[0])
        content.close()
        page.close()
    return edges


def test_nested_lists_keep_their_indent_and_their_numbers(tmp_path: Path) -> None:
    written = write(hand_in(bare(letter=letter(LISTS))), (), tmp_path, "all")
    first, point, deeper, sibling, another, second, continued = lefts(
        written.files[0],
        "First", "a point", "much deeper", "its sibling", "another", "Second", "Continued",
    )  # fmt: skip
    assert first + 12 < point
    assert point + 12 < deeper
    assert deeper == pytest.approx(sibling, abs=1)
    assert point == pytest.approx(another, abs=1)
    assert first == pytest.approx(second, abs=1) == pytest.approx(continued, abs=1)
    content = plain("".join(pages_of(*written.files)))
    for words in ("1.First demand", "1.much deeper", "2.its sibling", "2.Second demand", "100.onward", "•at the end"):
        assert plain(words) in content
    (hundred, onward) = lefts(written.files[0], "100.", "onward")
    assert hundred + 16 < onward, "a long number gets the room it needs"


def test_a_petition_in_two_languages_has_both_letters_and_both_digests(tmp_path: Path) -> None:
    spanish = bare(language="es", title="Salven los olmos", letter=letter("Cuiden los árboles.[^1]"), digest="ab" * 32)
    written = write(hand_in(text(), spanish), (), tmp_path, "all")
    pages = [plain(page) for page in pages_of(*written.files)]
    assert plain(f"Versions in en{text().digest} in es{spanish.digest}") in pages[0]
    assert [plain(f"Letter (in {code})") in pages[at] for at, code in ((1, "en"), (2, "es"))] == [True, True]
    assert plain("Salven los olmos") in pages[2]
    assert plain("Cuiden los árboles.") in pages[2]
    assert len(pages) == written.pages == 3
    assert plain("Page 3 of 3") in pages[2]


def test_each_letter_is_set_in_its_own_direction(tmp_path: Path) -> None:
    arabic = bare(language="ar", title="أنقذوا الأشجار", letter=letter("- Ada"), digest="ab" * 32)
    spanish = bare(language="es", letter=letter("- Ada"), digest="cd" * 32)
    from_right, from_left = (
        lefts(write(hand_in(first), (), tmp_path, first.language).files[0], "Ada")[0] for first in (arabic, spanish)
    )
    assert from_left < 100
    assert from_right > 400
