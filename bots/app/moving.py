"""Moves the database to another address: reads both sides' settings, and refuses what the bot couldn't use later."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from pydantic import SecretStr

from bots.app.bootstrap import open_database
from bots.app.keyfile import keys_from_file
from bots.app.log_keys import read_log_keys
from bots.common.settings import Settings
from core.errors import ConfigurationError, StorageUnavailableError
from core.files import make_folder
from storage.archive import Watch
from storage.engine import Database
from storage.moving import Move
from storage.opening import prepare_petition_keys
from storage.presence import check_presence
from storage.vault import Vault

_CHECKPOINTS = "log-*.checkpoint"  # bots.app.kept_checkpoints


def move(settings: Settings, url: str, watch: Watch) -> int:
    """Move the database of the settings to the address; returns the number of rows.

    Raises ConfigurationError and others as `storage.moving.Move` does.
    """
    target = _open_target(url)
    with closing(target), closing(open_database(settings, must_exist=True)) as source:
        if target.engine.url == source.engine.url or ((file := _file(target)) and file == _file(source)):
            raise ConfigurationError("--to names the database that DATABASE_URL or DATA_DIR names already.")
        later = _settings_after(settings, target, url)
        keys = settings.keys or keys_from_file(settings.key_file)
        vault = Vault(keys, later.petition_keys)

        def check() -> None:
            prepare_petition_keys(source, vault)
            _check_log_files(settings, later)
            _make_file(target)

        return Move(source, target, vault, check, watch).run()


def _open_target(url: str) -> Database:
    """The target; PostgreSQL answers. Raises ConfigurationError."""
    try:
        target = Database(url)
    except ConfigurationError:
        raise ConfigurationError(
            "--to is not a valid database URL. Expected format: postgresql://user:password@host/name or "
            "sqlite:///folder/file"
        ) from None
    try:
        check_presence(url)
    except (ConfigurationError, StorageUnavailableError) as error:
        raise ConfigurationError(f"--to can't be used. {error}") from None
    return target


def _settings_after(settings: Settings, target: Database, url: str) -> Settings:
    """The settings with which the bot will use the target; without DATABASE_URL for the file in DATA_DIR."""
    is_standard = _file(target) == settings.database_file.resolve()
    return settings.model_copy(update={"database_url": None if is_standard else SecretStr(url)})


def _file(database: Database) -> Path | None:
    return Path(str(database.engine.url.database)).resolve() if database.is_sqlite else None


def _check_log_files(settings: Settings, later: Settings) -> None:
    """Raise ConfigurationError unless the public logs' key and checkpoints are where the bot will look for them."""
    before, after = settings.log_key_file.parent, later.log_key_file.parent
    missing = [path.name for path in sorted(before.glob(_CHECKPOINTS)) if not _has_same(path, after / path.name)]
    keys = read_log_keys(settings, None)
    if keys and keys != read_log_keys(later, None):
        missing.insert(0, settings.log_key_file.name)
    if missing:
        raise ConfigurationError(
            f"Copy {', '.join(missing)} from {before} to {after}, where the bot will look for the public logs' files."
        )


def _has_same(path: Path, other: Path) -> bool:
    return other.exists() and other.read_bytes() == path.read_bytes()


def _make_file(target: Database) -> None:
    """Make SQLite's file, for its owner only."""
    file = _file(target)
    if file is None:
        return
    try:
        make_folder(file.parent)
        file.touch(mode=0o600)
    except OSError as error:
        raise ConfigurationError(f"--to names {file}, which can't be written: {error.strerror}.") from None
