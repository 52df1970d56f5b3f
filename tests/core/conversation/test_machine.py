"""The conversation's rules, step by step."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.conversation.demands import Demand
from core.conversation.machine import advance, fields_to_ask
from core.conversation.overlays import screen_for
from core.conversation.reading import page_size
from core.conversation.scene import Scene
from core.conversation.state import Conversation, Event, Overlay, Stage
from core.signatures.signature import Outcome, SignerContext
from tests.core.conversation.stories import PETITION, SIGNED, TYPED, UNNAMED, after, changed
from tests.world import NOW, TREES, petitions


def test_name_and_postal_code_then_the_review() -> None:
    now = after(*TYPED).conversation
    assert now.stage is Stage.REVIEWING
    assert now.answers == {"full_name": "Ada Lovelace", "postal_code": "90210"}


def test_three_actions_with_a_profile_name() -> None:
    turn = after(ev.Begin(), ev.Reply("90210"), ev.Confirm(), known=SignerContext(profile_name="Ada Lovelace"))
    assert turn.submission
    assert turn.submission.answers == {"full_name": "Ada Lovelace", "postal_code": "90210", **UNNAMED}
    assert turn.submission.digest == PETITION.text("en").digest
    assert not turn.submission.updates


def test_two_actions_for_somebody_known() -> None:
    known = SignerContext({"name": "Ada", "postal_code": "90210", "email": "ada@example.org"})
    turn = after(ev.Begin(), ev.Confirm(), known=known)
    assert turn.submission
    assert turn.submission.answers["email"] == "ada@example.org"


def test_a_profile_name_that_is_no_name_is_asked_for() -> None:
    now = after(ev.Begin(), known=SignerContext(profile_name="free crypto t.me/x")).conversation
    assert [field.name for field in fields_to_ask(now, PETITION)] == ["full_name", "postal_code"]


def test_a_refused_value_keeps_the_accepted_ones() -> None:
    now = after(*TYPED[:2], ev.Reply("nowhere")).conversation
    assert now.answers == {"full_name": "Ada Lovelace"}
    assert now.errors["postal_code"].key == "refused.postal_code_elsewhere"
    assert after(*TYPED[:2], ev.Reply("nowhere"), ev.Reply("90210")).conversation.stage is Stage.REVIEWING


def test_a_form_of_several_fields_keeps_the_good_ones() -> None:
    values = {"full_name": "Ada", "postal_code": "x", "email": "no", "comment": "Because"}
    now = after(ev.Begin(), ev.Answer(values)).conversation
    assert now.answers == {"full_name": "Ada", "comment": "Because"}
    assert [field.name for field in fields_to_ask(now, PETITION)] == ["postal_code", "email"]
    assert advance(now, ev.Answer({"postal_code": "90210", "email": ""}), PETITION, NOW).conversation.errors == {}


def test_editing_returns_to_the_review() -> None:
    now = after(*TYPED, ev.Edit("full_name"), ev.Reply("Ada King")).conversation
    assert (now.stage, now.answers["full_name"]) == (Stage.REVIEWING, "Ada King")
    kept = after(*TYPED, ev.Edit("full_name"), ev.Skip()).conversation
    assert (kept.stage, kept.answers["full_name"]) == (Stage.REVIEWING, "Ada Lovelace")
    back = after(*TYPED, ev.Edit("full_name"), ev.Reply("@"), ev.Back()).conversation
    assert (back.stage, back.answers["full_name"], back.errors) == (Stage.REVIEWING, "Ada Lovelace", {})


def test_optional_fields_are_added_refused_skipped_and_removed() -> None:
    refused = after(*TYPED, ev.Edit("email"), ev.Reply("no")).conversation
    assert (refused.stage, set(refused.errors)) == (Stage.ANSWERING, {"email"})
    skipped = advance(refused, ev.Skip(), PETITION, NOW).conversation
    assert (skipped.stage, skipped.errors) == (Stage.REVIEWING, {})
    added = after(*TYPED, ev.Edit("comment"), ev.Reply("Because")).conversation
    assert added.answers["comment"] == "Because"
    offered = screen_for(Scene(refused, petitions(), SignerContext(), lambda: 0, NOW)).buttons
    assert ev.Skip() in [button.event for row in offered for button in row]
    assert "comment" not in advance(added, ev.Remove("comment"), PETITION, NOW).conversation.answers
    assert "full_name" in advance(added, ev.Remove("full_name"), PETITION, NOW).conversation.answers


def test_stepping_back_goes_question_by_question_to_the_cover() -> None:
    now = after(*TYPED[:2], ev.Back()).conversation
    assert [field.name for field in fields_to_ask(now, PETITION)] == ["full_name"]
    again = advance(now, ev.Back(), PETITION, NOW).conversation
    assert (again.stage, again.answers) == (Stage.READING, {"full_name": "Ada Lovelace"})
    on = advance(now, ev.Skip(), PETITION, NOW).conversation
    assert [field.name for field in fields_to_ask(on, PETITION)] == ["postal_code"]


def test_leaving_and_coming_back_loses_nothing() -> None:
    now = after(*TYPED, ev.SetUpdates(wanted=True), ev.Open("newsletter"), ev.TurnPage(1), ev.Begin()).conversation
    assert (now.stage, now.label, now.updates) == (Stage.REVIEWING, "newsletter", True)
    assert now.answers == {"full_name": "Ada Lovelace", "postal_code": "90210"}


def test_cancel_drops_what_was_given() -> None:
    now = after(*TYPED, ev.SetUpdates(wanted=True), ev.Cancel()).conversation
    assert (now.stage, now.answers, now.updates) == (Stage.READING, {}, False)
    assert now.notice
    assert now.notice.key == "notice.cancelled"


def test_looking_around_while_signing_leads_back_to_signing() -> None:
    now = after(*TYPED, ev.ListSources(), ev.ShowSource(2), ev.Back(), ev.Back()).conversation
    assert (now.stage, now.overlay) == (Stage.REVIEWING, Overlay.STAGE)
    assert after(*TYPED, ev.TurnPage(0), ev.Confirm()).submission is None


def test_a_source_leads_back_to_the_place_it_was_opened_from() -> None:
    from_page = after(ev.TurnPage(1), ev.ShowSource(3), ev.ShowSource(2), ev.Back()).conversation
    assert (from_page.overlay, from_page.page) == (Overlay.PAGE, 1)
    assert after(ev.ListSources(), ev.ShowSource(1), ev.Back()).conversation.overlay is Overlay.SOURCES
    assert after(ev.ShowSource(99)).conversation.overlay is Overlay.SOURCES


def test_views_opened_from_views_lead_back_one_by_one() -> None:
    deep = (ev.Show(Overlay.MORE), ev.Show(Overlay.PRIVACY), ev.Show(Overlay.FORGET), ev.Back())
    assert after(*deep).conversation.overlay is Overlay.PRIVACY
    assert after(*deep, ev.Back()).conversation.overlay is Overlay.MORE
    assert after(*deep, ev.Show(Overlay.MORE), ev.Back()).conversation.overlay is Overlay.STAGE


def test_a_first_hello_is_welcomed() -> None:
    def notice(*events: Event) -> str:
        told = after(*events).conversation.notice
        return told.key if told else ""

    assert notice(ev.Reply("hi")) == "notice.welcome"
    assert notice(ev.Reply("hi"), ev.Reply("hi")) == "notice.use_buttons"
    assert notice(ev.Open(), ev.Reply("hi")) == "notice.welcome"
    assert notice(ev.Open(), ev.Reply("")) == "notice.use_buttons", "a sticker greets nobody"
    assert notice(ev.Open(), ev.Reply("hi"), ev.Reply("hi")) == "notice.use_buttons"
    assert notice(ev.Open(), ev.Open(), ev.Reply("hi")) == "notice.use_buttons"
    assert notice(ev.TurnPage(0), ev.Reply("hi")) == "notice.use_buttons"


def offered(now: Conversation, known: SignerContext | None = None) -> list[Event | None]:
    scene = Scene(now, petitions(), known or SignerContext(), lambda: 0, NOW)
    return [button.event for row in screen_for(scene).buttons for button in row]


def test_help_offers_what_it_names() -> None:
    always = {
        ev.TurnPage(0),
        ev.ListSources(),
        ev.Show(Overlay.CLAIMS),
        ev.Show(Overlay.SHARE),
        ev.Show(Overlay.SIGNATURES),
    }
    always |= {ev.Show(overlay) for overlay in (Overlay.CLAIMS, Overlay.PRIVACY, Overlay.LANGUAGES, Overlay.FORGET)}
    always.add(ev.Back())
    story = (ev.Open(), ev.Show(Overlay.MORE))
    assert set(offered(after(*story).conversation)) == always | {ev.Begin()}
    known = SignerContext(signature=SIGNED)
    assert set(offered(after(*story, known=known).conversation, known)) == always | {ev.Show(Overlay.WITHDRAW)}
    signing = after(*TYPED, ev.Show(Overlay.MORE)).conversation
    assert set(offered(signing)) == always, "Back leads back to signing"


def test_help_for_a_newcomer_to_several_petitions_offers_their_list() -> None:
    events = offered(after(ev.Show(Overlay.MORE)).conversation)
    assert ev.ListPetitions() in events
    assert ev.Begin() not in events


def test_pages_end_at_both_ends() -> None:
    assert after(ev.TurnPage(-5)).conversation.page == 0
    assert after(ev.TurnPage(10**9)).conversation.page == len(PETITION.text("en").pages(page_size(""))) - 1


def test_who_signed_is_told_so() -> None:
    now = after(ev.Begin(), known=SignerContext(signature=SIGNED)).conversation
    assert (now.stage, now.outcome) == (Stage.FINISHED, Outcome.ALREADY_SIGNED)


def test_a_signature_found_only_at_the_end_stops_the_second_one() -> None:
    review = after(*TYPED).conversation
    turn = advance(review, ev.Confirm(), PETITION, NOW, SignerContext(signature=SIGNED))
    assert (turn.submission, turn.conversation.outcome) == (None, Outcome.ALREADY_SIGNED)


@pytest.mark.parametrize(
    ("day", "outcome"),
    [
        (dt.datetime(2018, 6, 30, 23, 59, tzinfo=dt.UTC), Outcome.NOT_YET_OPEN),
        (dt.datetime(2018, 7, 1, tzinfo=dt.UTC), None),
        (dt.datetime(2027, 12, 31, 23, 59, tzinfo=dt.UTC), None),
        (dt.datetime(2028, 1, 1, tzinfo=dt.UTC), Outcome.CLOSED),
    ],
)
def test_signing_opens_and_closes(day: dt.datetime, outcome: Outcome | None) -> None:
    assert after(ev.Begin(), now=day).conversation.outcome == outcome
    closing = advance(after(*TYPED).conversation, ev.Confirm(), PETITION, day)
    assert (closing.submission is None) == (outcome is not None)


def test_confirm_checks_everything_again() -> None:
    review = replace(after(*TYPED).conversation, answers={"full_name": "Ada", "postal_code": "stored before the rule"})
    turn = advance(review, ev.Confirm(), PETITION, NOW)
    assert turn.submission is None
    assert [field.name for field in fields_to_ask(turn.conversation, PETITION)] == ["postal_code"]
    assert turn.conversation.answers == {"full_name": "Ada"}


def test_a_form_that_was_open_while_the_text_changed_loses_nothing() -> None:
    begun = after(ev.Begin()).conversation
    sent = ev.Answer({"full_name": "Ada", "postal_code": "90210", "comment": "Because"})
    now = advance(begun, sent, changed(PETITION), NOW).conversation
    assert now.stage is Stage.READING
    assert now.notice is not None
    assert now.notice.key == "notice.text_changed"
    assert now.answers == {"full_name": "Ada", "postal_code": "90210", "comment": "Because"}


def test_a_form_begins_signing_where_it_has_not_begun() -> None:
    now = after(ev.Answer({"full_name": "Ada", "postal_code": "90210"})).conversation
    assert now.stage is Stage.REVIEWING
    assert after(ev.Answer({"full_name": "Ada", "postal_code": "9021"})).conversation.stage is Stage.ANSWERING


def test_a_changed_text_is_read_again_and_nothing_is_lost() -> None:
    review = after(*TYPED).conversation
    turn = advance(review, ev.Confirm(), changed(PETITION), NOW)
    assert turn.submission is None
    assert (turn.conversation.stage, turn.conversation.answers) == (Stage.READING, review.answers)
    assert turn.conversation.notice
    assert turn.conversation.notice.key == "notice.text_changed"
    again = advance(turn.conversation, ev.Begin(), changed(PETITION), NOW).conversation
    assert (again.stage, again.digest) == (Stage.REVIEWING, "f" * 64)


def test_another_language_means_another_text() -> None:
    trees = petitions()[TREES]
    begun = after(ev.Begin(), petition=trees).conversation
    spanish = advance(begun, ev.SetLocale("es"), trees, NOW).conversation
    assert spanish.digest == trees.text("es").digest != begun.digest
    assert spanish.stage is Stage.ANSWERING


def test_not_me_forgets_the_details_and_keeps_the_label() -> None:
    known = SignerContext({"name": "Ada", "postal_code": "90210"}, profile_name="Ada")
    turn = after(ev.Open("elmclub"), ev.Begin(), ev.NotMe(), known=known)
    assert (turn.demand, turn.conversation.answers, turn.conversation.label) == (Demand.FORGET_DETAILS, {}, "elmclub")
    assert turn.conversation.stage is Stage.ANSWERING
    assert advance(turn.conversation, ev.Begin(), PETITION, NOW, known).conversation.answers == {}


def test_labels_that_could_carry_identity_are_dropped() -> None:
    assert after(ev.Open("Elm-Club")).conversation.label == "elm-club"
    for label in ("ada@example.org", "a b", "x" * 33, "-x", "<b>"):
        assert after(ev.Open("kept"), ev.Open(label)).conversation.label == "kept"


def test_updates_are_off_until_asked_for() -> None:
    assert not after(*TYPED).conversation.updates
    turn = after(*TYPED, ev.SetUpdates(wanted=True), ev.Confirm())
    assert turn.submission
    assert turn.submission.updates


def test_withdrawing() -> None:
    assert after(ev.Withdraw()).demand is None
    turn = after(ev.Show(Overlay.WITHDRAW), ev.Withdraw(), known=SignerContext(signature=SIGNED))
    assert (turn.demand, turn.conversation.outcome) == (Demand.WITHDRAW, Outcome.WITHDRAWN)
