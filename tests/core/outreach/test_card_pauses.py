"""Pauses between tries to edit a card, after any answers of the platform."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.outreach.cards import LONGEST_PAUSE, PUBLISHED_EVERY, REFRESH_EVERY, Card
from tests.world import NOW

CARD = Card("discord", "1", "10", "elms", "g0123456789ab", "en", "old", NOW)
HOUR = dt.timedelta(hours=1)
LOOKS = st.lists(st.timedeltas(dt.timedelta(minutes=1), 6 * HOUR), min_size=1, max_size=80)
ANSWERS = st.lists(st.sampled_from(["edited", "refused", "put off"]), min_size=80, max_size=80)


def tries(card: Card, looks: list[dt.timedelta], answers: list[str]) -> Iterator[tuple[dt.datetime, Card]]:
    """Look again and again, as the service does; yields each try with the card before it."""
    now, given_answers = NOW, iter(answers)
    for pause in looks:
        now += pause
        if card.rests(now):
            continue
        yield now, card
        match next(given_answers):
            case "edited":
                card = card.edited("new", now)
            case "refused":
                card = card.refused(now)
            case _:
                card = replace(card, refreshed_at=now).resting(now + HOUR)


@given(LOOKS)
def test_pauses_of_a_refused_card_double_up_to_a_day(looks: list[dt.timedelta]) -> None:
    moments = [now for now, _ in tries(CARD, looks, ["refused"] * len(looks))]
    for before, after in itertools.pairwise(moments):
        assert after - before >= min(before - moments[0], LONGEST_PAUSE)
        skipped = [now for now in times(looks) if before < now < after]
        assert all(now - before < LONGEST_PAUSE for now in skipped), "never silent for longer than a day"


@given(LOOKS, ANSWERS)
def test_an_accepted_edit_forgives_everything_and_what_was_put_off_waits(
    looks: list[dt.timedelta], answers: list[str]
) -> None:
    made = list(tries(CARD, looks, answers))
    for (now, _), (later, card), answer in zip(made, made[1:], answers, strict=False):
        if answer == "edited":
            assert card.refused_at is None
            assert card.rests_until is None
        if answer == "put off":
            assert later >= now + HOUR


@given(st.lists(st.timedeltas(REFRESH_EVERY, dt.timedelta(minutes=9)), min_size=20, max_size=80))
def test_a_published_card_is_edited_at_most_three_times_in_any_hour(looks: list[dt.timedelta]) -> None:
    moments = [now for now, _ in tries(replace(CARD, published=True), looks, ["edited"] * len(looks))]
    for first in moments:
        assert sum(first <= each <= first + HOUR for each in moments) <= 3
    assert len(moments) >= (times(looks)[-1] - NOW) // (PUBLISHED_EVERY + dt.timedelta(minutes=9)), "and not less often"


def times(looks: list[dt.timedelta]) -> list[dt.datetime]:
    """The moments of all looks."""
    moments = [NOW]
    for pause in looks:
        moments.append(moments[-1] + pause)
    return moments[1:]
