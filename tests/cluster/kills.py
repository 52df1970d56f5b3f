"""The kills, and the restarts after them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Sequence
from enum import StrEnum

from tests.cluster.cluster import LEADER, Cluster, holds
from tests.cluster.nodes import Node
from tests.cluster.programs import Program

BACK_AFTER = 3.0  # seconds at most until a program is started again
BOOTS_AFTER = 10.0  # seconds at most until a standby's machine is back


class Kind(StrEnum):
    """A thing to kill."""

    PRIMARY = "primary, with Patroni"
    PATRONI = "Patroni of the primary"
    STANDBY = "standby, with Patroni"
    HAPROXY = "HAProxy"
    PGBOUNCER = "PgBouncer"


def endless(chance: random.Random, kinds: Sequence[Kind]) -> Iterator[Kind]:
    """These kinds in random order, again and again."""
    while True:
        yield from chance.sample(kinds, len(kinds))


class Killer:
    """Kills, and starts again what it killed.

    With `orphans`, a PostgreSQL outlives its Patroni until a new primary is there, as without a container, a cgroup or
    a watchdog. Otherwise it ends a moment later.
    """

    def __init__(self, cluster: Cluster, chance: random.Random, *, orphans: bool = False) -> None:
        self._cluster, self._chance, self._orphans = cluster, chance, orphans

    async def kill(self, kind: Kind) -> None:
        """Kill one, and return when it is started again. Raises TimeoutError."""
        match kind:
            case Kind.PRIMARY:
                await self._primary()
            case Kind.PATRONI:
                await self._patroni()
            case Kind.STANDBY:
                await self._restart(await self._standby(), BOOTS_AFTER)
            case Kind.HAPROXY:
                await self._restart(self._cluster.haproxy, BACK_AFTER)
            case Kind.PGBOUNCER:
                await self._restart(self._cluster.pgbouncer, BACK_AFTER)

    async def _primary(self) -> None:
        node = await self._leader()
        await asyncio.to_thread(node.kill)
        await self._is_replaced(node)
        await asyncio.sleep(self._chance.uniform(0.0, BACK_AFTER))
        node.start()

    async def _patroni(self) -> None:
        node = await self._leader()
        await asyncio.to_thread(node.kill_first)
        if self._orphans:
            await self._is_replaced(node)
        else:
            await asyncio.sleep(self._chance.uniform(0.0, 1.0))
            await asyncio.to_thread(node.kill)
        node.start()

    async def _restart(self, program: Program, within: float) -> None:
        await asyncio.to_thread(program.kill)
        await asyncio.sleep(self._chance.uniform(0.0, within))
        program.start()

    async def _leader(self) -> Node:
        node = await asyncio.to_thread(self._cluster.in_role, LEADER)
        assert node, "the cluster is whole before each kill"
        return node

    async def _standby(self) -> Node:
        primary = await self._leader()
        return self._chance.choice([node for node in self._cluster.nodes.values() if node is not primary])

    async def _is_replaced(self, node: Node) -> None:
        def another_leads() -> bool:
            return self._cluster.in_role(LEADER) not in (None, node)

        await holds(another_leads, f"another machine than {node.member} is the primary")
