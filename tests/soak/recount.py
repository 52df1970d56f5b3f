"""Kept counts, compared with a recount of the rows that they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import sqlalchemy as sa

from bots.services import Services
from core.petition.label import is_personal
from core.signatures.breakdowns import Facet, arrival_of, facets_of
from core.signatures.signature import SignatureStatus
from core.signatures.trends import origins_of
from storage.connection import Connection
from storage.engine import Database
from storage.tables import (
    AudienceCountRow,
    CreditRow,
    HistoryRow,
    SignatureRow,
    SignerRow,
    TallyRow,
    TrendRow,
    table,
)
from storage.vault import Vault
from tests.soak.recount_erased import funnel, milestones, outbox_totals, signals

_s, _signers = table(SignatureRow).c, table(SignerRow).c
_TOLD = _s.status != SignatureStatus.WITHDRAWN.value
Counts: TypeAlias = Mapping[Any, int]


def differences(services: Services, vault: Vault) -> Iterator[str]:
    """Every kept count that differs from its recount."""
    assert isinstance(services.database, Database)
    with services.database.reading() as connection:
        for name, (kept, recounted) in _counts(services, connection, vault).items():
            yield from _differences(name, kept, recounted)


def _differences(name: str, kept: Counts, recounted: Counts) -> Iterator[str]:
    for key in sorted({*kept, *recounted}, key=str):
        if kept.get(key, 0) != recounted.get(key, 0):
            yield f"{name} {key}: kept {kept.get(key, 0)}, recounted {recounted.get(key, 0)}"


def _counts(services: Services, connection: Connection, vault: Vault) -> dict[str, tuple[Counts, Counts]]:
    """By name: the kept counts and the recounted ones."""
    tallies, credits_, history = table(TallyRow).c, table(CreditRow).c, table(HistoryRow).c
    audience = table(AudienceCountRow).c
    return {
        "tallies": (
            _sums(connection, tallies.total, tallies.petition, tallies.status),
            _rows(connection, sa.true(), _s.petition, _s.status),
        ),
        "credits": (
            _sums(connection, credits_.total, credits_.petition, credits_.label),
            _rows(connection, _TOLD & (_s.label != ""), _s.petition, _s.label),
        ),
        "history": (
            _sums(connection, history.total, history.petition, history.platform, history.locale, history.status),
            _rows(connection, sa.true(), _s.petition, _s.platform, _s.locale, _s.status),
        ),
        "audience": (
            _sums(connection, audience.people, audience.petition, audience.platform, audience.locale, audience.label),
            _audience(connection),
        ),
        "facets": _facets(services),
        "trends": _trends(services, connection, vault),
        "steps": funnel(connection, vault),
        "signals": signals(services, connection, vault),
        "outbox totals": outbox_totals(connection),
        "milestones": milestones(connection),
    }


def _sums(connection: Connection, what: sa.ColumnElement[int], *by: sa.ColumnElement[Any]) -> Counter[Any]:
    statement = sa.select(*by, sa.func.sum(what)).group_by(*by)
    return Counter({tuple(row[:-1]): int(row[-1]) for row in connection.execute(statement)})


def _rows(connection: Connection, where: Any, *by: sa.ColumnElement[Any]) -> Counter[Any]:
    statement = sa.select(*by, sa.func.count()).where(where).group_by(*by)
    return Counter({tuple(row[:-1]): int(row[-1]) for row in connection.execute(statement)})


def _audience(connection: Connection) -> Counter[Any]:
    """People who agreed and can be reached, by signatures neither withdrawn nor invalid; own links count as none."""
    unreached = (SignatureStatus.WITHDRAWN.value, SignatureStatus.INVALID.value)
    reached = _s.updates & _s.status.not_in(unreached) & _signers.reachable
    statement = sa.select(_s.petition, _s.platform, _s.locale, _s.label).where(reached, _signers.id == _s.signer_id)
    rows = connection.execute(statement)
    return Counter((*row[:3], "" if is_personal(row.label) else row.label) for row in rows)


def _facets(services: Services) -> tuple[Counts, Counts]:
    """By petition: the facets of counted signatures, and those in which every signature that was told of counts."""
    kept, recounted = Counter[Any](), Counter[Any]()
    told = tuple(status for status in SignatureStatus if status is not SignatureStatus.WITHDRAWN)
    for petition in services.signing.petitions:
        for signature in services.queries.signatures(petition, (SignatureStatus.COUNTED,)):
            recounted.update((petition, facet.value, value) for facet, value in facets_of(signature).items())
        for signature in services.queries.signatures(petition, told):
            recounted.update((petition, facet.value, value) for facet, value in arrival_of(signature).items() if value)
        with services.signing.work() as work:
            for facet in Facet:
                for value, total in work.breakdowns.by_value(petition, facet, None):
                    kept[petition, facet.value, value] += total
    return kept, recounted


def _trends(services: Services, connection: Connection, vault: Vault) -> tuple[Counts, Counts]:
    """By petition and hour of signing: signatures that were not withdrawn, by mail domain and label."""
    trends, recounted = table(TrendRow), Counter[Any]()
    kept = Counter[Any]()
    for row in connection.execute(sa.select(trends)):
        veil, day = vault.petition_veil(row.petition), row.hour.date().isoformat()
        name = veil.open(row.value, "trends.value", row.petition, row.kind, day)
        kept[row.petition, row.hour, row.kind, name] += row.total
    hours = [hour for _, hour, _, _ in kept]
    told = tuple(status for status in SignatureStatus if status is not SignatureStatus.WITHDRAWN)
    for petition in services.signing.petitions if hours else ():
        for signature in services.queries.signatures(petition, told):
            hour = signature.hour
            if signature.answers and hour >= min(hours):  # retention erases both
                recounted.update((petition, hour, origin.kind.value, origin.name) for origin in origins_of(signature))
    return kept, recounted
