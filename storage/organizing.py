"""The repositories of organizers: what they decided, who they are, what they did."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from core.petition.petition import Decision, PetitionStatus
from core.ports import AuditEntry, Organizer
from core.signatures.signature import Signer
from storage.statements import upsert
from storage.tables import AuditEntryRow, CardRow, DecisionRow, InviteRow, OrganizerRow, table
from storage.vault import Vault

_DECISIONS, _CARDS = table(DecisionRow), table(CardRow)
_ORGANIZERS, _INVITES, _DEEDS = table(OrganizerRow), table(InviteRow), table(AuditEntryRow)
_JOIN = upsert(_ORGANIZERS)
_OF = sa.select(_DECISIONS).where(_DECISIONS.c.petition == sa.bindparam("slug"))
_SAVE = upsert(_DECISIONS)
SHORT = 16  # characters of a fingerprint that name an entry behind a button
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


class SqlOrganizers:
    """core.ports.Organizers."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    def has(self, signer: Signer) -> bool:
        """Whether an account joined."""
        found = sa.select(_ORGANIZERS.c.since).where(_ORGANIZERS.c.fingerprint == self._key(signer))
        return self._connection.execute(found).first() is not None

    def add(self, signer: Signer, now: dt.datetime) -> None:
        """Let an account organize from now on."""
        values = {"fingerprint": self._key(signer), "sealed": _sealed(signer, self._vault), "since": now}
        self._connection.execute(_JOIN.on(self._connection), values)

    def remove(self, key: str) -> bool:
        """Take the right back; False if there is no such entry."""
        gone = sa.delete(_ORGANIZERS).where(sa.func.substr(_ORGANIZERS.c.fingerprint, 1, SHORT) == key)
        return self._connection.execute(gone).rowcount > 0

    def all(self) -> tuple[Organizer, ...]:
        """Everybody who joined, oldest first."""
        rows = self._connection.execute(sa.select(_ORGANIZERS).order_by(_ORGANIZERS.c.since))
        return tuple(Organizer(row.fingerprint[:SHORT], _opened(row.sealed, self._vault), row.since) for row in rows)

    def invite(self, code: str, until: dt.datetime) -> None:
        """Let whoever first gives this code in time join."""
        values = {"fingerprint": self._vault.fingerprint("invite", code), "until": until}
        self._connection.execute(sa.insert(_INVITES), values)

    def redeem(self, code: str, now: dt.datetime) -> bool:
        """Use a code up; False if there is none such, or its time is over."""
        mine = _INVITES.c.fingerprint == self._vault.fingerprint("invite", code)
        gone = sa.delete(_INVITES).where(mine, _INVITES.c.until >= now)
        return self._connection.execute(gone).rowcount > 0

    def _key(self, signer: Signer) -> str:
        return self._vault.fingerprint("organizer", signer.platform, signer.user_id)


class SqlAudit:
    """core.ports.Audit."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    def note(self, entry: AuditEntry) -> None:
        """Add a deed."""
        values = {"at": entry.at, "sealed": _sealed(entry.who, self._vault), "what": entry.what}
        self._connection.execute(sa.insert(_DEEDS), values)

    def last(self, count: int) -> tuple[AuditEntry, ...]:
        """The newest deeds, newest first."""
        rows = self._connection.execute(sa.select(_DEEDS).order_by(_DEEDS.c.id.desc()).limit(count))
        return tuple(AuditEntry(row.at, _opened(row.sealed, self._vault), row.what) for row in rows)


def _sealed(signer: Signer, vault: Vault) -> bytes:
    return vault.seal({"platform": signer.platform, "user_id": signer.user_id, "name": signer.name})


def _opened(sealed: bytes, vault: Vault) -> Signer:
    return Signer(**vault.open(sealed))
