"""Moves a whole database to another one, on the same engine or the other: everything or nothing.

Each batch is one transaction of the target, in the order of the table's key. So the number of rows in a table says
where an interrupted move goes on, and nothing else has to be remembered. A mark keeps everyone out of the target until
all figures agree with the source's (storage.schema.check_finished).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

import sqlalchemy as sa

from core.errors import ConfigurationError, UndersignError
from storage.archive import Watch
from storage.bulk_rows import (
    TABLES,
    append_rows,
    count_rows,
    empty_tables,
    figures_of,
    hash_rows,
    numbered_tables,
    read_rows,
    read_sequences,
    set_sequences,
)
from storage.connection import Connection
from storage.copying import holds_anything
from storage.engine import Database
from storage.schema import MARK, begin_copy, check_mark, end_copy, has_current_schema, is_unfinished, upgrade
from storage.sole_use import sole_use
from storage.statements.marks import GET_MARK
from storage.vault import Vault

COPYING, RECOGNIZING, COMPARING = "Copying", "Checking the rows copied earlier", "Comparing"


@dataclass(frozen=True, slots=True)
class Move:
    """Moves `source` to `target`, which is empty or an unfinished copy. Both are sealed with the vault's key.

    `check` is called once nobody else uses them, and raises ConfigurationError if the bot couldn't use the target.
    """

    source: Database
    target: Database
    vault: Vault
    check: Callable[[], None]
    watch: Watch

    def run(self) -> int:
        """Move everything; returns the number of rows.

        Raises:
            ConfigurationError: it can't be moved. The source is as before, and the target too if it isn't empty.
            StorageUnavailableError: a database doesn't answer; another run goes on from there.
            UndersignError: the copy isn't the same; the target stays unusable.
        """
        with ExitStack() as stack:
            stack.enter_context(sole_use(self.source, "The database"))
            self._check_source()
            self.check()
            stack.enter_context(sole_use(self.target, "The target"))
            may_have_rows = self._prepare_target()
            with self.source.reading() as source:
                _hold_still(source)
                if may_have_rows and not self._begins_like(source):
                    self._empty()
                total = self._copy(source)
                self._compare(source, total)
            end_copy(self.target)
        return total

    def _check_source(self) -> None:
        with self.source.reading() as connection:
            if not has_current_schema(connection):
                raise ConfigurationError(
                    "The database doesn't have this version's schema: run `undersign migrate` with a backup at hand."
                )
            if is_unfinished(connection):
                raise ConfigurationError(
                    "The database is an unfinished copy itself: move the one that it is a copy of."
                )
            sealed = connection.run(GET_MARK, mark=MARK).scalar()
        if sealed is None:
            raise ConfigurationError("The database is empty: there is nothing to move.")
        check_mark(self.vault, sealed)

    def _prepare_target(self) -> bool:
        """Give the target the schema and the mark; returns True if it may have rows from an earlier move."""
        if not holds_anything(self.target):
            begin_copy(self.target, self.vault)
            return False
        with self.target.reading() as connection:
            unfinished, is_current = is_unfinished(connection), has_current_schema(connection)
        if not unfinished:
            raise ConfigurationError("The target is not empty: name an empty database.")
        if not is_current:  # another version began
            self._empty()
            upgrade(self.target, self.vault)
        return True

    def _empty(self) -> None:
        with self.target.writing() as target:
            empty_tables(target)
            target.commit()

    def _begins_like(self, source: Connection) -> bool:
        """Return True if the target has exactly the first rows of each table, so that the move can go on after them."""
        with self.target.reading() as target:
            counts = {each: count_rows(target, each) for each in TABLES}
            report = self._reporter(RECOGNIZING, 2 * sum(counts.values()))
            return all(
                hash_rows(read_rows(source, each, most=count), report) == hash_rows(read_rows(target, each), report)
                for each, count in counts.items()
                if count
            )

    def _copy(self, source: Connection) -> int:
        counts = {each: count_rows(source, each) for each in TABLES}
        total = sum(counts.values())
        report = self._reporter(COPYING, total)
        for each, count in counts.items():
            with self.target.reading() as target:
                done = count_rows(target, each)
            report(done)
            for rows in read_rows(source, each, skip=done) if done < count else ():
                with self.target.writing() as target:
                    append_rows(target, each, rows)
                    target.commit()
                report(len(rows))
        with self.target.writing() as target:
            set_sequences(target, read_sequences(source))
            target.commit()
        return total

    def _compare(self, source: Connection, total: int) -> None:
        report = self._reporter(COMPARING, 2 * total)
        with self.target.reading() as target:
            for each in TABLES:
                if figures_of(source, each, report) != figures_of(target, each, report):
                    raise UndersignError(
                        f"The copy of the table {each.name} differs, so the target can't be used. Move to another one."
                    )
            behind = [each.name for each in numbered_tables() if not _numbers_on(source, target, each)]
        if behind:
            raise UndersignError(f"The copy of {', '.join(behind)} would give ids again, so the target can't be used.")

    def _reporter(self, step: str, total: int) -> Callable[[int], None]:
        """A function that is told how many more rows are done."""
        done = 0

        def report(more: int) -> None:
            nonlocal done
            done += more
            self.watch(step, done, total)

        report(0)
        return report


def _numbers_on(source: Connection, target: Connection, each: sa.Table) -> bool:
    before, after = (read_sequences(side).get(each.name) for side in (source, target))
    return before is None or after is None or after >= before


def _hold_still(source: Connection) -> None:
    """Read everything as of one moment, and let nobody write on PostgreSQL; SQLite's file is closed to others."""
    if not source.is_sqlite:
        names = ", ".join(source.sqlalchemy.dialect.identifier_preparer.quote(each.name) for each in TABLES)
        source.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        source.execute(sa.text(f"LOCK TABLE {names} IN SHARE MODE NOWAIT"))
