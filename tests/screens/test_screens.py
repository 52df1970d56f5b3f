"""The page of screens is complete: every message is on it, in every language, and every screen is in all of them."""

from __future__ import annotations

import pytest

from core.messages import Command, Message
from core.petition.loading import LOCALES
from core.petition.translations import english, entries, read_po_file
from core.platforms import Platform
from tests.screens.album import Album, Place, RecordingCatalog
from tests.screens.moderating import MENUS
from tests.screens.page import missing, page
from tests.screens.stories import tell
from tests.screens.studio import CHATS, DISCORD, TELEGRAM, TERMINAL
from tests.screens.typed import is_taken, shown_commands, taken_commands
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


@pytest.mark.process  # which sets the hand-in
@pytest.mark.parametrize("surface", CHATS)
def test_every_command_shown_is_one_that_people_can_type_there(surface: str, album: Album) -> None:
    catalog, wrong, seen = album.catalog, [], 0
    for place, drawings in album.drawings.items():
        if place.surface != surface or place.stage == MENUS:  # which list commands beside their descriptions
            continue
        for locale in drawings:
            taken = taken_commands(surface, catalog, locale)
            shown = list(shown_commands(surface, drawings[locale].html, catalog, locale))
            seen += len(shown)
            wrong += [(place.stage, place.title, locale, one) for one in shown if not is_taken(one, taken)]
    assert wrong == []
    assert seen > 50  # organizers' help alone has so many


@pytest.mark.parametrize(
    ("surface", "shown", "taken"),
    [
        (DISCORD, "!reopen", True),
        (DISCORD, "/reopen", False),
        (DISCORD, "/moderate milestones", True),
        (DISCORD, "/petition post", False),
        (DISCORD, "/petition reopen", False),
        (DISCORD, "/help me", True),
        (TELEGRAM, "/reopen", True),
        (TELEGRAM, "/back", True),
        (TELEGRAM, "!reopen", False),
        (TERMINAL, "/reopen", True),
        (TERMINAL, "/back", True),
    ],
)
def test_each_surface_takes_its_own_commands(surface: str, shown: str, taken: bool) -> None:
    assert is_taken(shown, taken_commands(surface, catalog(), "en")) is taken


def test_discord_takes_slash_commands_by_their_names_in_each_language() -> None:
    spanish = taken_commands(DISCORD, catalog(), "es")
    assert is_taken("/moderar publicar", spanish)
    assert not is_taken("/moderate post", spanish)


def test_commands_are_found_in_sentences_and_not_in_links_or_exclamations() -> None:
    html = "<b>Victory!</b> send /reopen. !goal 5 <i>https://t.me/bot/help</i> and/or “/link news”"
    assert list(shown_commands(TELEGRAM, html, catalog(), "en")) == ["/reopen", "!goal", "/link news"]


def test_a_command_beside_the_name_of_a_platform_is_for_that_platform() -> None:
    html = "<b>Telegram:</b> /join 7KQ2\n<b>Discord:</b> !join 7KQ2"
    found = {surface: list(shown_commands(surface, html, catalog(), "en")) for surface in CHATS}
    assert found == {TELEGRAM: ["/join"], DISCORD: ["!join"], TERMINAL: []}


def test_no_sentence_spells_a_command_of_organizers() -> None:
    commands = taken_commands(TERMINAL, catalog(), "en")
    platforms = (
        "telegram.",
        "discord.",
        "milestone.how_",
        "milestone.on",
        "milestone.off",
    )  # these know where they are
    sentences = entries(read_po_file(LOCALES / "en.po")).items()
    spelt = {
        (key, shown)
        for key, entry in sentences
        if not key.startswith(platforms)
        for form in english(entry)
        for shown in shown_commands(TERMINAL, form, catalog(), "en")
        if is_taken(shown, commands)
    }
    assert spelt == set(), "write {command}, and hand the sentence a Command"


def test_a_command_is_written_as_people_type_it() -> None:
    sentence = Message("organizer.welcome", {"command": Command("help")})
    typed = catalog().typed_with("!{}".format)
    assert typed.words(Command("join 7KQ2"), "en") == "!join 7KQ2"
    assert typed.words(Command("join 7KQ2", Platform.TELEGRAM), "en") == "/join 7KQ2"
    assert typed.text(sentence, "en").endswith("send !help.")
    assert catalog().text(sentence, "en").endswith("send /help.")


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
