"""Organizers' decisions about signatures, put in force and noted."""

from __future__ import annotations

from core.organizer.command import OrganizerContext
from core.organizer.review_words import AFFECTED, ReviewAction
from core.petition.trial import is_trial
from core.services.ledger import Ledger
from core.signatures.review import Query, StatusChange
from core.signatures.signature import Signature
from core.team import AuditEntry

NAME = "review"


def apply(context: OrganizerContext, action: ReviewAction, query: Query) -> tuple[StatusChange, ...]:
    """Decide about all signatures that match a query; returns the changes."""
    ledger = Ledger(context.work, context.now)
    match action:
        case ReviewAction.ACCEPT:
            return ledger.accept(query)
        case ReviewAction.INVALIDATE:
            return ledger.invalidate(query)
        case ReviewAction.RESTORE:
            return ledger.restore(query)


def decide_one(context: OrganizerContext, action: ReviewAction, petition: str, receipt: str) -> Signature | None:
    """Decide about one signature and note it; returns it as it is now, or None if it was withdrawn or erased.

    The log has its number, since the log is permanent and the receipt leads to a person.
    """
    query = Query(petition, receipt=receipt)
    changes = apply(context, action, query)
    signature = next(iter(context.work.reviews.first(query, 1)), None)
    if signature and changes:
        note(context, f"{action} {petition} number={signature.number}")
    return signature


def possible(signature: Signature) -> tuple[ReviewAction, ...]:
    """The decisions that would change a signature; none for a trial."""
    if is_trial(signature.petition):
        return ()
    return tuple(action for action, statuses in AFFECTED.items() if signature.status in statuses)


def note(context: OrganizerContext, what: str) -> None:
    """Note a decision in the audit log."""
    context.work.audit.note(AuditEntry(context.now, context.signer, f"{NAME} {what}"))
