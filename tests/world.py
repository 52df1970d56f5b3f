"""A small world to test in: petitions, a clock that one sets, codes that one can foresee, people who talk."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from bots.app.previews import previews
from bots.common.settings import Settings
from bots.services import Services
from core.conversation.screen import Button, Facts, Line, Passage, Progress, Screen, ShareLink, View
from core.conversation.state import Event, Open
from core.messages import Words
from core.organizer.retention import RetentionService
from core.organizer.service import OrganizerService
from core.petition.loading import PETITIONS, load_mailbox_rules
from core.petition.mailbox import MailboxRules
from core.petition.petition import Petition
from core.ports import UnitOfWork
from core.services.cards import CardService
from core.services.known_checks import KnownChecks
from core.services.signing import SigningService
from core.signatures.quarantine import Thresholds
from core.signatures.signature import Signer
from core.sources.checks import Checks
from storage.engine import Database
from storage.paces import SqlPaces
from storage.queries import SqlQueries
from storage.retention import SqlPersonalData
from storage.traces import wipe_traces
from storage.vault import Vault
from tests import loading
from tests.fakes import MemoryStore, MemoryUnitOfWork

SALESFORCE, TREES = "salesforce-cbp", "town-trees"
ORGANIZERS = frozenset({("telegram", "99"), ("terminal", "Olga"), ("test", "Olga")})
OFF = Thresholds(0, 0, 0, 0, 0, 0)
"""No signal at all."""
NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


@cache
def petitions() -> dict[str, Petition]:
    """The shipped petition, and one with a field of every kind in two languages."""
    return {**loading.load_petitions(PETITIONS), **loading.load_petitions(Path(__file__).parent / "petitions")}


@cache
def mailbox_rules() -> MailboxRules:
    """The product's rules for which addresses are the same mailbox."""
    return load_mailbox_rules()


@cache
def _settings() -> Settings:
    """Settings of a process without any, which take longer to read than most services do to answer."""
    return Settings()


catalog = loading.catalog


def memory() -> Callable[[], UnitOfWork]:
    """An empty store in memory."""
    store, lock = MemoryStore(), threading.Lock()
    return lambda: MemoryUnitOfWork(store, lock)


@dataclass
class CountedWork:
    """A factory of units of work that counts the transactions begun."""

    work: Callable[[], UnitOfWork]
    begun: int = 0

    def __call__(self) -> UnitOfWork:
        self.begun += 1
        return self.work()


@dataclass
class World:
    """A signing service with everything around it in hand."""

    work: Callable[[], UnitOfWork] = field(default_factory=memory)
    now: dt.datetime = NOW
    petitions: dict[str, Petition] = field(default_factory=lambda: dict(petitions()))
    thresholds: Thresholds = OFF  # stories are told within milliseconds
    checks: dict[str, Checks] = field(default_factory=dict)  # of sources, by petition

    def __post_init__(self) -> None:
        codes = itertools.count(1)
        self.signing = SigningService(
            self.petitions,
            catalog(),
            mailbox_rules(),
            self.work,
            clock=lambda: self.now,
            new_code=lambda: f"{next(codes):012d}",
            thresholds=self.thresholds,
            organizers=ORGANIZERS,
            checks=KnownChecks(lambda: self.checks, lambda: self.now, dt.timedelta(0)),
        )

    def person(self, name: str = "", platform: str = "test", user_id: str = "", language: str = "en") -> Talker:
        """Create a person with an account; the profile has `name`, with a last name if it is a single word."""
        profile = f"{name} Sims" if name and " " not in name else name
        return Talker(self, Signer(platform, user_id or name or "nobody", profile, language))

    def counted(self, petition: str = SALESFORCE) -> int:
        """The public count."""
        with self.work() as work:
            return work.tallies.of(petition).counted


def services_of(world: World, database: Database, vault: Vault, public_url: str = "") -> Services:
    """Services for a surface, around a world's signing service."""
    queries = SqlQueries(database, vault)
    organizing = OrganizerService(world.signing, ORGANIZERS, previews(catalog(), world.petitions))
    return Services(
        _settings().model_copy(update={"public_url": public_url}), world.petitions, catalog(), world.signing, queries,
        CardService(world.work, queries, lambda: world.now),
        organizing,
        lambda platform, chat: "g" + vault.fingerprint("community", platform, chat)[:12],
        lambda token: vault.fingerprint("webhook", token),
        lambda: 0.5, RetentionService(organizing, queries, SqlPersonalData(database, vault)), database,
        SqlPaces(database, lambda: world.now), lambda: wipe_traces(database), source_checks=world.signing.checks,
    )  # fmt: skip


@dataclass
class Talker:
    """A person who taps and types."""

    world: World
    signer: Signer
    petition: str = SALESFORCE
    view: View | None = None

    def does(self, *events: Event) -> Screen:
        """Let events happen one after another; the screen after the last."""
        for event in events:
            self.view = self.world.signing.handle(self.signer, event, self.petition)
        return self.screen

    def about(self, petition: str) -> Talker:
        """The same person, talking about another petition."""
        return replace(self, petition=petition, view=None)

    @property
    def screen(self) -> Screen:
        """Current screen."""
        if self.view is None:
            self.does(Open())
        assert self.view
        return self.view.screen

    def taps(self, words: str) -> Screen:
        """Tap the button that is called so."""
        button = self.button(words)
        assert button.event is not None
        self.view = self.world.signing.handle(self.signer, button.event, button.petition or self.petition)
        return self.screen

    def button(self, words: str) -> Button:
        """The button that is called so."""
        by_words = {self.says(button.text): button for row in self.screen.buttons for button in row}
        assert words in by_words, f"{words!r} is none of {list(by_words)}"
        return by_words[words]

    def says(self, words: Words) -> str:
        """Words as this person reads them."""
        assert self.view
        return catalog().words(words, self.view.locale)

    def reads(self) -> str:
        """Everything on the screen, as text."""
        labels = [self.says(button.text) for row in self.screen.buttons for button in row]
        assert self.view
        return "\n".join([*parts_of(self.screen, self.view.locale), *labels])


def parts_of(screen: Screen, locale: str) -> list[str]:
    """The parts of a screen, each as text."""

    def says(words: Words) -> str:
        return catalog().words(words, locale)

    lines = []
    for part in screen.parts:
        match part:
            case Line(words):
                lines.append(says(words))
            case Passage(document):
                lines.append(document.text)
            case Facts(rows):
                lines += [f"{says(name)}: {says(value)}" for name, value in rows]
            case Progress(counted, goal):
                lines.append(f"{counted} of {goal}")
            case ShareLink(petition, label, _, invitation):
                lines += [says(invitation), f"link:{petition}:{label}"]
    return lines
