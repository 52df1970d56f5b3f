"""A withdrawal in the log names the entry of its own signer."""

from __future__ import annotations

from collections.abc import Callable

from core.log.log_entry import Withdrawn, read_entry
from core.ports import UnitOfWork
from tests.core.services.test_publishing import sign_many
from tests.public_log import Press, read
from tests.storage.test_reviews import withdraws


def test_withdrawals_name_the_entries_of_their_signers(work: Callable[[], UnitOfWork]) -> None:
    press = Press(work)
    sign_many(work, 9)
    press.publish()
    sign_many(work, 3, start=9)
    gone = ["s2", "s5", "s7", "s10"]  # the last one signed since the first batch
    for name in gone:
        withdraws(work, name)
    press.publish()
    with work() as unit:
        links = [unit.log.link(f"R-{name}") for name in gone]
    told = [entry.entry for entry in map(read_entry, read(work).entries) if isinstance(entry, Withdrawn)]
    assert sorted(told) == sorted(link.entry for link in links if link)
    assert len(told) == len(gone)
