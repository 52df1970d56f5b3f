"""The repository of the people's own signatures."""

from __future__ import annotations

import datetime as dt

from core.ports import Person
from core.signatures.review import StatusChange
from core.signatures.signature import Signature, SignatureStatus
from storage import mappers
from storage.audience_counts import count_new, recounted
from storage.repositories.base import SealingRepository
from storage.statements import signatures as sql
from storage.statements.review import SETTLE_MAILBOX


class SqlSignatures(SealingRepository):
    """See core.ports.Signatures."""

    def standing(self, person: Person) -> tuple[Signature, ...]:
        rows = self._run(sql.STANDING, signer=person.id).mappings()
        return tuple(mappers.row_to_signature(row, self._vault) for row in rows)

    def add(self, person: Person, signature: Signature) -> bool:
        new = mappers.signature_to_row(signature, self._vault)
        added = self._run(sql.ADD_SIGNATURE, signer_id=person.id, **new).first() is not None
        if added and signature.updates:
            count_new(self._connection, signature)
        return added

    def is_counted(self, signature: Signature) -> bool:
        box = mappers.mailbox_of(signature, self._vault)
        return self._run(sql.COUNTED_OF_MAILBOX, slug=signature.petition, box=box).first() is not None

    def withdraw(self, signature: Signature, now: dt.datetime) -> tuple[StatusChange, ...]:
        row = self._run(sql.GET_SIGNATURE, signature=signature.id).mappings().one()
        self.erased = True
        with recounted(self._connection, signature=signature.id):
            self._run(sql.WITHDRAW, signature=signature.id, now=now)
        withdrawn = StatusChange.of(mappers.row_to_signature(row, self._vault), SignatureStatus.WITHDRAWN)
        if row["mailbox"] is None:
            return (withdrawn,)
        heirs = self._run(SETTLE_MAILBOX, slug=signature.petition, box=row["mailbox"], now=now).mappings()
        return (withdrawn, *mappers.rows_to_changes(SignatureStatus.DUPLICATE, heirs, self._vault))

    def set_updates(self, signature: Signature, wanted: bool) -> None:
        with recounted(self._connection, signature=signature.id):
            self._run(sql.SET_UPDATES, signature=signature.id, wanted=wanted)

    def anonymise(self, person: Person) -> None:
        with recounted(self._connection, signer=person.id):
            self._run(sql.ANONYMISE, signer=person.id)
