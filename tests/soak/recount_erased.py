"""Recounts of what outlives its rows, with the help of the archive of erased rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from bots.services import Services
from core.conversation.funnel import PENDING, contribution
from core.outbox import FINAL
from core.outreach.milestones import passed
from core.signatures.parts import FIRST_PART
from core.signatures.quarantine import STANDARD, Case, Signal, suspicions
from core.signatures.signature import SignatureStatus, Signer
from storage.connection import Connection
from storage.mappers import row_to_conversation, row_to_signature
from storage.tables import (
    ConversationRow,
    MilestoneRow,
    OutboxRow,
    OutboxTotalRow,
    SignalRow,
    SignatureRow,
    StepRow,
    TallyRow,
    table,
)
from storage.vault import Vault
from tests.soak.archive import rows_ever, sealed_ever

_NOT_COUNTED_AT_ONCE = (SignatureStatus.DUPLICATE.value,)


def funnel(connection: Connection, vault: Vault) -> tuple[Counter[Any], Counter[Any]]:
    """The steps that conversations reached by each link, what was opened before signing, and how many sign now."""
    present, conversations = connection.execute(sa.select(table(ConversationRow))).mappings(), table(ConversationRow)
    recounted = Counter(step for step in _steps(rows_ever(connection, conversations), vault) if step[2] != PENDING)
    recounted.update(step for step in _steps(present, vault) if step[2] == PENDING)
    kept, rows = Counter[Any](), table(StepRow).c
    for *step, total in connection.execute(sa.select(rows.petition, rows.label, rows.step, rows.total)):
        kept[tuple(step)] += total
    return kept, recounted


def _steps(rows: Iterable[Any], vault: Vault) -> Iterator[tuple[str, str, str]]:
    for row in rows:
        conversation = row_to_conversation(row, vault)
        assert conversation
        yield from ((conversation.petition, *step) for step in contribution(conversation).elements())


class _Sightings:
    """Counts what a signature was judged by. See core.signatures.quarantine.Signals."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.counts = Counter[Any]()

    def thresholds(self) -> Mapping[str, int]:
        return {}

    def set_threshold(self, signal: Signal, value: int) -> None:
        raise NotImplementedError

    def seen(self, petition: str, signal: Signal, key: str, start: dt.datetime, part: int = FIRST_PART) -> int:
        fingerprint = self._vault.petition_fingerprint(petition, "signal", petition, signal, key)
        self.counts[petition, signal.value, fingerprint, start] += 1
        return 0


def signals(services: Services, connection: Connection, vault: Vault) -> tuple[Counter[Any], Counter[Any]]:
    """The sightings of each window."""
    sightings, rows = _Sightings(vault), table(SignalRow).c
    for row in sealed_ever(connection, table(SignatureRow)):
        signature = row_to_signature(row, vault)
        petition = services.signing.petitions[signature.petition]
        name = petition.signer_name(signature.answers)
        signer = Signer(signature.platform, "")
        suspicions(Case(petition.slug, signer, signature.signed_at, signature.label, name), STANDARD, sightings)
    kept = connection.execute(sa.select(rows.petition, rows.signal, rows.key, rows.start, rows.total))
    seen = Counter[Any]()
    for *key, total in kept:
        seen[tuple(key)] += total
    return seen, sightings.counts


def outbox_totals(connection: Connection) -> tuple[Counter[Any], Counter[Any]]:
    """The entries that ended, by topic, group, state and reason."""
    totals, recounted = table(OutboxTotalRow).c, Counter[Any]()
    for row in rows_ever(connection, table(OutboxRow)):
        if row["state"] in FINAL:
            recounted[row["topic"], row["group"], row["state"], row["reason"]] += 1
    kept = connection.execute(sa.select(totals.topic, totals.group, totals.state, totals.reason, totals.total))
    return Counter({tuple(row[:-1]): row[-1] for row in kept}), recounted


def milestones(connection: Connection) -> tuple[Counter[Any], Counter[Any]]:
    """The milestones up to the highest count there ever was, which the numbers of signatures tell."""
    signatures, tallies, rows = table(SignatureRow).c, table(TallyRow).c, table(MilestoneRow).c
    at_once = (signatures.reason == "") & signatures.status.not_in(_NOT_COUNTED_AT_ONCE)
    numbers = sa.select(signatures.petition, sa.func.max(signatures.number)).where(at_once)
    highest = {row[0]: row[1] for row in connection.execute(numbers.group_by(signatures.petition))}
    counted = (
        sa.select(tallies.petition, sa.func.sum(tallies.total))
        .where(tallies.status == SignatureStatus.COUNTED.value)
        .group_by(tallies.petition)
    )
    for petition, total in connection.execute(counted):
        highest[petition] = max(highest.get(petition, 0), total)
    crossed = connection.execute(sa.select(rows.petition, rows.number))
    return Counter((slug, number) for slug, number in crossed), Counter(
        (slug, n) for slug, count in highest.items() for n in passed(0, count)
    )
