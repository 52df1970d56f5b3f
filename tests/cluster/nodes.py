"""The programs of the cluster on loopback, with the files of deploy/cluster."""

from __future__ import annotations

from collections.abc import Mapping
from configparser import ConfigParser
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.cluster.programs import Program, own, superuser
from tests.deploy.files import ROOT
from tests.soak.processes import lasting_port
from tests.tools.debian import newest_postgres

DEPLOYED = ROOT / "deploy" / "cluster"
HOST, PASSWORD, DATABASE = "127.0.0.1", "f00d", "undersign"
NAMES = ("a", "b", "c")
_ANSWERS_WITHIN = 2.0  # seconds, of Patroni's REST interface


@dataclass(frozen=True)
class Ports:
    """The ports of one machine."""

    postgres: int = field(default_factory=lasting_port)
    patroni: int = field(default_factory=lasting_port)


@dataclass(frozen=True)
class Places:
    """Ports and folder of everything."""

    folder: Path
    nodes: Mapping[str, Ports] = field(default_factory=lambda: {name: Ports() for name in NAMES})
    etcd: int = field(default_factory=lasting_port)
    etcd_peers: int = field(default_factory=lasting_port)
    haproxy: int = field(default_factory=lasting_port)
    standbys: int = field(default_factory=lasting_port)
    pgbouncer: int = field(default_factory=lasting_port)

    @property
    def urls(self) -> Mapping[str, str]:
        """The three ways to the database, by name."""
        hosts = ",".join(f"{HOST}:{ports.postgres}" for ports in self.nodes.values())
        user = f"postgresql://{DATABASE}:{PASSWORD}@"
        return {
            "HAProxy": f"{user}{HOST}:{self.haproxy}/{DATABASE}",
            "PgBouncer": f"{user}{HOST}:{self.pgbouncer}/{DATABASE}",
            "several hosts": f"{user}{hosts}/{DATABASE}?target_session_attrs=read-write",
        }


def etcd(places: Places) -> Program:
    """The store in which Patroni keeps who is the primary."""
    client, peer = f"http://{HOST}:{places.etcd}", f"http://{HOST}:{places.etcd_peers}"
    folder = own(places.folder / "etcd")
    environ = {
        "ETCD_NAME": "a", "ETCD_DATA_DIR": str(folder / "data"), "ETCD_LISTEN_CLIENT_URLS": client,
        "ETCD_ADVERTISE_CLIENT_URLS": client, "ETCD_LISTEN_PEER_URLS": peer,
        "ETCD_INITIAL_ADVERTISE_PEER_URLS": peer, "ETCD_INITIAL_CLUSTER": f"a={peer}",
    }  # fmt: skip
    return Program("etcd", ["etcd"], folder, environ)


def haproxy(places: Places) -> Program:
    """The way to the primary, as Patroni's REST names it."""
    environ = {"PRIMARY_LISTEN": f"{HOST}:{places.haproxy}", "STANDBYS_LISTEN": f"{HOST}:{places.standbys}"}
    for name, ports in places.nodes.items():
        environ |= {f"POSTGRES_{name.upper()}": f"{HOST}:{ports.postgres}"}
        environ |= {f"PATRONI_PORT_{name.upper()}": str(ports.patroni)}
    return Program("haproxy", ["haproxy", "-f", DEPLOYED / "haproxy.cfg"], own(places.folder / "haproxy"), environ)


def pgbouncer(places: Places) -> Program:
    """The shipped configuration, with this machine's ports."""
    folder = own(places.folder / "pgbouncer")
    users, config = folder / "userlist.txt", folder / "pgbouncer.ini"
    users.write_text(f'"{DATABASE}" "{PASSWORD}"\n', encoding="utf-8")
    config.write_text(pgbouncer_here((DEPLOYED / "pgbouncer.ini").read_text(encoding="utf-8"), places, users))
    return Program("pgbouncer", ["pgbouncer", config], folder, {})


def pgbouncer_here(shipped: str, places: Places, users: Path) -> str:
    """PgBouncer's configuration with this machine's ports.

    It is one file without %include: a second section [pgbouncer] would set all that it doesn't name to the default.
    """
    parser = ConfigParser(interpolation=None, delimiters=["="], comment_prefixes=[";"])
    parser.read_string(shipped)
    parser["databases"] = {DATABASE: f"host={HOST} port={places.haproxy}"}
    parser["pgbouncer"].update({"listen_addr": HOST, "listen_port": str(places.pgbouncer), "auth_file": str(users)})
    with StringIO() as written:
        parser.write(written)
        return written.getvalue()


class Node(Program):
    """Patroni with its PostgreSQL, on a machine of their own."""

    def __init__(self, name: str, places: Places) -> None:
        self.ports, folder = places.nodes[name], own(places.folder / name)
        config, data = own(folder / "config"), folder / "data"
        (config / "10-shipped.yml").symlink_to(DEPLOYED / "patroni.yml")
        (config / "20-here.yml").write_text(yaml.safe_dump(_here(folder)), encoding="utf-8")
        environ = {**self._environ(name, places), **_backups(places, data, self.ports.postgres)}
        super().__init__(f"patroni-{name}", ["patroni", config], folder, environ, data / "postmaster.pid")
        self.member, self._http = name, httpx.Client(timeout=_ANSWERS_WITHIN)

    def _environ(self, name: str, places: Places) -> dict[str, str]:
        folder, programs = places.folder / name, newest_postgres()
        assert programs, "PostgreSQL is not installed"
        rest, postgres = f"{HOST}:{self.ports.patroni}", f"{HOST}:{self.ports.postgres}"
        accounts = {"SUPERUSER": superuser(), "REPLICATION": "replicator", "REWIND": "rewinder"}
        environ = {
            "NAME": name, "RESTAPI_LISTEN": rest, "RESTAPI_CONNECT_ADDRESS": rest, "POSTGRESQL_LISTEN": postgres,
            "POSTGRESQL_CONNECT_ADDRESS": postgres, "POSTGRESQL_DATA_DIR": str(folder / "data"),
            "POSTGRESQL_BIN_DIR": str(programs.parent), "POSTGRESQL_PGPASS": str(folder / "pgpass"),
            "ETCD3_HOSTS": f"{HOST}:{places.etcd}",
            **{f"{role}_USERNAME": user for role, user in accounts.items()},
            **{f"{role}_PASSWORD": PASSWORD for role in accounts},
        }  # fmt: skip
        return {"POSTGRES_PASSWORD": PASSWORD, **{f"PATRONI_{key}": value for key, value in environ.items()}}

    def says(self, path: str = "patroni") -> dict[str, Any]:
        """The answer of Patroni's REST; nothing while it doesn't answer."""
        try:
            content: dict[str, Any] = self._http.get(self._url(path)).json()
        except (httpx.HTTPError, ValueError):
            return {}
        return content

    def change_settings(self, **settings: object) -> None:
        """Change settings of the whole cluster."""
        self._http.patch(self._url("config"), json=settings).raise_for_status()

    def _url(self, path: str) -> str:
        return f"http://{HOST}:{self.ports.patroni}/{path}"


def _here(folder: Path) -> dict[str, Any]:
    """The settings that differ from those we ship, because three machines are one."""
    parameters = {
        "unix_socket_directories": str(folder), "shared_buffers": "64MB",
        "dynamic_shared_memory_type": "mmap",  # in the folder, so that a kill leaves nothing elsewhere
    }  # fmt: skip
    return {
        "bootstrap": {"post_bootstrap": str(DEPLOYED / "create_database.sh")},
        "postgresql": {"parameters": parameters},
    }


def _backups(places: Places, data: Path, port: int) -> dict[str, str]:
    """The environment of pgBackRest, with a repository that all three reach."""
    folder = data.parent
    environ = {
        "REPO1_PATH": places.folder / "repository", "PG1_PATH": data, "PG1_PORT": port, "PG1_SOCKET_PATH": folder,
        "LOG_PATH": folder, "LOCK_PATH": folder / "lock", "SPOOL_PATH": folder / "spool", "LOG_LEVEL_CONSOLE": "warn",
    }  # fmt: skip
    return {f"PGBACKREST_{key}": str(value) for key, value in environ.items()}
