"""The statement that reads a person together with what most calls ask for next (storage.repositories.arrivals)."""

from __future__ import annotations

import sqlalchemy as sa

from storage.statements.build import bound
from storage.statements.people import HANDLED
from storage.statements.signatures import IS_STANDING, STANDING_COLUMNS
from storage.tables import ConversationRow, DecisionRow, OrganizerRow, SignatureRow, SignerRow, table

_signers, _conversations, _decisions = table(SignerRow), table(ConversationRow), table(DecisionRow)
_organizers, _signatures = table(OrganizerRow), table(SignatureRow)

DECISION, STANDING = "decision_", "standing_"
"""The first letters of the columns of a decision, and of a standing signature."""

_ABOUT = sa.case((bound("slug") == sa.literal(""), _signers.c.focus), else_=bound("slug"))
_ORGANIZES = sa.exists().where(_organizers.c.fingerprint == bound("organizer"))
ARRIVAL = (
    sa.select(
        _signers,
        HANDLED.label("was_erased"),
        _ORGANIZES.label("organizes"),
        _ABOUT.label("about"),
        _conversations.c.sealed.label("talk"),
        *(column.label(f"{DECISION}{column.name}") for column in _decisions.c),
        *(column.label(f"{STANDING}{column.name}") for column in STANDING_COLUMNS),
    )
    .select_from(
        sa.select(sa.literal(1).label("one"))
        .subquery("read_row")
        .outerjoin(_signers, _signers.c.fingerprint == bound("who"))
        .outerjoin(
            _conversations, (_conversations.c.signer_id == _signers.c.id) & (_conversations.c.petition == _ABOUT)
        )
        .outerjoin(_decisions, _decisions.c.petition == _ABOUT)
        .outerjoin(_signatures, (_signatures.c.signer_id == _signers.c.id) & IS_STANDING)
    )
    .order_by(_signatures.c.id)
)
"""The person, with the conversation about a petition (or else their focus), its decision, and standing signatures.

There is at least one row, since an account of which nothing is stored also asks for the decision.
"""
