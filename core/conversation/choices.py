"""The choices that come with a signature: the name in the hand-in, and the channel for updates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core.conversation.demands import Demand, Turn
from core.conversation.looks import OWN_LISTED
from core.conversation.state import SIGNING, Conversation, Overlay, SetUpdates, Stage
from core.messages import Message
from core.petition.form import FieldKind
from core.petition.petition import Petition
from core.signatures.signature import SignerContext


def agreed(state: Conversation, petition: Petition, *, named: bool) -> Conversation:
    """The conversation with the choice that Confirm made, unless a form made it before or the petition doesn't ask."""
    if not petition.named_if:
        return state
    return replace(state, answers={petition.named_if: "yes" if named else "no", **state.answers})


def channels(updates: bool, by_email: bool, *, with_address: bool) -> Iterator[tuple[Message, SetUpdates]]:
    """The other channels for updates, with the words of their buttons; without an address, there is only the chat."""
    if not updates or by_email:
        yield Message("button.updates_here" if with_address else "button.updates_on"), SetUpdates(wanted=True)
    if with_address and not by_email:
        yield Message("button.updates_email"), SetUpdates(wanted=True, by_email=True)
    if updates or by_email:
        yield Message("button.updates_off"), SetUpdates(wanted=False)


def choose_updates(state: Conversation, petition: Petition, known: SignerContext, event: SetUpdates) -> Turn:
    """Set the channel for updates: before signing as part of the review, afterwards on the signature."""
    if state.stage in SIGNING and not event.listed:
        return Turn(_with_updates(state, petition, event))
    if known.signature is None or (event.by_email and not known.signature.has_address):
        return Turn(state)
    demand = Demand.UPDATES_BY_EMAIL if event.by_email else Demand.UPDATES_ON
    demand = demand if event.wanted else Demand.UPDATES_OFF
    if not event.listed:
        notice = Message("notice.updates_on" if event.wanted else "notice.updates_off")
        return Turn(replace(state, notice=notice), demand=demand)
    slugs = [signature.petition for signature in known.signatures]
    place = slugs.index(petition.slug) if petition.slug in slugs else 0
    return Turn(replace(state.open_overlay(Overlay.UPDATES), own_page=place // OWN_LISTED), demand=demand)


def _with_updates(state: Conversation, petition: Petition, event: SetUpdates) -> Conversation:
    """The conversation with the chosen channel; if updates by email lack an address, that is asked for."""
    chosen = replace(state, updates=event.wanted, by_email=event.wanted and event.by_email, trail=())
    field = next((field for field in petition.fields if field.kind is FieldKind.EMAIL), None)
    if chosen.by_email and field and field.name not in state.answers:
        return replace(chosen, stage=Stage.ANSWERING, asking=field.name)
    return chosen


def without_idle_channel(state: Conversation, petition: Petition) -> Conversation:
    """The conversation without updates by email if it reaches the review without an address."""
    if state.by_email and state.stage is Stage.REVIEWING and not petition.answered(FieldKind.EMAIL, state.answers):
        return replace(state, updates=False, by_email=False)
    return state
