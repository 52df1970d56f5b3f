"""An attacker with many accounts in one of two worlds, and everything it can see there.

Clocks tell less than what they measure, so instead of times we compare the statements that the database executes for
the attacker: which, in which order, and for how many rows.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from bots.common.service_threads import ServiceThreads
from bots.papers.data_page import data_file
from bots.papers.proof_file import proof_file
from bots.web.assets import Assets
from bots.web.citations import TYPES, Citations
from bots.web.counts import Counts
from bots.web.pages import Pages, Visit
from core.conversation import state as ev
from core.conversation.my_data import MyData
from core.conversation.scene import card, companion_lines
from core.conversation.screen import Screen, View
from core.conversation.state import Overlay
from core.conversation.typed import SendProof
from core.log.proof import InclusionProof, OpenedEntry
from core.organizer import COMMANDS
from core.organizer.command import CommandLine
from core.outreach.milestones import milestone_screen
from core.services.community import report
from core.services.ledger import Ledger
from core.signatures.review import Query
from core.signatures.signature import Signer
from storage.engine import Database
from storage.queries import SqlQueries
from storage.schema import check_key
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.databases import migrated_sqlite
from tests.public_log import Press, read_log
from tests.statements import watch
from tests.world import NOW, SALESFORCE, Talker, World, catalog, parts_of, services_of

VICTIM = "victim@example.org"
GROUP = "g0123456789ab"
ACCOUNTS = 30
_LOOKS: Mapping[Overlay, ev.Event] = {
    Overlay.STAGE: ev.Open(),
    Overlay.PAGE: ev.TurnPage(0),
    Overlay.SOURCE: ev.ShowSource(1),
    Overlay.SOURCES: ev.ListSources(),
}
_SUMS = re.compile(r'[A-Za-z0-9+/]{43}=|"size": \d+|(?<=<dt>Entries</dt><dd>)[\d,]+|(?<=[(]size )[\d,]+')
Sight: TypeAlias = dict[tuple[str, str], str]
"""The text at each place, by the name of the place and who sees it there."""


@dataclass
class Watched:
    """A world on a database of its own, in which the attacker's accounts act, and others do."""

    database: Database
    vault: Vault
    step: int = 0
    _codes: Iterator[int] = field(default_factory=itertools.count)
    _statements: list[tuple[str, int]] | None = None

    def __post_init__(self) -> None:
        check_key(self.database, self.vault)
        self.world = World(work=lambda: SqlUnitOfWork(self.database, self.vault))
        object.__setattr__(self.world.signing, "new_code", self._new_code)
        self.queries = SqlQueries(self.database, self.vault)
        self.services = services_of(self.world, self.database, self.vault, "https://petitions.example.org")
        self.talkers: dict[str, Talker] = {}
        self.labels: set[str] = {GROUP}
        watch(self.database, self._note)

    def _new_code(self) -> str:
        """A code that is the same for the same action in both worlds."""
        return f"{self.step:06d}{next(self._codes):06d}"

    def _note(self, statement: str, values: Sequence[Any]) -> None:
        if self._statements is not None:
            self._statements.append((statement, len(values)))

    @contextmanager
    def recorded(self) -> Iterator[list[tuple[str, int]]]:
        """The statements executed in the block, each with its number of rows."""
        statements: list[tuple[str, int]] = []
        self._statements = statements
        try:
            yield statements
        finally:
            self._statements = None

    def next_step(self) -> None:
        """Let time pass before the next action, and count its codes from 0."""
        self.step += 1
        self.world.now += dt.timedelta(minutes=7)
        self._codes = itertools.count()

    def account(self, name: str) -> Talker:
        """The account with this name."""
        return self.talkers.setdefault(name, self.world.person(name, "telegram", name))

    def sign(self, name: str, mail: str = "", label: str = "") -> None:
        """Open the petition by a link, and sign."""
        if label:
            self.labels.add(label)
        person = self.account(name)
        person.does(ev.Open(label), ev.Begin(), ev.Answer({"full_name": "Ada Lovelace", "postal_code": "90210"}))
        if mail:
            person.does(ev.Edit("email"), ev.Reply(mail))
        person.does(ev.SetUpdates(wanted=True), ev.Confirm())

    def own_link(self, name: str) -> str:
        """The label of an account's own share link; empty if it has not signed."""
        return self.world.signing.profile(self.account(name).signer).referrals.get(SALESFORCE, "")

    def invalidate(self, name: str) -> None:
        """Organizers reject an account's signature, if it has one."""
        with self.world.work() as work:
            person = work.signers.lock_or_create(self.account(name).signer, self.world.now)
            for signature in work.signatures.standing(person):
                Ledger(work, self.world.now).invalidate(Query(SALESFORCE, receipt=signature.receipt))
                work.commit()

    def raise_count(self, to: int) -> None:
        """Let others sign until the public count is `to`."""
        while self.world.counted() < to:
            self._codes = itertools.count(1000 + 10 * len(self.talkers))
            self.sign(f"other-{len(self.talkers)}")

    def sight(self, names: list[str]) -> Sight:
        """Everything that the attacker sees with these accounts."""
        self.publish()
        seen: Sight = {}
        for name in names:
            seen |= {(place, name): text for place, text in self._private(name)}
        seen |= {(place, "everyone"): text for place, text in (*self._public(), *self._pages())}
        for label in sorted(self.labels):
            seen |= {(place, label): text for place, text in self._community(label)}
        return seen

    def _private(self, name: str) -> Iterator[tuple[str, str]]:
        signing, signer = self.world.signing, self.account(name).signer
        for overlay in Overlay:
            event = _LOOKS.get(overlay, ev.Show(overlay))
            yield overlay.value, _text(signing.handle(signer, event, SALESFORCE, dry_run=True))
        yield "finished", _text(signing.handle(signer, ev.Confirm(), SALESFORCE, dry_run=True))
        yield "redrawn", _text(signing.handle(signer, ev.Back(), SALESFORCE, revision=-1, dry_run=True))
        yield "inline", repr(signing.profile(signer))
        yield "my data", self._data(signer)
        for command in COMMANDS:
            yield "commands", repr(self.services.organizing.run(signer, CommandLine(command.name, SALESFORCE)))
        with self.world.work() as work:
            person = work.signers.lock_or_create(signer, self.world.now)
            recipients = work.announcements.recipients(SALESFORCE, 0, 1000)
        yield "proof", repr(list(self._proofs(signer)))
        yield "proof file", self._proof_file(signer)
        yield "announcements", repr(sum(recipient.person == person.id for recipient in recipients))

    def _proofs(self, signer: Signer) -> Iterator[bool]:
        """For each signature of an account, True if it has an entry, and its receipt opens that."""
        with self.world.work() as work:
            person, published = work.signers.lock_or_create(signer, self.world.now), read_log(work.log, SALESFORCE)
            for signature in work.signatures.standing(person):
                link = work.log.link(signature.receipt)
                opened = link and OpenedEntry(signature.receipt, link.salt, signature.digest).entry
                yield bool(published and link and published.entries[link.entry] == opened)

    def _proof_file(self, signer: Signer) -> str:
        """The answer to "Proof", and of the file everything but its place in the tree, which chance decides."""
        view = self.world.signing.handle(signer, SendProof(), SALESFORCE, dry_run=True)
        if not isinstance(view.data, InclusionProof):
            return _text(view)
        file = proof_file(view.data, catalog(), view.locale)
        mark, extra, *_ = file.content.decode().split("\n")
        return "\n".join([_text(view), file.name, file.words, mark, str(len(extra)), str(view.data.opened.text)])

    def publish(self) -> None:
        """Publish the log."""
        Press(self.world.work, self.world.now).publish(self.world.petitions[SALESFORCE])

    def _data(self, signer: Signer) -> str:
        """The file with everything about an account."""
        view = self.world.signing.handle(signer, ev.SendData(), SALESFORCE, dry_run=True)
        if not isinstance(view.data, MyData):
            return _text(view)
        file = data_file(view.data, catalog(), view.locale)
        assert file
        return file.content.decode()

    def _public(self) -> Iterator[tuple[str, str]]:
        petition, counted = self.world.petitions[SALESFORCE], self.queries.tally(SALESFORCE).counted
        yield "card", _parts(card(petition, "en", counted, NOW))
        yield "group count", str(counted)
        with self.queries.log() as logs:
            record = logs.checkpoint(SALESFORCE)
        yield "log", str(record.number if record else 0)
        yield "milestone post", _without_sums(_parts(milestone_screen(petition, 100, counted, "en", NOW, record)))

    def _pages(self) -> Iterator[tuple[str, str]]:
        with closing(ServiceThreads(1)) as threads:
            counts = Counts(self.services, threads)
            asyncio.run(counts.refresh())
        pages, visit = Pages(self.services, counts, "https://petitions.example.org", Assets()), Visit("en")
        yield "page", _without_sums(pages.petition(SALESFORCE, visit).body.decode())
        verify = pages.verify if counts.snapshots[SALESFORCE].log else pages.verify_later
        yield "verify", _without_sums(verify(SALESFORCE, visit).body.decode())
        yield "embed", pages.embed(SALESFORCE, visit).body.decode()
        yield "home", pages.home(visit).body.decode()
        for version in self.queries.versions(SALESFORCE):
            yield "version", pages.version(version, visit).body.decode()  # the JSON is in the same row
        for end in TYPES:
            yield f"sources.{end}", Citations(self.services).file(end, SALESFORCE, "en").body.decode()
        yield "badge", pages.badge(SALESFORCE, "en").body.decode()
        programs = counts.snapshots[SALESFORCE].for_programs.body.decode()
        yield "count.json", _without_sums(programs)  # the picture shows the same

    def _community(self, label: str) -> Iterator[tuple[str, str]]:
        credited = self.queries.credited(SALESFORCE, label)
        for key in ("telegram.group_count", "discord.server_count", "finished.together"):
            yield key, repr(list(companion_lines(key, credited)))
        petitions = {SALESFORCE: self.world.petitions[SALESFORCE]}
        yield "community", _parts(report(self.queries, petitions, label, "en", self.world.now))


def open_world(folder: Path, vault: Vault) -> Watched:
    """A world on a migrated database in a new folder."""
    folder.mkdir()
    return Watched(migrated_sqlite(folder), vault)


def _without_sums(text: str) -> str:
    """The text without the size and the root of the log, which tell no more than its entries, as privacy.md says."""
    return _SUMS.sub("", text)


def _text(view: View) -> str:
    buttons = [catalog().words(button.text, view.locale) for row in view.screen.buttons for button in row]
    return "\n".join([*parts_of(view.screen, view.locale), *buttons])


def _parts(screen: Screen) -> str:
    return "\n".join(parts_of(screen, "en"))
