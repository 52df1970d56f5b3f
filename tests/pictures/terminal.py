"""Draws a conversation in the terminal, printed by the real renderer."""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bots.delivery.exports import exporter_of
from bots.terminal.app import TerminalApp
from core.organizer.service import OrganizerService
from core.signatures.signature import Signer
from storage.engine import Database
from storage.vault import Vault
from tests.world import SALESFORCE, World, services_of

SAID = ("Sign", "Ada Lovelace", "90210", "Confirm")
_REMOTE_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)  # a picture must not call home


def terminal_picture() -> str:
    """Sign once in a world of its own, and return what was on the screen as SVG."""
    console = Console(record=True, width=84, highlight=False, file=io.StringIO(), force_terminal=True)
    world = World()
    organizing = OrganizerService(world.signing, frozenset())
    exporter = exporter_of(services_of(world, Database("sqlite://"), Vault(["k" * 32])))  # nothing is exported
    app = TerminalApp(world.signing, organizing, exporter, Path())
    session = app.session(Signer("terminal", "ada"), console, Path())
    session.open(SALESFORCE, "", "")
    for line in SAID:
        console.print(Text(f"> {line}\n", style="bold green"))
        session.say(line)
    return _REMOTE_FONTS.sub("", console.export_svg(title="make try"))
