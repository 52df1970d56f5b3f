"""The conversation in a terminal: a session turns lines into events, and the loop feeds it lines."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bots.common.links import Links
from bots.common.signer_commands import EVENTS
from bots.delivery.exports import Exporter
from bots.papers.pictures import Painter
from bots.terminal.current_folder import CurrentFolder
from bots.terminal.renderer import WIDEST, TerminalRenderer, takes_numbers
from bots.terminal.searches import TerminalSearches
from core.conversation.screen import Button, View
from core.conversation.state import Event, ListPetitions, Open, Reply, SetLocale
from core.messages import Message
from core.organizer.command import CommandLine
from core.organizer.person_search import PersonSearch
from core.organizer.service import OrganizerService
from core.services.signing import SigningService
from core.signatures.signature import Signer

LONGEST_ECHO = 200
LONGEST_LINE = 10_000  # characters that are read; no answer can be nearly as long


class TerminalSession:
    """One person at a console; every line takes effect at once, so leaving loses nothing."""

    def __init__(
        self, signing: SigningService, organizing: OrganizerService, renderer: TerminalRenderer, signer: Signer,
        saved: CurrentFolder, searches: TerminalSearches,
    ) -> None:  # fmt: skip
        self._signing, self._organizing, self._searches = signing, organizing, searches
        self._renderer, self._signer, self._saved = renderer, signer, saved
        self._shown: View

    def open(self, petition: str, label: str, language: str) -> None:
        """Show the petition's cover, or the list of petitions."""
        if language:
            self._signer = replace(self._signer, language=language)  # which a newcomer speaks without asking for it
            if self._signing.profile(self._signer).locale != self._signing.negotiate(language):
                self._signing.handle(self._signer, SetLocale(language), petition)
        self._show(self._signing.handle(self._signer, Open(label), petition))

    def say(self, line: str) -> bool:
        """Handle a line: the number or the words of a button, otherwise an answer. Return whether it was understood."""
        button, asked = self._chosen(line), self._shown.screen.prompts
        view = self._press(button) if button else self._type(line)
        self._show(view)
        if view.is_order_answer:
            self._work_off()
            return True
        answered = bool(asked and line.strip()) and not any(one.error for one in view.screen.prompts)
        return button is not None or _is_signers(line) or answered

    def _work_off(self) -> None:
        """Make the files that were ordered, and show what searches found."""
        self._saved.work_off(self._signer)
        for found in self._searches.work_off(self._signer):
            self._show(found)

    def _press(self, button: Button) -> View:
        """The view after a button; the same one if the button leads to a web address, which the reader opens."""
        view = None
        if button.order:
            view = self._organizing.run(self._signer, CommandLine(button.order.name, button.order.argument))
        elif button.event is not None:
            view = self._signing.handle(self._signer, button.event, button.petition or self._shown.petition)
        return view or replace(self._shown, is_order_answer=False)

    def _type(self, line: str) -> View:
        """The view after typed words: a command, otherwise an answer."""
        slug, order = self._shown.petition, _typed_order(line)
        if order and order.name in EVENTS:
            return self._organizing.handle(self._signer, order, EVENTS[order.name])
        event: Event = (
            Reply(line[:LONGEST_LINE]) if slug else ListPetitions()
        )  # without a petition, no question is open
        if order:
            return self._organizing.handle(self._signer, order, event, slug, signers=EVENTS)
        return self._signing.handle(self._signer, event, slug)

    def leave(self) -> None:
        """Say goodbye."""
        self._renderer.note(Message("terminal.goodbye"), self._shown.locale)

    def _show(self, view: View) -> None:
        self._shown = view
        self._saved.keep_pictures(view)
        self._saved.keep_data(view)
        self._renderer.show(view.screen, view.locale)

    def _chosen(self, line: str) -> Button | None:
        """The button with this number or these words; while a text is asked for, only all its words count."""
        screen = self._shown.screen
        buttons = [button for row in screen.buttons for button in row]
        typed = line.strip().casefold()
        if not takes_numbers(screen) and typed in (str(number) for number in range(1, len(buttons) + 1)):
            return buttons[int(typed) - 1]
        words = [self._renderer.catalog.words(button.text, self._shown.locale).casefold() for button in buttons]
        if typed in words:
            return buttons[words.index(typed)]
        begun = [button for button, text in zip(buttons, words, strict=True) if typed and text.startswith(typed)]
        return begun[0] if len(begun) == 1 and not screen.prompts else None


@dataclass(frozen=True)
class TerminalApp:
    """Talks through standard input and output, with a person or a script; files are made in `workshop`."""

    signing: SigningService
    organizing: OrganizerService
    exporter: Exporter
    workshop: Path
    public_url: str = ""

    def talk(self, signer: Signer, petition: str = "", label: str = "", language: str = "") -> bool:
        """Continue until the input ends or is interrupted. Return False if there were lines but none was understood."""
        console, catalog = _console(), self.signing.catalog
        session = self.session(signer, console, Path())
        understood: list[bool] = []
        try:
            if is_person():
                console.print(Text(catalog.text(Message("terminal.hint"), catalog.negotiate(language)), style="dim"))
                console.print()
            session.open(petition, label, language)
            for line in _lines(console):
                understood.append(session.say(line))  # noqa: PERF401  (an interruption keeps what was said)
        except KeyboardInterrupt:
            console.print()
        session.leave()
        return any(understood) or not understood

    def session(self, signer: Signer, console: Console, folder: Path) -> TerminalSession:
        """A session with one person at a console, whose files go into `folder`."""
        renderer = TerminalRenderer(console, self.signing.catalog, self.link)
        painter = Painter(self.signing.catalog, self._page)
        saved = CurrentFolder(self.exporter, self.signing.work, console, renderer, painter, self.workshop, folder)
        searches = TerminalSearches(PersonSearch(self.organizing, self.exporter.queries), console)
        return TerminalSession(self.signing, self.organizing, renderer, signer, saved, searches)

    def _page(self, petition: str, label: str) -> str:
        """The link for a QR code; empty without web pages, since a command is not a link."""
        return Links(self.public_url).page(petition, label)

    def link(self, petition: str, label: str) -> str:
        """The web page if there is one, otherwise the command that opens the petition on this machine."""
        command = f"undersign try --petition {petition}" + (f" --source {label}" if label else "")
        return self._page(petition, label) or command


def _typed_order(line: str) -> CommandLine | None:
    """The order in a line that begins with a slash, if it is an organizers' command."""
    name, _, argument = line.strip()[1:LONGEST_LINE].partition(" ")
    return CommandLine(name.lower(), argument) if line.strip().startswith("/") else None


def _is_signers(line: str) -> bool:
    """True for a command that signers can type."""
    order = _typed_order(line)
    return order is not None and order.name in EVENTS


def _console() -> Console:
    """Styled and as wide as the window for a person; plain and 80 columns wide for a script."""
    # Input that is not text becomes characters that every answer refuses with the usual sentence; characters
    # that the output cannot show become question marks.
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding=None if sys.stdin.isatty() else "utf-8", errors="surrogateescape")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    if not is_person():
        return Console(highlight=False, emoji=False, width=WIDEST, color_system=None, force_terminal=False)
    console = Console(highlight=False, emoji=False)
    console.width = min(console.width, WIDEST)
    return console


def is_person() -> bool:
    """Return True if a person is at the terminal, not a script."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())


def _lines(console: Console) -> Iterator[str]:
    """The lines that were typed, or piped in and then echoed, until the input ends."""
    if sys.stdin is None:  # closed by the parent process
        return
    if sys.stdin.isatty():
        while True:
            try:
                line = input("> ")
            except EOFError:
                console.print()
                return
            console.print()
            yield line
    for line in sys.stdin:
        words = line.rstrip("\r\n")
        echo = "".join(character if character.isprintable() else "?" for character in words[:LONGEST_ECHO])
        console.print(f"> {echo}\n", markup=False)
        yield words
