"""`python -m tests.bench.discord.bots KIND ROOT`: one of the bots that are compared, on a server at ROOT."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.bench.load import UNDERSIGN

TOKEN = "NzY1NDMyMTAwMDAwMDAwMDAw.GtEsT0.TokenOfTheLoadServer_0123456789abcdef"
PLAIN = "plain discord.py bot"
COMMAND, BUTTON = "counter", "Count"
"""The commands of the plain bot."""


def undersign(root: str) -> None:
    """The application as `undersign run discord` has it."""
    from bots.discord.connection import DiscordEndpoint  # noqa: PLC0415  (the plain bot is without it)
    from bots.discord.surface import DiscordSurface  # noqa: PLC0415  (the plain bot is without it)
    from tests.bench.load import product  # noqa: PLC0415  (as above)

    place = DiscordEndpoint(root, _gateway(root))
    product.run(lambda services, threads: DiscordSurface(services, threads, TOKEN, place).run())


def plain(root: str) -> None:
    """discord.py as its examples of persistent views and of slash commands have it, without any intent."""
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = root, yarl.URL(_gateway(root))
    with suppress(asyncio.CancelledError):
        asyncio.run(_until_stopped())


async def _until_stopped() -> None:
    running = asyncio.ensure_future(_PlainClient().start(TOKEN))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    await running


class _Counter(discord.ui.View):
    """Counts for itself, over all messages; its button works forever."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.count = 0

    @discord.ui.button(label=BUTTON, style=discord.ButtonStyle.green, custom_id="counter:count")
    async def press(self, interaction: discord.Interaction, _: discord.ui.Button[_Counter]) -> None:
        """Show the new number where the button is."""
        self.count += 1
        await interaction.response.edit_message(content=f"Pressed {self.count} times.")


class _PlainClient(discord.Client):
    """A command that shows the button."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.none())
        tree = discord.app_commands.CommandTree(self)
        tree.command(name=COMMAND, description="Shows a button.")(self._show)

    async def setup_hook(self) -> None:
        self.view = _Counter()
        self.add_view(self.view)

    async def _show(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Press it.", view=self.view, ephemeral=True)


def _gateway(root: str) -> str:
    return root.replace("http", "ws", 1) + "/socket"


KINDS: Mapping[str, Callable[[str], None]] = {UNDERSIGN: undersign, PLAIN: plain}

if __name__ == "__main__":
    KINDS[sys.argv[1]](sys.argv[2])
