"""Rows of the hand-in: names and places have one size, and take as many lines as they need."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.papers.glyphs import width
from bots.papers.hand_in_pdf import write
from bots.papers.hand_in_rows import MOST_LINES, RowLayout, SignerLine, lines_of
from bots.papers.paper import A4, PITCH, TYPE_SIZE
from tests.bots.papers.documents import hand_in, pages_of, plain

PLACES = (
    "SW1A 1AA, United Kingdom", "90210", "Democratic Republic of the Congo", "1000-001, São Tomé & Príncipe",
    "100-0001, Japan", "المملكة المتحدة", "10115, Deutschland",
)  # fmt: skip
NAMES = ("Ada Lovelace", "María Fernández Ruiz de la Torre y Gómez", "محمد الخوارزمي", "王小明", "आरती शर्मा")
LAYOUT = RowLayout.of(A4, 6)
PEOPLE = st.builds(SignerLine, st.integers(1, 10**6), st.text(max_size=100), st.text(max_size=60))


@pytest.mark.process
def test_places_have_the_size_of_names(tmp_path: Path) -> None:
    people = [SignerLine(number, NAMES[number % 5], PLACES[number % 7]) for number in range(1, 36)]
    written = write(hand_in(), people, tmp_path, "all")
    content = plain("".join(pages_of(*written.files)))
    assert all(plain(signer.place) in content for signer in people if signer.place.isascii())
    assert sizes(written.files[0], written.pages - 1) == {TYPE_SIZE}


@pytest.mark.process
def test_stacked_marks_take_no_room_from_others() -> None:
    assert LAYOUT.row(SignerLine(1, "Z" + "\u0301\u0336\u0322" * 20)).lines == 1


def test_a_place_that_fits_beside_the_name_takes_no_second_line() -> None:
    row = LAYOUT.row(SignerLine(1, "Ada Lovelace", "SW1A 1AA, United Kingdom"))
    assert row.lines == 1
    assert row.place_width >= width("SW1A 1AA, United Kingdom") * TYPE_SIZE
    assert LAYOUT.row(SignerLine(1, NAMES[1], "SW1A 1AA, United Kingdom")).lines == 2


@given(st.lists(PEOPLE, max_size=400))
def test_pages_hold_everyone_once_in_order_and_no_column_overflows(people: list[SignerLine]) -> None:
    pages = list(LAYOUT.pages(map(LAYOUT.row, people)))
    assert [row.signer for page in pages for column in page for row in column] == people
    for page in pages:
        assert 1 <= len(page) <= 2
        assert all(column and sum(row.height for row in column) <= LAYOUT.height for column in page)
    for row in (row for page in pages for column in page for row in column):
        assert 1 <= row.lines <= MOST_LINES
        assert row.name_width + row.place_width == pytest.approx(LAYOUT.room)
        assert row.name_width >= 0


def test_the_last_page_has_columns_of_equal_height() -> None:
    (columns,) = LAYOUT.pages(LAYOUT.row(SignerLine(number, "Ada")) for number in range(1, 8))
    assert [len(column) for column in columns] == [4, 3]
    *_, last = LAYOUT.pages(LAYOUT.row(SignerLine(number, "Ada")) for number in range(1, A4.rows_on_a_page + 2))
    assert [len(column) for column in last] == [1]
    assert LAYOUT.height // PITCH * 2 == A4.rows_on_a_page


@pytest.mark.parametrize(
    ("words", "room", "lines"),
    [("", 50, 1), ("Ada", 50, 1), ("Ada Ada Ada Ada Ada Ada", 50, 2), ("W" * 30, 60, 4), ("Ada " + "W" * 10, 60, 3)],
)
def test_lines_are_counted_word_by_word(words: str, room: float, lines: int) -> None:
    assert lines_of(words, room) == lines


def sizes(file: Path, number: int) -> set[float]:
    """The sizes of the letters between head and foot of a page, in points."""
    with pypdfium2.PdfDocument(file) as document:
        page = document[number]
        found = set()
        for text in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
            _, bottom, _, top = text.get_bounds()
            if bottom > 60 and top < A4.height - 62:
                found.add(round(text.get_font_size(), 2))
        page.close()
    return found
