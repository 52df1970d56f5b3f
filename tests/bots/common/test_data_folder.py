"""The metrics of the data folder, and the time of the last backup."""

from __future__ import annotations

import datetime as dt
import shutil
import stat
from pathlib import Path

import pytest

from bots.common.data_folder import LAST_BACKUP, record_backup
from bots.common.metrics import Metrics
from tests.bots.figures import figure
from tests.world import NOW

BACKUP, SIZE, FREE = (
    f"undersign_{name}" for name in ("last_backup_timestamp_seconds", "disk_size_bytes", "disk_free_bytes")
)


def watching(folder: Path) -> Metrics:
    """The metrics of a process with this folder."""
    metrics = Metrics()
    metrics.watch_folder(folder)
    return metrics


def test_the_last_backup_is_the_moment_that_it_holds(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    metrics = watching(folder)
    assert f"{BACKUP} 0.0" in metrics.text().decode(), "a metric, so that an alert can see that there is none"
    for moment in (NOW, NOW + dt.timedelta(days=1)):
        record_backup(folder, moment)
        assert figure(metrics, BACKUP) == moment.timestamp()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / LAST_BACKUP)] == [0o700, 0o600]


def test_the_disk_is_that_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disks = {tmp_path: (1000, 900, 100)}
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(*disks[folder]))
    metrics = watching(tmp_path)
    assert (figure(metrics, SIZE), figure(metrics, FREE)) == (1000, 100)
    disks[tmp_path] = (1000, 1000, 0)
    assert figure(metrics, FREE) == 0


def test_a_folder_that_is_missing_leaves_the_other_metrics(tmp_path: Path) -> None:
    text = watching(tmp_path / "nowhere").text().decode()
    assert f"{BACKUP} 0.0" in text
    assert FREE not in text
    assert "undersign_database_up" in text
