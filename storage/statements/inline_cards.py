"""The statements for inline cards."""

from __future__ import annotations

import sqlalchemy as sa

from core.outreach.inline_cards import MOST_INLINE_CARDS, UNKNOWN_COUNT
from core.signatures.signature import SignatureStatus
from storage.statements.build import add_if_new, bound
from storage.tables import InlineCardRow, TallyRow, table

_cards, _tallies = table(InlineCardRow), table(TallyRow)
_c = _cards.c
_CARD = _c.fingerprint == bound("card")

ADD = add_if_new(_cards)
_NEWEST = sa.select(_c.fingerprint).order_by(_c.added_at.desc(), _c.fingerprint).limit(MOST_INLINE_CARDS)
FORGET_OLDEST = sa.delete(_cards).where(_c.fingerprint.not_in(_NEWEST))
CLAIM = sa.update(_cards).where(_CARD, _c.refreshed_at == bound("refreshed")).values(refreshed_at=bound("now"))
SET_SHOWN = sa.update(_cards).where(_CARD).values(shown=bound("count"))
FORGET = sa.delete(_cards).where(_CARD)
OF_PETITION = sa.select(_cards).where(_c.petition == bound("slug"))
AGE = sa.update(_cards).where(_c.petition == bound("slug")).values(shown=UNKNOWN_COUNT)
_COUNTED = sa.func.coalesce(_tallies.c.total, 0)
OUTDATED = (
    sa.select(_cards)
    .join(
        _tallies,
        (_tallies.c.petition == _c.petition) & (_tallies.c.status == SignatureStatus.COUNTED.value),
        isouter=True,
    )
    .where(_c.refreshed_at <= bound("before"), _c.shown != _COUNTED)
    .order_by(_c.refreshed_at)
)
ERASE_OLD = sa.delete(_cards).where(_c.added_at < bound("before"))
ERASE_OF_PETITION = sa.delete(_cards).where(_c.petition == bound("slug"))
