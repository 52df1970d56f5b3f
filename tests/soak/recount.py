"""Kept counts, compared with a recount of the rows that they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from bots.services import Services
from core.petition.petition import is_personal
from core.signatures.breakdowns import Facet, arrival_of, facets_of
from core.signatures.signature import SignatureStatus
from storage.engine import Database
from storage.tables import (
    AudienceCountRow,
    CreditRow,
    HistoryRow,
    SignatureRow,
    SignerRow,
    TallyRow,
    table,
)
from tests.world import SALESFORCE

_s, _signers = table(SignatureRow).c, table(SignerRow).c
_COUNTED = _s.status == SignatureStatus.COUNTED.value
_TOLD = _s.status != SignatureStatus.WITHDRAWN.value


def differences(services: Services) -> Iterator[str]:
    """Every kept count that differs from its recount.

    Left out are those that outlive their rows: the steps of conversations, and the outbox's totals.
    """
    assert isinstance(services.database, Database)
    with services.database.reading() as connection:
        for name, (kept, recounted) in _counts(connection).items():
            yield from _differences(name, kept, recounted)
    recounted_facets: Counter[tuple[Any, ...]] = Counter()
    for signature in services.queries.signatures(SALESFORCE, (SignatureStatus.COUNTED,)):
        recounted_facets.update((facet.value, value) for facet, value in facets_of(signature).items())
    told = tuple(status for status in SignatureStatus if status is not SignatureStatus.WITHDRAWN)
    for signature in services.queries.signatures(SALESFORCE, told):
        recounted_facets.update((facet.value, value) for facet, value in arrival_of(signature).items() if value)
    yield from _differences("facets", _facets_kept(services), recounted_facets)


def _differences(name: str, kept: Mapping[Any, int], recounted: Mapping[Any, int]) -> Iterator[str]:
    for key in sorted({*kept, *recounted}, key=str):
        if kept.get(key, 0) != recounted.get(key, 0):
            yield f"{name} {key}: kept {kept.get(key, 0)}, recounted {recounted.get(key, 0)}"


def _counts(connection: sa.Connection) -> dict[str, tuple[Counter[Any], Counter[Any]]]:
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
            _sums(connection, history.change, history.petition, history.platform, history.locale),
            _rows(connection, _COUNTED, _s.petition, _s.platform, _s.locale),
        ),
        "audience": (
            _sums(connection, audience.people, audience.petition, audience.platform, audience.locale, audience.label),
            _audience(connection),
        ),
    }


def _sums(connection: sa.Connection, what: sa.ColumnElement[int], *by: sa.ColumnElement[Any]) -> Counter[Any]:
    statement = sa.select(*by, sa.func.sum(what)).group_by(*by)
    return Counter({tuple(row[:-1]): int(row[-1]) for row in connection.execute(statement)})


def _rows(connection: sa.Connection, where: Any, *by: sa.ColumnElement[Any]) -> Counter[Any]:
    statement = sa.select(*by, sa.func.count()).where(where).group_by(*by)
    return Counter({tuple(row[:-1]): int(row[-1]) for row in connection.execute(statement)})


def _audience(connection: sa.Connection) -> Counter[Any]:
    """People who agreed, did not withdraw and can be reached; a link of their own counts as none."""
    reached = _s.updates & (_s.status != SignatureStatus.WITHDRAWN.value) & _signers.reachable
    statement = sa.select(_s.petition, _s.platform, _s.locale, _s.label).where(reached, _signers.id == _s.signer_id)
    rows = connection.execute(statement)
    return Counter((*row[:3], "" if is_personal(row.label) else row.label) for row in rows)


def _facets_kept(services: Services) -> Counter[Any]:
    with services.signing.work() as work:
        by_facet = {facet: work.breakdowns.by_value(SALESFORCE, facet, None) for facet in Facet}
    return Counter({(facet.value, value): total for facet, values in by_facet.items() for value, total in values})
