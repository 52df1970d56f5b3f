"""Storage that is slow or away, below a bot that goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.errors import StorageUnavailableError
from core.ports import UnitOfWork
from tests.patience import limit
from tests.world import World


@contextmanager
def held_back(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """No transaction begins before the block ends; the event is set as soon as one would."""
    held, gate, work = threading.Event(), threading.Event(), world.signing.work

    def slow() -> UnitOfWork:
        held.set()
        gate.wait(limit())
        return work()

    monkeypatch.setitem(vars(world.signing), "work", slow)
    try:
        yield held
    finally:
        gate.set()


@contextmanager
def away(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse every transaction: the database is away."""

    def refuse() -> UnitOfWork:
        raise StorageUnavailableError("The database cannot be opened: it is away.")

    with monkeypatch.context() as patch:
        patch.setitem(vars(world.signing), "work", refuse)
        yield
