"""Draws the pages: petitions, the list of them, the counter for other sites, and one for errors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from babel import Locale
from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined
from rich.cells import cell_len

from bots.common.links import Links
from bots.papers.signed_page import Sayer, agreed
from bots.services import Services
from bots.web.assets import Assets
from bots.web.citations import TYPES
from bots.web.cited import cited_sources, claims_line
from bots.web.content import GAP, HTML, PAGE_SECONDS, SVG, Content, Labelled
from bots.web.counts import Counts, Snapshot
from bots.web.headers import ANYWHERE, FRAMED, SENDING_NOTHING
from bots.web.outline import outline
from bots.web.wording import Wording, language_tag, marks
from core.conversation.scene import (
    phase_lines,
    privacy,
    request_line,
    time_left,
    trial_lines,
)
from core.conversation.scene import version as signed_version
from core.conversation.screen import Line
from core.conversation.signed_text import changes_since, current_text
from core.conversation.source_state import DayOf
from core.export.citations import linked_data
from core.messages import Message
from core.petition.past_text import past_text
from core.petition.petition import PetitionText
from core.petition.time_marks import link_at
from core.petition.versions import FIRST, PetitionVersion
from core.sources.checks import Checks

KEPT = 300  # pages in memory: of the petitions and languages in use at a time
_POLICIES = {"embed.html": FRAMED, "verify.html": SENDING_NOTHING}
_CHARACTER, _MARGIN = 6.6, 10  # pixels on the badge, roughly


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit: the reader's language, the language in the address, its label, and the colors it asks for."""

    locale: str
    chosen: str = ""
    label: str = ""
    colors: str = ""

    @property
    def with_gap(self) -> Visit:
        """The same visit with the label of every visit that has one."""
        return Visit(self.locale, self.chosen, GAP if self.label else "", self.colors)

    def query(self, **changed: str) -> str:
        """The query that keeps label and language, with some values changed."""
        values = {"source": self.label, "lang": self.chosen} | changed
        kept = {name: value for name, value in values.items() if value}
        return f"?{urlencode(kept)}" if kept else ""


class Pages:
    """Pages as answers; each is drawn once for everyone who asks for the same, whatever the label of their link."""

    def __init__(self, services: Services, counts: Counts, base: str, assets: Assets) -> None:
        self._services, self._counts = services, counts
        self.links = Links(base)
        self._own = {"base": base, "asset": assets.link}
        self._petition = lru_cache(KEPT)(self._draw_petition)
        self._home = lru_cache(KEPT)(self._draw_home)
        self._version = lru_cache(KEPT)(self._draw_version)

    def petition(self, slug: str, visit: Visit) -> Labelled:
        """The petition's page."""
        return self._of("petition.html", slug, visit)

    def version(self, version: PetitionVersion, visit: Visit) -> Labelled:
        """The page of a version, with what has changed since."""
        return self._version(version, visit.with_gap).labelled(visit.label)

    def embed(self, slug: str, visit: Visit) -> Labelled:
        """The counter that other sites show in a frame."""
        return self._of("embed.html", slug, visit)

    def verify(self, slug: str, visit: Visit) -> Labelled:
        """The page that checks the proof of a signature in the browser."""
        return self._of("verify.html", slug, visit)

    def verify_later(self, slug: str, visit: Visit) -> Labelled:
        """The same page before the log's first checkpoint: it says when the first signatures will be there."""
        return self._of("verify_later.html", slug, visit)

    def home(self, visit: Visit) -> Labelled:
        """All petitions."""
        versions = tuple(snapshot.version for snapshot in self._counts.listed.values())
        return self._home(visit.with_gap, versions).labelled(visit.label)

    def badge(self, slug: str, locale: str) -> Content:
        """The count as a small picture for a README or a page."""
        words = self._services.catalog.words(Message("web.signatures"), locale)
        count = format_decimal(self._counts.snapshots[slug].counted, locale=locale)
        left, right = (round(cell_len(text) * _CHARACTER + 2 * _MARGIN) for text in (words, count))
        svg = _templates().get_template("badge.svg").render(words=words, count=count, left=left, right=right)
        return Content(svg.encode(), SVG, PAGE_SECONDS, by_language=True, more=ANYWHERE)

    def problem(self, visit: Visit, message: Message) -> str:
        """A page with one sentence."""
        return self._render("problem.html", visit, self._services.signing.languages, message=message)

    def _of(self, template: str, slug: str, visit: Visit) -> Labelled:
        version = self._counts.snapshots[slug].version
        return self._petition(template, slug, visit.with_gap, version, self.links).labelled(visit.label)

    def _draw_petition(self, template: str, slug: str, visit: Visit, _version: int, links: Links) -> Content:
        snapshot = self._counts.snapshots[slug]
        petition = snapshot.petition.in_language(visit.locale)
        text, own_page = petition.text(visit.locale), f"{self._own['base']}/p/{petition.public_slug}"
        values = {
            "snapshot": snapshot,
            "petition": petition,
            **_words_of(text, snapshot.checks, petition.day),
            "linked_data": linked_data(text, petition.organizer, own_page),
            "files_of_sources": TYPES,
            "asked": request_line(petition),
            "state": self._state(snapshot),
            "privacy": tuple(privacy(petition)),
            "time_left": tuple(time_left(petition)) if snapshot.is_open else (),
            "several": len(self._counts.listed) > 1,
            "can_sign": snapshot.is_open and bool(links.telegram or links.discord_account),
            "links": links,
            "page": links.page(petition.public_slug, visit.label),
            "digests": [petition.text(language).digest for language in petition.languages],
        }
        languages = tuple(dict.fromkeys([*petition.languages, *self._services.catalog.locales]))
        html = self._render(template, visit, languages, **values)
        return _page(html, visit, _POLICIES.get(template), snapshot.changes_at)

    def _draw_home(self, visit: Visit, _versions: tuple[int, ...]) -> Content:
        listed = tuple((snapshot, self._state(snapshot)) for snapshot in self._counts.listed.values())
        html = self._render("home.html", visit, self._services.signing.languages, listed=listed)
        changes = min((each.changes_at for each, _ in listed if each.changes_at), default=None)
        return _page(html, visit, changes_at=changes)

    def _draw_version(self, version: PetitionVersion, visit: Visit) -> Content:
        petition = self._services.petitions[version.petition]
        current, text = current_text(petition, version.digest), past_text(version)
        assert text is not None  # noqa: S101  (a version without words has no page)
        say = Sayer(self._services.catalog, self._services.catalog.spoken(Message("signed.last_day"), visit.locale))
        values = {
            "petition": petition,
            "version": version,
            **_words_of(text, {}, petition.day),
            "name": signed_version(petition, version.digest, lambda *_: version),
            "is_current": current is not None,
            "is_first_form": version.form == FIRST,
            "changes": () if current else changes_since(version, petition) or (),
            "agreed": tuple(agreed(version.envelope or {}, say)),
        }
        html = self._render("version.html", visit, self._services.catalog.locales, **values)
        return _page(html, visit)

    def _state(self, snapshot: Snapshot) -> tuple[Line, ...]:
        """The most important news: the petition is a draft, won, paused, closed, or not open yet."""
        news = phase_lines(snapshot.petition, snapshot.phase, snapshot.seen_at)
        return (*trial_lines(snapshot.petition), *news)

    def _render(self, template: str, visit: Visit, languages: Iterable[str], **values: Any) -> str:
        wording = Wording(self._services.catalog, visit.locale)
        return (
            _templates()
            .get_template(template)
            .render(
                self._own,
                visit=visit,
                languages=languages,
                wording=wording,
                say=wording.say,
                words=wording.words,
                command_word=lambda name: wording.attribute(f"name.{name}"),
                **values,
            )
        )


def _page(
    html: str, visit: Visit, more: Mapping[str, str] | None = None, changes_at: dt.datetime | None = None
) -> Content:  # fmt: skip
    return Content(
        html.encode(), HTML, PAGE_SECONDS, by_language=True, more=more, changes_at=changes_at,
        has_gaps=bool(visit.label),
    )  # fmt: skip


def _words_of(text: PetitionText, checks: Checks, day_of: DayOf) -> dict[str, object]:
    """The values with which a page shows a text and its sources."""
    return {"text": text, "sources": tuple(cited_sources(text, checks, day_of)), "claims": claims_line(text)}


@cache
def _templates() -> Environment:
    """The templates, which each process compiles once."""
    templates = Environment(
        loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    templates.globals |= {
        "outline": outline, "language_name": _language_name, "link_at": link_at,
        "language_tag": language_tag, "marks": marks, "number": format_decimal, "quote": quote,
    }  # fmt: skip
    return templates


def _language_name(code: str, locale: str) -> str:
    """The name of a language in another language."""
    return str(Locale.parse(code).get_display_name(locale) or code)
