"""Inputs that look like probing, and questions that the product itself asks, which never do."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.conversation.probing import count_probes
from core.conversation.state import Conversation
from core.messages import Message
from core.petition.form import COUNTRY_OR_CODE, WHICH_COUNTRY, WHICH_EMAIL
from core.signatures.signature import SignerContext
from tests.core.conversation.stories import PETITION, after
from tests.world import NOW, SALESFORCE

AT_ONCE, LATER = NOW + dt.timedelta(milliseconds=300), NOW + dt.timedelta(seconds=20)
ASKED = Message(WHICH_EMAIL, {"meant": "ada@gmail.com", "typed": "ada@gmial.com"})
BEGUN = Conversation(SALESFORCE, "en", answered_at=NOW)


@pytest.mark.parametrize(
    ("error", "at_once"),
    [
        (Message("refused.postal_code"), 1),
        (Message(WHICH_COUNTRY, {"codes": "CG CD"}), 0),
        (Message(COUNTRY_OR_CODE, {"codes": "GE"}), 0),
    ],
)
def test_a_refusal_at_machine_speed_counts_but_a_question_does_not(error: Message, at_once: int) -> None:
    values, errors = {"postal_code": "Georgia"}, {"postal_code": error}
    assert count_probes(BEGUN, PETITION, values, errors, AT_ONCE) == at_once
    assert count_probes(BEGUN, PETITION, values, errors, LATER) == 0


@pytest.mark.parametrize(
    ("address", "probes"), [("ada@gmail.com", 0), ("ada@gmial.com", 0), ("ben@example.org", 1), ("", 0)]
)
def test_only_an_address_that_was_not_offered_is_another_one(address: str, probes: int) -> None:
    asked = replace(BEGUN, errors={"email": ASKED}, answers={"email": "ada@example.org"})
    assert count_probes(asked, PETITION, {"email": address}, {}, AT_ONCE) == probes


@pytest.mark.parametrize("answer", [ev.Pick("email", 0), ev.Reply("ada@gmail.com"), ev.Reply("ada@gmial.com")])
def test_a_mistyped_domain_is_no_probe_whatever_is_meant(answer: ev.Event) -> None:
    turn = after(
        ev.Begin(), ev.Answer({"full_name": "Ada Lovelace", "postal_code": "90210"}),
        ev.Edit("email"), ev.Reply("ada@gmial.com"), answer,
    )  # fmt: skip
    assert "email" in turn.conversation.answers
    assert turn.conversation.probes == 0


@pytest.mark.parametrize(
    ("address", "probes"), [("ada@example.org", 0), (" ada@example.org ", 0), ("ben@example.org", 1)]
)
def test_the_same_address_is_not_another_one_after_it_was_emptied(address: str, probes: int) -> None:
    emptied = (ev.Edit("email"), ev.Answer({"email": " "}), ev.Answer({"email": address}))
    assert after(*GIVEN, *emptied).conversation.probes == probes


GIVEN = (ev.Begin(), ev.Answer({"full_name": "Ada Lovelace", "postal_code": "90210", "email": "ada@example.org"}))


@pytest.mark.parametrize(
    ("event", "probes"),
    [
        (ev.Cancel(), 1), (ev.NotMe(), 1), (ev.Remove("email"), 1),
        (ev.Cancel(kept=True), 0), (ev.Open(), 0), (ev.Remove("comment"), 0), (ev.Forget(), 0),
    ],
)  # fmt: skip
def test_an_address_that_is_dropped_counts_like_one_that_is_replaced(event: ev.Event, probes: int) -> None:
    turn = after(*GIVEN, event)
    assert turn.conversation.probes == probes
    again = ev.Answer({"full_name": "Ada Lovelace", "postal_code": "90210", "email": "ben@example.org"})
    if event in (ev.Cancel(), ev.Remove("email")):
        assert after(*GIVEN, event, ev.Begin(), again).conversation.probes == 1
    known = SignerContext({"email": "ada@example.org"})
    assert after(*GIVEN, event, known=known).conversation.probes == 0, "it was filled in"
