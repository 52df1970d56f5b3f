"""A button's event fits into 64 bytes and comes back as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.common.callback_data import LONGEST, decode, encode
from core.conversation import state as ev
from core.conversation.state import Event, Overlay
from core.petition.petition import LONGEST_SLUG
from tests.world import TREES, petitions

LONG = replace(petitions()[TREES], slug="a" * LONGEST_SLUG)
numbers = st.integers(0, 10**6)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(ev.TurnPage, numbers),
    st.builds(ev.ListSources, numbers),
    st.builds(ev.ShowSource, numbers),
    st.builds(ev.Show, st.sampled_from(Overlay)),
    st.builds(ev.Edit, st.sampled_from([field.name for field in LONG.fields])),
    st.builds(ev.Remove, st.sampled_from([field.name for field in LONG.fields])),
    st.builds(ev.SetUpdates, st.booleans()),
    st.builds(ev.SetLocale, st.sampled_from(["en", "pt_BR", "zh_Hant_TW"])),
    st.sampled_from([ev.Answer({"role": "owner"}), ev.Answer({"volunteer": "no"})]),
    st.sampled_from([ev.Open(), ev.Back(), ev.Begin(), ev.Skip(), ev.Confirm(), ev.Cancel(), ev.NotMe()]),
    st.sampled_from([ev.Withdraw(), ev.SendData(), ev.Forget()]),
)


@given(events, st.none() | st.integers(0, 10**9))
def test_there_and_back(event: Event, revision: int | None) -> None:
    data = encode(event, LONG, revision)
    assert len(data.encode()) <= LONGEST
    callback = decode(data, {LONG.slug: LONG})
    assert callback
    assert (callback.petition, callback.revision, callback.event) == (LONG.slug, revision, event)


@given(st.text(max_size=64))
def test_anything_else_is_nothing(data: str) -> None:
    assert decode(data, petitions()) is None or data.startswith("q")


SPOILT = [
    *("", "c", "c.1", "c.x.SLUG", "z.1.SLUG", "e99.1.SLUG", "cc.1.SLUG"),
    *("a3.1.SLUG", "a0-0.1.SLUG", "vnone.1.SLUG", "u2.1.SLUG"),
]


@pytest.mark.parametrize("data", SPOILT)
def test_buttons_of_other_versions_are_nothing(data: str) -> None:
    assert decode(data.replace("SLUG", TREES), petitions()) is None


def test_only_withdrawing_works_once_a_petition_is_removed() -> None:
    for event in (ev.Show(Overlay.WITHDRAW), ev.Withdraw(), ev.Back()):
        for revision in (None, 7):
            callback = decode(encode(event, None, revision, LONG.slug), petitions())
            assert callback
            assert (callback.petition, callback.revision, callback.event) == (LONG.slug, revision, event)
    assert encode(ev.Begin(), None, 7, LONG.slug) == "q0.."
    others: tuple[Event, ...] = (ev.Begin(), ev.Show(Overlay.SHARE), ev.TurnPage(1))
    assert [decode(encode(other, LONG, 7), petitions()) for other in others] == [None] * 3
    assert decode("b..", petitions()) is None
