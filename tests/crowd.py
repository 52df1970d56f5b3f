"""A world with many of everything that screens list, and every screen and command drawn in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from bots.common.signer_commands import EVENTS
from core.conversation import funnel
from core.conversation import state as ev
from core.conversation.choosing import choose_petition
from core.conversation.scene import Scene
from core.conversation.screen import View
from core.conversation.state import Conversation, Overlay, Stage
from core.conversation.views import view_for
from core.messages import Message
from core.organizer import COMMANDS
from core.organizer.command import CommandLine
from core.organizer.service import OrganizerService
from core.petition.collection import PetitionCollection
from core.petition.petition import Petition
from core.petition.source import Source
from core.platforms import WRITABLE, Platform
from core.ports import UnitOfWork
from core.signatures.breakdowns import Facet
from core.signatures.origins import ListedOrigin, Origin, OriginKind, Verdict
from core.signatures.signature import Outcome, Signature, SignatureStatus, Signer, SignerContext
from core.sources.checks import Checks, SourceCheck
from core.team import AuditEntry
from tests.crowd_names import LONGEST_COMMUNITY, LONGEST_ON_SOURCE, LONGEST_PERSON, words_of
from tests.crowd_petitions import first_petition, other_petition, spoken
from tests.fakes import MemoryUnitOfWork
from tests.sources_checked import in_every_state
from tests.world import NOW, ORGANIZERS, SALESFORCE, World

ORGANIZER = Signer("test", "Olga", "Olga Organizer", "en")
TODAY = NOW.date()
WISHES = (ev.Begin(), ev.TurnPage(0), ev.ListSources(), ev.Show(Overlay.SHARE), ev.Show(Overlay.COUNT))
MIDDLE, FAR = 3, 99
"""Pages of lists; on a page that isn't there, the last is shown."""


@dataclass(frozen=True)
class Crowd:
    """The number of each, the script of all names, and the language of the reader."""

    petitions: int = 2
    organizers: int = 2
    sources: int = 2
    fields: int = 2
    communities: int = 2
    languages: int = 2
    origins: int = 2
    paragraphs: int = 2
    script: str = "plain"
    locale: str = "en"

    @cached_property
    def every(self) -> dict[str, Petition]:
        """The petitions; the first has all the sources, fields, paragraphs, and languages."""
        first = first_petition(self.sources, self.fields, self.paragraphs, self.codes, self.script)
        every = [first, *(other_petition(number, self.script) for number in range(1, self.petitions))]
        return {petition.slug: petition for petition in every[: self.petitions]}

    @property
    def codes(self) -> tuple[str, ...]:
        """The languages that the product speaks."""
        return spoken()[: self.languages]

    @property
    def all_signed(self) -> tuple[Signature, ...]:
        """A signature of each petition by the same person."""
        return tuple(map(_signature, self.every.values()))

    def views(self, platform: Platform) -> Iterator[tuple[str, View]]:
        """Every screen and the answer to every command as a platform gets them, with a name for each."""
        yield from self._lists()
        yield from self._screens(platform)
        yield from self._questions(platform)
        yield from self._answers

    def _lists(self) -> Iterator[tuple[str, View]]:
        events = (ev.ListPetitions(), ev.ListPetitions(MIDDLE), ev.ListPetitions(FAR, wish=WISHES[0]), *WISHES)
        for asked in events:
            screen = choose_petition(self.every, _as_it_is, self.locale, NOW, Message("petitions.unknown"), asked)
            yield f"petitions {asked}", View(screen, self.locale)

    def _screens(self, platform: Platform) -> Iterator[tuple[str, View]]:
        """Every overlay on every stage, for a stranger and for someone who signed everything."""
        petition = self._first
        answers = {field.name: "An answer of a few words" for field in petition.fields}
        base = Conversation(petition.slug, self.locale, answers=answers, revision=12345)
        for own, stage, overlay in product(((), self.all_signed), Stage, Overlay):
            signed = own[0] if own and self.every else None
            known = SignerContext(signatures=own, signature=signed, platform=platform)
            outcome = Outcome.SIGNED if stage is Stage.FINISHED else None
            state = replace(base, stage=stage, trail=(overlay,), outcome=outcome)
            for place in (0, MIDDLE, FAR) if stage is Stage.READING else (0,):
                there = replace(state, page=place, list_page=place, own_page=place, source=place + 1)
                yield f"{stage} {overlay} {place} {len(own)} signed", self._view(there, known)

    def _questions(self, platform: Platform) -> Iterator[tuple[str, View]]:
        """The form without an answer, with all of them wrong, and each kind of question alone."""
        petition, known = self._first, SignerContext(platform=platform)
        wrong = Message("refused.too_long", {"count": 500, "given": 12_345})
        begun = Conversation(petition.slug, self.locale, Stage.ANSWERING, revision=12345)
        yield "an empty form", self._view(begun, known)
        yield "a wrong form", self._view(replace(begun, errors={each.name: wrong for each in petition.fields}), known)
        for field in {each.kind: each for each in petition.fields}.values():
            asked = replace(begun, asking=field.name)
            yield f"{field.kind} alone", self._view(asked, known)
            yield f"{field.kind} again", self._view(replace(asked, errors={field.name: wrong}), known)

    def _view(self, state: Conversation, known: SignerContext) -> View:
        every = self.every or {self._first.slug: self._first}
        return view_for(Scene(state, every, known, lambda: 123_456, NOW, self.codes, checks=self._checks))

    @cached_property
    def _checks(self) -> Checks:
        """Checks of the sources in every state, of pages that give themselves long names."""
        return in_every_state(self._first.text(self.locale).sources, words_of(self.script, LONGEST_ON_SOURCE))

    def checked_sources(self) -> Iterator[tuple[Source, SourceCheck]]:
        """The sources of the first petition with their checks."""
        for source in self._first.text(self.locale).sources:
            if source.key in self._checks:
                yield source, self._checks[source.key]

    @property
    def _first(self) -> Petition:
        return next(iter(self.every.values()), other_petition(0, self.script))

    def page_of_languages(self, page: int) -> View:
        """A page of the languages."""
        state = Conversation(self._first.slug, self.locale, trail=(Overlay.LANGUAGES,), own_page=page)
        return self._view(state, SignerContext())

    @cached_property
    def _answers(self) -> tuple[tuple[str, View], ...]:
        return tuple(self._commands())

    def _commands(self) -> Iterator[tuple[str, View]]:
        """Every organizers' command by itself, with a petition, and with words that mean nothing."""
        organizing, slug = self.organizing, next(iter(self.every), "")
        for command in COMMANDS:
            for argument in ("", slug, f"{slug} 30d links", f"{slug} all kinds", f"{slug} steps", "yes", "zzz " * 9):
                view = organizing.run(self.organizer, CommandLine(command.name, argument.strip()))
                assert view is not None
                yield f"!{command.name} {argument}".strip(), view
        line = CommandLine("stast", slug)
        yield "!stast", organizing.handle(self.organizer, line, ev.Open(), signers=EVENTS)

    @property
    def organizer(self) -> Signer:
        """An organizer, who reads this language."""
        return replace(ORGANIZER, language=self.locale)

    @cached_property
    def organizing(self) -> OrganizerService:
        """The organizers' service of this world."""
        world = World(petitions=self.every)
        known = PetitionCollection(self.every, self._drafts, counting=self.every)
        world.signing = replace(world.signing, petitions=known)
        with world.work() as work:
            assert isinstance(work, MemoryUnitOfWork)
            self._fill(work)
            work.commit()
        return OrganizerService(world.signing, ORGANIZERS, {}, WRITABLE)

    @property
    def _drafts(self) -> dict[str, Petition]:
        slugs = (f"preview-{number:020}" for number in range(self.petitions))
        draft = other_petition(0, self.script)
        return {slug: replace(draft, slug=slug, is_draft=True) for slug in slugs}

    def _fill(self, work: UnitOfWork) -> None:
        for check in self._checks.values():
            work.source_checks.save(self._first.slug, check)
        for number in range(self.organizers):
            who = Signer("discord", f"{number:018}", words_of(self.script, LONGEST_PERSON, number), "en")
            work.organizers.add(who, NOW)
            work.audit.note(AuditEntry(NOW, who, f"stats {SALESFORCE} with words {number} " + "that go on " * 9))
        for number in range(self.origins):
            work.lists.put(ListedOrigin(Origin(OriginKind.LABEL, f"flyer-{number}"), Verdict.BLOCKED, NOW))
        for number, slug in enumerate(self.every):
            work.announcements.add(slug, f"Announcement {number} " * 40, NOW)
        slug = next(iter(self.every), "")
        for number in range(self.communities if slug else 0):
            label = f"g{number:012x}"
            work.cards.community("discord", str(number), label, words_of(self.script, LONGEST_COMMUNITY, number))
            work.breakdowns.count(slug, TODAY, {Facet.LABEL: label, Facet.REGION: f"US-{number}"}, 9)
            work.breakdowns.move(slug, number, {(label, funnel.OPENED): 9, (label, funnel.SIGNED): 7})
        for code in self.codes if slug else ():
            work.breakdowns.count(slug, TODAY, {Facet.VERSION: f"{code:0>64}"}, 3)


def _signature(petition: Petition) -> Signature:
    digest = petition.text("en").digest
    return Signature(
        petition.slug, f"R{petition.slug[-4:]}", digest, 1, SignatureStatus.COUNTED, "0" * 64, NOW, Platform.DISCORD,
        "en", by_email=True, has_address=True,
    )  # fmt: skip


def _as_it_is(petition: Petition) -> Petition:
    return petition
