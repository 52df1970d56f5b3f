"""Footnotes as people write them: each is read, or the sentence about it shows the way it should be."""

from __future__ import annotations

import re

import pytest

from core.petition.source import Source
from core.petition.source_dates import is_date
from core.petition.sources import NoteEntry, read_note
from core.text.markdown import Numbering, parse

LINK = "https://courier.example.org/elms"
COURIER = ("The Courier", "Forty elms", "March 2, 2026", LINK)
WITHOUT_LINK = (*COURIER[:3], None)
READ = [
    (f"The Courier, “Forty elms,” March 2, 2026. <{LINK}>", COURIER),
    (f"The Courier, “Forty elms,” March 2, 2026. {LINK}", COURIER),
    (f"The Courier, “Forty elms,” March 2, 2026, {LINK}.", COURIER),
    (f"The Courier, “Forty elms,” March 2, 2026 ({LINK})", COURIER),
    (f"The Courier, “Forty elms,” March 2, 2026. Available at: {LINK}", COURIER),
    (f"The Courier, “Forty elms,” March 2, 2026. Retrieved May 3, 2026, from {LINK}", COURIER),
    (f"*The Courier*, “Forty elms,” March 2, 2026, [link]({LINK}).", COURIER),
    (f"The Courier, [Forty elms]({LINK}), March 2, 2026.", COURIER),
    ("The Courier, *Forty elms*, March 2, 2026.", WITHOUT_LINK),
    ("The Courier, ‘Forty elms’, March 2, 2026.", WITHOUT_LINK),
    ("The Courier, 'Forty elms,' March 2, 2026.", WITHOUT_LINK),
    ('The Courier, "Forty elms," March 2, 2026.', WITHOUT_LINK),
    ("The Courier, „Forty elms“, March 2, 2026.", WITHOUT_LINK),
    ("The Courier, «Forty elms», March 2, 2026.", WITHOUT_LINK),
    ("The Courier, « Forty elms », March 2, 2026.", WITHOUT_LINK),
    ("The Courier, »Forty elms«, March 2, 2026.", WITHOUT_LINK),
    ("The Courier, ”Forty elms”, March 2, 2026.", WITHOUT_LINK),
    ("The Courier、「Forty elms」、March 2, 2026", WITHOUT_LINK),
    ("The Courier، «Forty elms»، March 2, 2026.", WITHOUT_LINK),
    ("The Courier; “Forty elms”; March 2, 2026.", WITHOUT_LINK),
    ("“Forty elms,” The Courier, March 2, 2026.", WITHOUT_LINK),
    ("The Courier, “Forty elms” (March 2, 2026).", WITHOUT_LINK),
    ("The Courier, “Forty elms,” March 2, 2026 (accessed May 3, 2026).", WITHOUT_LINK),
    ("The Courier, “Forty elms” (accessed May 3, 2026).", (*COURIER[:2], "accessed May 3, 2026", None)),
    ("The Courier, “Forty elms,” n.d.", (*COURIER[:2], "n.d.", None)),
    (f"The Courier, “Forty elms,” n.d. {LINK}", (*COURIER[:2], "n.d.", LINK)),
    ("People’s Courier, ‘The elms won’t go,’ 2026.", ("People’s Courier", "The elms won’t go", "2026", None)),
    ("Ada King, “Forty elms,” Courier, Monday, March 2, 2026.",
     ("Ada King, Courier", "Forty elms", "Monday, March 2, 2026", None)),
]  # fmt: skip


def source_of(note: str, language: str = "en") -> NoteEntry | str:
    document, _ = parse(note, [], Numbering())
    found = read_note(document, {}, language)
    return found if isinstance(found, str) else found[0]


@pytest.mark.parametrize(("note", "parts"), READ)
def test_a_usual_form_is_read(note: str, parts: tuple[str, str, str, str | None]) -> None:
    source = source_of(note)
    assert isinstance(source, Source), source
    assert (source.publication, source.title, source.date, source.link) == parts
    assert is_date(source.date, ["en"])
    assert not source.note.rstrip(".").endswith((",", ":", "(", " "))


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("The Courier, Forty elms, March 2, 2026.", "no quotes .* Write: The Courier, “Forty elms,” March 2, 2026."),
        ("The Courier, Forty elms, 2 March 2026", "no quotes .* Write: The Courier, “Forty elms,” 2 March 2026."),
        ("The Courier, “Forty elms.”", "no date after the title. If its source has none, write n.d."),
        ("“Forty elms,” March 2, 2026.", "no publication in front of the title. It should read: Publication"),
        ("King, A. (2026, March 2). Forty elms. Courier.", "should read: Publication, “Title,” June 28, 2018."),
        (LINK, "should read: Publication, “Title,” June 28, 2018."),
        ("See our page.", "should read: Publication"),
        ("The Courier, “Forty elms,” March 2, 2026. <ftp://x.example>", "isn't a web link: ftp://x.example. Write the"),
        (f"The Courier, “{'elm ' * 90},” March 2, 2026.", "is longer than 300 characters: shorten"),
    ],
)
def test_any_other_is_shown_as_it_should_be(note: str, said: str) -> None:
    found = source_of(note)
    assert isinstance(found, str)
    assert re.search(said.replace(".”", r"\.”"), found), found


DATES = [
    ("en", "March 2, 2026"), ("en", "2026"), ("en", "2026-03-02"), ("en", "January 2026"), ("en", "2024–2026"),
    ("en", "March/April 2026"), ("en", "March 2–4, 2026"), ("en", "c. 1900"), ("en", "N.D."),
    ("en", "last accessed on May 3, 2026"), ("de", "2. März 2026"), ("de", "o. J."), ("de", "abgerufen am 3. Mai 2026"),
    ("es", "2 de marzo de 2026"), ("es", "s.f."), ("fr", "2 mars 2026"), ("ar", "2 مارس 2026"),
    ("ar", "٢ مارس ٢٠٢٦"),    ("ar", "March 2, 2026"), ("ar", "بدون تاريخ"),
    ("fr", "2 de marzo de 2026"), ("pt_BR", "2 de março de 2026"), ("nv", "Wóózhchʼį́į́d 2026"), ("hi", "2 मार्च 2026"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "date"), DATES)
def test_a_date_may_be_in_the_texts_language_in_english_or_in_one_of_the_interface(language: str, date: str) -> None:
    assert is_date(date, [language, "en", "es"])


@pytest.mark.parametrize(("date", "exists"), [("2018-02-28", True), ("2018-02-30", False), ("2018/13/01", False)])
def test_a_date_as_computers_write_it_must_exist(date: str, exists: bool) -> None:
    assert is_date(date, ("en",)) is exists


@pytest.mark.parametrize(
    "date", ["Fall 2018", "Winter 2018/19", "mid-2018", "May 2018 edition", "Updated June 3, 2018", "Herbst 2018"]
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_anything_with_a_year_that_is_not_a_day_is_good_enough(date: str, language: str) -> None:
    assert is_date(date, [language])


@pytest.mark.parametrize(
    "date",
    [
        "Janember 2026",
        "February 31, 2026",
        "31 de abril de 2026",
        "30.2.2026",
        "March 2",
        "soon",
        "2 mars 2026",
        "p. 5",
    ],
)
def test_anything_else_is_not_a_date(date: str) -> None:
    assert not is_date(date, ["en"])
