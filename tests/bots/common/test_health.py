"""The health of a component: what is down, since when, and what is said about it once."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.common.health import SLOW_START, Condition, Health


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_start_that_takes_too_long_is_an_outage_said_once(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    health = Health(clock)
    component = health.add("telegram")
    states = []
    for seconds in (SLOW_START - 1, SLOW_START, SLOW_START + 1):
        clock.now = seconds
        health.settle()
        states.append(component.state)
    assert states == [Condition.STARTING, Condition.DOWN, Condition.DOWN]
    component.down("nobody answers")
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert lines == ["telegram is down: it hasn't worked since startup; trying again until it works"]
    component.up()
    clock.now += 60
    health.settle()
    assert component.outage_seconds == 0.0


ACTS: dict[str, Callable[[Health], None]] = {
    "settle": lambda health: health.settle(),
    "up": lambda health: health.components["it"].up(),
    "down": lambda health: health.components["it"].down("a reason"),
    "stop": lambda health: health.components["it"].stop("Do this."),
}


@given(st.booleans(), st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.floats(0, 100)), max_size=12))
def test_no_sequence_raises_and_what_has_stopped_stays_stopped(essential: bool, story: list[tuple[str, float]]) -> None:
    clock = Clock()
    health = Health(clock)
    component = health.add("it", essential=essential)
    stopped = False
    for act, seconds in story:
        clock.now += seconds
        ACTS[act](health)
        stopped = (stopped or act == "stop") and act != "down"
        assert (component.state is Condition.STOPPED) == stopped
        assert component.outage_seconds >= 0
        assert str(component).startswith("it: ")
