"""Runs pg_dump, pg_restore, and psql, PostgreSQL's own programs, for backups."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from core.errors import ConfigurationError

_COUNTS_DIFFER = """BEGIN
IF {}::jsonb <> (
    SELECT coalesce(jsonb_object_agg(petition, counts), '{{}}') FROM (
        SELECT petition, jsonb_object_agg(status, total) AS counts FROM (
            SELECT petition, status, sum(total) AS total FROM public.tallies GROUP BY petition, status
        ) AS sums GROUP BY petition
    ) AS found
) THEN RAISE EXCEPTION 'the counts in the archive do not match its manifest'; END IF;
END"""


_KNOWN = (
    "host", "hostaddr", "port", "dbname", "user", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl",
    "connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
    "target_session_attrs", "options", "krbsrvname", "service",
)  # fmt: skip
"""Options of a connection that every PostgreSQL client in use knows (libpq, "Parameter Key Words").

psycopg comes with its own libpq, which may be newer than the programs and have options that they refuse.
"""


_SET = re.compile(rb"^SET (?P<name>[a-z_]+) = ", re.MULTILINE)
_BEGINNING = 1024  # bytes of a script before its first table


class PostgresTools:
    """The programs, for the database of a connection.

    `folder` holds secrets, and must be private. `asked` names the options that the operator set, such as
    channel_binding. They are always passed on, since dropping one could make a connection less secure.
    """

    def __init__(self, connection: psycopg.Connection, folder: Path, asked: Collection[str] = ()) -> None:
        self._folder = folder
        secrets = folder / "pgpass"  # not an argument, since all users of the machine can see those
        secrets.touch(mode=0o600)
        password = re.sub(r"([\\:])", r"\\\1", connection.info.password)
        secrets.write_text(f"*:*:*:*:{password}\n", encoding="utf-8")
        handed_on = {*_KNOWN, *asked}
        options = {name: value for name, value in connection.info.get_parameters().items() if name in handed_on}
        options |= {"host": connection.info.host, "port": str(connection.info.port)}  # of several, the one we are on
        self._address = make_conninfo(**options, passfile=str(secrets))
        self._settings = {name for (name,) in connection.execute("SELECT name FROM pg_settings")}

    def dump(self, file: Path, snapshot: str) -> None:
        """Write the database to a file in the custom format, as the snapshot of an open transaction sees it."""
        # The archive compresses it.
        _run(
            "pg_dump", "--format=custom", "--compress=0", "--no-password",
            f"--snapshot={snapshot}", f"--file={file}", f"--dbname={self._address}",
        )  # fmt: skip

    def replace(self, file: Path, tables: Iterable[str], counts: Mapping[str, Mapping[str, int]]) -> None:
        """Replace these tables with a dump; change nothing if its counts differ from these."""
        script = self._folder / "script.sql"  # written first, so that an incomplete dump fails before anything changes
        _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(file))
        _comment_out_unknown(script, self._settings)
        names = sql.SQL(", ").join(sql.Identifier(name) for name in tables)
        drop = sql.SQL("DROP TABLE {} CASCADE").format(names).as_string() if names.as_string() else ""
        _run(
            "psql", "--no-psqlrc", "--quiet", "--no-password", "--output=/dev/null", "--single-transaction",
            "--set=ON_ERROR_STOP=1", f"--command={drop}", f"--file={script}", f"--command={_check(counts)}",
            f"--dbname={self._address}",
        )  # fmt: skip


def _comment_out_unknown(script: Path, settings: Collection[str]) -> None:
    """Comment out what a script sets at its beginning and the server does not know.

    pg_restore sets all that its own version knows: 17 began with transaction_timeout, which servers before 17 refuse.
    The script may be large, so it is changed in place.
    """
    with script.open("r+b") as file:
        beginning = file.read(_BEGINNING)
        for line in _SET.finditer(beginning):
            if line["name"].decode() not in settings:
                file.seek(line.start())
                file.write(b"-- ")


def _check(counts: Mapping[str, Mapping[str, int]]) -> str:
    """A statement that fails, and so rolls everything back, unless the counts are these."""
    body = sql.SQL(_COUNTS_DIFFER).format(sql.Literal(json.dumps(counts))).as_string()
    return sql.SQL("DO {}").format(sql.Literal(body)).as_string()


def _run(program: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise ConfigurationError(
            f"{program} is missing: install PostgreSQL's client programs (on Debian: postgresql-client)."
        )
    result = subprocess.run(  # noqa: S603  (no shell, and no argument that comes from outside)
        [path, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if result.returncode:
        first = (result.stderr.splitlines() or [f"exit code {result.returncode}"])[0]
        reason = re.split(r"(?:error|ERROR|FATAL):\s+", first, maxsplit=1)[-1].rstrip(".")
        raise ConfigurationError(f"{program} failed, and nothing was changed: {reason}.")
