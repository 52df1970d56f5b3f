"""The whole preview: one HTML page that needs no server and loads nothing, with a choice of languages and surfaces."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby

from babel import Locale
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from bots.common.links import Links
from bots.common.progress_bar import OnProgress
from bots.common.settings import Settings
from bots.discord.renderer import DiscordRenderer
from bots.preview.discord import DiscordChat
from bots.preview.rehearsal import Chat, DrawnScreen
from bots.preview.site import Site
from bots.preview.story import tell
from bots.preview.telegram import TelegramChat
from bots.preview.terminal import TerminalChat
from bots.services import Services
from bots.telegram.renderer import TelegramRenderer
from core.petition.petition import Petition
from core.sources.quotes import text_fragment

WEB = "Web page"
PUBLIC, BOT, APPLICATION = "https://petitions.example.org", "YourBot", 123456789012345678
"""Example web pages, bot, and application, for links; the settings may know the web pages."""


@dataclass(frozen=True, slots=True)
class PreviewLanguage:
    """A language that people can choose, with its own name."""

    code: str

    @property
    def tag(self) -> str:
        """Its code in HTML."""
        return self.code.replace("_", "-")

    @property
    def name(self) -> str:
        """Its name in itself."""
        return (Locale.parse(self.code).get_display_name(self.code) or self.code).capitalize()

    @property
    def direction(self) -> str:
        """The direction of its script."""
        return str(Locale.parse(self.code).text_direction)


@dataclass(frozen=True, slots=True)
class Chapter:
    """The screens of one surface in one language, by part."""

    surface: str
    language: PreviewLanguage
    parts: tuple[tuple[str, tuple[DrawnScreen, ...]], ...]


def draw(services: Services, petition: Petition, progress: OnProgress, only: Sequence[str] = ()) -> str:
    """The preview of one of the services' petitions as HTML, in every language or `only` in some.

    It has the surfaces that the settings start, or if they start none, every surface. `services` must be on an SQLite
    file, in which nothing is stored. The same petition and settings give the same HTML.
    """
    codes = only or tuple(dict.fromkeys([*petition.languages, *services.catalog.locales]))
    languages = [PreviewLanguage(code) for code in codes]
    links, own = Links(services.settings.public_url or PUBLIC, BOT, APPLICATION), own_links(petition)
    running = _running(services.settings)
    chats = tuple(chat for chat in _chats(services, links, own) if not running or chat.name in running)
    site = Site(services, links, petition, own) if not running or WEB in running else None
    chapters: list[Chapter] = []
    total = len(languages) * (len(chats) + bool(site))
    for language in languages:
        for chat in chats:
            progress(len(chapters), total)
            chapters.append(_chapter(chat.name, language, tell(services, petition, chat, language.code)))
        if site:
            progress(len(chapters), total)
            chapters.append(_chapter(WEB, language, site.tell(language.code)))
    progress(total, total)
    return _page(petition, languages, chapters, is_set_up=bool(running))


def _running(settings: Settings) -> frozenset[str]:
    """The names of the surfaces that the settings start."""
    return frozenset(
        [platform.capitalize() for platform in settings.platforms] + [WEB] * (settings.web_port is not None)
    )


def own_links(petition: Petition) -> frozenset[str]:
    """The links in a petition's texts and to its sources."""
    texts = petition.texts.values()
    sources = (text_fragment(each.link, each.quote) for text in texts for each in text.sources if each.link)
    documents = (document for text in texts for document in (text.letter, text.background))
    spans = (span.link for document in documents for block in document.blocks for span in block.spans)
    return frozenset(filter(None, (*sources, *spans)))


def _chats(services: Services, links: Links, own: frozenset[str]) -> Iterator[Chat]:
    catalog, petitions = services.catalog, services.petitions
    yield TelegramChat(TelegramRenderer(catalog, petitions, links), own)
    yield DiscordChat(DiscordRenderer(catalog, petitions, Links(links.public_url, discord=links.discord)), own)
    yield TerminalChat(catalog, links.page)


def _chapter(surface: str, language: PreviewLanguage, screens: Iterable[DrawnScreen]) -> Chapter:
    parts = groupby(screens, key=lambda screen: screen.part)
    return Chapter(surface, language, tuple((part, tuple(here)) for part, here in parts))


def _page(petition: Petition, languages: list[PreviewLanguage], chapters: list[Chapter], *, is_set_up: bool) -> str:
    folder = resources.files(__package__) / "templates"
    style, script = (folder.joinpath(f"preview.{kind}").read_text("utf-8") for kind in ("css", "js"))
    return _template().render(
        petition=petition, languages=languages, chapters=chapters, style=style, script=script,
        surfaces=list(dict.fromkeys(chapter.surface for chapter in chapters)), policy=_policy(script),
        is_set_up=is_set_up,
    )  # fmt: skip


@cache
def _template() -> Template:
    templates = Environment(
        loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return templates.get_template("preview.html")


def _policy(script: str) -> str:
    """The content security policy: nothing is loaded from anywhere, and no script runs but this one."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
