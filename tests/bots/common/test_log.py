"""Logging: what libraries say about retries stays out of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import stamina

from bots.common.log import start_logging


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """Restore the handlers and the level that a test replaces."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    stamina.instrumentation.set_on_retry_hooks(None)


@pytest.mark.usefixtures("logging_as_before")
def test_a_retry_logs_nothing_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("DEBUG")
    tries = iter([ValueError("one"), None])

    @stamina.retry(on=ValueError, attempts=2, wait_initial=0, wait_jitter=0)
    def call() -> None:
        if error := next(tries):
            raise error

    call()
    assert "retry" not in capsys.readouterr().err
