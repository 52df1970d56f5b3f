"""The commands that back up, restore, migrate, and move the whole database."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.filesize import decimal
from rich.progress import Progress, TaskID

from bots.app.bootstrap import back_up
from bots.app.bootstrap import migrate as migrate_database
from bots.app.bootstrap import restore as restore_archive
from bots.app.moving import move as move_database
from bots.app.retention import signatures
from bots.common.data_folder import record_backup
from bots.common.settings import load_settings
from core.errors import ConfigurationError, UndersignError

STANDARD = Path("-")
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--with-key", is_flag=True, help="Include the keys. Anyone with the archive can then read everything.")
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
def backup(file: Path, *, with_key: bool, force: bool) -> None:
    """Back up everything into one file.

    Writes to FILE, or to standard output if FILE is -. The bot can keep running. The backup leaves out the keys, the
    installation's and one for each petition, and without them nobody can read the signers' data.

    Records the time of the backup in DATA_DIR, for the metric undersign_last_backup_timestamp_seconds.

    PostgreSQL needs pg_dump.
    """
    settings = load_settings()
    with _written(file), _progress() as watch, _output_file(file) as path:
        if file != STANDARD and file.exists() and not force:
            raise FileExistsError
        manifest = back_up(settings, path, with_key=with_key, replace=force, watch=watch)
        size = path.stat().st_size
    _record(settings.data_dir, manifest.made_at)
    total = _signatures(manifest.counts)
    click.echo(f"Backed up: {total}, {decimal(size)}, schema {manifest.revision}.", err=True)
    if with_key:
        click.echo(
            "The archive includes the keys. Anyone with the file can read everything, so keep it safe. Replace it with "
            "a new one when a petition has been erased, since this one still opens its answers.",
            err=True,
        )
    else:
        where = f"{'SECRET_KEY' if settings.keys else settings.key_file} and {settings.petition_keys}"
        click.echo(f"The keys are left out. Keep {where} somewhere else: no archive can be read without.", err=True)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="Replace everything in the database.")
def restore(file: Path, *, force: bool) -> None:
    """Restore a backup.

    Stop the bot first. Reads FILE, or standard input if FILE is -. Restores everything or nothing. Refuses to overwrite
    a database that has data in it, unless you add --force.

    The key comes from SECRET_KEY, from the key file, or, if neither exists, from the archive. It must be the same key
    that the backup was made with. The petitions' keys must be in PETITION_KEYS_DIR or in the archive. Those that were
    destroyed since the backup stay destroyed, and what they sealed stays unreadable.

    PostgreSQL needs pg_restore and psql.
    """
    settings = load_settings()
    with _progress() as watch, _input_file(file) as path:
        manifest = restore_archive(settings, path, force=force, watch=watch)
    click.echo(f"Restored the backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC:", err=True)
    for slug, counts in manifest.counts.items():
        click.echo(f"{slug}: {', '.join(f'{total} {status}' for status, total in counts.items())}", err=True)


@click.command()
@click.option("--reseal", is_flag=True, help="Also seal again what an older version or an older key sealed.")
def migrate(*, reseal: bool) -> None:
    """Update the database to the current schema.

    Other commands also do this when they start. What an older version or an older key sealed stays readable, and
    `undersign run` seals it again, a few rows at a time. With --reseal, this command does it at once. It can take
    minutes, while the bot runs; if you stop it, the next run goes on from there.
    """
    with _progress() as watch:
        migrate_database(load_settings(), watch, reseal_all=reseal)
    click.echo("The database is up to date.", err=True)


@click.command()
@click.option("--to", "url", required=True, metavar="URL", help="Address of the new database.")
def move(url: str) -> None:
    """Move everything to another database.

    Stop the bot first, and make a backup. Moves from the database of the settings to URL, which is
    postgresql://user:password@host/name or sqlite:///folder/file. It must be empty. Other users of this machine can
    see a password in URL; to hide it, leave it out, and put it into PGPASSWORD or ~/.pgpass.

    The keys stay where they are, and both databases need the same ones. The old database isn't changed. Nobody can use
    the new one until everything in it is the same. If you stop this command, run it again: it goes on from there.
    """
    settings = load_settings()
    try:
        with _progress() as watch:
            rows = move_database(settings, url, watch)
    except KeyboardInterrupt:
        raise UndersignError("Stopped. The old database is as before. To go on, run the same command again.") from None
    click.echo(f"Moved {rows:,} rows, and compared them. Now change DATABASE_URL and start the bot.", err=True)


def _record(folder: Path, moment: dt.datetime) -> None:
    """Note the backup for the alert on old ones; the backup is complete even if that fails."""
    try:
        record_backup(folder, moment)
    except OSError as error:
        why = error.strerror or type(error).__name__
        click.echo(
            f"The time of this backup can't be recorded in {folder}, so alerts may call it old: {why}.", err=True
        )


def _signatures(counts: dict[str, dict[str, int]]) -> str:
    return signatures(sum(sum(totals.values()) for totals in counts.values()))


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each step; without a terminal, it shows nothing."""
    console = Console(stderr=True)
    steps: dict[str, TaskID] = {}
    with Progress(console=console, disable=not console.is_terminal) as bar:

        def watch(step: str, done: int, total: int) -> None:
            if step not in steps:
                steps[step] = bar.add_task(step)
            bar.update(steps[step], completed=done, total=total)

        yield watch


@contextmanager
def _written(file: Path) -> Iterator[None]:
    """Say which file could not be written, and why."""
    try:
        yield
    except FileExistsError:  # already, or by the time the archive is complete
        raise ConfigurationError(f"{file} already exists. To replace it, add --force.") from None
    except OSError as error:
        place = "the output" if file == STANDARD else file
        raise UndersignError(f"The backup can't be written to {place}: {error.strerror}.") from None


@contextmanager
def _output_file(file: Path) -> Iterator[Path]:
    """The file to write; for standard output, a temporary one, since a zip isn't written from start to end."""
    if file != STANDARD:
        yield file
        return
    with _temporary() as path:
        yield path
        with path.open("rb") as archive:
            shutil.copyfileobj(archive, sys.stdout.buffer)
        sys.stdout.buffer.flush()


@contextmanager
def _input_file(file: Path) -> Iterator[Path]:
    """The file to read; for standard input, a temporary one, since a zip is read from its end."""
    if file != STANDARD:
        yield file
        return
    with _temporary() as path:
        with path.open("wb") as archive:
            shutil.copyfileobj(sys.stdin.buffer, archive)
        yield path


@contextmanager
def _temporary() -> Iterator[Path]:
    """A temporary file next to the data, where it has enough room and only the owner can read it."""
    folder = load_settings().data_dir
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="archive-", dir=folder) as room:
        yield Path(room) / "archive"
