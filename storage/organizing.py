"""The repositories of organizers: what they decided, who they are, what they did."""

from __future__ import annotations

import sqlalchemy as sa

from core.petition import Decision, PetitionStatus
from storage.statements import upsert
from storage.tables import CardRow, DecisionRow, table

_DECISIONS, _CARDS = table(DecisionRow), table(CardRow)
_OF = sa.select(_DECISIONS).where(_DECISIONS.c.petition == sa.bindparam("slug"))
_SAVE = upsert(_DECISIONS)
_STALE = -1  # no count, so that a card with it is due for a fresh look
_AGE_CARDS = sa.update(_CARDS).where(_CARDS.c.petition == sa.bindparam("slug")).values(shown=_STALE)


class SqlDecisions:
    """core.ports.Decisions."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(self, petition: str) -> Decision:
        """The decision in force; that of a petition which just runs, where there is none."""
        row = self._connection.execute(_OF, {"slug": petition}).first()
        return Decision(PetitionStatus(row.status), row.goal, row.words, row.since) if row else Decision()

    def save(self, petition: str, decision: Decision) -> None:
        """Let a decision be in force; cards that show the petition are due for a fresh look."""
        values = {
            "petition": petition, "status": decision.status.value, "goal": decision.goal,
            "words": decision.words, "since": decision.since,
        }  # fmt: skip
        self._connection.execute(_SAVE.on(self._connection), values)
        self._connection.execute(_AGE_CARDS, {"slug": petition})
