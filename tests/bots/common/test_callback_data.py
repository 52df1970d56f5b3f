"""A button's event fits into 64 bytes and comes back as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.common.callback_data import LONGEST, Callback, decode, encode
from core.conversation import state as ev
from core.conversation.state import Event, Overlay
from core.conversation.typed import CanRead, SendProof, SendText
from core.petition.captions import options
from core.petition.country import CODES
from core.petition.form import Field, FieldKind
from core.petition.petition import LONGEST_SLUG
from tests.world import TREES, petitions

LONG = replace(petitions()[TREES], slug="a" * LONGEST_SLUG)
WITH_BUTTONS = {
    FieldKind.CHOICE, FieldKind.YES_NO, FieldKind.AGREE, FieldKind.COUNTRY, FieldKind.POSTAL_CODE,
}  # fmt: skip
numbers = st.integers(0, 10**6)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(ev.TurnPage, numbers),
    st.builds(ev.ListSources, numbers),
    st.builds(ev.ShowSource, numbers),
    st.builds(ev.Show, st.sampled_from(Overlay)),
    st.builds(ev.Edit, st.sampled_from([field.name for field in LONG.fields])),
    st.builds(ev.Remove, st.sampled_from([field.name for field in LONG.fields])),
    st.builds(ev.ListOwn, numbers, st.sampled_from([Overlay.SIGNATURES, Overlay.UPDATES, Overlay.CLAIMS])),
    st.builds(ev.Pick, st.sampled_from([field.name for field in LONG.fields]), st.integers(0, 9)),
    st.builds(ev.SetUpdates, st.just(True), st.booleans(), st.booleans()),
    st.builds(ev.SetUpdates, st.just(False), st.just(False), st.booleans()),
    st.builds(ev.SetLocale, st.sampled_from(["en", "pt_BR", "zh_Hant_TW"])),
    st.sampled_from([ev.Answer({"role": "owner"}), ev.Answer({"volunteer": "no"})]),
    st.sampled_from(
        [ev.Open(), ev.Back(), ev.Begin(), ev.Skip(), ev.Confirm(), ev.Confirm(named=True), ev.Cancel(), ev.NotMe()]
    ),
    st.builds(CanRead, st.booleans()),
    st.sampled_from([ev.Withdraw(), ev.SendData(), SendProof(), SendText(), ev.Forget()]),
)


@given(events, st.none() | st.integers(0, 10**9))
def test_there_and_back(event: Event, revision: int | None) -> None:
    data = encode(event, LONG, revision)
    assert len(data.encode()) <= LONGEST
    callback = decode(data, {LONG.slug: LONG})
    assert callback
    assert (callback.petition, callback.revision, callback.event) == (LONG.slug, revision, event)


@pytest.mark.parametrize("kind", FieldKind)
def test_every_answer_that_a_button_offers_comes_back(kind: FieldKind) -> None:
    field = Field("it", kind, options=("here", "there") if kind is FieldKind.CHOICE else ())
    petition = replace(LONG, fields=(field,))
    offered = {key for key, _ in options(petition.text("en"), field)}
    if kind in (FieldKind.COUNTRY, FieldKind.POSTAL_CODE):  # buttons offer those that a person may mean
        offered |= CODES
    assert bool(offered) == (kind in WITH_BUTTONS)
    for key in offered:
        callback = decode(encode(ev.Answer({"it": key}), petition, 7), {LONG.slug: petition})
        assert callback
        assert callback.event == ev.Answer({"it": key})


def test_a_button_means_the_same_after_the_form_was_reordered() -> None:
    role = next(field for field in LONG.fields if field.name == "role")
    others = tuple(field for field in LONG.fields if field is not role)
    turned = replace(LONG, fields=(replace(role, options=role.options[::-1]), *others[::-1]))
    meant: list[Event] = [ev.Answer({"role": option}) for option in role.options]
    meant += [kind(field.name) for field in LONG.fields for kind in (ev.Edit, ev.Remove)]
    for event in meant:
        callback = decode(encode(event, LONG, 7), {LONG.slug: turned})
        assert callback
        assert callback.event == event


def test_a_button_of_an_option_or_a_field_that_is_gone_leads_back_to_the_question() -> None:
    role = next(field for field in LONG.fields if field.name == "role")
    shorter = replace(LONG, fields=(replace(role, options=role.options[1:]),))
    gone: list[Event] = [ev.Answer({"role": role.options[0]}), ev.Edit("who"), ev.Remove("reason"), ev.Pick("who", 1)]
    callbacks = [decode(encode(event, LONG, 7), {LONG.slug: shorter}) for event in gone]
    assert callbacks == [Callback(LONG.slug, 7, ev.Begin())] * len(gone)


@given(st.text(max_size=64))
def test_anything_else_is_nothing(data: str) -> None:
    assert decode(data, petitions()) is None or data.startswith("q")


SPOILT = [
    *("", "c", "c.1", "c.x.SLUG", "z.1.SLUG", "e99.1.SLUG", "cc.1.SLUG"),
    *("a3.1.SLUG", "a0-0.1.SLUG", "vnone.1.SLUG", "u3.1.SLUG", "u-1.1.SLUG"),
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


def test_the_text_of_a_petition_whose_folder_is_gone_can_be_asked_for() -> None:
    data = encode(SendText(), None, 3, "gone")
    assert decode(data, {}) == Callback("gone", 3, SendText())
