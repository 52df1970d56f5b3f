"""The choices that come with a signature: the name in the hand-in."""

from __future__ import annotations

from dataclasses import replace

from core.conversation.state import Conversation
from core.petition.petition import Petition


def agreed(state: Conversation, petition: Petition, *, named: bool) -> Conversation:
    """The conversation with the choice that Confirm made, unless a form made it before or the petition doesn't ask."""
    if not petition.named_if:
        return state
    return replace(state, answers={petition.named_if: "yes" if named else "no", **state.answers})
