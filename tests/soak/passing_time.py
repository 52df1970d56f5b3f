"""After the trouble, the time of retention passes: it is announced, and then nothing of the people may be left."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from core.petition.retention import HEARTBEAT, NOTICE
from storage.engine import Database
from storage.sealing import SealingKey
from storage.statements.sealed import PAGES
from storage.tables import MarkRow, MomentRow, SignatureRow, TallyRow, table
from storage.vault import Vault
from tests.patience import until
from tests.soak.archive import stop_keeping
from tests.soak.hands import TelegramHands
from tests.soak.leftovers import Remaining, Search, Value, details, values
from tests.soak.petition_folders import ENDING, KEPT_FOR, TITLE
from tests.soak.places import files
from tests.soak.signers import Person
from tests.soak.stage import KEYS_FOLDER, ORGANIZER_ID, Stage

ANNOUNCED = KEPT_FOR - NOTICE.days + 2  # days after which organizers are told
NOT_YET, ERASED = ANNOUNCED + NOTICE.days - 1, ANNOUNCED + NOTICE.days + 1
LEFT = "accounts, details and addresses left after retention"
IN_BACKUPS = "people of the erased petition in earlier backups"
WRONG_TIME = "erasures at the wrong time"
CHANGED = "counts that retention changed"
NOTICES, SEARCHED, OPENED, BACKUPS = "notices of an erasure", "megabytes searched", "values that remain", "backups"
_MEGABYTE = 1 << 20
_ALL = 10**9


@dataclass
class PassingTime:
    """Lets time pass, and searches. `found` has the findings of each check, and `done` says how much was done."""

    stage: Stage
    organizer: TelegramHands
    people: Sequence[Person]
    accounts: set[str]
    found: dict[str, list[str]] = field(default_factory=lambda: {LEFT: [], IN_BACKUPS: [], WRONG_TIME: [], CHANGED: []})
    done: Counter[str] = field(default_factory=lambda: Counter({NOTICES: 0, SEARCHED: 0, OPENED: 0, BACKUPS: 0}))

    async def pass_by(self) -> list[str]:
        """Let a month pass; returns the processes that did not stop in good order."""
        self.stage.petitions.take_away()
        database, ended = Database(self.stage.database.url), list[str]()
        try:
            stop_keeping(database.engine)
            before = _counts(database)
            for days in (ANNOUNCED, NOT_YET):
                ended += await self._let_run(database, days)
                if not self._is_announced_only(database):
                    self.found[WRONG_TIME].append(f"{ENDING} was erased before the week after the notice was over")
            self.done[NOTICES] = self._notices()
            ended += await self._let_run(database, ERASED, search=True)
            self.found[CHANGED] += [
                f"{key}: {before[key]}, then {n}" for key, n in _counts(database).items() if n != before[key]
            ]
        finally:
            database.close()
        return ended

    async def _let_run(self, database: Database, days: int, *, search: bool = False) -> list[str]:
        """Run everything after some days, until retention has run."""
        self.stage.set_days(days)
        for process in self.stage.processes:
            process.start()
        for process in self.stage.processes:
            await until(process.listens, f"{process.name} listens")
        if days == ANNOUNCED:
            await until(lambda: self._notices() > 0, "a notice came")
        elif not search:
            await until(lambda: _heartbeat_moved(database, days), "retention has run")
        else:
            await self._erase(database)
        ended = await self.stage.stop(self.stage.processes)
        if search:  # while nobody writes to what is searched
            await until(self._is_wiped, "the traces are wiped")
            await asyncio.to_thread(self._search, database)
        return ended

    async def _erase(self, database: Database) -> None:
        """Wait until everything is erased."""
        try:
            await until(lambda: not self._has_key() and not _held(database), f"{ENDING} is erased")
        except TimeoutError as error:
            self.found[WRONG_TIME].append(str(error))

    async def _is_wiped(self) -> bool:
        """Have what erasing leaves in the files wiped; return false if that has to wait."""
        ended = await self.stage.command("forget", "--expired")
        assert ended.returncode == 0, ended.stderr
        return "still hold traces" not in ended.stderr

    def _search(self, database: Database) -> None:
        """Search the backups, throw the old ones away as the operator's script does, and search everything."""
        vault = self.stage.vault()
        keys = tuple(_keys(vault))
        self._search_backups(keys)
        for backup in self.stage.backups.glob("*.zip"):
            backup.unlink()
        ended = self.stage.command_now("backup", str(self.stage.backups / "last.zip"))
        assert ended.returncode == 0, ended.stderr
        self.stage.database.settle()
        search = self._searching(keys, _remaining(database, keys).has)
        left_out = frozenset(
            {self.stage.folder / KEYS_FOLDER, self.stage.petitions.live, self.stage.petitions.everything}
        )
        for root in {self.stage.folder, self.stage.database.folder}:
            for name, content in files(root, left_out):
                self.done[SEARCHED] += len(content)
                self.found[LEFT] += search.find(name, content)
        self.done[SEARCHED] //= _MEGABYTE
        self.done[OPENED] = len({value.nonce for value in search.opened})

    def _search_backups(self, keys: Sequence[SealingKey]) -> None:
        """Look for people of the erased petition. Others who erased themselves stay in a backup until it is deleted."""
        gone = [person for person in self.people if person.petition == ENDING]
        forbidden = {part.lower().encode() for each in gone for part in (each.hands.signer.user_id, each.who.last_name)}
        search = self._searching(keys, lambda value: not details(value.content) & forbidden)
        for name, content in files(self.stage.backups):
            self.found[IN_BACKUPS] += search.find(name, content)
            self.done[BACKUPS] += name.endswith("manifest.json")

    def _searching(self, keys: Sequence[SealingKey], remains: Callable[[Value], bool]) -> Search:
        return Search(keys, frozenset(account.encode() for account in self.accounts), remains)

    def _notices(self) -> int:
        """Number of times that the organizer reads that the petition will be erased."""
        return sum(TITLE in entry and "will be erased" in entry for entry in self.organizer.chat.chat.journal)

    def _has_key(self) -> bool:
        return any((self.stage.folder / KEYS_FOLDER).glob(f"{ENDING}.*.key"))

    def _is_announced_only(self, database: Database) -> bool:
        return self._has_key() and _held(database) > 0


def _remaining(database: Database, keys: Sequence[SealingKey]) -> Remaining:
    """Everything that is stored now, and the organizer, whose commands are kept for good."""
    stored = [value for sealed in _sealed(database) for value in values(sealed, keys)]
    return Remaining.of(stored, str(ORGANIZER_ID).encode())


def _sealed(database: Database) -> Iterator[bytes]:
    marks = sa.select(table(MarkRow).c.sealed)
    with database.reading() as connection:
        for statements in PAGES.values():
            rows = connection.run(statements.first, most=_ALL).mappings()
            yield from (bytes(row["sealed"]) for row in rows if row["sealed"])
        yield from (bytes(sealed) for sealed in connection.execute(marks).scalars())


def _keys(vault: Vault) -> Iterator[SealingKey]:
    """Every key that is still there."""
    yield from vault._keys
    assert vault.petition_keys
    for ids in vault.petition_keys.ids().values():
        for each in ids:
            key = vault.petition_keys.find(bytes.fromhex(each))
            assert key
            yield key


def _counts(database: Database) -> Mapping[tuple[str, str], int]:
    tallies = table(TallyRow).c
    with database.reading() as connection:
        total = sa.func.sum(tallies.total).label("total")
        by = (tallies.petition, tallies.status)
        rows = connection.execute(sa.select(*by, total).group_by(*by)).all()
    return {(row.petition, row.status): row.total for row in rows}


def _held(database: Database) -> int:
    """Number of the petition's signatures that still have anything about a person."""
    c = table(SignatureRow).c
    held = sa.select(sa.func.count()).where(c.petition == ENDING, c.signer_id.is_not(None) | c.sealed.is_not(None))
    with database.reading() as connection:
        return int(connection.execute(held).scalar_one())


def _heartbeat_moved(database: Database, days: int) -> bool:
    moments, started = table(MomentRow).c, dt.datetime.now(dt.UTC) + dt.timedelta(days=days) - dt.timedelta(hours=12)
    with database.reading() as connection:
        at = connection.execute(sa.select(moments.at).where(moments.name == HEARTBEAT)).scalar()
    return at is not None and at > started
