"""The state of a source in words: every state of a link and of a passage has its own, and nothing is said unchecked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from core.conversation.source_state import brief_state, state_of
from core.petition.source import Source
from core.sources.checks import ArchiveCopy, LinkState, PageFacts, PassageState, SourceCheck
from tests.sources_checked import STATES, check_of_source
from tests.world import catalog

LINKED = Source(1, "The Elm Street Gazette", "Shade Saves Lives", "March 2, 2026", "https://news.example.org/a", "", ())
QUOTING = replace(LINKED, quote="cool the street by four degrees")
THERE = check_of_source(QUOTING, LinkState.ALIVE, PassageState.FOUND)


def day_of(moment: dt.datetime) -> dt.date:
    return moment.date()


def said(check: SourceCheck | None, source: Source = QUOTING, locale: str = "en") -> list[str]:
    return [catalog().text(each, locale) for each in state_of(check, source, day_of, "en")]


def brief(check: SourceCheck | None, source: Source = QUOTING) -> str:
    words = brief_state(check, source, day_of)
    return catalog().text(words, "en") if words else ""


def test_the_line_gives_the_day_the_page_and_the_words() -> None:
    checked = replace(THERE, at=dt.datetime(2026, 5, 3, 9, tzinfo=dt.UTC))
    assert said(checked) == ["Checked on May 3, 2026: the page is there, and the quoted words are on it."]
    assert said(checked, locale="es") == [
        "Comprobada el 3 de mayo de 2026: la página sigue ahí, y contiene las palabras citadas."
    ]
    assert brief(checked) == "Checked on May 3, 2026: there, with the quoted words"


@pytest.mark.parametrize(
    ("state", "passage", "words"),
    [
        (LinkState.ALIVE, PassageState.NOT_GIVEN, "the page is there."),
        (LinkState.ALIVE, PassageState.MISSING, "the page is there, but the quoted words weren't found on it."),
        (LinkState.ALIVE, PassageState.UNREAD, "couldn't read its text."),
        (LinkState.MOVED, PassageState.FOUND, "moved to new.example.net, and the quoted words are on it."),
        (LinkState.GONE, PassageState.UNREAD, "the publisher's server answered that the page doesn't exist."),
        (LinkState.SOFT_404, PassageState.MISSING, "a page that says it can't find what was asked for."),
        (LinkState.WALLED, PassageState.UNREAD, "pay, or prove they're human, so the checker couldn't read it."),
        (LinkState.WALLED, PassageState.FOUND, "the quoted words are on the part that everyone can read."),
        (LinkState.UNREACHABLE, PassageState.UNREAD, "there was no answer that day. We'll look again."),
        (LinkState.REFUSED, PassageState.UNREAD, "doesn't lead to a public web page, so the checker didn't open it."),
        (LinkState.DISALLOWED, PassageState.UNREAD, "asks programs to stay away from this page"),
    ],
)  # fmt: skip
def test_what_was_found_is_said_plainly(state: LinkState, passage: PassageState, words: str) -> None:
    (line,) = said(check_of_source(QUOTING, state, passage))
    assert words in line


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize(("state", "passage"), STATES)
def test_every_state_has_words_in_every_language(state: LinkState, passage: PassageState, locale: str) -> None:
    check = check_of_source(QUOTING, state, passage)
    (line,) = said(check, locale=locale)
    words = brief_state(check, QUOTING, day_of)
    assert words
    for sentence in (line, catalog().text(words, locale)):
        assert "checked." not in sentence, "a key without words"
        assert "{" not in sentence
    assert ("quoted words" in said(check)[0]) <= (passage in (PassageState.FOUND, PassageState.MISSING))


def test_a_fault_of_the_server_is_not_silence() -> None:
    check = replace(check_of_source(LINKED, LinkState.UNREACHABLE), status=503)
    assert said(check, LINKED)[0].endswith("the publisher's server had a problem that day. We'll look again.")


def test_a_page_that_moved_within_its_site_is_said_to_have() -> None:
    check = replace(check_of_source(LINKED, LinkState.MOVED), final_link="https://news.example.org/b")
    assert "moved to another address on the same site." in said(check, LINKED)[0]


def test_a_changed_text_and_the_archived_copy_have_their_days() -> None:
    day = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    check = replace(THERE, changed_at=day, archive=ArchiveCopy("https://archive.example.org/1", day))
    assert said(check)[1:] == [
        "When we looked on April 1, 2026, its text had changed.",
        "The archived copy is from April 1, 2026.",
    ]
    assert brief(check).endswith(": there, with the quoted words; its text has changed")
    gone = replace(check, state=LinkState.GONE)
    assert brief(gone).endswith(": gone")


def test_nothing_is_said_without_a_check_and_a_source_without_a_link_says_so() -> None:
    assert said(None) == []
    assert brief(None) == ""
    assert brief(None, replace(LINKED, link=None)).startswith("No link")


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        (PageFacts("Shade Saves Lives | The Elm Street Gazette", "Elm Street Gazette", "2026-03-02"), []),
        (PageFacts("SHADE SAVES LIVES", "", "2026-03-02"), []),
        (PageFacts("Trees Fall", "", ""), ["On the page itself, the title is “Trees Fall”."]),
        (PageFacts("", "The Oak Post", ""), ["On the page itself, the publisher is The Oak Post."]),
        (PageFacts("", "", "2026-03-09"), ["On the page itself, the date is March 9, 2026."]),
        (PageFacts("", "", "2025-03-02"), ["On the page itself, the date is March 2, 2025."]),
        (PageFacts("", "", "not a day"), []),
    ],
)
def test_what_the_page_says_about_itself_is_shown_where_the_note_says_something_else(
    facts: PageFacts, says: list[str]
) -> None:
    assert said(replace(THERE, facts=facts))[1:] == says


def test_an_error_page_says_nothing_about_the_source() -> None:
    check = replace(THERE, state=LinkState.SOFT_404, facts=PageFacts("Not found", "Example", "2020-01-01"))
    assert len(said(check)) == 1


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("March 2, 2026", True), ("2 de marzo de 2026", True), ("2026", True), ("March 2026", True),
        ("2026-03-02", True), ("Spring 2026", True), ("Mar. 2, 2026", True), ("April 2, 2026", False),
        ("March 3, 2026", False), ("2025", False), ("n.d.", False),
    ],
)  # fmt: skip
def test_dates_of_notes_are_compared_as_far_as_they_go(written: str, same: bool) -> None:
    source = replace(LINKED, date=written)
    check = replace(check_of_source(source, LinkState.ALIVE), facts=PageFacts(date="2026-03-02"))
    words = [catalog().text(each, "en") for each in state_of(check, source, day_of, "es")]
    assert (len(words) == 1) is same
