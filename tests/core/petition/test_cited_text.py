"""Notes that cite a source again, and notes that cite two: the text shows them all, and their numbers have no gaps."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.petition.cited_text import CitedText, read_cited_text
from core.petition.loading import check_petitions
from core.text.markdown import find_marks

A, B, C = "A, “T,” March 2, 2026.", "B, “U; and V,” 2020. <https://b.example/x;y>", "C, “W,” n.d."


def read(letter: str, *notes: str) -> CitedText:
    background = "Why.\n\n" + "\n".join(f"[^{number}]: {note}" for number, note in enumerate(notes, 1))
    return read_cited_text(letter, background, dict(find_marks(background).notes), "en")


def titles(text: CitedText) -> list[str]:
    return [source.title for source in text.sources]


@pytest.mark.parametrize(
    ("note", "mark"),
    [
        ("[^1], p. 12.", "[1, p. 12]"),
        ("[^1].", "[1]"),
        ("See [^1], at 03:15", "[1, 03:15]"),
        ("Ibid., p. 12.", "[1, p. 12]"),
        ("Ibid.", "[1]"),
        ("Id. at 12.", "[1, 12]"),
        ("Ebd., S. 12.", "[1, S. 12]"),
        ("Ibídem, pág. 12.", "[1, pág. 12]"),
        ("See note 1, at 03:15.", "[1, 03:15]"),
        ("See note 1 above, p. 3–4.", "[1, p. 3–4]"),
        ("Supra note 1, § 4", "[1, § 4]"),
        ("Véase nota 1, p. 7", "[1, p. 7]"),
        ("vgl. Fußnote 1, S. 7", "[1, S. 7]"),
    ],
)
def test_a_note_may_cite_a_source_again_by_page_or_time_mark(note: str, mark: str) -> None:
    text = read("First.[^1] Again.[^2] Other.[^3]", A, note, C)
    assert not text.faults
    assert text.letter.text == f"First.[1] Again.{mark} Other.[2]"
    assert titles(text) == ["T", "W"]
    assert text.sources[0].claims == ("First.[1]", f"Again.{mark}")


@pytest.mark.parametrize(
    ("notes", "said"),
    [
        ((A, "[^1] and more words than any page or time mark would have in it."), "Write it like [^1], p. 12"),
        ((A, "A, “T[^1],” 2020."), "cites another note. To cite its source again, write it alone"),
        ((A, "See note 7, p. 3."), "cites the note [^7] again, which has no source"),
        (("[^2], p. 3.", "[^1], p. 4."), "cites a note that cites it back"),
        (("Ibid., p. 3.", A), "has no note before it"),
        ((f"{A[:-1]}; {B}", "Ibid., p. 3."), "which has several sources"),
        ((A, '[^1], p. 3 {quote="x"}'), "write what is in braces there"),
        ((f"{A} {C}", A), "seems to cite two sources: write a semicolon between them"),
    ],
)
def test_what_cannot_be_cited_again_gets_a_sentence(notes: tuple[str, ...], said: str) -> None:
    faults = read("One.[^1] Two.[^2]", *notes).faults
    assert any(said in fault for fault in faults.values()), faults


def test_a_note_with_two_sources_becomes_two_with_numbers_of_their_own() -> None:
    text = read("One.[^2] Two.[^1]", A, f"{C}; and {B}")
    assert text.letter.text == "One.[1][2] Two.[3]"
    assert titles(text) == ["W", "U; and V", "T"]
    assert text.sources[1].link == "https://b.example/x;y"
    assert [source.note for source in text.sources] == ["C, “W,” n.d.", "B, “U; and V,” 2020.", A]
    assert text.labels == {1: "2", 2: "2", 3: "1"}


def test_each_source_of_a_note_may_have_attributes() -> None:
    text = read("One.[^1]", f'A, “T,” 2020 {{quote="x; y"}}; {C} {{quote="z" type="video"}}')
    assert [source.quote for source in text.sources] == ["x; y", "z"]


def test_a_note_may_cite_one_source_again_and_another_for_the_first_time() -> None:
    text = read("One.[^1] Two.[^2]", A, f"[^1], p. 12; {C}")
    assert text.letter.text == "One.[1] Two.[1, p. 12][2]"


def test_a_semicolon_within_a_source_stays_there_as_written() -> None:
    for note in ("The Courier; “Forty elms”; March 2, 2026.", "A, “T,” March 2, 2026; accessed May 3, 2026."):
        (source,) = read("One.[^1]", note).sources
        assert source.note == note


def test_a_source_that_only_a_citing_note_names_has_its_number_and_is_cited() -> None:
    text = read("One.[^2] Two.[^3]", A, "[^1], p. 12.", C)
    assert text.letter.text == "One.[1, p. 12] Two.[2]"
    assert text.cited == {"1", "2", "3"}


@given(
    st.lists(
        st.sampled_from([A, C, f"{A[:-1]}; {B}", "Ibid., p. 4", "[^1], 03:15", "nonsense"]), min_size=1, max_size=8
    )
)
def test_numbers_have_no_gaps_whatever_the_notes_are(notes: list[str]) -> None:
    letter = "".join(f"S.[^{number}] " for number in range(len(notes), 0, -1))
    text = read(letter, *notes)
    cited = text.letter.citations
    assert cited == tuple(range(1, len(cited) + 1))
    assert [source.number for source in text.sources] == sorted(source.number for source in text.sources)
    if not text.faults:
        assert [source.number for source in text.sources] == list(cited)


def test_a_fault_has_its_file_and_line(tmp_path: Path) -> None:
    folder = tmp_path / "elms"
    (folder / "en").mkdir(parents=True)
    (folder / "petition.toml").write_text(
        '[petition]\norganizer = "O"\ntarget = "T"\nlanguages = ["en"]\ngoal = 1\nretention_days = 1\n'
        '[[fields]]\nname = "full_name"\nkind = "name"\n'
    )
    (folder / "en" / "letter.md").write_text("---\ntitle: T\nsummary: S\n---\n\nOne.[^1] Two.[^2] Three.[^3]\n")
    notes = f'[^1]: {A} {{qoute="x"}}\n[^2]: 18 U.S.C. § 1091. {{type="law"}}\n[^3]: See note 9.\n'
    (folder / "en" / "background.md").write_text(f"Why.\n\n{notes}")
    said = [str(fault).partition("background.md")[2] for fault in check_petitions(tmp_path)]
    assert [line.split(" has")[0].split(" cites")[0] for line in said] == [":3: the note [^1]", ":5: the note [^3]"]
