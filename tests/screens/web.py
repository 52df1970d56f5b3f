"""The pages of the web front, drawn by its own templates."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

from bots.common.links import Links
from bots.common.service_threads import ServiceThreads
from bots.services import Services
from bots.web.assets import Assets
from bots.web.counts import Counts, LogHead, Snapshot
from bots.web.pages import Pages, Visit
from bots.web.pictures import PictureCache
from core.messages import Message
from core.petition.envelope import canonical
from core.petition.petition import Decision, Petition, PetitionStatus
from core.petition.versions import first_versions, present_versions
from storage.engine import Database
from storage.vault import Vault
from tests.log.sample import SampleLog, sample_record
from tests.screens import drawing
from tests.screens.studio import APPLICATION, BOT, PAPERS, PUBLIC, WEB, Studio
from tests.world import NOW, SALESFORCE, TREES, services_of

PAGES, PROBLEMS = "Pages", "Errors"
BOTH = Links(PUBLIC, BOT, APPLICATION)


class Front:
    """The web front of one language, with counts set by hand."""

    def __init__(self, studio: Studio) -> None:
        self.studio, self.assets = studio, Assets()
        bare = services_of(studio.world, Database("sqlite://"), Vault(["k" * 32]), PUBLIC)
        self.services: Services = replace(bare, catalog=studio.catalog, signing=studio.world.signing)
        self.threads = ServiceThreads(1)
        self.counts = Counts(self.services, self.threads)
        self.pages = Pages(self.services, self.counts, PUBLIC, self.assets)
        self.pages.links = BOTH
        self.arrange(*studio.petitions.values())

    def arrange(self, *petitions: Petition, counted: int = 1234, is_old: bool = False) -> None:
        """Set how petitions stand."""
        self.counts.snapshots = {
            one.slug: Snapshot(one, counted, one.phase(NOW), NOW, is_old, len(self.counts.snapshots))
            for one in petitions
        }

    def take_checks(self, slug: str) -> None:
        """Show the checks of a petition's sources."""
        checks = self.services.source_checks.of(slug)
        self.counts.snapshots = {slug: replace(self.counts.snapshots[slug], checks=checks, version=70)}

    def draw(self, title: str, html: bytes | str) -> str:
        """A page in a frame, with its style."""
        style = self.assets.get("style.css")
        assert style is not None
        text = html.decode() if isinstance(html, bytes) else html
        return drawing.page(text, style.body.decode())


def pages(studio: Studio) -> None:
    """Every page, and every state of a petition."""
    front, visit = Front(studio), Visit(studio.locale)
    trees = studio.petitions[TREES]
    with studio.place(WEB, PAGES, "All petitions") as pieces:
        pieces.append(front.draw("", front.pages.home(visit).body))
    draw_petition(front, "A petition", SALESFORCE)
    _versions(front, trees)
    draw_petition(front, "A petition with sources without links", TREES)
    with studio.place(WEB, PAGES, "The counter for other sites") as pieces:
        pieces.append(front.draw("", front.pages.embed(SALESFORCE, visit).body))
    with studio.place(WEB, PAGES, "The badge") as pieces:
        pieces.append(front.pages.badge(SALESFORCE, studio.locale).body.decode())
    _badly(front, "Without any chat", trees, Links(PUBLIC))
    with studio.place(WEB, PAGES, "The counter without any chat") as pieces:
        pieces.append(front.draw("", front.pages.embed(TREES, visit).body))
    _public_log(front, trees)
    front.arrange(trees, is_old=True)
    _badly(front, "While the database is away", trees, BOTH)
    front.arrange(replace(trees, closes=dt.date(2026, 6, 30)))
    _badly(front, "When it is over", trees, BOTH)
    front.arrange(trees.with_decision(Decision(PetitionStatus.VICTORY, words="The elms stay.", since=NOW)))
    _badly(front, "A victory", trees, BOTH)
    front.threads.close()


def _public_log(front: Front, trees: Petition) -> None:
    """The page of a petition whose log has published something, and the page that checks proofs."""
    (snapshot,) = [one for one in front.counts.snapshots.values() if one.petition.slug == trees.slug]
    visit = Visit(front.studio.locale)
    with front.studio.place(WEB, PAGES, "The page that checks proofs, before the log begins") as pieces:
        pieces.append(front.draw("", front.pages.verify_later(trees.slug, visit).body))
    log = LogHead(sample_record(), (SampleLog.of([]).key.verifier.public,))
    front.counts.snapshots = {trees.slug: replace(snapshot, log=log, version=50)}
    draw_petition(front, "With a public log", trees.slug)
    with front.studio.place(WEB, PAGES, "Check a proof") as pieces:
        pieces.append(front.draw("", front.pages.verify(trees.slug, Visit(front.studio.locale)).body))


def draw_petition(front: Front, title: str, slug: str) -> None:
    with front.studio.place(WEB, PAGES, title) as pieces:
        pieces.append(front.draw(title, front.pages.petition(slug, Visit(front.studio.locale)).body))


def _versions(front: Front, petition: Petition) -> None:
    """The page of the current version, and of an earlier one."""
    locale = front.studio.locale
    text = petition.text(locale)
    current = next(one for one in present_versions(petition, NOW) if one.language == text.language)
    other = {**json.loads(text.envelope), "title": "?", "letter": [], "timezone": "?"}
    fields = [{**field, "required": False} for field in other["fields"]]
    earlier = replace(current, digest="0" * 64, content=canonical({**other, "fields": fields}).decode())
    (first,) = (one for one in first_versions(petition, NOW) if one.language == text.language)
    titles = {"The current version": current, "An earlier version": earlier, "A version in the old format": first}
    for title, version in titles.items():
        with front.studio.place(WEB, PAGES, title) as pieces:
            pieces.append(front.draw(title, front.pages.version(version, Visit(locale)).body))


def _badly(front: Front, title: str, petition: Petition, links: Links) -> None:
    """Draw a petition's page again."""
    front.pages.links = links
    front.counts.snapshots = {
        slug: replace(one, version=one.version + 100 + len(front.studio.album.drawings))
        for slug, one in front.counts.snapshots.items()
    }
    draw_petition(front, title, petition.slug)


def problems(studio: Studio) -> None:
    """One sentence, where something is wrong."""
    front = Front(studio)
    for key in ("web.not_found", "web.only_reading", "notice.try_again"):
        with studio.place(WEB, PROBLEMS, key) as pieces:
            pieces.append(front.draw(key, front.pages.problem(Visit(studio.locale), Message(key))))
    front.threads.close()


def link_card(studio: Studio) -> None:
    """The picture that chats show beside a link."""
    front = Front(studio)
    with studio.place(PAPERS, "Pictures", "The preview of a link") as pieces:
        answer = PictureCache(front.counts, studio.catalog, PUBLIC)._draw_card(
            front.counts.snapshots[TREES], studio.locale
        )
        pieces.append(drawing.picture(answer.body))
    front.threads.close()
