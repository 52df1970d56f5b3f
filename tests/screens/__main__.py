"""Writes build/screens.html: `python -m tests.screens`, or `make screens`."""

from __future__ import annotations

from pathlib import Path

from tests.screens.page import page
from tests.screens.stories import tell

SCREENS = Path(__file__).parents[2] / "build" / "screens.html"

if __name__ == "__main__":
    SCREENS.parent.mkdir(exist_ok=True)
    SCREENS.write_text(page(tell()), encoding="utf-8")
    print(SCREENS)
