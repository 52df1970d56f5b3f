"""The statements that read together what a signature needs: before it locks its part, and as soon as it holds it."""

from __future__ import annotations

import sqlalchemy as sa

from core.signatures.signature import SignatureStatus
from storage.statements.build import any_of, bound
from storage.statements.counts import COUNTED, TALLY
from storage.statements.review import THRESHOLDS
from storage.tables import ShownWordsRow, SignatureRow, table

_words, _signatures = table(ShownWordsRow), table(SignatureRow)

TALLIES, CHANGED_THRESHOLDS, KEPT_WORDS = "tallies", "thresholds", "shown_words"
"""The tables that BEFORE reads, which say what each of its rows is about."""

_tally, _thresholds = TALLY.subquery("read_row"), THRESHOLDS.subquery("changed")
BEFORE = sa.union_all(
    sa.select(sa.literal(TALLIES).label("table"), _tally.c.status.label("name"), _tally.c.total.label("value")),
    sa.select(sa.literal(CHANGED_THRESHOLDS), _thresholds.c.signal, _thresholds.c.value),
    sa.select(sa.literal(KEPT_WORDS), _words.c.digest, sa.literal(1)).where(_words.c.digest == bound("words")),
)
"""A petition's counts, the thresholds that organizers changed, and the digest of the words shown if they are kept."""

HOLDER = "holder_"
"""The first letters of the columns of a mailbox's counted signature."""
_holds = (
    (_signatures.c.petition == bound("slug"))
    & _signatures.c.mailbox.in_(any_of("boxes"))
    & (_signatures.c.status == SignatureStatus.COUNTED.value)
)
_counted = sa.select(COUNTED.scalar_subquery().label("counted")).subquery("read_row")
LOCKED = sa.select(
    _counted.c.counted, *(column.label(f"{HOLDER}{column.name}") for column in _signatures.c)
).select_from(_counted.outerjoin(_signatures, _holds))
"""The number of signatures that count, and the counted signatures of mailboxes; at least one row."""
