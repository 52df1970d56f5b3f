"""Reads DATABASE_URL, several hosts included, and finds the limits and options of a connection to it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote

import sqlalchemy as sa

from core.addresses import split_database_hosts
from core.errors import ConfigurationError

ADDRESS = "DATABASE_URL"
_DRIVER = "postgresql+psycopg"


def parse_address(text: str, setting: str = ADDRESS) -> sa.URL:
    """The address in a setting as SQLAlchemy needs it: it takes several hosts only as options.

    Raises:
        ConfigurationError: the database is neither SQLite nor PostgreSQL.
        sqlalchemy.exc.ArgumentError: it isn't an address.
        ValueError: a port isn't a number.
    """
    before, hosts, after = split_database_hosts(text)
    if len(hosts) > 1:
        lists = {"host": ",".join(unquote(host) for host, _ in hosts), "port": ",".join(port for _, port in hosts)}
        address = sa.make_url(f"{before}{after}")
        if lists.keys() & address.query.keys():
            raise sa.exc.ArgumentError("hosts are given twice")
        address = address.update_query_dict(lists)
    else:
        address = sa.make_url(text)
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername=_DRIVER)
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise ConfigurationError(f"{setting} must begin with sqlite:/// or postgresql://.")
    return address


def limits(patience: int, asked: Mapping[str, object]) -> dict[str, int]:
    """Options of libpq that limit the wait for a server that doesn't answer, except those that the operator set."""
    found = {
        "connect_timeout": patience,  # for each of the server's addresses
        "tcp_user_timeout": patience * 1000,  # milliseconds until sent data must be acknowledged
        "keepalives_idle": patience, "keepalives_interval": 1, "keepalives_count": 1,  # while waiting for an answer
    }  # fmt: skip
    return {name: value for name, value in found.items() if name not in asked}
