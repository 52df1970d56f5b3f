"""Archives for tests of backups: restored, changed, counted."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from storage.archive import Manifest, open_archive
from storage.backups import Backups
from storage.engine import Database

Keep = Callable[..., Backups]


def silent(step: str, done: int, total: int) -> None:
    """Nobody watches."""


def restored(keeper: Backups, path: Path, *, force: bool = False) -> Manifest:
    with open_archive(path) as archive:
        keeper.check(archive, force=force)
        keeper.restore(archive)
        return archive.manifest


def changed(path: Path, cut: int | None = None, **claims: Any) -> Path:
    """The archive with other claims in its manifest, or with less of its database."""
    other = path.with_name(f"{'-'.join(claims)}{cut}.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        new.writestr("manifest.json", json.dumps({**json.loads(old.read("manifest.json")), **claims}))
        for name in {*old.namelist()} - {"manifest.json"}:
            new.writestr(name, old.read(name)[: cut if name == "database" else None])
    return other


def counted(database: Database) -> int:
    with database.reading() as connection:
        count = sa.text("SELECT count(*) FROM signatures WHERE status = 'counted'")
        return int(connection.execute(count).scalar_one())
