"""The petitions of a soak: one that stays, and one whose folder an operator takes away."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from core.petition.loading import PETITIONS
from tests.world import SALESFORCE

ENDING = "old-letter"
"""The petition whose folder is taken away."""
KEPT_FOR = 30  # days after it was last loaded
TITLE = "An old letter"
_CLOSES = re.compile(r"^closes = .*$", re.MULTILINE)
_RETENTION = re.compile(r"^retention_days = \d+", re.MULTILINE)
_TITLE = re.compile(r"^title: .*$", re.MULTILINE)


class PetitionFolders:
    """The folder `live` that the bot loads; `everything` also has what was taken away. `signers` signed that one."""

    def __init__(self, folder: Path) -> None:
        self.live, self.everything, self.signers = folder / "petitions", folder / "all-petitions", 0
        shutil.copytree(PETITIONS / SALESFORCE, self.everything / SALESFORCE)
        shutil.copytree(PETITIONS / SALESFORCE, self.everything / ENDING)
        _change(self.everything / ENDING / "petition.toml", _CLOSES, "")
        _change(self.everything / ENDING / "petition.toml", _RETENTION, f"retention_days = {KEPT_FOR}")
        _change(self.everything / ENDING / "en" / "letter.md", _TITLE, f"title: {TITLE}")
        shutil.copytree(self.everything, self.live)

    @property
    def is_there(self) -> bool:
        """Return true unless the folder was taken away."""
        return (self.live / ENDING).exists()

    def take_away(self) -> None:
        """Remove the folder, if it is there."""
        shutil.rmtree(self.live / ENDING, ignore_errors=True)

    def put_back(self) -> None:
        """Copy the folder back."""
        shutil.copytree(self.everything / ENDING, self.live / ENDING)


def _change(file: Path, line: re.Pattern[str], new: str) -> None:
    text, count = line.subn(new, file.read_text(encoding="utf-8"))
    assert count == 1, f"{file} has no line like {line.pattern}"
    file.write_text(text, encoding="utf-8")
