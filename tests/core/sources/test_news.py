"""News about sources: each change is news once, and a fault that passes is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sources.checks import LinkState, PassageState, SourceCheck
from core.sources.news import NewsKind, news
from tests.world import NOW

DAY = dt.timedelta(days=1)
S, P = LinkState, PassageState


def checks(states: Sequence[LinkState], passages: Sequence[PassageState] = (), changed: str = "") -> list[SourceCheck]:
    """A check a day; `changed` has an x for each look that found another text."""
    found, changed_at = list[SourceCheck](), None
    for day, state in enumerate(states):
        at = NOW + day * DAY
        changed_at = at if changed[day : day + 1] == "x" else changed_at
        passage = passages[day] if day < len(passages) else P.NOT_GIVEN
        found.append(SourceCheck("k", "https://leaf.example", at, state, passage=passage, changed_at=changed_at))
    return found


def days(found: Sequence[SourceCheck]) -> list[tuple[NewsKind, int]]:
    return [(one.kind, (one.check.at - NOW).days) for one in news(found)]


@pytest.mark.parametrize("state", [S.GONE, S.SOFT_404, S.WALLED, S.MOVED])
def test_a_source_that_dies_is_news_once_and_again_if_it_dies_again(state: LinkState) -> None:
    assert days(checks([S.ALIVE, state, state])) == [(NewsKind.LINK, 1)]
    assert days(checks([state, state])) == [(NewsKind.LINK, 0)], "also at the first look"
    assert days(checks([state, S.ALIVE, state])) == [(NewsKind.LINK, 0), (NewsKind.LINK, 2)]


def test_what_the_checker_stays_away_from_and_what_is_there_is_no_news() -> None:
    assert days(checks([S.ALIVE, S.DISALLOWED, S.REFUSED, S.ALIVE])) == []


def test_a_link_that_cannot_be_reached_is_news_at_the_third_look_in_a_row() -> None:
    down = S.UNREACHABLE
    assert days(checks([S.ALIVE, down, down, S.ALIVE, down, down])) == []
    assert days(checks([S.ALIVE, down, down, down, down])) == [(NewsKind.LINK, 3)]
    assert days(checks([S.GONE, down, S.GONE])) == [(NewsKind.LINK, 0)], "it was gone all the time"


def test_words_that_vanish_are_news_also_after_looks_that_read_nothing() -> None:
    assert days(checks([S.ALIVE] * 4, [P.FOUND, P.UNREAD, P.MISSING, P.MISSING])) == [(NewsKind.PASSAGE, 2)]
    assert days(checks([S.ALIVE] * 4, [P.MISSING, P.UNREAD, P.MISSING, P.FOUND])) == [(NewsKind.PASSAGE, 0)]


def test_a_text_that_changes_is_news_but_not_at_every_look() -> None:
    assert days(checks([S.ALIVE] * 6, changed="-x-xx-")) == [(NewsKind.TEXT, 1), (NewsKind.TEXT, 3)]


@given(st.lists(st.tuples(st.sampled_from(S), st.sampled_from(P), st.booleans()), max_size=12))
def test_a_later_check_never_changes_the_news_before_it(looks: list[tuple[LinkState, PassageState, bool]]) -> None:
    changed = "".join("x" if each else "-" for _, _, each in looks)
    every = checks([state for state, _, _ in looks], [passage for _, passage, _ in looks], changed)
    known = [list(news(every[:count])) for count in range(len(every) + 1)]
    assert all(after[: len(before)] == before for before, after in pairwise(known))
    assert all(
        one.check is every[count - 1]
        for count in range(1, len(every) + 1)
        for one in known[count][len(known[count - 1]) :]
    )
