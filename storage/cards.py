"""core.outreach.cards.Cards on SQL: each method is a transaction of its own."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from core.outreach.cards import Card
from core.signatures.signature import SignatureStatus
from storage.engine import Database, commit
from storage.statements import per_dialect, upsert
from storage.tables import CardRow, CommunityRow, TallyRow, table

_CARDS, _TALLIES = table(CardRow), table(TallyRow)
_COMMUNITIES = table(CommunityRow)
_SAVE = upsert(_CARDS)
_ADD_COMMUNITY = per_dialect(_COMMUNITIES, lambda insert: insert.on_conflict_do_nothing())


class SqlCards:
    """The cards that were posted and can still be changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, card: Card) -> None:
        """Store a card, new or refreshed."""
        values = {column.name: getattr(card, column.name) for column in _CARDS.c}
        with self._database.writing() as connection:
            connection.execute(_SAVE.on(connection), values)
            commit(connection)

    def drop(self, card: Card) -> None:
        """Forget a card that is gone."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(_CARDS).where(_same(card)))
            commit(connection)

    def in_chat(self, platform: str, chat: str) -> tuple[Card, ...]:
        """The cards of a community, the one refreshed last first."""
        return self._found(sa.select(_CARDS).where(_of(_CARDS, platform, chat)).order_by(_CARDS.c.refreshed_at.desc()))

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

    def claim(self, card: Card, now: dt.datetime) -> bool:
        """Take a card for refreshing; False where another process was first."""
        taken = sa.update(_CARDS).where(_same(card), _CARDS.c.refreshed_at == card.refreshed_at)
        with self._database.writing() as connection:
            found = connection.execute(taken.values(refreshed_at=now)).rowcount
            commit(connection)
        return found > 0

    def label(self, platform: str, chat: str, new: str) -> str:
        """The label that the community got first; the new one where it has none."""
        with self._database.writing() as connection:
            connection.execute(_ADD_COMMUNITY.on(connection), {"platform": platform, "chat": chat, "label": new})
            found = sa.select(_COMMUNITIES.c.label).where(_of(_COMMUNITIES, platform, chat))
            label = connection.execute(found).scalar_one()
            commit(connection)
        return str(label)

    def move(self, platform: str, chat: str, to: str) -> None:
        """A community has a new id: its label goes there, its cards are gone."""
        old = _of(_COMMUNITIES, platform, chat)
        with self._database.writing() as connection:
            connection.execute(sa.delete(_CARDS).where(_of(_CARDS, platform, chat)))
            label = connection.execute(sa.select(_COMMUNITIES.c.label).where(old)).scalar()
            if label is not None:
                connection.execute(sa.delete(_COMMUNITIES).where(_of(_COMMUNITIES, platform, chat, to)))
                connection.execute(sa.insert(_COMMUNITIES), {"platform": platform, "chat": to, "label": label})
            commit(connection)

    def _found(self, select: sa.Select[tuple[object, ...]]) -> tuple[Card, ...]:
        with self._database.reading() as connection:
            return tuple(Card(**row) for row in connection.execute(select).mappings())


def _same(card: Card) -> sa.ColumnElement[bool]:
    columns = _CARDS.c
    return (columns.platform == card.platform) & (columns.chat == card.chat) & (columns.message == card.message)


def _of(target: sa.Table, platform: str, *chats: str) -> sa.ColumnElement[bool]:
    return (target.c.platform == platform) & target.c.chat.in_(chats)
