"""The last checkpoint of each public log, as a file beside the log's key (core.services.log_memory)."""

from __future__ import annotations

from pathlib import Path

from core.errors import LogError
from core.files import make_folder, written_whole


class CheckpointFiles:
    """See core.services.log_memory.KeptCheckpoints."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def last(self, petition: str) -> str:
        """Read the signed note of a petition's log."""
        path = self._path(petition)
        try:
            return path.read_text("utf-8") if path.exists() else ""
        except (OSError, UnicodeDecodeError) as error:
            raise LogError(f"{path} can't be read: {error}") from error

    def keep(self, petition: str, note: str) -> None:
        """Replace the note, as a whole file."""
        path = self._path(petition)
        try:
            make_folder(self._folder)
            with written_whole(path) as draft:
                draft.write_text(note, "utf-8")
        except OSError as error:
            raise LogError(f"{path} can't be written: {error.strerror}") from error

    def place(self, petition: str) -> str:
        """The file's path."""
        return str(self._path(petition))

    def _path(self, petition: str) -> Path:
        return self._folder / f"log-{petition}.checkpoint"
