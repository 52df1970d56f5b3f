"""A file is written completely or not at all, and for its owner only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.files import create_whole, make_folder, written_whole


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
    assert list(tmp_path.iterdir()) == [path], "no half file is left"
    path.with_name(".export.csv.part").write_text("of a process that was killed")
    with written_whole(path) as draft:
        assert draft.read_text() == ""


def without_links(_: object, __: object) -> None:
    """A file system such as FAT."""
    raise PermissionError("Operation not permitted")


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_appears_meanwhile_keeps_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    if not links:
        monkeypatch.setattr("os.link", without_links)
    path = tmp_path / "kept.zip"
    with pytest.raises(FileExistsError), written_whole(path, replace=False) as draft:
        draft.write_text("this backup")
        path.write_text("another backup")
    assert path.read_text() == "another backup"
    assert list(tmp_path.iterdir()) == [path], "no draft is left"
    path.unlink()
    with written_whole(path, replace=False) as draft:
        draft.write_text("this backup")
    assert path.read_text() == "this backup"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("links", [True, False])
def test_of_two_that_create_a_file_one_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    if not links:
        monkeypatch.setattr("os.link", without_links)
    path = tmp_path / "secret.key"
    assert (create_whole(path, b"one"), create_whole(path, b"other")) == (True, False)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"one", 0o600)
    assert list(tmp_path.iterdir()) == [path], "no draft is left"


def test_a_created_file_and_its_name_are_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, synced, sync = tmp_path / "new" / "folder", list[tuple[int, bool]](), os.fsync
    path = folder / "secret.key"

    def fsync(handle: int) -> None:
        synced.append((os.fstat(handle).st_ino, path.exists()))
        sync(handle)

    monkeypatch.setattr("os.fsync", fsync)
    make_folder(folder)
    assert {(tmp_path.stat().st_ino, False), (folder.parent.stat().st_ino, False)} == set(synced)
    synced.clear()
    create_whole(path, b"one")
    assert synced == [(path.stat().st_ino, False), (folder.stat().st_ino, True)]
    assert not create_whole(path, b"other")
    assert synced[-1] == (folder.stat().st_ino, True), "the process that made it may not have come so far"
    assert len(synced) == 4
