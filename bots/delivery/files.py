"""Makes the files that organizers asked for, and delivers them: handles the topics `files.<platform>` of the outbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bots.common.service_threads import ServiceThreads
from bots.delivery.endorsement import ENDORSEMENTS
from bots.delivery.exports import ExportedFile, Exporter
from bots.delivery.handling import UNREADABLE_WAIT, Later, Refused
from bots.delivery.work_folders import work_folder
from core.errors import PetitionUnreadableError
from core.export.formats import CRM_FORMATS
from core.messages import Catalog, Message
from core.organizer.export import FileOrder
from core.outbox import ClaimedEntry
from core.signatures.signature import Signer

log = logging.getLogger(__name__)

EVERY = 5.0  # seconds between two progress messages
MOST_RECEIPTS = 50  # in a message, which Discord limits to 2,000 characters


class FilePost(Protocol):
    """Delivers to an organizer's own chat. Raises the errors of bots.delivery.handling, or any other."""

    @property
    def platform(self) -> str:
        """The platform of the chat."""

    @property
    def largest(self) -> int:
        """The maximum size of a file, in bytes."""

    async def say(self, user_id: str, words: str) -> Any:
        """Send a message; returns its id."""

    async def change(self, message: Any, words: str) -> None:
        """Edit a message."""

    async def deliver(self, user_id: str, file: Path) -> None:
        """Deliver a file."""


@dataclass
class ProgressMessage:
    """The progress of something an organizer waits for, as one message that is edited now and then."""

    post: FilePost
    user_id: str
    catalog: Catalog
    locale: str
    sent: Any = None

    async def show(self, done: int, total: int) -> None:
        """Send the message or edit it. A failure is only logged, since the result matters more."""
        words = self.catalog.text(Message("export.progress", {"done": done, "total": total}), self.locale)
        try:
            if self.sent is None:
                self.sent = await self.post.say(self.user_id, words)
            else:
                await self.post.change(self.sent, words)
        except Exception as error:  # noqa: BLE001  (whatever a platform says to it)
            log.info("a progress message could not be shown: %s", type(error).__name__)


class _StoppedError(Exception):
    """Raised when nobody wants the file anymore."""


@dataclass
class _Track:
    """The progress of an export in a thread, which ends soon after `stopped` is set."""

    done: int = 0
    total: int = 0
    stopped: bool = False

    def __call__(self, done: int, total: int) -> None:
        if self.stopped:
            raise _StoppedError
        self.done, self.total = done, total


@dataclass(frozen=True)
class FileOrders:
    """Handles the orders on one platform, one after another, making the files in `folder`."""

    exporter: Exporter
    organizes: Callable[[Signer], bool]
    threads: ServiceThreads
    post: FilePost
    folder: Path
    every: float = EVERY
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(self, entry: ClaimedEntry) -> None:
        """Make a file and deliver it, unless the person is no longer an organizer or the petition no longer exists.

        If the petition's folder has errors, the order waits.
        """
        order = FileOrder(**entry.payload)
        async with self.turn:
            await self._check(order)
            with work_folder(self.folder) as folder:
                exported = await self._make(order, folder)
                await self._check(order)
                for file in exported.files:
                    await self.post.deliver(order.user_id, file)
        await self.post.say(order.user_id, summary(order, exported, self.exporter.catalog))
        for first in range(MOST_RECEIPTS, len(exported.unprinted), MOST_RECEIPTS):
            await self.post.say(order.user_id, ", ".join(exported.unprinted[first : first + MOST_RECEIPTS]))

    async def _check(self, order: FileOrder) -> None:
        if order.petition in self.exporter.broken:
            raise Later(UNREADABLE_WAIT, PetitionUnreadableError.__name__)
        if order.petition not in self.exporter.petitions:
            raise Refused("NoSuchPetition")
        if not await self.threads.run(self.organizes, Signer(self.post.platform, order.user_id)):
            raise Refused("NoOrganizer")

    async def _make(self, order: FileOrder, folder: Path) -> ExportedFile:
        """Make the files in a thread, and report the progress now and then."""
        track = _Track()
        make, largest = self.exporter.make, self.post.largest
        making = asyncio.create_task(asyncio.to_thread(make, order.request, folder, track, largest))
        try:
            message = ProgressMessage(self.post, order.user_id, self.exporter.catalog, order.locale)
            while not (await asyncio.wait([making], timeout=self.every))[0]:
                await message.show(track.done, track.total)
            return making.result()
        finally:
            track.stopped = True
            await asyncio.wait([making])  # the folder is removed once nothing writes into it any more
            making.exception()


def _result(exported: ExportedFile) -> Message:
    if not exported.files:
        return Message("export.none")
    files = Message("export.files", {"count": len(exported.files)})
    signatures = Message("export.signatures", {"count": exported.signatures})
    return Message("export.done", {"files": files, "signatures": signatures})


def summary(order: FileOrder, exported: ExportedFile, catalog: Catalog) -> str:
    """The message below the files: how many there are, how many signatures they hold, and what they lack."""
    sentences = [_result(exported)]
    if exported.as_of:
        sentences.append(exported.as_of)
    if exported.left_out:
        sentences.append(Message("export.left_out", {"count": exported.left_out}))
    if unprinted := exported.unprinted:
        first = unprinted[:MOST_RECEIPTS]
        sentences.append(Message("export.unprinted", {"count": len(unprinted), "receipts": first}))
    if exported.endorsement:
        sentences.append(ENDORSEMENTS[exported.endorsement])
    if order.form in CRM_FORMATS:
        sentences.append(Message("export.only_contactable"))
    return " ".join(catalog.text(sentence, order.locale) for sentence in sentences)
