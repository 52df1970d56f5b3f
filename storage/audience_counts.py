"""Keeps count of whom announcements can reach, in the transaction that changes it.

What somebody contributes is read before and after a change, and the difference is added: so no change has to know
what it means for the counts. All counts are changed in one order, so that nobody waits in a circle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import sqlalchemy as sa

from core.petition.petition import is_personal
from core.signatures.signature import Signature, SignatureStatus
from storage.statements import per_dialect
from storage.tables import AudienceCountRow, SignatureRow, SignerRow, table

_reach, _signatures, _signers = table(AudienceCountRow), table(SignatureRow), table(SignerRow)
_c = _signatures.c
Place: TypeAlias = tuple[str, str, str, str]
"""Petition, platform, language and label."""

REACHED = (
    sa.text("signatures.updates"),  # as its index says it
    _c.status != SignatureStatus.WITHDRAWN.value,
    _signers.c.id == _c.signer_id,
    _signers.c.reachable,
)
"""Signatures, joined with their signers, of those who can be told."""
_OF = sa.select(_c.petition, _c.platform, _c.locale, _c.label).where(*REACHED)
_OF_PERSON = _OF.where(_c.signer_id == sa.bindparam("signer"))
_OF_SIGNATURE = _OF.where(_c.id == sa.bindparam("signature"))
_ADD = per_dialect(
    _reach,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["petition", "platform", "locale", "label"],
        set_={"people": _reach.c.people + insert.excluded.people},
    ),
)


def count_new(connection: sa.Connection, signature: Signature) -> None:
    """Count a new signature of somebody who agreed to updates, and who is talking just now."""
    place = (signature.petition, signature.platform, signature.locale, signature.label)
    _add(connection, Counter({_public(place): 1}))


@contextmanager
def counted(connection: sa.Connection, *, signer: int | None = None, signature: int | None = None) -> Iterator[None]:
    """Whatever changes inside about all signatures of a signer, or about one signature, changes the counts too."""
    before = _contributed(connection, signer, signature)
    yield
    after = _contributed(connection, signer, signature)
    after.subtract(before)
    _add(connection, after)


def _contributed(connection: sa.Connection, signer: int | None, signature: int | None) -> Counter[Place]:
    statement, values = (_OF_PERSON, {"signer": signer}) if signer else (_OF_SIGNATURE, {"signature": signature})
    return Counter(_public(tuple(row)) for row in connection.execute(statement, values))


def _public(place: tuple[Any, ...]) -> Place:
    petition, platform, locale, label = place
    return petition, platform, locale, "" if is_personal(label) else label


def _add(connection: sa.Connection, changes: Counter[Place]) -> None:
    statement = _ADD.on(connection)
    for (petition, platform, locale, label), change in sorted(changes.items()):
        if change:
            values = {"petition": petition, "platform": platform, "locale": locale, "label": label, "people": change}
            connection.execute(statement, values)
