"""Logging: what libraries say about retries stays out of it."""

from __future__ import annotations

import subprocess
import sys

import pytest

RETRIES = """
import stamina
from bots.common.log import start_logging
start_logging("DEBUG")
tries = iter([ValueError("one"), None])

@stamina.retry(on=ValueError, attempts=2, wait_initial=0, wait_jitter=0)
def call():
    if error := next(tries):
        raise error

call()
print("called twice")
"""


@pytest.mark.process
def test_a_retry_logs_nothing_by_itself() -> None:
    ended = subprocess.run([sys.executable, "-c", RETRIES], capture_output=True, text=True, check=True)
    assert ended.stdout == "called twice\n"
    assert "retry" not in ended.stderr
