"""The repository that reads everything about one signer."""

from __future__ import annotations

from sqlalchemy import RowMapping

from core.conversation.state import Conversation
from core.conversation.stored_data import StoredAccount, StoredConversation, StoredData, StoredEntry, StoredSignature
from core.errors import KeyDestroyedError, SealError
from core.signatures.signature import Signer
from storage import mappers
from storage.contexts import context_of
from storage.repositories.base import SealingRepository
from storage.statements import own_data as sql


class SqlOwnData(SealingRepository):
    """See core.conversation.stored_data.OwnData."""

    def of(self, person_id: int) -> StoredData:
        account = self._run(sql.ACCOUNT, signer=person_id).mappings().one()
        signatures = self._run(sql.SIGNATURES, signer=person_id).mappings()
        conversations = self._run(sql.CONVERSATIONS, signer=person_id).mappings()
        entries = self._run(sql.ENTRIES, signer=person_id).mappings()
        return StoredData(
            self._account(account),
            tuple(map(self._signature, signatures)),
            tuple(map(self._conversation, conversations)),
            tuple(map(self._entry, entries)),
        )

    def _account(self, row: RowMapping) -> StoredAccount:
        try:
            signer = mappers.row_to_signer(row, self._vault)
        except KeyDestroyedError:  # restored from a backup from before the petition was erased
            signer = Signer(row["platform"], "", language=row["locale"])
        person = mappers.row_to_person(row, signer, "", self._vault)
        return StoredAccount(
            person.signer.platform, person.signer.user_id, row["met_at"], person.locale, person.focus,
            person.reachable, person.details, person.seen, person.reads_whole,
        )  # fmt: skip

    def _signature(self, row: RowMapping) -> StoredSignature:
        try:
            return StoredSignature(mappers.row_to_signature(row, self._vault), row["changed_at"])
        except SealError:
            signature = mappers.row_without_answers(row, self._vault)
            return StoredSignature(signature, row["changed_at"], is_readable=False)

    def _conversation(self, row: RowMapping) -> StoredConversation:
        conversation: Conversation | None
        try:
            conversation = mappers.open_conversation(row, self._vault)
        except SealError:
            conversation = None
        return StoredConversation(row["petition"], row["stage"], row["updated_at"], conversation)

    def _entry(self, row: RowMapping) -> StoredEntry:
        try:
            opened = self._vault.open(row["sealed"], *context_of("outbox", row))
        except SealError:
            return StoredEntry(row["topic"], row["due"], None)
        return StoredEntry(row["topic"], row["due"], opened["payload"])
