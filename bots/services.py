"""The services that surfaces and workers get. The composition root (bots/app/bootstrap.py) builds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bots.common.metrics import Metrics
from bots.common.settings import Settings
from bots.common.supervisor import Supervisor
from core.messages import Catalog
from core.organizer.retention import RetentionService
from core.organizer.service import OrganizerService
from core.outreach.paces import Paces
from core.petition.petition import Petition
from core.queries import Queries
from core.services.cards import CardService
from core.services.known_checks import NO_CHECKS, KnownChecks
from core.services.publishing import LogFault
from core.services.signing import SigningService


class OpenDatabase(Protocol):
    """The part of a database that a process uses directly; everything else goes through repositories."""

    @property
    def writers(self) -> int:
        """The number of threads that can write at the same time."""

    def together(self) -> AbstractContextManager[None]:
        """Commit the writes of all transactions in the block at once. Raises StorageUnavailableError."""

    def probe(self) -> None:
        """Write to the disk and read from it. Raises StorageUnavailableError if either fails."""

    def close(self) -> None:
        """Close all connections."""


@dataclass(frozen=True)
class Services:
    """Everything that a surface or a worker needs.

    Attributes:
        community_label: makes an opaque source label from a platform and a chat.
        webhook_secret: makes the secret that Telegram sends along with updates from the bot's token. Like the labels,
            it is the same in every process with the same key.
        chance: gives a random number from 0 to 1.
        retention: erases personal data when its time has come.
        paces: the pace that processes keep together while a platform asks for it.
        reseal: seals again, page by page, what older keys or versions sealed; gives the number of rows of each page.
        wipe_traces: wipes what erasing left behind in the database's files; gives False if someone was in the way.
        publish_logs: publishes the logs of petitions that are due; gives those that are stopped. It is called with what
            rests between two transactions and returns True to stop there.
        supervisor: restarts what fails, and keeps track of what works.
        source_checks: the last check of each source; not to be asked in a transaction.
        close_standby: closes the connections to the standby, if there is one.
        left_out: a sentence for each petition whose folder can't be read, by slug.
    """

    settings: Settings
    petitions: Mapping[str, Petition]
    catalog: Catalog
    signing: SigningService
    queries: Queries
    cards: CardService
    organizing: OrganizerService
    community_label: Callable[[str, str], str]
    webhook_secret: Callable[[str], str]
    chance: Callable[[], float]
    retention: RetentionService
    database: OpenDatabase
    paces: Paces
    wipe_traces: Callable[[], bool]
    reseal: Callable[[], Iterator[int]] = lambda: iter(())
    publish_logs: Callable[[Iterable[Petition], Callable[[], bool]], Sequence[LogFault]] = lambda _, __: ()
    metrics: Metrics = field(default_factory=Metrics)
    supervisor: Supervisor = field(default_factory=Supervisor)
    close_standby: Callable[[], None] = lambda: None
    left_out: Mapping[str, str] = field(default_factory=dict)
    source_checks: KnownChecks = NO_CHECKS

    @property
    def workshop(self) -> Path:
        """The folder where files are made before delivery."""
        return self.settings.data_dir / "files"

    def why_missing(self, slug: str) -> str:
        """Why a petition can't be opened, in a sentence: its folder can't be read, or there is none."""
        known = ", ".join(petition.folder or slug for slug, petition in self.petitions.items())
        return self.left_out.get(slug) or f"unknown petition {slug!r}; choose from: {known}"

    def close(self) -> None:
        """Close the database and its standby."""
        self.database.close()
        self.close_standby()
