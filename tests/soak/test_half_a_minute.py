"""A short soak, which `make check` adds to `make test`."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from tests.soak.databases import open_folder
from tests.soak.run import Plan, soak


@pytest.mark.process
async def test_nothing_is_lost_in_random_trouble() -> None:
    """It lasts half a minute on a machine with nothing else to do, and else until everything has happened."""
    plan = Plan(seconds=30.0, seed=20_261_125, people=6, announce_every=10.0)
    with open_folder() as folder:
        report = await soak(folder, plan)
    text = io.StringIO()
    report.show(Console(file=text, width=200))
    assert report.passed, text.getvalue()
