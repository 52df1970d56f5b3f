"""Temporary files are removed, however the process ended."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from bots.delivery.work_folders import sweep, work_folder

WORKER = """
import sys, time, pathlib
from bots.delivery.work_folders import work_folder
with work_folder(pathlib.Path(sys.argv[1])) as folder:
    (folder / "half.csv").write_text("half")
    print("ready", flush=True)
    time.sleep(60)
"""


def test_a_folder_is_the_owners_and_goes_when_it_is_left(tmp_path: Path) -> None:
    root = tmp_path / "data" / "files"
    with work_folder(root) as folder:
        (folder / "a.csv").write_text("a")
        assert stat.S_IMODE(root.stat().st_mode) == stat.S_IMODE(folder.stat().st_mode) == 0o700
    with pytest.raises(KeyError), work_folder(root) as folder:
        raise KeyError
    assert list(root.iterdir()) == []


def test_a_folder_leaves_no_handle_open(tmp_path: Path) -> None:
    open_before = psutil.Process().num_fds()
    for _ in range(3):
        with work_folder(tmp_path):
            pass
    assert psutil.Process().num_fds() == open_before


@pytest.mark.process
def test_leftovers_of_a_crash_are_removed_and_folders_in_use_are_not(tmp_path: Path) -> None:
    assert sweep(tmp_path / "nothing") == 0
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(tmp_path)], stdout=subprocess.PIPE)
    assert worker.stdout is not None
    try:
        worker.stdout.readline()
        with work_folder(tmp_path) as mine:
            assert sweep(tmp_path) == 0
            worker.kill()
            worker.wait()
            assert len(list(tmp_path.iterdir())) == 2
            assert sweep(tmp_path) == 1
            assert list(tmp_path.iterdir()) == [mine]
    finally:
        worker.kill()
        worker.communicate()
