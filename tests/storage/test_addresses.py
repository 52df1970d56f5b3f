"""Addresses of databases as people write them, several hosts included."""

from __future__ import annotations

from contextlib import closing
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from bots.common.setting_rules import is_database_address
from core.errors import ConfigurationError
from storage.addresses import parse_address
from storage.engine import Database
from tests.postgres import PostgresServer

NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}[a-z0-9](\.[a-z]{2,5})?", fullmatch=True)
HOSTS = st.one_of(NAMES, st.ip_addresses(v=4).map(str), st.ip_addresses(v=6).map(lambda host: f"[{host}]"))
PORTS = st.one_of(st.just(""), st.integers(1, 65535).map(str))
SECRETS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8)


def arguments(text: str) -> dict[str, str]:
    """The options that the driver gets for an address, by libpq's names."""
    dialect: Any = PGDialect_psycopg()  # type: ignore[no-untyped-call]
    _, options = dialect.create_connect_args(parse_address(text))
    return {{"username": "user"}.get(name, name): str(value) for name, value in options.items()}


@given(st.lists(st.tuples(HOSTS, PORTS), min_size=2, max_size=4), SECRETS, SECRETS)
def test_several_hosts_mean_what_they_mean_to_libpq(hosts: list[tuple[str, str]], user: str, password: str) -> None:
    places = ",".join(host + (f":{port}" if port else "") for host, port in hosts)
    text = f"postgresql://{quote(user, '')}:{quote(password, '')}@{places}/app?target_session_attrs=read-write"
    expected = conninfo_to_dict(text)
    told = arguments(text)
    ports = str(expected.get("port", "")).split(",")
    assert told.pop("port", "").strip(",") == ",".join(ports).strip(",")
    assert told == {name: str(value) for name, value in expected.items() if name != "port"}
    assert is_database_address(text)


@given(st.text(max_size=40))
def test_no_text_ends_in_another_error(text: str) -> None:
    try:
        address = parse_address(f"postgresql://{text}")
    except (ConfigurationError, sa.exc.ArgumentError, ValueError):
        return
    assert address.get_backend_name() == "postgresql"


def test_the_hosts_given_twice_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="not a valid database URL"):
        Database("postgresql://h1,h2/app?host=h3")


def test_of_several_hosts_the_one_that_answers_is_used(postgres: PostgresServer) -> None:
    own = sa.make_url(postgres.migrated_database())
    folder = quote(str(own.query.get("host") or own.host), "")
    text = f"postgresql://{own.username}:{own.password or ''}@127.0.0.1:1,{folder}:5432/{own.database}"
    with closing(Database(text)) as database:
        database.probe()
        with database.reading() as connection:
            assert connection._driver.info.host == str(own.query.get("host") or own.host)
