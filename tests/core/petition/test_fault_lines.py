"""The line of a fault is the one to change, even if the same words occur elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path

from core.petition.loading import check_petitions
from tests.core.petition.test_loading import OWN, spoil
from tests.world import TREES


def test_a_date_a_link_and_a_control_character_are_found_where_they_are(tmp_path: Path) -> None:
    shutil.copytree(OWN / TREES, tmp_path / TREES)
    background = tmp_path / TREES / "en" / "background.md"
    spoil(background, "The council wants", "In 1899 ftp://x.example and Janember 2026 were named. The council wants")
    spoil(
        background,
        "“Survey of street trees,” January 2026.",
        "“Survey of\n    street &amp; trees,”\n    Janember 2026.",
    )
    spoil(background, "sound.[^report]", "sound.[^report]\n\nSee [x](ftp://x.example).\u2028Now \x07.")
    found = [(fault.line, fault.text) for fault in check_petitions(tmp_path)]
    assert [line for line, text in found if "'Janember 2026' isn't a date" in text] == [8]
    assert [line for line, text in found if "ftp://x.example isn't a web link" in text] == [3]
    assert [line for line, text in found if "an invisible character" in text] == [3]
