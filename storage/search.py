"""Searches everything that is sealed for a person, page by page and without blocking writers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from sqlalchemy import RowMapping

from core.errors import KeyDestroyedError, SealError
from core.signatures.search import Matcher, SearchPage
from storage import mappers
from storage.reading import Readable
from storage.statements.holdings import COUNTS, PAGES
from storage.vault import Vault

_PAGE = 500


def search(database: Readable, vault: Vault, matcher: Matcher) -> Iterator[SearchPage]:
    """See core.queries.Queries."""
    with database.reading() as connection:
        total = sum(int(connection.run(statement).scalar_one()) for statement in COUNTS)
    reader = _Reader(vault, matcher)
    for name, (first, following) in PAGES.items():
        statement, after = first, dict[str, object]()
        key = ("signer_id", "petition") if name == "conversations" else ("id",)
        while True:
            with database.reading() as connection:
                rows = connection.run(statement, most=_PAGE, **after).mappings().all()
            results = [(row["owner"], reader.reads(name, row)) for row in rows]
            found = tuple(owner for owner, matches in results if matches)
            yield SearchPage(found, len(rows), sum(matches is None for _, matches in results), total)
            if len(rows) < _PAGE:
                break
            statement, after = following, {f"after_{column}": rows[-1][column] for column in key}


class _Reader:
    """Opens rows and compares them with the person wanted."""

    def __init__(self, vault: Vault, matcher: Matcher) -> None:
        self._vault, self._matcher = vault, matcher
        self._mailbox_in = cache(lambda petition: mappers.find_mailbox(petition, matcher.mailbox, vault))

    def reads(self, name: str, row: RowMapping) -> bool | None:
        """True if the row is about the person wanted; None if no known key opens it."""
        compare = {"signers": self._account, "conversations": self._draft, "signatures": self._signature}[name]
        try:
            return compare(row)
        except KeyDestroyedError:
            return False
        except SealError:
            return None

    def _account(self, row: RowMapping) -> bool:
        signer = mappers.row_to_signer(row, self._vault)
        person = mappers.row_to_person(row, signer, "", self._vault)
        return self._matcher.is_account(signer) or self._matcher.has_details(person.details)

    def _draft(self, row: RowMapping) -> bool:
        """Compare the answers, or all of the text if an older version wrote the conversation."""
        conversation = mappers.open_conversation(row, self._vault)
        if conversation is None:
            return self._matcher.has_texts(mappers.texts_in_conversation(row, self._vault))
        return self._matcher.has_answers(row["petition"], conversation.answers)

    def _signature(self, row: RowMapping) -> bool:
        """Compare the share code and the fingerprint of the mailbox first: they need no key to the answers."""
        matcher, petition = self._matcher, row["petition"]
        if matcher.wanted.code and matcher.is_share_code(mappers.referral_of(row["receipt"], self._vault)):
            return True
        if matcher.mailbox and row["mailbox"] and row["mailbox"] == self._mailbox_in(petition):
            return True
        return matcher.has_answers(petition, mappers.row_to_signature(row, self._vault).answers)
