"""The repositories of people: signers and their conversations, organizers and the audit log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from core.conversation.state import Conversation
from core.errors import KeyDestroyedError
from core.ports import Person
from core.signatures.signature import Signer
from core.team import AuditEntry, Organizer
from core.updates import UpdateKind
from storage import mappers
from storage.audience_counts import AudienceCounts
from storage.connection import Connection
from storage.contexts import AnyRow, context_of
from storage.repositories.arrivals import read_arrival
from storage.repositories.base import SealingRepository
from storage.sealed_rows import home_of
from storage.statements import people as sql
from storage.statements.outbox import ERASE_OF_PERSON
from storage.vault import Vault


class SqlSigners(SealingRepository):
    """See core.ports.Signers."""

    def __init__(self, connection: Connection, vault: Vault, audience: AudienceCounts) -> None:
        super().__init__(connection, vault)
        self._audience = audience
        self._loaded: dict[int, Person] = {}

    def find(self, signer: Signer, update_id: str = "", petition: str = "") -> Person | None:
        update = mappers.fingerprint_of_update(UpdateKind.ERASED, signer.platform, update_id, self._vault)
        row = read_arrival(self._connection, signer, update, petition, self._vault)
        if row is None:
            return None
        person = self._person(row, signer)
        return replace(person, seen=(*person.seen, update_id)) if row["was_erased"] else person

    def lock_or_create(self, signer: Signer, now: dt.datetime, home: str = "") -> Person:
        who = mappers.fingerprint_of(signer, self._vault)
        new = mappers.person_to_row(Person(0, signer, home=home), self._vault)
        while True:  # until nobody creates and erases the same person between two of these statements
            added = self._run(sql.ADD_SIGNER, fingerprint=who, platform=signer.platform, met_at=now, **new).scalar()
            if added is not None:
                self._connection.ahead.put("signatures", added, [])
                self._connection.ahead.put("conversations", (added, home), [])
                self._loaded[added] = Person(added, signer, home=home)
                return self._loaded[added]
            row = self._run(sql.LOCK_SIGNER, who=who).mappings().first()
            if row is not None:
                return self._person(row, signer)

    def get(self, person_id: int) -> Person | None:
        row = self._run(sql.LOCK_SIGNER_BY_ID, signer=person_id).mappings().first()
        try:
            return self._person(row, mappers.row_to_signer(row, self._vault)) if row else None
        except KeyDestroyedError:
            return None

    def lock(self, key: str) -> Person | None:
        row = self._run(sql.LOCK_SIGNER, who=key).mappings().first()
        if row is None:
            return None
        return Person(row["id"], Signer(row["platform"], ""), row["locale"], seen=tuple(row["seen"].split()))

    def save(self, person: Person) -> None:
        loaded = self._loaded.get(person.id)
        if loaded and replace(person, seen=loaded.seen) == loaded:
            self._run(sql.SAVE_SEEN, signer=person.id, ids=mappers.seen_ids(person))
            return
        self.erased |= loaded is not None and not loaded.details.keys() <= person.details.keys()
        self._run(sql.SAVE_SIGNER, signer=person.id, **mappers.person_to_row(person, self._vault))

    def set_reachable(self, person: Person, *, reachable: bool) -> None:
        with self._audience.recounted(person.id):
            self._run(sql.SET_REACHABLE, signer=person.id, now_reachable=reachable)

    def erase(self, person: Person) -> None:
        self.erased = True
        self._run(ERASE_OF_PERSON, signer=person.id)
        self._run(sql.ERASE_FROM_PLANS, signer=person.id)
        self._run(sql.ERASE_SIGNER, signer=person.id)

    def _person(self, row: AnyRow, signer: Signer) -> Person:
        person = mappers.row_to_person(row, signer, home_of(self._connection, row, self._vault), self._vault)
        self._loaded[person.id] = person
        return person


class SqlUpdates(SealingRepository):
    """See core.ports.Updates."""

    def add(self, kind: UpdateKind, platform: str, update_id: str, now: dt.datetime) -> bool:
        update = mappers.fingerprint_of_update(kind, platform, update_id, self._vault)
        return self._run(sql.ADD_UPDATE, fingerprint=update, at=now).first() is not None

    def has(self, kind: UpdateKind, platform: str, update_id: str) -> bool:
        update = mappers.fingerprint_of_update(kind, platform, update_id, self._vault)
        rows: Sequence[object] | None = self._connection.ahead.take("updates", update)
        if rows is None:
            rows = self._run(sql.HAS_UPDATE, update=update).all()
        return bool(rows)


class SqlConversations(SealingRepository):
    """See core.ports.Conversations."""

    def get(self, person: Person, petition: str) -> Conversation | None:
        if not person.is_stored:
            return None
        rows: Sequence[AnyRow] | None = self._connection.ahead.take("conversations", (person.id, petition))
        if rows is None:
            rows = self._run(sql.GET_CONVERSATION, signer=person.id, slug=petition).mappings().all()
        return mappers.row_to_conversation(rows[0], self._vault) if rows else None

    def save(self, person: Person, conversation: Conversation, now: dt.datetime) -> None:
        changed = mappers.conversation_to_row(person.id, conversation, self._vault)
        self._run(sql.SAVE_CONVERSATION, updated_at=now, **changed)

    def erase(self, person: Person) -> tuple[Conversation, ...]:
        erased = self._run(sql.ERASE_CONVERSATIONS, signer=person.id).mappings()
        conversations = (mappers.row_to_conversation(row, self._vault) for row in erased)
        readable = (conversation for conversation in conversations if conversation)
        return tuple(sorted(readable, key=lambda conversation: conversation.petition))


class SqlOrganizers(SealingRepository):
    """See core.ports.Organizers."""

    def has(self, signer: Signer) -> bool:
        rows: Sequence[object] | None = self._connection.ahead.take("organizers", signer)
        if rows is None:
            rows = self._run(sql.GET_ORGANIZER, who=mappers.fingerprint_of_organizer(signer, self._vault)).all()
        return bool(rows)

    def add(self, signer: Signer, now: dt.datetime) -> None:
        key = {"fingerprint": mappers.fingerprint_of_organizer(signer, self._vault)}
        sealed = mappers.seal_account(signer, context_of("organizers", key), self._vault)
        self._run(sql.ADD_ORGANIZER, sealed=sealed, since=now, **key)

    def remove(self, key: str) -> bool:
        return self._run(sql.REMOVE_ORGANIZER, key=key).rowcount > 0

    def all(self) -> tuple[Organizer, ...]:
        return tuple(
            Organizer(
                row["fingerprint"][: sql.KEY_LENGTH], mappers.open_account(row, "organizers", self._vault), row["since"]
            )
            for row in self._run(sql.ORGANIZERS).mappings()
        )

    def invite(self, code: str, until: dt.datetime) -> None:
        self._run(sql.ADD_INVITE, fingerprint=self._vault.fingerprint("invite", code), until=until)

    def redeem(self, code: str, now: dt.datetime) -> bool:
        fingerprint = self._vault.fingerprint("invite", code)
        return self._run(sql.REDEEM_INVITE, code=fingerprint, now=now).rowcount > 0


class SqlAudit(SealingRepository):
    """See core.ports.Audit."""

    def note(self, entry: AuditEntry) -> None:
        key = {"at": entry.at, "what": entry.what}
        sealed = mappers.seal_account(entry.who, context_of("deeds", key), self._vault)
        self._run(sql.ADD_AUDIT_ENTRY, sealed=sealed, **key)

    def last(self, count: int) -> tuple[AuditEntry, ...]:
        rows = self._run(sql.LAST_AUDIT_ENTRIES, most=count).mappings()
        return tuple(
            AuditEntry(row["at"], mappers.open_account(row, "deeds", self._vault), row["what"]) for row in rows
        )
