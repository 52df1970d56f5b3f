"""`hand_in` in petition.toml: only some answers can be handed in, and `check` says which and why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.petition.loading import check_petitions
from tests.world import TREES

OWN = Path(__file__).parents[2] / "petitions"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a good petition, to be spoilt."""
    shutil.copytree(OWN / TREES, tmp_path / "petitions" / TREES)
    return tmp_path / "petitions"


@pytest.mark.parametrize(
    ("field", "about", "said"),
    [
        ('name = "who"\nkind = "name"', "", "only a text, a choice, and a yes_no have hand_in"),
        ('name = "mail"\nkind = "email"', "", "only a text, a choice, and a yes_no have hand_in"),
        ('name = "reason"\nkind = "text"', "", "add a field of the kind name"),
        ('name = "volunteer"\nkind = "yes_no"', 'named_if = "volunteer"\n', "so leave hand_in out"),
    ],
)
def test_only_some_answers_can_be_handed_in(folder: Path, field: str, about: str, said: str) -> None:
    file = folder / TREES / "petition.toml"
    file.write_text(f"{file.read_text().partition('[[fields]]')[0]}{about}[[fields]]\n{field}\nhand_in = true\n")
    faults = [fault for fault in check_petitions(folder) if said in fault.text]
    assert [(fault.file, fault.text.startswith("fields.1: ")) for fault in faults] == [(file, True)]
    assert file.read_text().splitlines()[faults[0].line - 1] == "hand_in = true"
