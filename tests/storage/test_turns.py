"""Turns at writing: in order, never two at once, and none is lost."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest

from storage.turns import Turns
from tests.patience import limit, until_blocking


def waits(turns: Turns, number: int) -> None:
    """Wait until this many threads do."""
    until_blocking(lambda: len(turns._waiting) == number, f"{number} wait")


def test_those_who_wait_come_in_order_and_before_the_one_who_had_the_turn() -> None:
    turns, order = Turns(), list[str]()

    def work(name: str) -> None:
        assert turns.take(limit())
        order.append(name)
        turns.pass_on()

    with ThreadPoolExecutor() as threads:
        assert turns.take(limit())
        for number, name in enumerate(("Ada", "Ben", "Cleo"), start=1):
            threads.submit(work, name)
            waits(turns, number)
        turns.pass_on()
        work("erasure")  # asks again at once, as one does that goes through pages
    assert order == ["Ada", "Ben", "Cleo", "erasure"]


def test_there_are_never_two_at_once() -> None:
    turns, inside = Turns(), threading.Lock()

    def work() -> bool:
        for _ in range(100):
            assert turns.take(limit())
            alone = inside.acquire(blocking=False)
            time.sleep(0)  # lets another thread in
            if alone:
                inside.release()
            turns.pass_on()
            if not alone:
                return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(lambda _: work(), range(8)))


def test_a_turn_is_not_lost_on_one_who_gave_up() -> None:
    turns = Turns()
    assert turns.take(limit())
    assert not turns.take(0.0)
    with pytest.raises(TypeError):
        turns.take(cast("float", "interrupted"))
    turns.pass_on()
    assert turns.take(0.0)
