"""Storage that is slow or away, below a bot that goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.errors import StorageUnavailableError
from core.ports import UnitOfWork
from tests.world import World


def held_back(world: World, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """No transaction begins before the event is set."""
    gate, work = threading.Event(), world.signing.work

    def slow() -> UnitOfWork:
        gate.wait(5)
        return work()

    monkeypatch.setitem(vars(world.signing), "work", slow)
    return gate


@contextmanager
def away(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No transaction begins at all."""

    def gone() -> UnitOfWork:
        raise StorageUnavailableError("The database cannot be opened: it is away.")

    with monkeypatch.context() as patch:
        patch.setitem(vars(world.signing), "work", gone)
        yield
