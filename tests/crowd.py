"""A world with many of everything that screens list, and every screen and command drawn in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property

from babel.localedata import locale_identifiers

from bots.common.signer_commands import EVENTS
from core.conversation import funnel
from core.conversation import state as ev
from core.conversation.choosing import choose_petition
from core.conversation.overlays import screen_for
from core.conversation.scene import Scene
from core.conversation.screen import View
from core.conversation.state import Conversation, Overlay, Stage
from core.organizer import COMMANDS
from core.organizer.command import CommandLine
from core.organizer.service import OrganizerService
from core.petition.collection import PetitionCollection
from core.petition.form import Field, FieldKind
from core.petition.petition import Petition, PetitionText, Source
from core.platforms import WRITABLE, Platform
from core.ports import UnitOfWork
from core.signatures.breakdowns import Facet
from core.signatures.origins import ListedOrigin, Origin, OriginKind, Verdict
from core.signatures.signature import Outcome, Signature, SignatureStatus, Signer, SignerContext
from core.team import AuditEntry
from tests.fakes import MemoryUnitOfWork
from tests.world import NOW, ORGANIZERS, SALESFORCE, World, catalog, petitions

ORGANIZER = Signer("test", "Olga", "Olga Organizer", "en")
TODAY = NOW.date()


@dataclass(frozen=True)
class Crowd:
    """The number of each."""

    petitions: int = 2
    organizers: int = 2
    sources: int = 2
    fields: int = 2
    communities: int = 2
    languages: int = 2

    @cached_property
    def every(self) -> dict[str, Petition]:
        """The petitions; the first has all the sources, fields, and languages."""
        first = _petition(0)
        fields = tuple(Field(f"field_{number}", FieldKind.TEXT, required=number < 3) for number in range(self.fields))
        text = replace(
            first.text("en"),
            sources=tuple(map(_source, range(self.sources))),
            captions={field.name: f"The question that is number {field.name} of all" for field in fields},
        )
        texts = {code: replace(text, language=code) for code in self.codes} or {"en": text}
        every = [replace(first, fields=fields, texts=texts), *map(_petition, range(1, self.petitions))]
        return {petition.slug: petition for petition in every[: self.petitions]}

    @property
    def codes(self) -> tuple[str, ...]:
        """The languages that the product speaks."""
        return _codes()[: self.languages]

    def views(self) -> Iterator[tuple[str, View]]:
        """Every screen and the answer to every command, with a name for each."""
        yield from self._list()
        yield from self._screens()
        yield from self._commands()

    def _list(self) -> Iterator[tuple[str, View]]:
        for page in (0, 3, 99):
            yield (
                f"petitions {page}",
                View(choose_petition(self.every, _as_it_is, "en", NOW, asked=ev.ListPetitions(page)), "en"),
            )

    def _screens(self) -> Iterator[tuple[str, View]]:
        """Every overlay on every stage, for a stranger and for someone who signed everything."""
        petition = next(iter(self.every.values()), _petition(0))
        every = self.every or {petition.slug: petition}
        own = tuple(map(_signature, every.values()))
        answers = {field.name: "An answer of a few words" for field in petition.fields}
        for known in (SignerContext(), SignerContext(signatures=own, signature=own[0])):
            for stage in Stage:
                for overlay in Overlay:
                    now = Conversation(petition.slug, "en", stage, (overlay,), answers=answers, revision=12345)
                    now = replace(now, outcome=Outcome.SIGNED if stage is Stage.FINISHED else None, own_page=3)
                    scene = Scene(now, every, known, lambda: 123_456, NOW, self.codes)
                    signed = "signed" if known.signature else "new"
                    yield f"{stage} {overlay} {signed}", View(screen_for(scene), "en", petition.slug, 12345)

    def page_of_languages(self, page: int) -> View:
        """A page of the languages."""
        slug = next(iter(self.every))
        now = Conversation(slug, "en", trail=(Overlay.LANGUAGES,), own_page=page)
        scene = Scene(now, self.every, SignerContext(), lambda: 1, NOW, self.codes)
        return View(screen_for(scene), "en", slug)

    def _commands(self) -> Iterator[tuple[str, View]]:
        """Every organizers' command by itself, with a petition, and with words that mean nothing."""
        organizing, slug = self.organizing, next(iter(self.every), "")
        for command in COMMANDS:
            for argument in ("", slug, f"{slug} 30d links", f"{slug} all kinds", f"{slug} steps", "yes", "zzz " * 9):
                view = organizing.run(ORGANIZER, CommandLine(command.name, argument.strip()))
                assert view is not None
                yield f"!{command.name} {argument}".strip(), view
        line = CommandLine("stast", slug)
        yield "!stast", organizing.handle(ORGANIZER, line, ev.Open(), signers=EVENTS)

    @cached_property
    def organizing(self) -> OrganizerService:
        """The organizers' service of this world."""
        world = World(petitions=self.every)
        known = PetitionCollection(self.every, self._drafts, counting=self.every)
        signing = replace(world.signing, petitions=known)
        with world.work() as work:
            assert isinstance(work, MemoryUnitOfWork)
            self._fill(work)
            work.commit()
        return OrganizerService(signing, ORGANIZERS, {}, WRITABLE)

    @property
    def _drafts(self) -> dict[str, Petition]:
        slugs = (f"preview-{number:020}" for number in range(self.petitions))
        return {slug: replace(_petition(0), slug=slug, is_draft=True) for slug in slugs}

    def _fill(self, work: UnitOfWork) -> None:
        for number in range(self.organizers):
            who = Signer("discord", f"{number:018}", f"Organizer {number} with quite a long name of a person", "en")
            work.organizers.add(who, NOW)
            work.audit.note(AuditEntry(NOW, who, f"stats {SALESFORCE} with words {number} " + "that go on " * 9))
            work.lists.put(ListedOrigin(Origin(OriginKind.LABEL, f"flyer-{number}"), Verdict.BLOCKED, NOW))
        for number, slug in enumerate(self.every):
            work.announcements.add(slug, f"Announcement {number} " * 40, NOW)
        slug = next(iter(self.every), "")
        for number in range(self.communities if slug else 0):
            label = f"g{number:012x}"
            title = f"The community number {number} with a title as long as Discord allows " + "x" * 30
            work.cards.community("discord", str(number), label, title)
            work.breakdowns.count(slug, TODAY, {Facet.LABEL: label, Facet.REGION: f"US-{number}"}, 9)
            work.breakdowns.move(slug, number, {(label, funnel.OPENED): 9, (label, funnel.SIGNED): 7})
        for code in self.codes if slug else ():
            work.breakdowns.count(slug, TODAY, {Facet.VERSION: f"{code:0>64}"}, 3)


@cache
def _codes() -> tuple[str, ...]:
    """The product's languages first, then others."""
    spoken = catalog().locales
    return (*spoken, *sorted(code for code in locale_identifiers() if code not in spoken and code != "root"))


@cache
def _petition(number: int) -> Petition:
    petition = petitions()[SALESFORCE]
    title = f"Number {number} of many petitions, with a title that is about as long as titles of petitions are"
    text: PetitionText = replace(petition.text("en"), title=title)
    return replace(petition, slug=f"a-petition-with-a-long-id-{number:04}", texts={"en": text})


def _source(number: int) -> Source:
    title = f"The title of source {number}, which is as long as a headline"
    link = f"https://news.example.org/{number}"
    return Source(number + 1, "The Daily Example", title, "2026-01-02", link, "", (f"Claim {number}.",))


def _signature(petition: Petition) -> Signature:
    digest = petition.text("en").digest
    return Signature(
        petition.slug, f"R{petition.slug[-4:]}", digest, 1, SignatureStatus.COUNTED, "0" * 64, NOW, Platform.DISCORD,
        "en", by_email=True, has_address=True,
    )  # fmt: skip


def _as_it_is(petition: Petition) -> Petition:
    return petition
