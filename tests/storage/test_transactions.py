"""Commands of organizers cost everyone else a single transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core.conversation.state import Event, Overlay, Show
from core.organizer.command import CommandLine
from core.organizer.service import OrganizerService
from core.organizer.team import JOIN
from core.signatures.signature import Signer
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.databases import migrated_sqlite
from tests.world import ORGANIZERS, SALESFORCE, CountedWork, World

HELP = Show(Overlay.MORE)


@pytest.fixture
def counted(tmp_path: Path, vault: Vault) -> Iterator[CountedWork]:
    with closing(migrated_sqlite(tmp_path)) as database:
        yield CountedWork(lambda: SqlUnitOfWork(database, vault))


@pytest.mark.parametrize(
    ("line", "event"),
    [
        (CommandLine("help"), HELP),
        (CommandLine("count"), Show(Overlay.COUNT)),
        (CommandLine("sources"), Show(Overlay.SOURCES)),
        (CommandLine("stats", SALESFORCE), HELP),
        (CommandLine("start"), HELP),
        (CommandLine(JOIN, "0000AAAA9999"), HELP),
    ],
)
def test_a_signer_who_gives_a_command_costs_one_transaction(
    counted: CountedWork, line: CommandLine, event: Event
) -> None:
    world = World(work=counted)
    service, ada = OrganizerService(world.signing, ORGANIZERS), world.person("Ada")
    ada.about(SALESFORCE).does()
    world.signing.handle(ada.signer, event, SALESFORCE)
    before = counted.begun
    view = service.handle(ada.signer, line, event, update_id="7")
    assert counted.begun - before == 1
    assert view.screen == world.signing.handle(ada.signer, event).screen
    again = service.handle(ada.signer, line, Show(Overlay.PRIVACY), update_id="7")
    assert again.screen == view.screen, "an update that was handled changes nothing"


def test_an_organizer_is_answered_and_not_stored(counted: CountedWork) -> None:
    world = World(work=counted)
    service, olga = OrganizerService(world.signing, ORGANIZERS), Signer("test", "Olga", "Olga", "es")
    view = service.handle(olga, CommandLine("count"), HELP)
    assert view.locale == "es"
    assert counted.begun == 2
    with counted() as work:
        assert work.signers.lock_or_create(olga, world.now).id == 1, "nobody was stored before"


def test_a_command_that_is_delivered_twice_runs_once(counted: CountedWork) -> None:
    world = World(work=counted)
    service, olga = OrganizerService(world.signing, ORGANIZERS), Signer("test", "Olga", "Olga")
    with counted() as work:
        work.organizers.add(olga, world.now)
        work.commit()
    for line in (CommandLine("invite"), CommandLine("pause", f"{SALESFORCE} yes"), CommandLine("export", SALESFORCE)):
        first = service.handle(olga, line, HELP, update_id=f"7{line.name}")
        again = service.handle(olga, line, HELP, update_id=f"7{line.name}")
        tapped = service.run(olga, line, update_id=f"7{line.name}")
        assert tapped is not None
        assert first.screen != again.screen == tapped.screen
    with counted() as work:
        assert [entry.what.split()[0] for entry in work.audit.last(9)] == ["export", "pause", "invite"]
    assert service.run(olga, CommandLine("invite"), update_id="8") != service.run(olga, CommandLine("invite"))
    with counted() as work:
        assert len(work.audit.last(9)) == 5, "another update is another command"


def test_a_command_that_only_reads_answers_again(counted: CountedWork) -> None:
    world = World(work=counted)
    service, olga = OrganizerService(world.signing, ORGANIZERS), Signer("test", "Olga", "Olga", "es")
    first = service.handle(olga, CommandLine("count"), HELP, update_id="7")
    assert service.handle(olga, CommandLine("count"), HELP, update_id="7").screen == first.screen


def test_joining_that_is_delivered_twice_welcomes_twice(counted: CountedWork) -> None:
    world = World(work=counted)
    service, ada = OrganizerService(world.signing, ORGANIZERS), Signer("test", "Ada")
    with counted() as work:
        work.organizers.invite("CODE", world.now.replace(year=2027))
        work.commit()
    first = service.run(ada, CommandLine(JOIN, "code"), update_id="7")
    assert first is not None
    assert service.run(ada, CommandLine(JOIN, "code"), update_id="7") == first
    assert service.handle(ada, CommandLine(JOIN, "code"), HELP, update_id="7").screen == first.screen
    with counted() as work:
        assert [entry.what for entry in work.audit.last(9)] == [JOIN]


def test_a_code_makes_an_organizer_once(counted: CountedWork) -> None:
    world = World(work=counted)
    service, ada, ben = OrganizerService(world.signing, ORGANIZERS), Signer("test", "Ada"), Signer("test", "Ben")
    with counted() as work:
        work.organizers.invite("CODE", world.now.replace(year=2027))
        work.commit()
    assert not service.organizes(ada)
    service.handle(ada, CommandLine(JOIN, "code"), HELP)
    assert service.organizes(ada)
    service.handle(ben, CommandLine(JOIN, "code"), HELP)
    assert not service.organizes(ben)
