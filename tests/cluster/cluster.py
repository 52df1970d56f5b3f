"""The cluster as a whole: who is the primary, and whether a commit is safe on two machines."""

from __future__ import annotations

import asyncio
import math
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from tests.cluster.nodes import NAMES, Node, Places, etcd, haproxy, pgbouncer
from tests.cluster.programs import Program, as_user, own
from tests.patience import until

LEADER, SYNCHRONOUS = "leader", "sync_standby"
STANZA = "undersign"
LOOK_EVERY = 0.2  # seconds
SHIPPED_LOOP_WAIT = 5  # seconds between two looks of a primary's Patroni
NOTED_WITHIN = 3.0  # seconds that it needs to note a synchronous standby
_ANSWERS_WITHIN = 2  # seconds, of the database


@dataclass
class Cluster:
    """All its programs."""

    places: Places
    etcd: Program
    nodes: dict[str, Node]
    haproxy: Program
    pgbouncer: Program
    loop_wait: float
    _whole_since: float = math.inf

    @property
    def programs(self) -> list[Program]:
        """Every program, those that others need first."""
        return [self.etcd, *self.nodes.values(), self.haproxy, self.pgbouncer]

    def members(self) -> dict[str, str]:
        """The role of each running member, as any of them says."""
        for node in self.nodes.values():
            if members := node.says("cluster").get("members"):
                return {each["name"]: each["role"] for each in members if _works(each)}
        return {}

    def in_role(self, role: str) -> Node | None:
        """The member that has a role."""
        return next((self.nodes[name] for name, each in self.members().items() if each == role), None)

    @property
    def is_whole(self) -> bool:
        """Return true if all three work, one of them is the primary, and another one confirms its commits."""
        roles = list(self.members().values())
        return len(roles) == len(NAMES) and LEADER in roles and SYNCHRONOUS in roles

    def answers(self, way: str) -> bool:
        """Return true if the primary answers in one of the three ways."""
        url = self.places.urls[way]
        with (
            suppress(psycopg.Error),
            psycopg.connect(url, connect_timeout=_ANSWERS_WITHIN, autocommit=True) as database,
        ):
            return database.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)
        return False

    async def becomes_whole(self) -> None:
        """Wait until nothing of a kill is left. Raises TimeoutError."""
        await holds(lambda: self.is_whole, "all three machines work again")
        for way in self.places.urls:
            await holds(partial(self.answers, way), f"the primary answers through {way}")
        self._whole_since = math.inf
        await holds(self._has_settled, "it stays so")

    def _has_settled(self) -> bool:
        """Return true if it has been whole for as long as a primary needs to look, and to note who confirms commits.

        Until then, what the members say may be of before the kill, and nobody could replace a primary that dies again.
        """
        now = time.monotonic()
        self._whole_since = min(self._whole_since, now) if self.is_whole else math.inf
        return now - self._whole_since >= self.loop_wait + NOTED_WITHIN

    def run(self, node: Node, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command on one of the machines. Raises CalledProcessError."""
        return subprocess.run(
            list(command), env=node.environ, cwd=node.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=True, **as_user(),
        )  # fmt: skip


def _works(member: dict[str, Any]) -> bool:
    return member["state"] in ("running", "streaming")


async def holds(condition: Callable[[], bool], expected: str) -> None:
    """Wait in another thread, so that people go on meanwhile; look rarely, since a look takes time from them."""

    async def look() -> bool:
        await asyncio.sleep(LOOK_EVERY)
        return await asyncio.to_thread(condition)

    await until(look, expected)


@asynccontextmanager
async def started(folder: Path, **settings: int) -> AsyncIterator[Cluster]:
    """Start a cluster with other settings of Patroni; whatever happens, nothing of it is left running."""
    places = Places(folder)
    own(folder / "repository")
    nodes = {name: Node(name, places) for name in NAMES}
    loop_wait = settings.get("loop_wait", SHIPPED_LOOP_WAIT)
    cluster = Cluster(places, etcd(places), nodes, haproxy(places), pgbouncer(places), loop_wait)
    with ExitStack() as stack:
        for program in cluster.programs:
            stack.callback(program.kill)
        cluster.etcd.start()
        first = nodes["a"]
        first.start()
        await holds(lambda: cluster.in_role(LEADER) is first, "the first machine is the primary")
        cluster.run(first, "pgbackrest", f"--stanza={STANZA}", "stanza-create")
        first.change_settings(**settings)
        for program in cluster.programs[2:]:
            program.start()
        await cluster.becomes_whole()
        yield cluster
