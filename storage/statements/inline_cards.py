"""The statements for inline cards."""

from __future__ import annotations

import sqlalchemy as sa

from core.outreach.inline_cards import MOST_INLINE_CARDS
from storage.statements.build import add_if_new, bound
from storage.tables import InlineCardRow, table

_cards = table(InlineCardRow)
_c = _cards.c
_CARD = _c.fingerprint == bound("card")

ADD = add_if_new(_cards)
_NEWEST = sa.select(_c.fingerprint).order_by(_c.added_at.desc(), _c.fingerprint).limit(MOST_INLINE_CARDS)
FORGET_OLDEST = sa.delete(_cards).where(_c.fingerprint.not_in(_NEWEST))
CLAIM = sa.update(_cards).where(_CARD, _c.refreshed_at == bound("refreshed")).values(refreshed_at=bound("now"))
SET_SHOWN = sa.update(_cards).where(_CARD).values(shown=bound("digest"))
FORGET = sa.delete(_cards).where(_CARD)
OF_PETITION = sa.select(_cards).where(_c.petition == bound("slug"))
ALL = sa.select(_cards).order_by(_c.refreshed_at)
ERASE_OLD = sa.delete(_cards).where(_c.added_at < bound("before"))
ERASE_OF_PETITION = sa.delete(_cards).where(_c.petition == bound("slug"))
