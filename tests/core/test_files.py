"""A file is written completely or not at all, and for its owner only."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.files import written_whole


def test_it_takes_its_name_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    with written_whole(path) as draft:
        draft.write_text("half")
        assert not path.exists()
        draft.write_text("whole")
    assert path.read_text() == "whole"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_there_stays_where_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("before")
    with pytest.raises(OSError, match="full"), written_whole(path) as draft:
        draft.write_text("half")
        raise OSError("full")
    assert path.read_text() == "before"
    with written_whole(path) as draft:
        assert draft.read_text() == ""
