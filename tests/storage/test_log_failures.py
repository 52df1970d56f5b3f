"""A publisher that fails at any of its statements, on both engines, loses, doubles, and reorders nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count

from core.services.log_check import LogCheck
from core.signatures.review import Query
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.public_log import Press, read
from tests.statements import watched
from tests.storage.test_log_properties import InjectedError
from tests.storage.test_reviews import does, signs, withdraws


@contextmanager
def failing_at(database: Database, number: int) -> Iterator[None]:
    """Fail before a statement, counted from 1."""
    numbers = count(1)

    def fail(*_: object) -> None:
        if next(numbers) == number:
            raise InjectedError

    with watched(database, fail):
        yield


def test_each_statement_may_fail(database: Database, vault: Vault) -> None:
    work = partial(SqlUnitOfWork, database, vault)
    press = Press(work)
    press.publisher.chunk = 2
    signs(work, "first")
    press.publish()
    for number in count(1):
        for name in ("one", "two", "three"):
            signs(work, f"{name}-{number}")
        withdraws(work, f"one-{number}")
        does(work, "invalidate", Query("elms", receipt=f"R-two-{number}"))
        before, is_over = read(work), False
        with failing_at(database, number):
            try:
                press.publish()
                is_over = True
            except InjectedError:
                assert read(work) == before, "nothing of it is public"
        press.publish()
        found = read(work)
        assert found.entries[: len(before.entries)] == before.entries
        assert found.kinds == {"received": 1 + 3 * number, "withdrawn": number, "excluded": number}
        with work() as unit:
            assert list(LogCheck(unit.log, "elms", unit.tallies.of("elms")).differences()) == []
        if is_over:
            break
    assert number > 30, "it has many statements"
