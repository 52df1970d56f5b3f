"""Workbench of the benchmarks: a temporary folder on a real disk, and the whole product on databases in it."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from pydantic import SecretStr
from rich.console import Console

from bots.app.bootstrap import build
from bots.common.settings import Settings
from bots.services import Services
from core.petition.loading import PETITIONS
from core.signatures.quarantine import STANDARD
from storage.engine import Database
from storage.vault import Vault
from tests.postgres import PostgresServer

SLUG = "salesforce-cbp"
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
ENGINES = (SQLITE, POSTGRESQL)

CROWD = replace(STANDARD, burst=1_000_000_000, same_name=1_000_000_000, too_fast=0)
"""All signals are looked at, and let people through who sign within milliseconds under one name."""

Statement = tuple[str, Sequence[Any]]


@dataclass(frozen=True)
class Bare:
    """The driver alone, on a connection with the very settings that the product gives its own."""

    connection: Any
    is_sqlite: bool

    @property
    def mark(self) -> str:
        """Placeholder of a value in a statement."""
        return "?" if self.is_sqlite else "%s"

    def transaction(self, statements: Sequence[Statement]) -> None:
        """Run the statements and commit."""
        cursor = self.connection.cursor()
        if self.is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        for words, values in statements:
            cursor.execute(words, values)
        self.connection.commit()


@dataclass(frozen=True)
class Place:
    """The product on one database of its own."""

    engine: str
    folder: Path
    services: Services
    vault: Vault

    @property
    def database(self) -> Database:
        """The database itself, which services show only in part."""
        assert isinstance(self.services.database, Database)
        return self.services.database

    @contextmanager
    def bare(self) -> Iterator[Bare]:
        """A connection of the driver's to the same database."""
        database = Database(self.database.engine.url.render_as_string(hide_password=False))
        pooled = database.engine.raw_connection()
        try:
            yield Bare(pooled.driver_connection, database.is_sqlite)
        finally:
            pooled.close()
            database.close()


@dataclass
class Workbench:
    """Folder with its databases; leaving the block removes everything."""

    quick: bool
    folder: Path = field(init=False)
    petitions: Path = field(init=False)
    _exit: ExitStack = field(default_factory=ExitStack)
    _postgres: PostgresServer | None = None
    _places: dict[str, Place] = field(default_factory=dict)

    def __enter__(self) -> Self:
        # Below the current folder, since /tmp may be memory.
        made = self._exit.enter_context(tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()))
        self.folder = Path(made)
        self.petitions = self.folder / "petitions"
        shutil.copytree(PETITIONS / SLUG, self.petitions / SLUG)
        facts = self.petitions / SLUG / "petition.toml"
        # Open for good, so that the benchmarks outlive the petition.
        facts.write_text(re.sub(r"^closes\b.*$", "", facts.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        self._exit.close()

    def knows(self, engine: str, name: str) -> bool:
        """Return true if this database exists already."""
        return f"{engine}-{name}" in self._places

    def place(self, engine: str, name: str) -> Place:
        """The product on the database of this name, which is new at the first call."""
        known = f"{engine}-{name}"
        if known not in self._places:
            self._places[known] = self._build(engine, name)
        return self._places[known]

    def _build(self, engine: str, name: str) -> Place:
        folder = self.folder / f"{engine}-{name}"
        address = SecretStr(self.new_postgres_database(name)) if engine == POSTGRESQL else None
        settings = Settings(
            _env_file=None, data_dir=folder, database_url=address, secret_key=None, petitions_dir=self.petitions,
            petition_keys_dir=folder / "petition-keys",
        )  # fmt: skip
        services = build(settings, CROWD)
        self._exit.callback(services.close)
        vault = Vault([(folder / "secret.key").read_text("ascii").strip()], settings.petition_keys)
        return Place(engine, folder, services, vault)

    def new_postgres_database(self, name: str) -> str:
        """The address of an empty database on a PostgreSQL of the workbench."""
        if self._postgres is None:
            self._postgres = self._exit.enter_context(PostgresServer(self.folder))
        return self._postgres.new_database(name)

    def environment(self, data_dir: Path) -> dict[str, str]:
        """Variables for the `undersign` command on a data folder, and none of the caller's own settings."""
        own = {name.upper() for name in Settings.model_fields}
        calm = {name: value for name, value in os.environ.items() if name.upper() not in own}
        return calm | {"DATA_DIR": str(data_dir), "PETITIONS_DIR": str(self.petitions)}


def say(words: str) -> None:
    """Print what is going on."""
    Console(stderr=True).print(words, style="dim")
