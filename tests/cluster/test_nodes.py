"""The cluster's programs get the configuration that we ship, but for their places."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

from tests.cluster.nodes import DEPLOYED, Places, pgbouncer_here

PLACES = Places(
    Path("/cluster"), nodes={}, etcd=1, etcd_peers=2, haproxy=15000, standbys=15001, pgbouncer=16432
)  # fmt: skip


def test_pgbouncer_keeps_every_setting_that_we_ship_except_its_addresses() -> None:
    shipped = (DEPLOYED / "pgbouncer.ini").read_text(encoding="utf-8")
    here = pgbouncer_here(shipped, PLACES, Path("/cluster/users"))
    before, after = (ConfigParser(interpolation=None, delimiters=["="]) for _ in range(2))
    before.read_string(shipped)
    after.read_string(here)
    changed = dict(after["pgbouncer"].items() - before["pgbouncer"].items())
    assert changed == {"listen_addr": "127.0.0.1", "listen_port": "16432", "auth_file": "/cluster/users"}
    assert before["pgbouncer"].keys() <= after["pgbouncer"].keys()
    assert dict(after["databases"]) == {"undersign": "host=127.0.0.1 port=15000"}
    assert here.count("[pgbouncer]") == 1, "a second one would set all that it doesn't name to the default"
