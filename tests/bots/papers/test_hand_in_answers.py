"""The appendix of the hand-in: answers below the name, as long as they are, on pages that are known in advance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pypdf import PdfReader

from bots.papers.hand_in_content import AnswerCount, HandIn
from bots.papers.hand_in_pdf import write
from bots.papers.hand_in_rows import LINE, RowLayout, SignerLine
from bots.papers.paper import A4, PITCH
from tests.bots.papers.documents import WORDS, hand_in, pages_of, plain

LAYOUT = RowLayout.of(A4, 6)
QUESTIONS = (AnswerCount("Tenant or owner?", (("I rent", 12), ("I own my home", 3))),)
LONG = "My grandmother planted the elm before number twelve. " * 18
TEXTS = (
    "Shade.", LONG.strip(), "أحب أشجار الشارع، فهي تحمينا من الشمس والضجيج والغبار ولا أريد أن تُقطع أبدا",
    "मुझे ये पेड़ बहुत प्रिय हैं और मैं चाहती हूँ कि नगर परिषद उन्हें न काटे", "*no* #markup $here$ [x]",
)  # fmt: skip
LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))
ANSWERS = st.lists(st.text(LETTERS, min_size=1, max_size=400), max_size=3)


def appendix() -> Callable[[], HandIn]:
    """The description of a hand-in with an appendix."""
    words = replace(WORDS, answers="Answers", agreed="They agreed to hand these in.")
    return lambda: replace(hand_in()(), answers=QUESTIONS, words=words)


def answering(count: int) -> Iterator[SignerLine]:
    """People with a name of their own each; every second one has an answer."""
    for number in range(1, count + 1):
        lines = ("Tenant or owner?: I rent", f"{TEXTS[number % len(TEXTS)]}") if number % 2 else ()
        yield SignerLine(number, f"Ada {number:05}x", "94110", lines)


@given(st.lists(ANSWERS, max_size=25))
@example([["Shade."]] * 60)
@example([["\ufdfd" * 1000], [LONG] * 30])
def test_no_column_overflows_and_no_name_is_parted_from_its_answer(answers: list[list[str]]) -> None:
    people = [SignerLine(number, "Ada", "", tuple(lines)) for number, lines in enumerate(answers, 1) if lines]
    pages = list(LAYOUT.pages(row for signer in people for row in LAYOUT.answer_rows(signer)))
    columns = [column for page in pages for column in page]
    assert all(column and sum(row.height for row in column) <= LAYOUT.height for column in columns)
    assert all(not column[-1].follow for column in columns)
    words = [row.signer.name for column in columns for row in column]
    assert words == [text for signer in people for text in (signer.name, *signer.answers)]


def test_the_height_of_an_answer_grows_with_its_lines() -> None:
    head, short = LAYOUT.answer_rows(SignerLine(7, "Ada", "94110", ("Shade.",)))
    assert (head.signer, short.signer) == (SignerLine(7, "Ada"), SignerLine(0, "Shade."))
    assert (head.follow, short.height) == (PITCH, PITCH)
    (_, long) = LAYOUT.answer_rows(SignerLine(7, "Ada", "94110", (LONG.strip(),)))
    assert long.lines >= 12
    assert long.height == PITCH + (long.lines - 1) * LINE


@pytest.mark.process
def test_answers_come_after_the_names_with_their_numbers(tmp_path: Path) -> None:
    pages = [plain(page) for page in pages_of(*write(appendix(), answering(9), tmp_path, "all").files)]
    *_, names, counts, answers = pages
    assert plain("Ada 00008x") in names
    assert "I rent" not in names
    for words in ("Answers", "They agreed to hand these in.", "Tenant or owner?", "I rent12", "I own my home3"):
        assert plain(words) in counts
    assert plain("1Ada 00001x") in answers
    assert plain("Ada 00002x") not in answers
    assert "94110" not in answers
    for text in TEXTS:
        assert plain(text) in answers


@pytest.mark.process
def test_pages_are_numbered_through_the_appendix_and_its_volumes(tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    written = write(
        appendix(), answering(900), tmp_path, "all", largest=150_000, progress=lambda *done: calls.append(done)
    )
    assert len(written.files) > 1
    assert all(file.stat().st_size <= 150_000 for file in written.files)
    pages = pages_of(*written.files)
    assert written.pages == len(pages)
    for number, page in enumerate(pages, 1):
        assert plain(f"Page {number} of {len(pages)}") in plain(page)
    assert (written.signers, calls[-1]) == (900, (900, 900))
    marks = [str(mark.title) for mark in PdfReader(written.files[-1]).outline if not isinstance(mark, list)]
    assert marks[-1].startswith("Answers ")
    assert marks[-1].endswith("–899")


@pytest.mark.process
def test_without_answers_there_is_no_appendix(tmp_path: Path) -> None:
    people = [SignerLine(1, "Ada"), SignerLine(2, "Ben")]
    pages = pages_of(*write(hand_in(), people, tmp_path, "all").files)
    assert plain("1Ada2Ben") in plain(pages[-1])
