"""The conversation loop: show a screen, read a line, turn it into an event."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console

from bots.terminal.renderer import WIDEST, TerminalRenderer
from core.conversation import Event, Open, Reply, SetLocale
from core.messages import Catalog, Message
from core.screen import Button, Screen
from core.services import Shown, SigningService
from core.signing import Signer

PLATFORM = "terminal"


@dataclass(frozen=True)
class TerminalApp:
    """Talks with one person, or with a script, through standard input and output."""

    signing: SigningService
    catalog: Catalog
    public_url: str = ""

    def talk(self, signer: Signer, petition: str = "", label: str = "", language: str = "") -> None:
        """Go on until the input ends; all that was said is stored at every step, so that leaving loses nothing."""
        console = _console()
        renderer = TerminalRenderer(console, self.catalog, self._link)
        if language:
            self.signing.handle(signer, SetLocale(language), petition)
        shown = self.signing.handle(signer, Open(label), petition)
        renderer.show(shown.screen, shown.locale)
        try:
            for line in _lines(console):
                shown = self._answer(signer, shown, line, renderer)
                renderer.show(shown.screen, shown.locale)
        except KeyboardInterrupt:
            console.print()
        goodbye = Message("terminal.goodbye")
        console.print(self.catalog.text(goodbye, shown.locale), style="dim")

    def _answer(self, signer: Signer, shown: Shown, line: str, renderer: TerminalRenderer) -> Shown:
        button = _chosen(shown.screen, line, renderer, shown.locale)
        event: Event | None = button.event if button else Reply(line)
        slug = (button.petition if button else "") or shown.petition
        if event is None or not (slug or button):  # a web address to open, or no such petition in the list
            return shown
        return self.signing.handle(signer, event, slug)

    def _link(self, petition: str, label: str) -> str:
        """The web page where there is one, else the command that opens the petition on this machine."""
        if self.public_url:
            return f"{self.public_url}/p/{petition}" + (f"?source={label}" if label else "")
        return f"undersign try --petition {petition}" + (f" --source {label}" if label else "")


def _console() -> Console:
    plain = not (sys.stdin.isatty() and sys.stdout.isatty())
    found = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
    width = WIDEST if plain else min(found.width, WIDEST)
    return Console(
        highlight=False,
        markup=False,
        emoji=False,
        width=width,
        no_color=plain or None,
        force_terminal=False if plain else None,
    )


def _lines(console: Console) -> Iterator[str]:
    """The lines typed or piped in; undecodable bytes become a character that no answer accepts."""
    interactive = sys.stdin.isatty()
    if not interactive and hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    while True:
        if interactive:
            try:
                line = input("> ")
            except EOFError:
                console.print()
                return
        else:
            line = sys.stdin.readline()
            if not line:
                return
            line = line.rstrip("\r\n")
            console.print(f"> {line.encode('utf-8', 'replace').decode()}\n")
        yield line


def _chosen(screen: Screen, line: str, renderer: TerminalRenderer, locale: str) -> Button | None:
    """The button meant by its number or its words; while a text is asked only the whole words count."""
    buttons = [button for row in screen.buttons for button in row]
    typed = line.strip().casefold()
    if typed.isdecimal() and 1 <= int(typed) <= len(buttons):
        return buttons[int(typed) - 1]
    labels = [renderer.words(button.label, locale).casefold() for button in buttons]
    if typed in labels:
        return buttons[labels.index(typed)]
    begun = [button for button, label in zip(buttons, labels, strict=True) if typed and label.startswith(typed)]
    return begun[0] if len(begun) == 1 and not screen.prompts else None
