"""Stories for tests of the conversation: events one after another, and what came of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from core.conversation import state as ev
from core.conversation.demands import Turn
from core.conversation.machine import advance
from core.conversation.state import Conversation, Event
from core.petition.petition import Petition
from core.signatures.signature import Signature, SignatureStatus, SignerContext
from tests.world import NOW, SALESFORCE, petitions

PETITION = petitions()[SALESFORCE]
SIGNED = Signature(SALESFORCE, "R-1", "rr", 7, SignatureStatus.COUNTED, "d" * 64, NOW, "test", "en")


def fresh(**changes: object) -> Conversation:
    return replace(Conversation(SALESFORCE, "en"), **changes)  # type: ignore[arg-type]


def after(
    *events: Event, known: SignerContext | None = None, petition: Petition = PETITION, now: dt.datetime = NOW
) -> Turn:
    turn = Turn(Conversation(petition.slug, "en"))
    for event in events:
        turn = advance(turn.conversation, event, petition, now, known)
    return turn


UNNAMED = {"show_name": "no"}
"""The answer that Confirm gives to the question about the name."""
TYPED = (ev.Begin(), ev.Reply("Ada Lovelace"), ev.Reply("90210"))


def changed(petition: Petition) -> Petition:
    text = replace(petition.text("en"), digest="f" * 64)
    return replace(petition, texts={"en": text})
