"""The next run removes the programs and files of one that was killed, and nothing of anyone else."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.cluster import leftovers


@pytest.mark.process
def test_programs_and_files_of_an_ended_run_are_removed_and_those_of_a_running_one_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with subprocess.Popen(["true"]) as ended:
        pass
    abandoned, ours, others = (
        tmp_path / f"{name}-x" for name in (f"cluster-{ended.pid}", f"cluster-{os.getpid()}", "o")
    )
    for folder in (abandoned, ours, others):
        folder.mkdir()
    programs = [subprocess.Popen(["sleep", "1000"], cwd=folder) for folder in (abandoned, ours, others)]
    try:
        with leftovers.open_folder() as folder:
            assert programs[0].wait(30) == -9
            assert [program.poll() for program in programs[1:]] == [None, None]
            assert sorted(tmp_path.iterdir()) == sorted([ours, others, folder])
        assert sorted(tmp_path.iterdir()) == sorted([ours, others])
    finally:
        for program in programs:
            program.kill()
            program.wait()
