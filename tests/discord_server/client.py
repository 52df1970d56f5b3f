"""Helpers that point discord.py at the server and wait until such a client is idle."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.discord_server.server import DiscordServer

AnyClient = TypeVar("AnyClient", bound=discord.Client)
_TASKS = ("discord.py: ", "CommandTree-invoker", "discord-ui-")


@contextmanager
def pointed_at(server: DiscordServer) -> Iterator[None]:
    """Let every discord.py client talk to this server for a while, without its pause before it identifies again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Route, "BASE", server.base_url)
        patch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
        patch.setattr(discord.Client, "before_identify_hook", _at_once)
        yield


async def _at_once(_client: discord.Client, _shard: int | None, *, initial: bool = False) -> None:
    del initial


async def library_idle() -> None:
    """Wait until no handler of any discord.py client in this event loop runs any more; for `wait_also`."""
    while running := [task for task in asyncio.all_tasks() if task.get_name().startswith(_TASKS)]:
        await asyncio.wait(running)


@asynccontextmanager
async def running(client: AnyClient, server: DiscordServer) -> AsyncIterator[AnyClient]:
    """Let a client run against the server until the block ends; raises what its start raises."""
    with pointed_at(server):
        async with client:
            await client.login(server.token)
            task = asyncio.create_task(client.connect())
            connected = asyncio.create_task(server.connected(len(server.gateway.connected) + 1))
            try:
                await asyncio.wait({task, connected}, return_when=asyncio.FIRST_COMPLETED)
                await (task if task.done() else connected)
                yield client
            finally:
                connected.cancel()
                await client.close()
                await asyncio.gather(task, connected, return_exceptions=True)
