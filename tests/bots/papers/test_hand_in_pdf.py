"""The hand-in holds every name and every number that was handed in, and nothing that was not."""

from __future__ import annotations

import io
import multiprocessing
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from bots.papers.hand_in_pdf import HandInFiles, write
from bots.papers.hand_in_rows import SignerLine
from bots.papers.paper import A4, LETTER, Paper
from bots.papers.press import Press
from core.petition.petition import PetitionText
from core.sources.search_words import search_words
from core.text.document import Block, BlockKind, Document, Span
from tests.bots.papers.documents import COUNTING, WORDS, hand_in, pages_of, plain, signers, text
from tests.effort import scaled

pytestmark = pytest.mark.process

FROM_RIGHT = ("محمد الخوارزمي", "سلام علاء الدين", "فاطمة الزهراء", "אברהם כהן")
FROM_LEFT = (
    "王小明", "山田太郎", "김민준", "आरती शर्मा", "สมชาย ใจดี",
    "Nguyễn Văn-Thành", "Άννα Παπαδοπούλου", "Дмитрий Иванов", "ኢትዮጵያ ተስፋዬ", "Ġorġ O’Neill", "Žofie Œuvre-ß",
    "office ffi", "👩 Ada",
)  # fmt: skip
LONG = ("Wolfeschlegelsteinhausenbergerdorff " * 2 + "Senior", "x" * 100, "王" * 60)  # in several lines
MARKUP = (
    "*bold* _it_",
    "#let $x$ = @ref",
    "<b>&amp;</b>",
    "\\ // /* ]) }",
    '"quoted" `raw`',
    "= + - [x]",
    "$math$ ~ --- ...",
)
UNSHRUNK = [Phase.explicit, Phase.reuse, Phase.generate]  # a document takes half a second
CODE = {"rows": [[0, 255], [255, 0]], "quiet": 4, "words": "elms"}
_letters = st.characters(
    categories=["Lu", "Ll", "Nd", "Sm", "Po"], max_codepoint=0x2FF, exclude_characters="\u0149\u00b7"
)
_names = st.text(_letters, min_size=1, max_size=30) | st.sampled_from(FROM_LEFT + MARKUP)


@pytest.fixture(scope="module")
def unsigned(tmp_path_factory: pytest.TempPathFactory) -> HandInFiles:
    """The hand-in of a petition that nobody signed."""
    return write(hand_in(), (), tmp_path_factory.mktemp("unsigned"), "all")


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> HandInFiles:
    """The hand-in of a petition with 300 signers."""
    return write(hand_in(), signers(300), tmp_path_factory.mktemp("signed"), "all")


@settings(max_examples=scaled(8), deadline=None, phases=UNSHRUNK, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.builds(SignerLine, st.integers(1, 9_999_999), _names, _names), max_size=400))
def test_every_name_is_in_the_text(people: list[SignerLine]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        written = write(hand_in(), people, Path(folder), "all")
        content = plain("".join(pages_of(*written.files)))
    assert written.signers == len(people)
    for signer in people:
        assert plain(signer.name) in content, signer
        assert plain(signer.place) in content, signer
        assert f"{signer.number:,}" in content


def test_names_of_every_script_and_markup_are_found_as_they_are(tmp_path: Path) -> None:
    people = [SignerLine(number, name) for number, name in enumerate(FROM_LEFT + FROM_RIGHT + LONG + MARKUP, 1)]
    content = plain("".join(pages_of(*write(hand_in(), people, tmp_path, "all").files)))
    assert [signer.name for signer in people if plain(signer.name) not in content] == []


def test_lines_of_both_directions_have_all_words(tmp_path: Path) -> None:
    people = [SignerLine(number, name, "São Paulo") for number, name in enumerate(FROM_RIGHT, 1)]
    content = plain("".join(pages_of(*write(hand_in(), people, tmp_path, "all").files)))
    # Word by word, since readers guess at their order.
    assert [word for signer in people for word in signer.name.split() if plain(word) not in content] == []


def test_names_without_a_glyph_or_with_stacked_marks_do_no_harm(tmp_path: Path) -> None:
    people = [SignerLine(1, "𞊐𞊑𞊒"), SignerLine(2, "Z" + "\u0301\u0336\u0322" * 20), SignerLine(3, "After them")]
    assert "After them" in pages_of(*write(hand_in(), people, tmp_path, "all").files)[-1]


def test_the_first_page_has_the_demand_the_target_and_the_count(signed: HandInFiles) -> None:
    first = plain(pages_of(*signed.files)[0])
    wanted = [text().title, text().digest, "1,191 signatures", "Salesforce CEO Marc Benioff", "November 23, 2026"]
    wanted += [f"{words}{number:,}" for words, number in COUNTING]
    assert [words for words in wanted if plain(words) not in first] == []


def test_letter_background_and_sources_are_whole(unsigned: HandInFiles) -> None:
    content = plain("".join(pages_of(*unsigned.files)))
    for document in (text().letter, text().background):
        for block in document.blocks:
            assert plain(block.text) in content
    assert all(plain(source.note) in content for source in text().sources)
    assert not any(source.link for source in text().sources)
    assert content.count(plain(WORDS.no_link)) == len(text().sources)
    assert all(plain(search_words(source)) in content for source in text().sources)


@pytest.mark.parametrize("paper", [A4, LETTER])
def test_every_page_says_which_of_how_many_it_is(tmp_path: Path, paper: Paper) -> None:
    count = 3 * paper.rows_on_a_page + 1
    written = write(hand_in(paper=paper), signers(count), tmp_path, "all")
    pages = pages_of(*written.files)
    assert written.pages == len(pages) == 6
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of 6" in page
    assert all(text().title in page for page in pages[1:])
    box = PdfReader(written.files[0]).pages[-1].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx((paper.width, paper.height), abs=0.1)


def test_only_the_given_signers_are_named(tmp_path: Path) -> None:
    people = [SignerLine(1, "Ada Lovelace", "90210"), SignerLine(2, "", "Secretville")]
    last = pages_of(*write(hand_in(), people, tmp_path, "all").files)[-1]
    assert "Secretville" not in last
    assert "2 Not named" in " ".join(last.split())


def test_no_signers_make_a_document_without_their_pages(unsigned: HandInFiles) -> None:
    assert (unsigned.signers, unsigned.pages, [file.name for file in unsigned.files]) == (0, 2, ["all.pdf"])


def test_the_same_input_is_the_same_file(tmp_path: Path, signed: HandInFiles) -> None:
    again = write(hand_in(), signers(300), tmp_path, "again")
    assert [file.read_bytes() for file in again.files] == [file.read_bytes() for file in signed.files]


def test_the_file_describes_itself(signed: HandInFiles) -> None:
    reader = PdfReader(signed.files[0])
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == (text().title, "Demand Progress")
    assert str(reader.root_object["/Lang"]) == "en"
    marks = {
        str(item.title): reader.get_destination_page_number(item)
        for item in reader.outline
        if not isinstance(item, list)
    }
    assert marks == {"Letter": 1, "Background": 1, "Sources": 1, "Signers 1–300": 2}


def test_fonts_are_in_the_file(signed: HandInFiles) -> None:
    reader = PdfReader(signed.files[0])
    seen = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(described)
            seen.add(str(described["/FontName"]).split("+")[1].split("-")[0])
    assert {"NotoSans", "LibertinusSerif"} <= seen


def test_citations_lead_to_their_sources(unsigned: HandInFiles) -> None:
    reader = PdfReader(unsigned.files[0])
    inside = [
        annotation
        for annotation in reader.pages[1].get("/Annots", [])
        if "/URI" not in annotation.get_object().get("/A", {})
    ]
    assert len(inside) == len(text().background.citations) == 3


def test_files_are_as_large_as_asked_at_most(tmp_path: Path) -> None:
    largest = 150_000
    written = write(hand_in(), signers(5000), tmp_path, "part", largest=largest)
    assert len(written.files) > 1
    assert [file.name for file in written.files] == [f"part-{at}.pdf" for at in range(1, len(written.files) + 1)]
    assert all(file.stat().st_size <= largest for file in written.files)
    pages = pages_of(*written.files)
    assert f"Page {written.pages} of {written.pages}" in pages[-1]
    content = plain("".join(pages))
    assert all(plain(signer.name) in content for signer in signers(5000))


def test_progress_ends_with_everybody(tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    write(hand_in(), signers(3000), tmp_path, "all", progress=lambda done, total: calls.append((done, total)))
    assert calls == sorted(calls)
    assert len(calls) > 1
    assert calls[-1] == (3000, 3000)


def test_the_progress_callback_can_stop_it(tmp_path: Path) -> None:
    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(hand_in(), signers(3000), tmp_path, "all", progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_all_of_rich_text_is_set(tmp_path: Path) -> None:
    def block(kind: BlockKind, *spans: Span, marker: str = "") -> Block:
        return Block(kind, spans, marker=marker)

    letter = Document((
        block(BlockKind.HEADING, Span("A heading")),
        block(BlockKind.PARAGRAPH, Span("Now "), Span("bold", bold=True), Span(" and "), Span("slanted", italic=True)),
        block(BlockKind.PARAGRAPH, Span("a link", link="https://example.org/?a=b&c"), Span("[9]", citation=9)),
        block(BlockKind.QUOTE, Span("Quoted *words* #here")),
        block(BlockKind.ITEM, Span("An item"), marker="12."),
    ))  # fmt: skip
    bare: PetitionText = replace(text(), letter=letter, background=Document(), sources=())
    content = plain("".join(pages_of(*write(hand_in(bare), (), tmp_path, "all").files)))
    for words in ("A heading", "Now bold and slanted", "a link[9]", "Quoted *words* #here", "12.An item"):
        assert plain(words) in content
    assert plain("Background") not in content


def test_the_press_leaves_no_process_behind() -> None:
    before = set(multiprocessing.active_children())
    with Press() as press:
        assert press.set(("qr.typ",), CODE, "en").startswith(b"%PDF")
        assert set(multiprocessing.active_children()) - before
    assert set(multiprocessing.active_children()) == before


def test_the_press_replaces_a_process_that_has_set_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bots.papers.press.SHEETS", 1)
    code = ("qr.typ",), CODE, "en"
    before = set(multiprocessing.active_children())
    processes = []
    with Press() as press:
        for _ in range(3):
            press.set(*code)
            (process,) = set(multiprocessing.active_children()) - before
            processes.append(process.pid)
    assert len(set(processes)) == 3


def test_the_press_sets_parts_in_order_while_others_are_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bots.papers.press.SHEETS", 2)
    before = set(multiprocessing.active_children())
    codes = [("qr.typ", CODE | {"words": f"elms {number}"}, "en") for number in range(5)]
    with Press() as press:
        begun = [press.begin((template,), values, locale) for template, values, locale in codes]
        assert [words_in(part.result()) for part in begun] == [f"elms {number}" for number in range(5)]
    assert set(multiprocessing.active_children()) == before


def words_in(pdf: bytes) -> str:
    return PdfReader(io.BytesIO(pdf)).pages[0].extract_text().strip()


def test_it_is_set_from_right_to_left(tmp_path: Path) -> None:
    arabic = replace(text(), title="أنقذوا أشجار الدردار", language="ar")
    written = write(hand_in(arabic, locale="ar"), [SignerLine(1, "محمد"), SignerLine(2, "*Ada*")], tmp_path, "all")
    content = plain("".join(pages_of(*written.files)))
    assert all(plain(words) in content for words in ("أنقذوا أشجار الدردار", "محمد", "*Ada*"))
