"""Erases what must not be kept any longer: all that is personal about one petition."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from core.conversation.funnel import PENDING
from core.signatures.signature import SignatureStatus
from storage.engine import Database, commit
from storage.statements import ANONYMOUS
from storage.tables import (
    AudienceCountRow,
    ConversationRow,
    OutboxRow,
    PlanRow,
    SignalRow,
    SignatureRow,
    SignerRow,
    StepRow,
    table,
)
from storage.vault import Vault

_BATCH = 500  # people in one statement, whose parameters are limited
_SIGNERS, _CONVERSATIONS, _SIGNATURES = table(SignerRow), table(ConversationRow), table(SignatureRow)
_OUTBOX, _STEPS, _REACH = table(OutboxRow), table(StepRow), table(AudienceCountRow)


def anonymise_petition(database: Database, vault: Vault, petition: str) -> int:
    """Erase whatever leads from a petition's signatures to people; counts stay.

    People who are needed nowhere else are erased too; of the others, the details to prefill go when no signature of
    theirs stands any more. Returns how many signatures lost their data.
    """
    columns = _SIGNATURES.c
    personal = (columns.petition == petition) & (columns.signer_id.is_not(None) | columns.sealed.is_not(None))
    signed = sa.select(columns.signer_id).where(personal, columns.signer_id.is_not(None))
    talked = sa.select(_CONVERSATIONS.c.signer_id).where(_CONVERSATIONS.c.petition == petition)
    with database.reading() as connection:
        if not connection.execute(sa.union_all(signed, talked).limit(1)).first():
            return 0
    with database.writing() as connection:
        people = [row[0] for row in connection.execute(sa.union(signed, talked))]
        erased = connection.execute(sa.update(_SIGNATURES).where(personal).values(ANONYMOUS)).rowcount
        connection.execute(sa.delete(_CONVERSATIONS).where(_CONVERSATIONS.c.petition == petition))
        connection.execute(sa.delete(_STEPS).where(_STEPS.c.petition == petition, _STEPS.c.step == PENDING))
        connection.execute(sa.delete(_REACH).where(_REACH.c.petition == petition))
        _erase_idle(connection, people)
        _forget_details(connection, vault, people)
        commit(connection)
    return erased


def drop_signals(database: Database, before: dt.datetime) -> None:
    """Drop what was seen in windows that began before this moment, and plans that nobody confirmed since then."""
    signals, plans = table(SignalRow), table(PlanRow)
    with database.writing() as connection:
        connection.execute(sa.delete(signals).where(signals.c.start < before))
        connection.execute(sa.delete(plans).where(plans.c.at < before))
        commit(connection)


def _erase_idle(connection: sa.Connection, people: list[int]) -> None:
    """Of these people, erase those who have no signature and no conversation any more, and what waits for them."""
    needed = sa.union_all(
        sa.select(_SIGNATURES.c.signer_id).where(_SIGNATURES.c.signer_id.is_not(None)),
        sa.select(_CONVERSATIONS.c.signer_id),
    )
    for start in range(0, len(people), _BATCH):
        some = _SIGNERS.c.id.in_(people[start : start + _BATCH])
        erased = sa.delete(_SIGNERS).where(some, _SIGNERS.c.id.not_in(needed)).returning(_SIGNERS.c.id)
        idle = list(connection.execute(erased).scalars())
        connection.execute(sa.delete(_OUTBOX).where(_OUTBOX.c.signer_id.in_(idle)))


def _forget_details(connection: sa.Connection, vault: Vault, people: list[int]) -> None:
    """Of these people, forget the details of those who have no standing signature any more."""
    standing = sa.select(_SIGNATURES.c.signer_id).where(
        _SIGNATURES.c.signer_id.is_not(None), _SIGNATURES.c.status != SignatureStatus.WITHDRAWN.value
    )
    for start in range(0, len(people), _BATCH):
        some = _SIGNERS.c.id.in_(people[start : start + _BATCH])
        found = sa.select(_SIGNERS.c.id, _SIGNERS.c.sealed).where(some, _SIGNERS.c.id.not_in(standing))
        for row in connection.execute(found).all():
            sealed = vault.seal({**vault.open(row.sealed), "details": {}})
            connection.execute(sa.update(_SIGNERS).where(_SIGNERS.c.id == row.id).values(sealed=sealed))
