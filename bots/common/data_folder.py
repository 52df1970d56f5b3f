"""The data folder, as operators watch it: the room on its disk, and the time of the last backup."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

LAST_BACKUP = "last-backup"
"""An empty file in the folder; it was modified at the moment whose state the last backup holds."""


def record_backup(folder: Path, moment: dt.datetime) -> None:
    """Note that there is a backup of the state at this moment. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / LAST_BACKUP
    file.touch(mode=0o600)
    os.utime(file, (moment.timestamp(), moment.timestamp()))


def last_backup(folder: Path) -> float:
    """Moment of the last backup in seconds since 1970; 0 if none was recorded."""
    try:
        return (folder / LAST_BACKUP).stat().st_mtime
    except OSError:
        return 0.0


class DataFolderCollector(Collector):
    """The metrics of a folder, read at every scrape; a folder that can't be read has none of its disk."""

    def __init__(self, folder: Path, to: CollectorRegistry) -> None:
        self._folder = folder
        to.register(self)

    def collect(self) -> Iterator[Metric]:
        """The metrics, for every scrape of the registry."""
        yield GaugeMetricFamily(
            "undersign_last_backup_timestamp_seconds", "time of the last backup, or 0", last_backup(self._folder)
        )
        try:
            usage = shutil.disk_usage(self._folder)
        except OSError:
            return
        yield GaugeMetricFamily("undersign_disk_size_bytes", "size of the disk that holds the data", usage.total)
        yield GaugeMetricFamily("undersign_disk_free_bytes", "free space on it", usage.free)
