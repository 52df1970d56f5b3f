"""The conversation's rules under any sequence of events."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from core.conversation import state as ev
from core.conversation.machine import advance, conclude
from core.conversation.overlays import screen_for
from core.conversation.scene import Scene
from core.conversation.state import Conversation, Event, Overlay, Stage
from core.petition.form import CleaningContext, clean
from core.petition.petition import Petition
from core.signatures.signature import Outcome, SignerContext
from tests.core.conversation.events import events, knowns, numbers
from tests.core.conversation.stories import PETITION, changed
from tests.world import NOW, SALESFORCE, TREES, catalog, petitions

moments = st.sampled_from([NOW, dt.datetime(2018, 1, 1, tzinfo=dt.UTC), dt.datetime(2030, 1, 1, tzinfo=dt.UTC)])


def without_fields(petition: Petition) -> Petition:
    fields = tuple(replace(field, required=False) for field in petition.fields[1:])
    return replace(petition, fields=fields)


versions = st.sampled_from(["first", "second", "other fields"])
PETITIONS = {
    "first": petitions(),
    "second": {slug: changed(petition) for slug, petition in petitions().items()},
    "other fields": {slug: without_fields(petition) for slug, petition in petitions().items()},
}


@given(st.sampled_from([SALESFORCE, TREES]), st.lists(st.tuples(events, knowns, moments, versions), max_size=40))
def test_no_sequence_of_events_raises_and_every_screen_can_be_drawn(
    slug: str, story: list[tuple[Event, SignerContext, dt.datetime, str]]
) -> None:
    now = Conversation(slug, "en")
    for event, known, moment, version in story:
        present = PETITIONS[version]
        turn = advance(now, event, present[slug], moment, known)
        assert turn.conversation.revision == now.revision + 1
        now = turn.conversation
        scene = Scene(now, present, known, lambda: 41, moment, catalog().locales)
        screen = screen_for(scene)
        assert screen == screen_for(scene)
        assert screen.parts
        assert len(screen.buttons) > 0
        if turn.submission:
            asked = [field.name for field in present[slug].fields if field.required]
            assert set(asked) <= set(turn.submission.answers)
            assert turn.submission.digest == present[slug].text(now.locale).digest
            now = conclude(now, Outcome.SIGNED)


@given(st.lists(events, max_size=30), st.lists(events, max_size=5))
def test_only_edit_remove_cancel_and_the_like_take_accepted_answers_away(story: list[Event], more: list[Event]) -> None:
    takes_away = (ev.Cancel, ev.NotMe, ev.Forget, ev.Remove, ev.Withdraw)
    now = Conversation(SALESFORCE, "en")
    for event in [*story, *more]:
        before, now = now, advance(now, event, PETITION, NOW).conversation
        if (isinstance(event, takes_away) and event != ev.Cancel(kept=True)) or now.stage is Stage.FINISHED:
            continue
        emptied = isinstance(event, ev.Answer)  # an emptied input in a form
        for name, value in before.answers.items():
            field = PETITION.field(name)
            assert field
            assert name in now.answers or (emptied and not field.required)
            if not isinstance(event, ev.Answer | ev.Reply | ev.Correct):
                assert now.answers[name] == value
        for name, value in now.answers.items():
            field = PETITION.field(name)
            assert field
            assert clean(field, value, CleaningContext(settled=True)) == value


looks = st.builds(ev.Show, st.sampled_from(Overlay)) | st.builds(ev.TurnPage, numbers)


@given(st.lists(st.tuples(looks | events, knowns), max_size=40))
@example([(ev.Show(Overlay.FORGET), SignerContext()), (ev.TurnPage(0), SignerContext())])
def test_back_never_leads_into_a_question_that_changes_something(story: list[tuple[Event, SignerContext]]) -> None:
    now = Conversation(SALESFORCE, "en")
    for event, known in story:
        now = advance(now, event, PETITION, NOW, known).conversation
        back = advance(now, ev.Back(), PETITION, NOW, known).conversation
        assert back.overlay not in (Overlay.WITHDRAW, Overlay.FORGET)
