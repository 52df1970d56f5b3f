"""core.cards.Cards on SQL: each method is a transaction of its own."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from core.cards import Card
from core.signing import SignatureStatus
from storage.engine import Database
from storage.statements import upsert
from storage.tables import CardRow, TallyRow, table

_CARDS, _TALLIES = table(CardRow), table(TallyRow)
_SAVE = upsert(_CARDS)


class SqlCards:
    """The cards that were posted and can still be changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, card: Card) -> None:
        """Store a card, new or refreshed."""
        values = {column.name: getattr(card, column.name) for column in _CARDS.c}
        with self._database.writing() as connection:
            connection.execute(_SAVE.on(connection), values)
            connection.commit()

    def drop(self, card: Card) -> None:
        """Forget a card that is gone."""
        columns = _CARDS.c
        same = (columns.platform == card.platform) & (columns.chat == card.chat) & (columns.message == card.message)
        with self._database.writing() as connection:
            connection.execute(sa.delete(_CARDS).where(same))
            connection.commit()

    def in_chat(self, platform: str, chat: str) -> tuple[Card, ...]:
        """The cards of a community, the one refreshed last first."""
        theirs = (_CARDS.c.platform == platform) & (_CARDS.c.chat == chat)
        return self._found(sa.select(_CARDS).where(theirs).order_by(_CARDS.c.refreshed_at.desc()))

    def outdated(self, platform: str, refreshed_before: dt.datetime) -> tuple[Card, ...]:
        """Cards that show another count than the present one, in communities where none changed since then."""
        columns = _CARDS.c
        counted = (_TALLIES.c.petition == columns.petition) & (_TALLIES.c.status == SignatureStatus.COUNTED.value)
        fresh = sa.select(columns.chat).where(columns.platform == platform, columns.refreshed_at > refreshed_before)
        found = (
            sa.select(_CARDS)
            .join(_TALLIES, counted)
            .where(columns.platform == platform, columns.shown != _TALLIES.c.total, columns.chat.not_in(fresh))
        )
        return self._found(found.order_by(columns.refreshed_at))

    def move(self, platform: str, chat: str, to: str) -> None:
        """A community has a new id."""
        with self._database.writing() as connection:
            theirs = (_CARDS.c.platform == platform) & (_CARDS.c.chat == chat)
            connection.execute(sa.update(_CARDS).where(theirs).values(chat=to))
            connection.commit()

    def _found(self, select: sa.Select[tuple[object, ...]]) -> tuple[Card, ...]:
        with self._database.reading() as connection:
            return tuple(Card(**row) for row in connection.execute(select).mappings())
