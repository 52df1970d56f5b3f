"""Texts as organizers have them become petitions that the check accepts."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ContentError
from core.petition.draft import NO_BACKGROUND, NO_WORDS, Draft, arrange
from core.petition.draft_files import TEMPLATE, DraftFacts, refused, write_draft
from core.petition.loading import PETITIONS, check_petitions, petition_warnings, read_folder
from tests.effort import scaled

ROOT = Path(__file__).parents[2] / "petitions"
FILES = ("petition.toml", "en/letter.md", "en/background.md")
NOTE = "The Elm Street Courier, “Forty elms to go by spring,” March 2, 2026."


def made(text: str, folder: Path, language: str = "en", *, is_markdown: bool = False) -> Draft:
    """The draft of a text, written into a folder in which the check finds no fault."""
    draft = arrange(text, language, is_markdown=is_markdown)
    assert isinstance(draft, Draft)
    write_draft(draft, folder / "elms", DraftFacts(language))
    assert [str(fault) for fault in check_petitions(folder)] == []
    return draft


def edits(folder: Path, wanted: Path) -> list[tuple[str, str]]:
    """The edits that turn one petition's folder into another: each is a run of lines that differ."""
    found = []
    for name in FILES:
        old, new = ((each / name).read_text(encoding="utf-8").splitlines() for each in (folder, wanted))
        for tag, *where in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag != "equal":
                found.append((name, "\n".join(new[where[2] : where[3]])))
    return found


@pytest.mark.parametrize(("facts", "most"), [(DraftFacts(), 3), (DraftFacts(country="US"), 1)])
def test_the_clients_text_becomes_the_shipped_petition_with_at_most_three_edits(
    tmp_path: Path, facts: DraftFacts, most: int
) -> None:
    draft = arrange((ROOT / "salesforce-cbp.txt").read_text(encoding="utf-8"), "en", is_markdown=False)
    assert isinstance(draft, Draft)
    write_draft(draft, tmp_path / "salesforce-cbp", facts)
    changes = edits(tmp_path / "salesforce-cbp", PETITIONS / "salesforce-cbp")
    assert len(changes) <= most, changes
    assert changes[0] == ("petition.toml", "opens = 2018-07-01\ncloses = 2027-12-31")
    assert check_petitions(tmp_path) == []
    assert [line for line, _ in draft.doubts] == [1, 5, 7, 11, 19, 23, 29]


@pytest.mark.parametrize(
    ("mark", "note"),
    [
        ("¹", "¹ "), ("[1]", "[1] "), (".1", "1. "), ("[i]", "i. "), ("*", "* "), ("†", "† "), ("(1)", "(1) "),
        ("[^a]", "[^a]: "), ("1", "1) "), ("[1]", "Sources:\n\n1. "), ("[2]", "Endnotes\n\n2 "),
    ],
)  # fmt: skip
def test_notes_in_any_form_become_footnotes(mark: str, note: str, tmp_path: Path) -> None:
    text = (
        f"Save the elms\n\nTo the Town Council:\n\nWe ask you to prune them.\n\nThey are sound{mark}\n\n{note}{NOTE}\n"
    )
    made(text, tmp_path, is_markdown="^" in mark)
    petition = read_folder(tmp_path / "elms").petition
    assert petition is not None
    [source] = petition.text("en").sources
    assert (source.publication, source.date) == ("The Elm Street Courier", "March 2, 2026")
    assert petition.text("en").background.citations == (1,)


@pytest.mark.parametrize(
    ("note", "doubt"),
    [
        ("https://courier.example.org/elms", "lacks a publication"),
        ("The Courier, “Elms,”", "has no date"),
        ("The Courier, Forty elms to go by spring, March 2, 2026", "has no quotes"),
        ("see the report", "lacks a publication"),
    ],
)
def test_a_source_that_lacks_something_is_completed_and_said(note: str, doubt: str, tmp_path: Path) -> None:
    draft = made(f"Elms\n\nDear council,\n\nWe ask you.\n\nThey are old.[1]\n\nSources\n\n[1] {note}\n", tmp_path)
    assert [line for line, text in draft.doubts if doubt in text] == [11]


@pytest.mark.parametrize(
    ("written", "title", "doubts"),
    [("elms " * 29 + "elms!", "elms " * 29 + "elms!", 0), ("elms " * 40, "elms " * 29 + "elms", 1)],
    ids=["longest", "too long"],
)
def test_a_long_title_is_cut_between_words_and_said(written: str, title: str, doubts: int, tmp_path: Path) -> None:
    draft = made(f"# {written}\n\nDear council,\n\nWe ask you.\n", tmp_path, is_markdown=True)
    assert draft.title == title
    assert draft.doubts.count((1, "the title was cut after 150 characters")) == doubts


def test_sources_that_nothing_cites_and_marks_without_a_source_stay_and_are_said(tmp_path: Path) -> None:
    draft = made(
        f"Elms\n\nDear council,\n\nWe ask you.\n\nThey are old.[^3]\n\n1. {NOTE}\n", tmp_path, is_markdown=True
    )
    assert f"- {NOTE}" in draft.background
    assert "old.[3]" in draft.background
    assert (9, f"nothing cites this source, so it became a list item in the background: {NOTE}") in draft.doubts


@pytest.mark.parametrize(
    ("text", "letter", "background"),
    [
        ("T\n\nDear C,\n\nDo it.\n\nSincerely,\nAda\n\nThey are old.", "Sincerely,\\\nAda", "They are old."),
        ("T\n\nDear C,\n\nDo it.\n\nBackground\n\nThey are old.", "Dear C,\n\nDo it.", "They are old."),
        ("T\n\nDear C,\n\nDo it.\n\n***\n\nThey are old.", "Dear C,\n\nDo it.", "They are old."),
        ("T\n\nThey are old.\n\nDear C,\n\nYou must do it.", "Dear C,\n\nYou must do it.", "They are old."),
        ("T\n\nDear C,\n\nYou must do it.", "Dear C,\n\nYou must do it.", NO_BACKGROUND),
        ("T", "T", NO_BACKGROUND),
    ],
)
def test_the_letter_ends_where_the_text_says_so(text: str, letter: str, background: str, tmp_path: Path) -> None:
    draft = made(text, tmp_path)
    assert draft.letter.endswith(letter)
    assert draft.background == background


def test_lists_tables_and_addresses_of_plain_text_become_markdown(tmp_path: Path) -> None:
    text = "Elms\n\nDear C,\n\nDo:\n\n•\tPrune.\n•\tPlant.\n\nElm 1\t80\nElm 2\t75\n\nTown Hall\nElm Street 1\nX"
    draft = made(text, tmp_path)
    assert "- Prune.\n- Plant.\n\n- Elm 1, 80\n- Elm 2, 75\n\nTown Hall\\\nElm Street 1\\\nX" in (
        f"{draft.letter}\n\n{draft.background}"
    )
    assert [str(each) for each in petition_warnings(tmp_path) if "list" in each.text or "table" in each.text] == []


@pytest.mark.parametrize("slug", ["german", "arabic", "french", "word", "libreoffice", "plain", "email", "blog"])
def test_pasted_petitions_go_through(slug: str, tmp_path: Path) -> None:
    [letter] = (ROOT / "pasted" / slug).glob("*/letter.md")
    background = letter.with_name("background.md").read_text(encoding="utf-8")
    text = f"{letter.read_text(encoding='utf-8')}\n\n{background}"
    draft = made(text, tmp_path, letter.parent.name, is_markdown=True)
    assert draft.title in text
    assert "[^" in draft.background or slug == "blog"


@settings(max_examples=scaled(60), deadline=None)
@given(st.lists(st.text(st.sampled_from("ab1 ²[]()^*•.,:\n\t“”#>-|<!\x07\u200e\u2028é")), min_size=1), st.booleans())
def test_any_words_make_a_petition_that_is_accepted(words: list[str], is_markdown: bool) -> None:
    import tempfile  # noqa: PLC0415

    draft = arrange("\n\n".join(words), "en", is_markdown=is_markdown)
    if isinstance(draft, Draft):
        with tempfile.TemporaryDirectory() as folder:
            write_draft(draft, Path(folder) / "elms", DraftFacts())
            assert [str(fault) for fault in check_petitions(Path(folder))] == []


@pytest.mark.parametrize(
    "above",
    [
        "Save the elms\n=============",
        "Title: Save the elms",
        "Subject: Fwd: Save the elms",
        "Betreff: AW: Save the elms",
    ],
)
def test_a_title_has_nothing_around_it(above: str, tmp_path: Path) -> None:
    assert made(f"{above}\n\nDear council,\n\nWe ask you to prune the elms.", tmp_path).title == "Save the elms"


def test_code_has_no_citations_and_sources_are_no_summary(tmp_path: Path) -> None:
    text = f"Save the elms\n\nDear council,\n\nStop. Keep `[^9]` in code.[1]\n\nBackground\n\nThey fall.\n\n1. {NOTE}"
    draft = made(text, tmp_path)
    assert "`[^9]`" in draft.letter
    assert draft.summary in ("Stop.", "Keep [^9] in code.")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    write_draft(TEMPLATE, tmp_path / "elms", DraftFacts())
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(ContentError, match="exists already"):
        write_draft(TEMPLATE, tmp_path / "elms", DraftFacts("es"))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert check_petitions(tmp_path) == []


def test_a_bad_slug_language_or_country_is_refused() -> None:
    assert [bool(refused(slug, DraftFacts())) for slug in ("town-trees", "Town", "a--b", "a" * 31)] == [
        False,
        True,
        True,
        True,
    ]
    assert "isn't a country code" in refused("elms", DraftFacts(country="ZZ"))
    assert refused("elms", DraftFacts("english"))


@pytest.mark.parametrize("odd", ["3. Ask my aunt at the market", "- Ask my aunt at the market"])
def test_an_item_that_is_no_source_keeps_no_other_from_being_one(odd: str, tmp_path: Path) -> None:
    text = (
        "Save the elms\n\nTo the Town Council:\n\nWe ask you to prune them.\n\nThey are sound[1], and old[2].\n\n"
        f"1. {NOTE}\n{odd}\n2. The Courier, “Old elms,” May 2, 2026.\n"
    )
    draft = made(text, tmp_path)
    assert draft.background.count("[^") == 4
    assert "Ask my aunt" in draft.background.partition("[^1]:")[0]
    assert [line for line, doubt in draft.doubts if doubt.startswith("left in the text")] == [10]


def test_demands_with_one_title_and_date_stay_a_list(tmp_path: Path) -> None:
    demands = f"1. {NOTE}\n2. Prune the elms.\n3. Plant more."
    assert demands in made(f"Elms\n\nTo the Mayor:\n\nWe ask:\n\n{demands}", tmp_path).letter


def test_sources_alone_and_nothing_at_all_are_no_petition() -> None:
    assert arrange(f"1. {NOTE}\n2. {NOTE}", "en", is_markdown=False) == (
        "there are only sources in it: write the title and the letter above them"
    )
    assert arrange("\n - \n", "en", is_markdown=False) == NO_WORDS


@pytest.mark.parametrize(
    "link",
    ["[press](javascript:alert(1))", "[press](javascript:alert((1)(2)))", "[press](<javascript:a)b>)", "[press](#a)"],
)
def test_of_a_link_that_no_app_opens_only_its_words_stay(link: str, tmp_path: Path) -> None:
    draft = made(f"# Elms\n\nTo the Mayor:\n\nWe ask you, {link} (now), to prune them.", tmp_path, is_markdown=True)
    assert "We ask you, press (now), to prune them." in draft.letter


def test_of_a_web_link_everything_stays(tmp_path: Path) -> None:
    link = "[Elms](https://en.example.org/wiki/Elm_(tree))"
    assert link in made(f"# Elms\n\nTo the Mayor:\n\nWe ask you. See {link}.", tmp_path, is_markdown=True).letter
