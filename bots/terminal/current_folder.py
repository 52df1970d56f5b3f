"""Writes pictures, signers' own data, and organizers' files into the terminal's current folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from rich.console import Console

from bots.common.progress_bar import progress_bar
from bots.delivery.exports import Exporter
from bots.delivery.files import summary
from bots.delivery.work_folders import work_folder
from bots.papers.pictures import Painter
from bots.terminal.own_entries import handle_own
from bots.terminal.renderer import TerminalRenderer
from core.conversation.screen import View
from core.files import written_whole
from core.messages import Message
from core.organizer.export import FileOrder, file_topic
from core.ports import UnitOfWork
from core.signatures.signature import Signer


@dataclass(frozen=True)
class CurrentFolder:
    """Writes into `folder`, never over existing files; slow files are made in `workshop` first."""

    exporter: Exporter
    work: Callable[[], UnitOfWork]
    console: Console
    renderer: TerminalRenderer
    painter: Painter
    workshop: Path
    folder: Path

    def keep_pictures(self, view: View) -> None:
        """Write the pictures of a screen, and say what they show and where they are."""
        for picture in self.painter.draw(view):
            path = self._free(picture.name)
            path.write_bytes(picture.content)
            values = {"words": picture.words, "path": str(path)}
            self.renderer.note(Message("terminal.drawn", values), view.locale)

    def keep_data(self, view: View) -> None:
        """Write the signer's file, for its owner only, and say where it is; or say sorry."""
        if view.data is None:
            return
        said, file = Message("notice.data_failed"), self.painter.file(view)
        if file:
            path = self._free(file.name)
            with suppress(OSError):
                with written_whole(path, replace=False) as draft:
                    draft.write_bytes(file.content)
                said = Message("terminal.drawn", {"words": file.words, "path": str(path)})
        self.renderer.note(said, view.locale)

    def work_off(self, signer: Signer) -> None:
        """Make the files that this person ordered."""
        topic = file_topic(signer.platform)
        handle_own(self.work, self.exporter.clock, topic, signer, lambda payload: self._make(FileOrder(**payload)))

    def _make(self, order: FileOrder) -> None:
        with work_folder(self.workshop) as workshop:
            with progress_bar(self.console) as progress:
                exported = self.exporter.make(order.petition, order.form, order.locale, workshop, progress)
            for file in exported.files:
                path = self._free(file.name)
                shutil.move(file, path)
                self.renderer.note(Message("terminal.saved", {"path": str(path)}), order.locale)
        self.console.print(summary(order, exported, self.exporter.catalog), markup=False)
        self.console.print()

    def _free(self, name: str) -> Path:
        """A path that does not exist yet."""
        wanted = self.folder / name
        others = (wanted.with_stem(f"{wanted.stem}-{number}") for number in count(2))
        return next(path for path in chain([wanted], others) if not path.exists())
