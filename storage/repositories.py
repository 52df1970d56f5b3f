"""The repositories of core.ports on SQL, the same statements for SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from core.conversation.state import Conversation
from core.ports import HourlyChange, Person
from core.signatures.review import StatusChange
from core.signatures.signature import Signature, SignatureStatus, Signer, Tally
from storage import mappers
from storage import statements as sql
from storage.audience_counts import count_new, counted
from storage.outbox_statements import ERASE_OF_PERSON
from storage.review_statements import SETTLE_MAILBOX, moved
from storage.vault import Vault

_BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class _Repository:
    """A connection inside a transaction, and the vault."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    def _run(self, statement: Any, **values: Any) -> sa.CursorResult[Any]:
        if isinstance(statement, sql.PerDialect):
            statement = statement.on(self._connection)
        return self._connection.execute(statement, values)


class SqlSigners(_Repository):
    """core.ports.Signers."""

    def lock_or_create(self, signer: Signer, now: dt.datetime) -> Person:
        """Find or make the person, and lock the row: events of one person happen one after another."""
        who = self._vault.fingerprint("signer", signer.platform, signer.user_id)
        row = self._run(sql.MEET_SIGNER, who=who).mappings().first()
        if row is None:
            new = mappers.person_to_row(Person(0, signer), self._vault)
            added = self._run(sql.ADD_SIGNER, fingerprint=who, platform=signer.platform, met_at=now, **new).scalar()
            if added is not None:
                return Person(added, signer)
            row = self._run(sql.MEET_SIGNER, who=who).mappings().one()  # another process was first
        return mappers.row_to_person(row, signer, self._vault)

    def get(self, person_id: int) -> Person | None:
        """The person with this id, with the row locked."""
        row = self._run(sql.GET_SIGNER, signer=person_id).mappings().first()
        return mappers.row_to_person(row, mappers.row_to_signer(row, self._vault), self._vault) if row else None

    def save(self, person: Person) -> None:
        """Store what changed of a person, but for whether they can be reached."""
        self._run(sql.SAVE_SIGNER, signer=person.id, **mappers.person_to_row(person, self._vault))

    def set_reachable(self, person: Person, *, reachable: bool) -> None:
        """Store whether a person can be written to, and count them or not."""
        with counted(self._connection, signer=person.id):
            self._run(sql.SET_REACHABLE, signer=person.id, now_reachable=reachable)

    def erase(self, person: Person) -> None:
        """Erase a person, and what the outbox has for them."""
        self._run(ERASE_OF_PERSON, signer=person.id)
        self._run(sql.ERASE_SIGNER, signer=person.id)


class SqlConversations(_Repository):
    """core.ports.Conversations."""

    def get(self, person: Person, petition: str) -> Conversation | None:
        """The conversation, if one began."""
        sealed = self._run(sql.GET_CONVERSATION, signer=person.id, slug=petition).scalar()
        return mappers.conversation_of(sealed, self._vault) if sealed else None

    def save(self, person: Person, conversation: Conversation, now: dt.datetime) -> None:
        """Store the conversation as it now is."""
        changed = mappers.conversation_to_row(conversation, self._vault)
        self._run(sql.SAVE_CONVERSATION, signer_id=person.id, updated_at=now, **changed)

    def erase(self, person: Person) -> tuple[Conversation, ...]:
        """Erase all conversations of a person, and return them by petition."""
        erased = self._run(sql.ERASE_CONVERSATIONS, signer=person.id).scalars()
        opened = (mappers.conversation_of(sealed, self._vault) for sealed in erased)
        return tuple(sorted((one for one in opened if one), key=lambda one: one.petition))


class SqlSignatures(_Repository):
    """core.ports.Signatures."""

    def standing(self, person: Person) -> tuple[Signature, ...]:
        """The person's signatures that were not withdrawn, oldest first, without their answers."""
        rows = self._run(sql.STANDING, signer=person.id).mappings()
        return tuple(mappers.row_to_signature(row) for row in rows)

    def add(self, person: Person, signature: Signature) -> bool:
        """Store a signature; False where its mailbox is counted already: the unique index decides that."""
        new = mappers.signature_to_row(signature, self._vault)
        added = self._run(sql.ADD_SIGNATURE, signer_id=person.id, **new).first() is not None
        if added and signature.updates:
            count_new(self._connection, signature)
        return added

    def is_counted(self, signature: Signature) -> bool:
        """Whether its mailbox is counted already."""
        box = mappers.mailbox_of(signature, self._vault)
        return self._run(sql.IS_COUNTED, slug=signature.petition, box=box).first() is not None

    def withdraw(self, signature: Signature, now: dt.datetime) -> tuple[StatusChange, ...]:
        """Withdraw one and erase its answers; what moved, duplicates of the same mailbox included."""
        row = self._run(sql.GET_SIGNATURE, signature=signature.id).mappings().one()
        with counted(self._connection, signature=signature.id):
            self._run(sql.WITHDRAW, signature=signature.id, now=now)
        gone = StatusChange.of(mappers.row_to_signature(row, self._vault), SignatureStatus.WITHDRAWN)
        if row["mailbox"] is None:
            return (gone,)
        heirs = self._run(SETTLE_MAILBOX, slug=signature.petition, box=row["mailbox"], now=now)
        return (gone, *moved(SignatureStatus.DUPLICATE, heirs, self._vault))

    def set_updates(self, signature: Signature, wanted: bool) -> None:
        """Store whether the signer agrees to be sent updates."""
        with counted(self._connection, signature=signature.id):
            self._run(sql.SET_UPDATES, signature=signature.id, wanted=wanted)

    def anonymise(self, person: Person) -> None:
        """Take from all signatures of a person whatever could lead back to them."""
        with counted(self._connection, signer=person.id):
            self._run(sql.ANONYMISE, signer=person.id)


class SqlTallies(_Repository):
    """core.ports.Tallies."""

    def add(self, petition: str, status: SignatureStatus, change: int) -> int:
        """Change a count; the new total."""
        return int(self._run(sql.COUNT, petition=petition, status=status.value, total=change).scalar_one())

    def of(self, petition: str) -> Tally:
        """The present counts of a petition."""
        return Tally({SignatureStatus(row.status): row.total for row in self._run(sql.TALLY, slug=petition)})

    def credit(self, petition: str, label: str, change: int) -> None:
        """Change how many counted signatures came by a source label."""
        self._run(sql.CREDIT, petition=petition, label=label, total=change)

    def credited(self, petition: str, label: str) -> int:
        """How many counted signatures came by a source label."""
        return int(self._run(sql.CREDITED, slug=petition, source=label).scalar() or 0)

    def add_hourly(self, petition: str, what: HourlyChange) -> None:
        """Add to what is kept of an hour."""
        self._run(
            sql.HAPPENED, petition=petition, hour=what.hour, platform=what.platform,
            locale=what.locale, change=what.change,
        )  # fmt: skip

    def history(self, petition: str, since: dt.datetime | None) -> tuple[HourlyChange, ...]:
        """How the count changed, hour by hour, from the hour of `since` on; from the beginning without it."""
        rows = self._run(sql.HISTORY, slug=petition, since=_hour(since))
        return tuple(HourlyChange(row.hour, row.platform, row.locale, row.change) for row in rows)

    def hours(self, petition: str, since: dt.datetime | None) -> tuple[tuple[dt.datetime, int], ...]:
        """The same history as one number an hour, oldest first."""
        rows = self._run(sql.HOURS, slug=petition, since=_hour(since))
        return tuple((row.hour, int(row.total)) for row in rows)

    def kinds(self, petition: str, since: dt.datetime | None) -> tuple[tuple[str, str, int], ...]:
        """The same history as one number for each platform and language."""
        rows = self._run(sql.KINDS, slug=petition, since=_hour(since))
        return tuple((row.platform, row.locale, int(row.total)) for row in rows)


def _hour(since: dt.datetime | None) -> dt.datetime:
    return since.replace(minute=0, second=0, microsecond=0) if since else _BEGINNING
