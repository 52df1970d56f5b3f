"""The checks that a process knows: read once a minute at most, outside every transaction, and kept during an outage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.conversation import state as ev
from core.conversation.state import Conversation
from core.errors import StorageUnavailableError
from core.services.known_checks import KnownChecks
from core.services.turn import ConversationTurn
from core.sources.checks import Checks, LinkState, SourceCheck
from storage.engine import Database
from storage.queries import SqlQueries
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.statements import watched
from tests.world import NOW, SALESFORCE, TREES, World

CHECK = SourceCheck("0123456789ab", "https://example.org/elms", NOW, LinkState.ALIVE)
CHECKS: Mapping[str, Checks] = {TREES: {CHECK.key: CHECK}}


@dataclass
class Shelf:
    """Stored checks, a clock, and the number of times that someone read."""

    now: dt.datetime = NOW
    stored: Mapping[str, Checks] = field(default_factory=dict)
    is_away: bool = False
    reads: int = 0

    def __post_init__(self) -> None:
        self.known = KnownChecks(self.read, lambda: self.now)

    def read(self) -> Mapping[str, Checks]:
        self.reads += 1
        if self.is_away:
            raise StorageUnavailableError("away")
        return self.stored


def test_checks_are_read_when_someone_asks_and_once_a_minute_at_most() -> None:
    shelf = Shelf(stored=CHECKS)
    assert shelf.known.known(TREES) == {}
    assert shelf.reads == 0
    assert shelf.known.of(TREES) == CHECKS[TREES]
    shelf.stored, shelf.now = {}, NOW + dt.timedelta(seconds=59)
    assert shelf.known.of(TREES) == CHECKS[TREES]
    assert shelf.reads == 1
    shelf.now = NOW + dt.timedelta(minutes=1)
    assert shelf.known.of(TREES) == {}
    shelf.stored, shelf.now = CHECKS, NOW - dt.timedelta(days=1)
    assert shelf.known.of(TREES) == CHECKS[TREES], "a clock that was put back doesn't stop the reading"


def test_while_the_database_is_away_the_known_checks_stay() -> None:
    shelf = Shelf(stored=CHECKS)
    assert shelf.known.of(TREES)
    shelf.is_away, shelf.now = True, NOW + dt.timedelta(minutes=1)
    assert [shelf.known.of(TREES) for _ in range(3)] == [CHECKS[TREES]] * 3
    assert shelf.reads == 2, "it isn't asked again and again"


def test_a_signer_costs_one_statement_a_minute_and_none_in_the_transaction(database: Database, vault: Vault) -> None:
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    with world.work() as work:
        work.source_checks.save(TREES, CHECK)
        work.commit()
    read = SqlQueries(database, vault).source_checks
    world.signing = replace(world.signing, checks=KnownChecks(read, lambda: world.now))
    ada = world.person("Ada", user_id="1").about(TREES)
    ada.does(ev.Open())
    sent = list[str]()
    with watched(database, lambda *told: sent.append(told[0])):
        ada.does(ev.Begin())
        before = len(sent)
        assert not any("source_checks" in statement for statement in sent)
        world.now += dt.timedelta(minutes=1)
        sent.clear()
        ada.does(ev.Begin())
    (place,) = (place for place, statement in enumerate(sent) if "source_checks" in statement)
    assert place == 0, "it comes before the transaction of the signer"
    assert len(sent) <= before + 1


def test_a_scene_has_the_checks_of_its_petition() -> None:
    world = World(checks={TREES: {CHECK.key: CHECK}})
    ada = world.person("Ada")
    ada.does(ev.Open())
    with world.work() as work:
        turn = ConversationTurn(world.signing, work, work.signers.lock_or_create(ada.signer, world.now))
        assert turn.scene(Conversation(TREES, "en")).checks == CHECKS[TREES]
        assert turn.scene(Conversation(SALESFORCE, "en")).checks == {}
