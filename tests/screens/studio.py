"""A world for one story in one language, and the real renderers that draw it on every surface."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from bots.app.previews import previews
from bots.common.links import Links
from bots.discord.message import DiscordMessage
from bots.discord.organizer_forms import writing_form
from bots.discord.renderer import DiscordRenderer
from bots.papers.pictures import Painter
from bots.preview.terminal import draw_output
from bots.telegram.renderer import TelegramMessage, TelegramRenderer
from bots.terminal.renderer import TerminalRenderer
from core.conversation.screen import View
from core.conversation.state import Event
from core.messages import Message
from core.organizer.command import CommandLine
from core.organizer.service import OrganizerService
from core.petition.collection import Visibility, collect
from core.petition.petition import Petition
from core.platforms import WRITABLE
from core.signatures.signature import Signer
from tests.core.petition.test_collection import PREVIEW
from tests.screens import drawing
from tests.screens.album import Album, Place
from tests.world import ORGANIZERS, SALESFORCE, Talker, World

GOOD = {"who": "Ada Lovelace", "country": "US", "code": "90210", "role": "tenant"}
SURFACES = TELEGRAM, DISCORD, TERMINAL, WEB, PAPERS = "Telegram", "Discord", "Terminal", "Web", "Papers and pictures"
CHATS = (TELEGRAM, DISCORD, TERMINAL)
PUBLIC, BOT, APPLICATION = "https://petitions.example.org", "UndersignBot", 123456789012345678


class Studio:
    """Draws into the album, in one language."""

    def __init__(
        self,
        album: Album,
        locale: str,
        *petitions: Petition,
        public: str = "",
        visibility: Visibility = Visibility.PUBLISHED,
    ) -> None:
        self.album, self.locale, self.catalog = album, locale, album.catalog
        self.world = World(petitions={one.slug: one for one in petitions}) if petitions else World()
        self.petitions = self.world.petitions
        is_plain = visibility is Visibility.PUBLISHED and not any(one.is_draft for one in petitions)
        known = self.petitions if is_plain else collect(self.petitions, PREVIEW, visibility)
        self.world.signing = replace(self.world.signing, catalog=self.catalog, petitions=known)
        self.organizing = OrganizerService(self.world.signing, ORGANIZERS, previews(self.catalog, known), WRITABLE)
        self.telegram = TelegramRenderer(self.catalog, known, Links(telegram=BOT))
        self.discord = DiscordRenderer(self.catalog, known, Links(public, discord=APPLICATION))

    def person(self, name: str = "Ada Lovelace", petition: str = SALESFORCE, platform: str = "test") -> Talker:
        """A reader of this language."""
        return replace(self.world.person(name, platform, language=self.locale), petition=petition)

    def says(self, message: Message) -> str:
        """A message in this language."""
        return self.catalog.text(message, self.locale)

    @contextmanager
    def place(self, surface: str, stage: str, title: str) -> Iterator[list[str]]:
        """Draw something by hand: the pieces of HTML that are put into the list."""
        pieces: list[str] = []
        with self.catalog.noting() as keys:
            yield pieces
        self.album.add(Place(surface, stage, title), self.locale, "".join(pieces), keys)

    def does(self, stage: str, title: str, person: Talker, *events: Event) -> None:
        """Let events happen, and draw what the person then sees."""
        person.does(*events)
        assert person.view is not None
        self.show(stage, title, person.view)

    @property
    def organizer(self) -> Signer:
        """An organizer who reads this language."""
        return Signer("test", "Olga", "Olga Organizer", self.locale)

    def asks(self, stage: str, title: str, line: str, who: Signer | None = None, update_id: str = "") -> View:
        """Send an organizer's command, and draw the answer."""
        name, _, argument = line.partition(" ")
        shown = self.organizing.run(who or self.organizer, CommandLine(name, argument), update_id=update_id)
        assert shown is not None, line
        self.show(stage, title, shown)
        return shown

    def show(self, stage: str, title: str, shown: View) -> None:
        """Draw a screen on every chat surface."""
        with self.place(TELEGRAM, stage, title) as pieces:
            pieces.append(drawing.telegram(self.telegram.render(shown)))
        with self.place(DISCORD, stage, title) as pieces:
            pieces.append(drawing.discord(self.discord.render(shown)))
        with self.place(TERMINAL, stage, title) as pieces:
            pieces.append(self._printed(lambda paper: self._print(paper, shown)))
        if shown.screen.pictures:
            with self.place(PAPERS, stage, title) as pieces:
                pieces += [drawing.picture(one.content, one.words) for one in self._painter.draw(shown)]

    def _print(self, paper: TerminalRenderer, shown: View) -> None:
        """A screen on a terminal, where pictures become files."""
        for one in self._painter.draw(shown):
            paper.note(Message("terminal.drawn", {"words": one.words, "path": one.name}), shown.locale)
        paper.show(shown.screen, shown.locale)

    @property
    def _painter(self) -> Painter:
        return Painter(self.catalog, Links(PUBLIC).anywhere)

    def text_form(self, stage: str, title: str, line: CommandLine) -> None:
        """Draw the form that Discord opens for the text of an organizer's order."""
        with self.place(DISCORD, stage, title) as pieces:
            pieces.append(drawing.form(writing_form(line, self.catalog, self.locale)))

    def form(self, stage: str, title: str, shown: View) -> None:
        """Draw the form that Discord opens for a screen."""
        with self.place(DISCORD, stage, title) as pieces:
            modal = self.discord.form(shown)
            assert modal is not None
            pieces.append(drawing.form(modal))

    def in_company(self, stage: str, title: str, shown: View) -> None:
        """Draw a screen on Discord, where there are others to pass a petition on to."""
        with self.place(DISCORD, stage, title) as pieces:
            pieces.append(drawing.discord(self.discord.render(shown, offers_post=True)))

    def sentence(self, surface: str, stage: str, title: str, message: Message) -> None:
        """Draw an answer that is one sentence, as the surface sends it."""
        with self.place(surface, stage, title) as pieces:
            words = self.says(message)
            if surface == DISCORD:
                pieces.append(drawing.discord(DiscordMessage.plain(words)))
            elif surface == TELEGRAM:
                pieces.append(drawing.telegram(TelegramMessage(words)))
            else:
                pieces.append(self._printed(lambda paper: paper.note(message, self.locale)))

    def _printed(self, draw: Callable[[TerminalRenderer], None]) -> str:
        """The output of a terminal after something is drawn on it."""
        return draw_output(self.catalog, Links(PUBLIC).anywhere, draw)
