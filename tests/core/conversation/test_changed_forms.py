"""A form that changes while people fill it in: nothing given is lost, and nothing missing is signed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.conversation.machine import advance, fields_to_ask
from core.conversation.state import Event, Overlay, Stage
from core.messages import Message
from core.petition.petition import Petition
from tests.core.conversation.stories import PETITION, UNNAMED, fresh
from tests.world import NOW


def without(name: str) -> Petition:
    """The petition after its folder lost a field."""
    return replace(PETITION, fields=tuple(field for field in PETITION.fields if field.name != name))


ANSWERED = fresh(
    stage=Stage.ANSWERING, answers={"full_name": "Ada", "postal_code": "90210"}, digest=PETITION.text("en").digest
)


@pytest.mark.parametrize(
    "event", [ev.Open(), ev.Reply("ada@example.org"), ev.Skip(), ev.Show(Overlay.COUNT), ev.Back()]
)
def test_a_field_that_is_removed_while_it_is_asked_for_is_asked_no_more(event: Event) -> None:
    before = replace(ANSWERED, asking="email")
    petition = without("email")
    now = advance(before, event, petition, NOW).conversation
    assert "email" not in now.answers
    assert now.answers == before.answers
    assert now.stage is not Stage.ANSWERING, "nothing is left to ask"
    again = advance(advance(now, ev.Open(), petition, NOW).conversation, ev.Begin(), petition, NOW).conversation
    turn = advance(again, ev.Confirm(), petition, NOW)
    assert turn.submission
    assert turn.submission.answers == {**before.answers, **UNNAMED}


def test_an_answer_to_a_field_that_was_removed_is_not_submitted() -> None:
    before = replace(ANSWERED, stage=Stage.REVIEWING, answers={**ANSWERED.answers, "comment": "Because"})
    turn = advance(before, ev.Confirm(), without("comment"), NOW)
    assert turn.submission
    assert turn.submission.answers == {**ANSWERED.answers, **UNNAMED}


def test_a_field_that_was_removed_after_it_was_refused_holds_nobody_up() -> None:
    before = replace(ANSWERED, errors={"email": Message("refused.email")})
    assert advance(before, ev.Show(Overlay.STAGE), without("email"), NOW).conversation.stage is Stage.REVIEWING


@pytest.mark.parametrize("event", [ev.Edit("email"), ev.Remove("email")])
def test_a_button_of_a_field_that_was_removed_changes_nothing(event: Event) -> None:
    before = replace(ANSWERED, stage=Stage.REVIEWING)
    now = advance(before, event, without("email"), NOW).conversation
    assert now == replace(before, revision=now.revision)


def test_a_field_that_became_required_is_asked_for_before_confirming() -> None:
    fields = tuple(replace(field, required=True) if field.name == "email" else field for field in PETITION.fields)
    before = replace(ANSWERED, stage=Stage.REVIEWING)
    turn = advance(before, ev.Confirm(), replace(PETITION, fields=fields), NOW)
    assert turn.submission is None
    assert [field.name for field in fields_to_ask(turn.conversation, replace(PETITION, fields=fields))] == ["email"]
