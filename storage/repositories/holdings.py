"""The repository of everything stored about an account."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import RowMapping

from core.conversation.state import SIGNING
from core.errors import KeyDestroyedError, SealError
from core.signatures.holding import Holding
from core.signatures.search import Wanted
from storage import mappers
from storage.repositories.base import SealingRepository
from storage.statements import holdings as sql
from storage.vault import Vault

T = TypeVar("T")


class SqlHoldings(SealingRepository):
    """See core.signatures.holding.Holdings."""

    def find(self, wanted: Wanted) -> tuple[str, ...]:
        prints = [mappers.fingerprint_of(signer, self._vault) for signer in wanted.accounts]
        found = [key for who in prints for key in self._run(sql.KEY, who=who).scalars()]
        if wanted.receipts:
            found += self._run(sql.KEYS_OF_RECEIPTS, codes=list(wanted.receipts)).scalars()
        return tuple(dict.fromkeys(found))

    def get(self, key: str) -> Holding | None:
        row = self._run(sql.ACCOUNT, who=key).mappings().first()
        if row is None:
            return None
        signatures = self._run(sql.SIGNATURES_OF, signer=row["id"]).mappings().all()
        talks = self._run(sql.CONVERSATIONS_OF, signer=row["id"]).mappings().all()
        drafts = tuple(talk["petition"] for talk in talks if talk["stage"] in SIGNING)
        opened = [self._opened(mappers.row_to_signature, each) for each in signatures]
        talked = [self._opened(_can_be_opened, talk) for talk in talks]
        account = self._account(row)
        return replace(
            account,
            signatures=tuple(
                each or mappers.row_without_answers(row, self._vault)
                for each, row in zip(opened, signatures, strict=True)
            ),
            drafts=drafts,
            opened=tuple(talk["petition"] for talk in talks if talk["petition"] not in drafts),
            waiting=int(self._run(sql.WAITING_FOR, signer=row["id"]).scalar_one()),
            unopened=account.unopened + opened.count(None) + talked.count(None),
        )

    def _account(self, row: RowMapping) -> Holding:
        account = Holding(row["fingerprint"], row["platform"], row["met_at"])
        try:
            signer = mappers.row_to_signer(row, self._vault)
            return replace(account, signer=signer, details=mappers.row_to_person(row, signer, "", self._vault).details)
        except KeyDestroyedError:  # restored from a backup; it can be erased without being read
            return account
        except SealError:
            return replace(account, unopened=1)

    def _opened(self, open_row: Callable[[RowMapping, Vault], T], row: RowMapping) -> T | None:
        try:
            return open_row(row, self._vault)
        except SealError:
            return None


def _can_be_opened(talk: RowMapping, vault: Vault) -> bool:
    """True, or SealError; what an older version wrote, or a destroyed key sealed, can be erased without being read."""
    with suppress(KeyDestroyedError):
        mappers.open_conversation(talk, vault)
    return True
