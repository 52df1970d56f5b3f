"""The repositories of core.ports on SQL, the same statements for SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.conversation import Conversation
from core.ports import Person
from core.signing import Signature, SignatureStatus, Signer, Tally
from storage import mappers
from storage.tables import ConversationRow, SignatureRow, SignerRow, TallyRow, table
from storage.vault import Vault

_SIGNERS, _CONVERSATIONS = table(SignerRow), table(ConversationRow)
_SIGNATURES, _TALLIES = table(SignatureRow), table(TallyRow)
_NO_SECRETS = [column for column in _SIGNATURES.c if column.name != "sealed"]

ANONYMOUS = {
    "signer_id": None,
    "mailbox": None,
    "sealed": None,
    "referral": "",
    # nobody's receipt, but still unique
    "receipt": sa.literal("erased-").concat(sa.cast(_SIGNATURES.c.id, sa.String)),
}
"""What an anonymised signature holds in the place of everything that leads back to its signer."""


class _Repository:
    """A connection inside a transaction, and the vault."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    def _insert(self, into: sa.Table) -> Any:
        """An insert that knows ON CONFLICT, which both engines do in the same words."""
        return sqlite.insert(into) if self._connection.dialect.name == "sqlite" else postgresql.insert(into)

    def _run(self, statement: Any, values: dict[str, Any] | None = None) -> sa.CursorResult[Any]:
        return self._connection.execute(statement, values or {})


class SqlSigners(_Repository):
    """core.ports.Signers."""

    def meet(self, signer: Signer, now: dt.datetime) -> Person:
        """Find or make the person, and lock the row: events of one person happen one after another."""
        who = self._vault.fingerprint("signer", signer.platform, signer.user_id)
        locked = sa.select(_SIGNERS).where(_SIGNERS.c.fingerprint == sa.bindparam("who")).with_for_update()
        row = self._run(locked, {"who": who}).mappings().first()
        if row is None:
            new = mappers.person_to_row(Person(0, signer), self._vault)
            new |= {"fingerprint": who, "platform": signer.platform, "met_at": now}
            self._run(self._insert(_SIGNERS).on_conflict_do_nothing(), new)
            row = self._run(locked, {"who": who}).mappings().one()
        return mappers.row_to_person(row, signer, self._vault)

    def save(self, person: Person) -> None:
        """Store what changed of a person."""
        changed = mappers.person_to_row(person, self._vault)
        self._run(sa.update(_SIGNERS).where(_SIGNERS.c.id == person.id).values(changed))

    def erase(self, person: Person) -> None:
        """Erase a person."""
        self._run(sa.delete(_SIGNERS).where(_SIGNERS.c.id == person.id))


class SqlConversations(_Repository):
    """core.ports.Conversations."""

    def get(self, person: Person, petition: str) -> Conversation | None:
        """The conversation, if one began."""
        columns = _CONVERSATIONS.c
        found = sa.select(columns.sealed).where(columns.signer_id == person.id, columns.petition == petition)
        row = self._run(found).mappings().first()
        return mappers.row_to_conversation(row, self._vault) if row else None

    def save(self, person: Person, conversation: Conversation, now: dt.datetime) -> None:
        """Store the conversation as it now is."""
        changed = mappers.conversation_to_row(conversation, self._vault) | {"updated_at": now}
        key = {"signer_id": person.id, "petition": conversation.petition}
        insert = self._insert(_CONVERSATIONS)
        new = {name: insert.excluded[name] for name in changed}
        self._run(insert.on_conflict_do_update(index_elements=list(key), set_=new), key | changed)

    def erase(self, person: Person) -> None:
        """Erase all conversations of a person."""
        self._run(sa.delete(_CONVERSATIONS).where(_CONVERSATIONS.c.signer_id == person.id))


class SqlSignatures(_Repository):
    """core.ports.Signatures."""

    def standing(self, person: Person) -> tuple[Signature, ...]:
        """The person's signatures that were not withdrawn, oldest first, without their answers."""
        own = (_SIGNATURES.c.signer_id == person.id) & (_SIGNATURES.c.status != SignatureStatus.WITHDRAWN.value)
        rows = self._run(sa.select(*_NO_SECRETS).where(own).order_by(_SIGNATURES.c.id)).mappings()
        return tuple(mappers.row_to_signature(row) for row in rows)

    def add(self, person: Person, signature: Signature) -> bool:
        """Store a signature; False where its mailbox is counted already: the unique index decides that."""
        new = mappers.signature_to_row(signature, self._vault) | {"signer_id": person.id}
        on = {"index_elements": ["petition", "mailbox"], "index_where": sa.text("status = 'counted'")}
        adding = self._insert(_SIGNATURES).on_conflict_do_nothing(**on).returning(_SIGNATURES.c.id)
        return self._run(adding, new).first() is not None

    def withdraw(self, signature: Signature, now: dt.datetime) -> bool:
        """Withdraw one and erase its answers; True if a duplicate of the same mailbox counts in its place."""
        columns = _SIGNATURES.c
        mailbox = self._run(sa.select(columns.mailbox).where(columns.id == signature.id)).scalar_one()
        gone = {"status": SignatureStatus.WITHDRAWN.value, "changed_at": now, "mailbox": None, "sealed": None}
        self._run(sa.update(_SIGNATURES).where(columns.id == signature.id).values(gone))
        if mailbox is None or signature.status is not SignatureStatus.COUNTED:
            return False
        same = (columns.petition == signature.petition) & (columns.mailbox == mailbox)
        waiting = sa.select(sa.func.min(columns.id)).where(same, columns.status == SignatureStatus.DUPLICATE.value)
        heir = self._run(waiting).scalar_one()
        counted = {"status": SignatureStatus.COUNTED.value, "changed_at": now}
        return self._run(sa.update(_SIGNATURES).where(columns.id == heir).values(counted)).rowcount == 1

    def set_updates(self, signature: Signature, wanted: bool) -> None:
        """Store whether the signer agrees to be sent updates."""
        self._run(sa.update(_SIGNATURES).where(_SIGNATURES.c.id == signature.id).values(updates=wanted))

    def anonymise(self, person: Person) -> None:
        """Take from all signatures of a person whatever could lead back to them."""
        self._run(sa.update(_SIGNATURES).where(_SIGNATURES.c.signer_id == person.id).values(ANONYMOUS))


class SqlTallies(_Repository):
    """core.ports.Tallies."""

    def add(self, petition: str, status: SignatureStatus, change: int) -> int:
        """Change a count; the new total."""
        insert = self._insert(_TALLIES)
        changed = {"total": _TALLIES.c.total + insert.excluded.total}
        counting = insert.on_conflict_do_update(index_elements=["petition", "status"], set_=changed)
        row = {"petition": petition, "status": status.value, "total": change}
        return int(self._run(counting.returning(_TALLIES.c.total), row).scalar_one())

    def of(self, petition: str) -> Tally:
        """The present counts of a petition."""
        found = sa.select(_TALLIES.c.status, _TALLIES.c.total).where(_TALLIES.c.petition == petition)
        return Tally({SignatureStatus(row.status): row.total for row in self._run(found)})
