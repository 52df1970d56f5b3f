"""However many petitions, organizers, or languages there are: each message is within the limits of its platform."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bots.common.callback_data import decode, decode_order
from bots.common.json_object import JsonObject
from bots.common.links import Links
from bots.discord.menu import definitions
from bots.discord.message import DiscordMessage
from bots.discord.organizing import organize_definition
from bots.discord.renderer import DiscordRenderer
from bots.telegram.group_screens import in_group
from bots.telegram.renderer import LONGEST_TEXT, TelegramMessage, TelegramRenderer
from core.conversation import state as ev
from core.conversation.notices import only_news, with_notice
from core.conversation.screen import Facts, Line, Part, Screen, View
from core.conversation.state import Overlay
from core.messages import Catalog, Message
from core.organizer.command import CommandLine
from core.platforms import Platform
from core.text.pages import utf16_length
from tests.crowd import ORGANIZER, Crowd
from tests.crowd_names import SCRIPTS, words_of
from tests.crowd_play import play
from tests.crowd_posts import letters, posts
from tests.crowd_walks import organizer_walk, signer_walk
from tests.discord_server.schema import fault_in
from tests.drawing_functions import ELSEWHERE, drawing_functions, is_elsewhere, noting_calls
from tests.effort import SHARE, scaled
from tests.refusals import check_discord, check_form, check_telegram
from tests.tapping import tapped
from tests.world import catalog

LABEL = "g" + "0" * 12
Drawn: TypeAlias = tuple[str, DiscordMessage | TelegramMessage | JsonObject | None]
"""A message or a form, with a name."""
many = st.one_of(st.integers(0, 40), st.sampled_from([100, 500])) if SHARE >= 1 else st.integers(0, 10)
LARGEST = [Crowd(500, 500, 500, 500, 500, 500, 500, 500, "emoji")] if SHARE >= 1 else []
crowds = st.builds(
    Crowd, many, many, many, many, many, many, many, many,
    script=st.sampled_from(list(SCRIPTS)), locale=st.sampled_from(catalog().locales),
)  # fmt: skip


def drawing(crowd: Crowd) -> tuple[DiscordRenderer, TelegramRenderer]:
    known = crowd.organizing.signing.petitions
    discord = DiscordRenderer(catalog(), known, Links(discord=116_000_000_000_000_000))
    return discord, TelegramRenderer(catalog(), known, Links(telegram="undersign_bot"))


def draw_on_discord(crowd: Crowd, renderer: DiscordRenderer) -> Iterator[Drawn]:
    """Everything that Discord gets, each with a name."""
    for name, view in (*crowd.views(Platform.DISCORD), *letters(crowd)):
        yield name, renderer.render(view)
        if view.petition in crowd.every:
            yield f"{name}, among others", renderer.render(view, offers_post=True, label=LABEL)
            yield f"{name}, form", renderer.form(view, LABEL)
    for name, view in posts(crowd):
        yield name, renderer.card(view, LABEL)


def draw_on_telegram(crowd: Crowd, renderer: TelegramRenderer) -> Iterator[Drawn]:
    """Everything that Telegram gets, each with a name."""
    link = renderer.links.telegram_chat("a", LABEL)
    for name, view in (*crowd.views(Platform.TELEGRAM), *letters(crowd)):
        yield name, renderer.render(view)
        yield f"{name}, in a group", renderer.render(in_group(view, link))
    for name, view in posts(crowd):
        yield name, renderer.card(view, LABEL)
        yield f"{name}, with links", renderer.card_with_links(view, LABEL, "@en a")


def draw_all(crowd: Crowd) -> Iterator[Drawn]:
    """Everything that a crowd's world sends."""
    discord, telegram = drawing(crowd)
    yield from draw_on_discord(crowd, discord)
    yield from draw_on_telegram(crowd, telegram)


def draw_walks(crowd: Crowd) -> Iterator[Drawn]:
    """Everything that people see who tap through a crowd's world."""
    discord, telegram = drawing(crowd)
    for name, view in (*signer_walk(crowd), *organizer_walk(crowd)):
        yield name, discord.render(only_news(view))
        yield name, telegram.render(with_notice(view, Message("notice.try_again")))


def check_all(drawings: Iterable[Drawn]) -> None:
    """Hold drawings against what the platforms refuse; nothing may be cut off at the end either."""
    for name, drawn in drawings:
        try:
            _check(drawn)
        except Exception as error:
            error.add_note(f"on the screen: {name}")
            raise


def _check(drawn: DiscordMessage | TelegramMessage | JsonObject | None) -> None:
    match drawn:
        case DiscordMessage():
            check_discord(drawn)
        case TelegramMessage():
            check_telegram(drawn)
            assert not drawn.text.endswith("…") or utf16_length(drawn.text) < LONGEST_TEXT - 1
        case dict():
            check_form(drawn)


@settings(max_examples=scaled(8), deadline=None, suppress_health_check=list(HealthCheck))
@given(crowds)
def test_every_message_of_a_crowd_fits(crowd: Crowd) -> None:
    check_all(draw_all(crowd))


@pytest.mark.parametrize("crowd", [Crowd(0, 0, 0, 0, 0, 0, 0, 0), *LARGEST], ids=lambda crowd: f"{crowd.petitions}")
def test_every_message_of_the_smallest_and_the_largest_crowd_fits(crowd: Crowd) -> None:
    check_all(draw_all(crowd))


@pytest.mark.server
@pytest.mark.skipif(SHARE < 1, reason="noting every call takes 20 seconds")
def test_every_function_that_draws_is_called_and_what_it_draws_fits() -> None:
    crowd = Crowd(10, 22, 10, 10, 10, 21, 21, 2, "markup", "es")
    with noting_calls() as called:
        drawings = [*draw_all(crowd), *draw_walks(crowd)]
        asyncio.run(play(Crowd(11, 2, 3, 10, 2, 2, 2, 2, "markup", "es")))
    check_all(drawings)
    every = drawing_functions()
    uncalled = {place for place in every - called if not is_elsewhere(place)}
    assert uncalled == set(), "draw it in tests/crowd.py or another crowd_*.py"
    assert {place for place in every & called if is_elsewhere(place)} == set(), "take it out of ELSEWHERE"
    known = {(path, name.rpartition(".")[2]) for path, name in every}
    assert {(path, name) for path, names in ELSEWHERE.items() for name in names.split()} <= known


@pytest.mark.parametrize("languages", [1, 20, 500])
def test_the_commands_fit_in_every_number_of_languages(languages: int) -> None:
    spoken = {code: catalog()._translations["en"] for code in Crowd(languages=languages).codes}
    every = Catalog(catalog()._translations | spoken)
    assert fault_in(definitions(every), "PUT", "/applications/{application}/commands") == ""
    one_server = "/applications/{application}/guilds/{guild}/commands"
    assert fault_in([organize_definition(every)], "PUT", one_server) == ""


# --- nothing is out of reach


def reached(crowd: Crowd, first: str, follow: str) -> set[str]:
    """The orders on all the screens that one can get to by orders that begin with `follow`."""
    (discord, telegram), seen, waiting = drawing(crowd), set[str](), [first]
    while waiting:
        line = decode_order(waiting.pop())
        assert line is not None
        view = crowd.organizing.run(ORGANIZER, line)
        assert view is not None
        check_discord(discord.render(view))
        orders = set(tapped(discord.render(view)))
        keyboard = {button.get("callback_data", "") for row in telegram.render(view).keyboard for button in row}
        assert {order for order in orders if decode_order(order)} <= keyboard
        waiting += sorted(order for order in orders - seen if order.startswith(follow))
        seen |= orders
    return seen


@pytest.mark.parametrize("command", ["stats", "pause", "announce Hello", "review", "chart", "export", "victory"])
def test_organizers_reach_every_petition(command: str) -> None:
    crowd = Crowd(petitions=109)
    seen = reached(crowd, f"!{command}", "!which ")
    chosen = [order for order in seen if not order.startswith("!which ")]
    assert {slug for slug in crowd.every for order in chosen if slug in order} == set(crowd.every)


def test_pages_of_an_announcement_make_no_other_one() -> None:
    crowd = Crowd(petitions=109)
    before = {order for order in reached(crowd, "!announce", "!which ") if order.startswith("!announcement")}
    reached(crowd, "!announce Hello", "!which ")
    with crowd.organizing.signing.work() as work:
        newest, earlier = work.announcements.last(2)
    assert (newest.words, earlier.words == "Hello") == ("Hello", False)
    assert before


def test_organizers_can_remove_each_of_many() -> None:
    seen = reached(Crowd(organizers=109), "!organizers", "!organizers")
    assert len([order for order in seen if order.startswith("!dismiss ")]) == 109


def test_organizers_can_take_each_of_many_off_the_lists() -> None:
    seen = reached(Crowd(origins=109), "!lists", "!lists")
    assert len([order for order in seen if order.startswith("!unlist ")]) == 109


@pytest.mark.parametrize(("command", "on_each"), [("count", 10), ("drafts", 8)])
def test_every_page_of_a_list_is_reached(command: str, on_each: int) -> None:
    pages = {order for order in reached(Crowd(petitions=109), f"!{command}", f"!{command}") if order}
    assert len(pages | {f"!{command}"}) == -(-109 // on_each)


def test_a_page_that_is_no_longer_there_is_the_last() -> None:
    for line in (CommandLine("which", "9999 stats"), CommandLine("organizers", "9999"), CommandLine("drafts", "9999")):
        view = Crowd(petitions=21, organizers=21).organizing.run(ORGANIZER, line)
        assert view is not None
        assert view.screen.buttons


@pytest.mark.parametrize("argument", ["", "2", "2 nonsense", "x stats", "2 lists", "²"])
def test_a_page_for_no_command_leads_to_the_counts(argument: str) -> None:
    view = Crowd(petitions=21).organizing.run(ORGANIZER, CommandLine("which", argument))
    assert view is not None
    orders = [button.order for row in view.screen.buttons for button in row if button.order]
    assert {order.name for order in orders} <= {"count", "stats", "which"}


def test_a_reader_reaches_every_language() -> None:
    crowd = Crowd(languages=109)
    petition = next(iter(crowd.every))
    seen, waiting = set[ev.Event](), [ev.ListOwn(0, Overlay.LANGUAGES)]
    while waiting:
        page = waiting.pop()
        view = crowd.page_of_languages(page.page)
        check_discord(drawing(crowd)[0].render(view))
        events = {button.event for row in view.screen.buttons for button in row if button.event}
        waiting += [one for one in events - seen if isinstance(one, ev.ListOwn)]
        seen |= events
    assert {one.locale for one in seen if isinstance(one, ev.SetLocale)} == set(crowd.codes)
    for code in drawing(crowd)[1].render(view).keyboard:
        for button in code:
            callback = decode(button["callback_data"], crowd.every)
            assert callback is not None
            assert callback.petition == petition


def test_long_tables_say_how_many_lines_are_left_out() -> None:
    facts = Facts(tuple((f"Question {number} of a long form", "An answer") for number in range(500)))
    view = View(Screen((facts,)), "en")
    for words in (drawing(Crowd())[0].render(view).text, drawing(Crowd())[1].render(view).text):
        assert "Question 1 of" in words
        assert re.search(r"And 4\d\d more\.$", words)


def both_texts(*parts: Part) -> tuple[str, str]:
    """The text of a screen on Discord and on Telegram."""
    discord, telegram = drawing(Crowd())
    view = View(Screen(parts), "en")
    check_discord(discord.render(view))
    check_telegram(telegram.render(view))
    return discord.render(view).text, telegram.render(view).text


@pytest.mark.parametrize("script", SCRIPTS)
def test_names_are_cut_so_that_every_row_and_every_sentence_stays(script: str) -> None:
    rows = tuple((words_of(script, 250, number), words_of(script, 250)) for number in range(20))
    end = Message("form.wrong", {"count": 1234})
    for words in both_texts(Line(words_of(script, 900)), Facts(rows), Line(end)):
        assert words.endswith(catalog().words(end, "en"))
        assert all(re.search(rf"\b{number} ", words) for number in range(20))


def test_a_long_enumeration_says_how_many_are_left_out() -> None:
    captions = tuple(f"Question {number} of a long form" for number in range(500))
    for words in both_texts(Line(Message("form.missing", {"captions": captions}))):
        found = re.fullmatch(r"Still to fill out: Question 0 of .*, and (\d+) others", words)
        assert found
        assert words.count("Question") + int(found[1]) == len(captions)


def test_an_address_is_not_cut() -> None:
    link = "https://petitions.example.org/" + "a/" * 200
    rows = tuple((words_of("plain", 250, number), link if number == 0 else "") for number in range(20))
    assert link in both_texts(Facts(rows))[1]
