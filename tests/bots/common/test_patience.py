"""The waits between two attempts."""

from __future__ import annotations

from bots.common.patience import Waits


def test_waits_double_up_to_a_limit_until_something_works() -> None:
    waits = Waits(1, 60)
    assert [waits.after_failure() for _ in range(7)] == [1, 2, 4, 8, 16, 32, 60]
    waits.reset()
    assert waits.after_failure() == 1


def test_chance_takes_up_to_half_off_each_wait_and_not_off_the_next() -> None:
    chances = iter([0.0, 1.0, 0.5, 0.0])
    waits = Waits(4, 60, lambda: next(chances))
    assert [waits.after_failure() for _ in range(4)] == [4, 4, 12, 32]
