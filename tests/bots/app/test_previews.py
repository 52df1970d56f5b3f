"""An organizer at the terminal sees an announcement as each bot would send it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.command import run

BOTS = {"TELEGRAM_TOKEN": "123456:" + "A" * 35, "DISCORD_TOKEN": "MTIzNDU2Nzg5MDEyMzQ1Njc4.x.y"}

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("migrated")]


def test_a_draft_shows_what_each_platform_would_get(tmp_path: Path) -> None:
    line = "/announce The hearing is on Monday.\n"
    shown = run(tmp_path, "try", "--signer", "olga", stdin=line, ORGANIZERS="terminal:olga", **BOTS).stdout
    _, *parts = re.split(r"The same announcement on (\w+)", shown)
    previews = dict(zip(parts[::2], parts[1::2], strict=True))
    assert list(previews) == ["Telegram", "Discord"]
    for platform, preview in previews.items():
        assert "│ The hearing is on Monday." in preview, platform
        assert "[Stop updates]" in preview, platform
