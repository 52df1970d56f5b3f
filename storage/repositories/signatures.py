"""The repositories of the people's own signatures, and of the words that they were shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from core.errors import SealError
from core.ports import Person
from core.signatures.consent import Consent, UpdatesChoice, words_digest
from core.signatures.parts import part_of
from core.signatures.review import StatusChange
from core.signatures.signature import Signature, SignatureStatus
from storage import mappers
from storage.audience_counts import AudienceCounts
from storage.connection import Connection
from storage.contexts import AnyRow
from storage.repositories.arrivals import read_before_signing
from storage.repositories.base import Repository, SealingRepository
from storage.statements import log
from storage.statements import signatures as sql
from storage.statements.review import SETTLE_MAILBOX
from storage.vault import Vault


class SqlSignatures(SealingRepository):
    """See core.ports.Signatures."""

    def __init__(self, connection: Connection, vault: Vault, audience: AudienceCounts) -> None:
        super().__init__(connection, vault)
        self._audience = audience
        self._standing: dict[int, Sequence[AnyRow]] = {}

    def standing(self, person: Person) -> tuple[Signature, ...]:
        rows: Sequence[AnyRow] | None = self._connection.ahead.take("signatures", person.id)
        if rows is None:
            rows = self._run(sql.STANDING, signer=person.id).mappings().all() if person.is_stored else ()
        self._standing[person.id] = rows
        return tuple(mappers.row_to_signature(row, self._vault) for row in rows)

    def add(self, person: Person, signature: Signature) -> bool:
        new = {"signer_id": person.id, **mappers.signature_to_row(signature, self._vault)}
        number = self._run(sql.ADD_SIGNATURE, **new).scalar()
        if number is None:
            return False
        if person.id in self._standing:
            kept = [*self._standing[person.id], {**new, "id": number, "sealed": None}]
            self._connection.ahead.put("signatures", person.id, kept)
        if signature.updates:
            self._audience.add_new(signature, part_of(person.id))
        return True

    def holders(self, petition: str, mailboxes: Sequence[str]) -> tuple[Signature | None, ...]:
        if not mailboxes:
            return ()
        boxes = [mappers.find_mailbox(petition, mailbox, self._vault) for mailbox in mailboxes]
        known = [box for box in boxes if box]
        rows: Sequence[AnyRow] | None = self._connection.ahead.take("signatures", (petition, *known))
        if rows is None:
            rows = self._run(sql.COUNTED_OF_MAILBOXES, slug=petition, boxes=known).mappings().all()
        found = {row["mailbox"]: self._holder(row) for row in rows}
        return tuple(found.get(box) if box else None for box in boxes)

    def _holder(self, row: AnyRow) -> Signature:
        try:
            return mappers.row_to_signature(row, self._vault)
        except SealError:  # which must not keep the next person with this mailbox from signing
            return mappers.row_without_answers(row, self._vault)

    def read_ahead(self, petition: str, words: str) -> None:
        read_before_signing(self._connection, petition, words)

    def withdraw(self, signature: Signature, now: dt.datetime) -> tuple[StatusChange, ...]:
        row = self._run(sql.GET_SIGNATURE, signature=signature.id).mappings().one()
        self.erased = True
        with self._audience.recounted(row["signer_id"], signature.id):
            self._run(sql.WITHDRAW, signature=signature.id, now=now)
        withdrawn = StatusChange.of(mappers.row_to_signature(row, self._vault), SignatureStatus.WITHDRAWN)
        if row["mailbox"] is None:
            return (withdrawn,)
        heirs = self._run(SETTLE_MAILBOX, slug=signature.petition, box=row["mailbox"], now=now).mappings()
        return (withdrawn, *mappers.rows_to_changes(SignatureStatus.DUPLICATE, heirs, self._vault))

    def set_updates(self, signature: Signature, consent: Consent) -> tuple[Signature, Signature]:
        row = self._run(sql.GET_SIGNATURE, signature=signature.id).mappings().one()
        stored = mappers.row_to_signature(row, self._vault)
        here, mail = consent.choice == UpdatesChoice.HERE, consent.choice == UpdatesChoice.EMAIL
        after = replace(stored, updates=here, by_email=mail, consents=(*stored.consents, consent))
        sealed = mappers.seal_signature(after, self._vault)
        with self._audience.recounted(row["signer_id"], signature.id):
            self._run(sql.SET_UPDATES, signature=signature.id, here=here, mail=mail, resealed=sealed)
        return stored, after

    def anonymise(self, person: Person) -> None:
        own = self._run(log.OWN, signer=person.id).scalars().all()
        with self._audience.recounted(person.id):
            self._run(sql.ANONYMISE, signer=person.id)
        self._run(log.KEEP_ENTRIES, ids=own)
        self._run(log.DROP_LINKS, ids=own)


class SqlShownWords(Repository):
    """See core.signatures.consent.ShownWords."""

    def keep(self, words: str) -> str:
        digest = words_digest(words)
        if not self._connection.ahead.take("shown_words", digest):
            self._run(sql.KEEP_WORDS, digest=digest, words=words)
        return digest

    def of(self, digest: str) -> str | None:
        return self._run(sql.WORDS, words=digest).scalar()
