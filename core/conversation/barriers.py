"""The reasons that a signer can't sign now: too early, too late, paused, or signed already."""

from __future__ import annotations

import datetime as dt

from core.petition.petition import Petition, PetitionStatus
from core.petition.phase import Phase
from core.signatures.signature import Outcome, SignerContext


def is_paused(petition: Petition, known: SignerContext) -> bool:
    """True while organizers have paused the petition, which keeps the answers."""
    return petition.decision.status is PetitionStatus.PAUSED and known.signature is None


def barrier(petition: Petition, known: SignerContext, now: dt.datetime) -> Outcome | None:
    """The reason that this signer cannot sign, if any."""
    if known.signature:
        return Outcome.ALREADY_SIGNED
    phase = petition.phase(now)
    if phase is Phase.OPEN:
        return None
    return Outcome.NOT_YET_OPEN if phase is Phase.EARLY else Outcome.CLOSED
