"""A real PgBouncer in transaction mode, in front of a real PostgreSQL, for the tests that need the tool."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa

from tests.patience import until_blocking
from tests.tools.debian import TOOLS

_USER = "nobody"
"""PgBouncer refuses to run as root."""


@contextmanager
def pgbouncer(folder: Path, url: str) -> Iterator[str]:
    """Gives the address of a database through a PgBouncer with two connections to it."""
    own = sa.make_url(url)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = TOOLS["pgbouncer"].find()
    assert program
    config = folder / "pgbouncer.ini"
    config.write_text(_config(own, port), encoding="utf-8")
    if os.geteuid() == 0:
        shutil.chown(folder, _USER)
        config.chmod(0o644)
    arguments = ["-u", _USER] if os.geteuid() == 0 else []
    with subprocess.Popen([program, "-q", *arguments, config]) as process:
        try:
            address = own.set(host="127.0.0.1", port=port).difference_update_query(["host"])
            text = address.render_as_string(hide_password=False)
            until_blocking(lambda: _answers(text), "PgBouncer answers")
            yield text
        finally:
            process.terminate()


def _config(own: sa.URL, port: int) -> str:
    return f"""[databases]
{own.database} = host={own.host} port={own.port} dbname={own.database} user={own.username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
"""


def _answers(address: str) -> bool:
    try:
        psycopg.connect(address.replace("+psycopg", ""), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True
