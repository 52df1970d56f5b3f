"""The choices that come with a signature: the name in the hand-in, and the channel for updates."""

from __future__ import annotations

from dataclasses import replace

from core.conversation.state import Conversation, SetUpdates, Stage
from core.petition.form import FieldKind
from core.petition.petition import Petition


def agreed(state: Conversation, petition: Petition, *, named: bool) -> Conversation:
    """The conversation with the choice that Confirm made, unless a form made it before or the petition doesn't ask."""
    if not petition.named_if:
        return state
    return replace(state, answers={petition.named_if: "yes" if named else "no", **state.answers})


def with_updates(state: Conversation, petition: Petition, event: SetUpdates) -> Conversation:
    """The conversation with the chosen channel; if updates by e-mail lack an address, that is asked for."""
    chosen = replace(state, updates=event.wanted, by_email=event.wanted and event.by_email, trail=())
    field = next((field for field in petition.fields if field.kind is FieldKind.EMAIL), None)
    if chosen.by_email and field and field.name not in state.answers:
        return replace(chosen, stage=Stage.ANSWERING, asking=field.name)
    return chosen


def without_idle_channel(state: Conversation, petition: Petition) -> Conversation:
    """The conversation without updates by e-mail if it reaches the review without an address."""
    if state.by_email and state.stage is Stage.REVIEWING and not petition.answered(FieldKind.EMAIL, state.answers):
        return replace(state, updates=False, by_email=False)
    return state
