"""Where stories are played: a persona acts and reads; each surface has its own way of carrying it out."""

from __future__ import annotations

import io
from typing import Protocol

from rich.console import Console

from bots.terminal.app import TerminalApp, TerminalSession
from bots.terminal.renderer import TerminalRenderer
from core.signing import Signer
from tests.world import World, catalog


class Persona(Protocol):
    """A person in front of a surface."""

    async def opens(self, petition: str, label: str = "") -> None:
        """Follow a link to a petition."""

    async def taps(self, words: str) -> None:
        """Tap the button that is called so."""

    async def types(self, text: str) -> None:
        """Type something and send it."""

    def reads(self) -> str:
        """What is on the screen, buttons included, as one line of words."""


class Theatre(Protocol):
    """A surface with a world behind it."""

    world: World

    async def person(self, name: str, language: str = "en") -> Persona:
        """Somebody new."""


class TerminalTheatre:
    """Each persona has a terminal of their own."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def person(self, name: str, language: str = "en") -> Persona:
        return TerminalPersona(self.world, Signer("terminal", name, language=language))


class TerminalPersona:
    """Types the words of buttons, and reads what was printed last."""

    def __init__(self, world: World, signer: Signer) -> None:
        self._paper = io.StringIO()
        console = Console(file=self._paper, width=80, color_system=None, highlight=False)
        app = TerminalApp(world.signing, catalog())
        self._session = TerminalSession(world.signing, TerminalRenderer(console, catalog(), app.link), signer)

    async def opens(self, petition: str, label: str = "") -> None:
        self._clear()
        self._session.open(petition, label, "")

    async def taps(self, words: str) -> None:
        assert f"] {words}" in self._paper.getvalue(), f"{words!r} is no button here: {self._paper.getvalue()}"
        await self.types(words)

    async def types(self, text: str) -> None:
        self._clear()
        self._session.say(text)

    def reads(self) -> str:
        return " ".join(self._paper.getvalue().replace("│", " ").split())

    def _clear(self) -> None:
        self._paper.seek(0)
        self._paper.truncate()
