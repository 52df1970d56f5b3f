"""Temporary files go where there is room."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from tests import temporary
from tests.temporary import prefer_memory


@pytest.fixture(autouse=True)
def _default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin as if nothing had been chosen, and choose again afterwards."""
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(temporary, "ROOM", 1)


def test_memory_is_preferred_even_after_another_folder_was_asked_for(tmp_path: Path) -> None:
    assert tempfile.gettempdir() != str(tmp_path)
    prefer_memory(tmp_path)
    assert tempfile.gettempdir() == os.environ["TMPDIR"] == str(tmp_path)


def test_without_room_files_stay_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temporary, "ROOM", 1 << 60)
    prefer_memory(tmp_path)
    assert "TMPDIR" not in os.environ


def test_where_there_is_no_such_folder_files_stay_on_the_disk(tmp_path: Path) -> None:
    prefer_memory(tmp_path / "none")
    assert "TMPDIR" not in os.environ


def test_a_chosen_folder_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", "chosen")
    prefer_memory(tmp_path)
    assert os.environ["TMPDIR"] == "chosen"
