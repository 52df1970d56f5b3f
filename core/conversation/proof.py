"""The rules for a signer who asks for the proof that the public log has their signature.

Nothing here depends on whether the signature counts: every signer who was told "you signed" gets the same answers.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

from core.conversation.demands import Demand, Turn
from core.conversation.state import Conversation, Overlay, Stage
from core.log.schedule import day_ends
from core.messages import Message
from core.petition.petition import Petition
from core.petition.trial import is_trial
from core.signatures.signature import Signature


def ask_for_proof(conversation: Conversation, signature: Signature | None) -> Turn:
    """The turn after a signer asks for the proof; it comes above the outcome, or above their signatures."""
    if signature is None or is_trial(signature.petition):
        return Turn(replace(conversation, notice=Message("notice.no_proof")))
    is_thanked = conversation.stage is Stage.FINISHED and not conversation.trail
    shown = conversation if is_thanked else conversation.open_overlay(Overlay.SIGNATURES)
    return Turn(shown, demand=Demand.SEND_PROOF)


def without_proof(conversation: Conversation, petition: Petition, now: dt.datetime) -> Conversation:
    """The conversation of a signer whose signature the log doesn't have yet; it will by the end of the day."""
    hours = math.ceil((day_ends(now, petition.timezone) - now) / dt.timedelta(hours=1))
    return replace(conversation, notice=Message("notice.proof_later", {"count": hours}))
