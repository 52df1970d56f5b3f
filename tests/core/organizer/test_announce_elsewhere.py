"""Organizers see an announcement as the other platforms that run would show it."""

from __future__ import annotations

from dataclasses import replace

from core.platforms import Platform
from tests.core.organizer.test_announce import TEXT, reads, team
from tests.world import SALESFORCE


def test_only_platforms_with_a_bot_are_previewed() -> None:
    office = team()
    previews = {"telegram": lambda _: "T!", "discord": lambda _: "D!", "test": lambda _: "never"}
    office.service = replace(office.service, previews=previews, platforms=(Platform.DISCORD,))
    shown = reads(office, f"announce {SALESFORCE} {TEXT}")
    assert "The same announcement on Discord\nD!" in shown
    assert "T!" not in shown
    assert "every platform" not in shown
