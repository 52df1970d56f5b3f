"""The page of screens is complete: every message is on it, in every language, and every screen is in all of them."""

from __future__ import annotations

import pytest

from core.messages import Message
from tests.screens import drawing
from tests.screens.album import Album, Place, RecordingCatalog
from tests.screens.page import missing, page
from tests.screens.stories import tell
from tests.world import catalog


@pytest.fixture(scope="module")
def album() -> Album:
    return tell()


@pytest.mark.process  # which sets the hand-in
def test_every_message_is_on_a_screen_in_every_language(album: Album) -> None:
    assert missing(album) == [], "let a story in tests/screens show it"


@pytest.mark.process  # which sets the hand-in
def test_every_screen_is_drawn_in_every_language(album: Album) -> None:
    alone = [place for place, here in album.drawings.items() if set(here) != set(album.catalog.locales)]
    assert alone == []


@pytest.mark.process  # which sets the hand-in
def test_every_message_has_one_anchor(album: Album) -> None:
    html = page(album)
    assert "Messages without a screen" not in html
    for key in album.keys("en"):
        assert html.count(f'id="{key}"') == 1, key


def test_a_message_that_no_story_shows_is_missing() -> None:
    recording = RecordingCatalog(catalog())
    recording.text(Message("button.sign"), "en")  # nothing is drawn, so it is on no screen
    few = Album(recording)
    for locale in recording.locales:
        with recording.noting() as keys:
            html = recording.text(Message("button.back"), locale)
        few.add(Place("A", "B", "C"), locale, html, keys)
    assert "button.sign" in missing(few)
    assert "button.back" not in missing(few)


def test_a_story_draws_each_screen_once() -> None:
    few = Album(RecordingCatalog(catalog()))
    few.add(Place("A", "B", "C"), "en", "", {})
    with pytest.raises(ValueError, match="twice"):
        few.add(Place("A", "B", "C"), "en", "", {})


def test_markdown_is_shown_as_discord_shows_it() -> None:
    shown = drawing._markdown("## Title\n-# **bold** \\*plain\\* <tag>")
    assert shown == "<h4>Title</h4><small><b>bold</b> *plain* &lt;tag&gt;</small>"
