"""Any message fits: too many buttons become menus, and what has no room is counted."""

from __future__ import annotations

import pytest
from discord import ButtonStyle
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bots.common.json_object import JsonObject
from bots.discord.fitting import FittingWords
from bots.discord.limits import MOST_COMPONENTS
from bots.discord.message import DiscordMessage, shown_text, tappable
from tests.effort import scaled
from tests.refusals import check_discord
from tests.tapping import tapped

WORDS = FittingWords("Choose", lambda count: f"And {count} more.")


def row(*labels: str) -> JsonObject:
    return {"type": 1, "components": [tappable(label, f"!{label}", ButtonStyle.secondary) for label in labels]}


def menu(size: int) -> JsonObject:
    options = [{"label": f"{number}", "value": f"{size}-{number}"} for number in range(size)]
    return {"type": 1, "components": [{"type": 3, "custom_id": f"m{size}", "options": options}]}


def section(number: int) -> JsonObject:
    button = tappable("[1]", f"s{number}", ButtonStyle.secondary)
    return {"type": 9, "components": [shown_text("A claim. " * 9)], "accessory": button}


LINK: JsonObject = {
    "type": 1,
    "components": [{"type": 2, "style": 5, "label": "Go", "url": "https://news.example.org"}],
}
rows = st.one_of(
    st.lists(st.integers(0, 999).map(str), min_size=1, max_size=9).map(lambda labels: row(*labels)),
    st.integers(1, 60).map(menu),
    st.just(LINK),
)
parts = st.one_of(
    st.sampled_from("aЯ壹👍").map(lambda letter: shown_text(letter * 900)),
    st.just(shown_text("A short paragraph.")),
    st.just({"type": 14, "divider": True}),
    st.integers(0, 99).map(section),
)


@settings(max_examples=scaled(60))
@given(st.lists(parts, max_size=40), st.lists(rows, max_size=40), st.booleans())
@example([shown_text("👍" * 900)] * 5, [], False)
@example([shown_text("👍" * 900), *[shown_text("壹" * 900)] * 3], [], True)
@example([shown_text("A short paragraph.")] * 38, [], True)
def test_any_message_fits(body: list[JsonObject], below: list[JsonObject], pictures: bool) -> None:
    message = DiscordMessage((shown_text("A heading"), *body), tuple(below)).fitted(WORDS, pictures=pictures)
    check_discord(message)
    assert message.size + pictures <= MOST_COMPONENTS
    assert message.fitted(WORDS, pictures=pictures) == message
    assert message.body[0] == shown_text("A heading")


@given(st.lists(st.integers(0, 99).map(section), max_size=3), st.integers(0, 6))
def test_a_message_within_the_limits_stays_as_it_is(body: list[JsonObject], count: int) -> None:
    whole = DiscordMessage((shown_text("Hello"), *body[:1]), tuple(row(f"{number}") for number in range(count)))
    assert whole.fitted(WORDS) == whole


@pytest.mark.parametrize("count", [19, 30, 100, 400])
def test_many_buttons_become_menus_and_the_last_row_stays(count: int) -> None:
    below = tuple(row(f"order {number}") for number in range(count))
    message = DiscordMessage.plain("Which?", (*below, row("back"))).fitted(WORDS)
    assert set(tapped(message)) == {f"!order {number}" for number in range(count)} | {"!back"}
    assert message.rows[-1] == row("back")
    assert "more" not in message.text


def test_only_as_many_buttons_as_necessary_become_a_menu() -> None:
    below = tuple(row(f"order {number}") for number in range(20))
    message = DiscordMessage.plain("Which?", below).fitted(WORDS)
    (options,) = (one["components"][0]["options"] for one in message.rows if "options" in one["components"][0])
    assert [option["label"] for option in options] == ["order 0", "order 1"]
    assert message.rows[1:] == below[2:]


def test_what_has_no_room_is_counted() -> None:
    below = tuple(row(f"order {number}") for number in range(559))
    message = DiscordMessage.plain("Which?", (*below, row("back"))).fitted(WORDS)
    check_discord(message)
    left = 560 - len(list(tapped(message)))
    assert left == 134
    assert message.text.endswith(f"And {left} more.")


def test_parts_of_the_body_that_have_no_room_are_counted() -> None:
    message = DiscordMessage(tuple(section(number) for number in range(20)), (row("back"),)).fitted(WORDS)
    check_discord(message)
    kept = sum("accessory" in part for part in message.body)
    assert message.text.endswith(f"And {20 - kept} more.")
    assert message.rows == (row("back"),)


def test_the_last_row_stays_although_it_would_fit_into_a_menu() -> None:
    ways = row("back", "next", "list", "help", "more")
    below = tuple(row(f"order {number}") for number in range(17 * 25))
    message = DiscordMessage.plain("Which?", (*below, ways)).fitted(WORDS)
    check_discord(message)
    assert message.rows[-1] == ways
    assert message.text.endswith(f"And {len(below) + 5 - len(list(tapped(message)))} more.")


def test_a_message_of_an_unknown_language_fits_too() -> None:
    below = tuple(row(f"order {number}") for number in range(559))
    check_discord(DiscordMessage.plain("Hello " * 9999, below))


def test_rows_of_links_take_the_room_that_they_need_beside_menus() -> None:
    body = (shown_text("A heading"), *(section(number) for number in range(3)))
    below = (*(menu(60 - number) for number in range(5)), *[LINK] * 7, row(*"123456"), LINK)
    message = DiscordMessage(body, below).fitted(WORDS)
    check_discord(message)
    assert "more" in message.text
