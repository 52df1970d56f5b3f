"""The actions of `/review`, and the names of signals and statuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.messages import Message
from core.signatures.quarantine import Signal
from core.signatures.signature import SignatureStatus


class ReviewAction(StrEnum):
    """A decision about signatures."""

    ACCEPT = "accept"
    INVALIDATE = "invalidate"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class ActionWords:
    """The messages of an action: its button, the question before it applies to many, and the button that confirms.

    `beside` is the button beside the signature.
    """

    button: str
    beside: str
    ask: str
    now: str


ACTIONS: Mapping[ReviewAction, ActionWords] = {
    ReviewAction.ACCEPT: ActionWords("review.accept", "review.accept_one", "review.accept_ask", "review.accept_now"),
    ReviewAction.INVALIDATE: ActionWords(
        "review.invalidate", "review.invalidate_one", "review.invalidate_ask", "review.invalidate_now"
    ),
    ReviewAction.RESTORE: ActionWords(
        "review.restore", "review.restore_one", "review.restore_ask", "review.restore_now"
    ),
}
AFFECTED: Mapping[ReviewAction, tuple[SignatureStatus, ...]] = {
    ReviewAction.ACCEPT: (SignatureStatus.QUARANTINED, SignatureStatus.DUPLICATE),
    ReviewAction.INVALIDATE: (SignatureStatus.QUARANTINED, SignatureStatus.COUNTED, SignatureStatus.DUPLICATE),
    ReviewAction.RESTORE: (SignatureStatus.INVALID,),
}
"""The statuses that an action applies to; the first is the default."""
STATUSES: Mapping[SignatureStatus, Message] = {
    SignatureStatus.COUNTED: Message("stats.counted"),
    SignatureStatus.DUPLICATE: Message("stats.duplicate"),
    SignatureStatus.QUARANTINED: Message("stats.quarantined"),
    SignatureStatus.INVALID: Message("stats.invalid"),
}
SIGNALS: Mapping[Signal, Message] = {
    Signal.BURST: Message("review.burst"),
    Signal.SAME_NAME: Message("review.same_name"),
    Signal.NEW_ACCOUNT: Message("review.new_account"),
    Signal.TOO_FAST: Message("review.too_fast"),
    Signal.DISPOSABLE: Message("review.disposable"),
    Signal.REFUSED: Message("review.refused"),
    Signal.BLOCKED: Message("review.blocked"),
}
