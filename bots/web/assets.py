"""The few files that pages need: style, script, and icon, from this package, under names that change with them."""

from __future__ import annotations

import hashlib
from importlib import resources

from bots.web.content import SVG, Content

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": SVG}


class Assets:
    """All files in the folder `static`, in memory."""

    def __init__(self) -> None:
        folder = resources.files(__package__) / "static"
        self._files = {
            file.name: Content(file.read_bytes(), _TYPES["." + file.name.rpartition(".")[2]], None)
            for file in folder.iterdir()
        }

    def get(self, name: str) -> Content | None:
        """The file with this name, if it exists."""
        return self._files.get(name)

    def link(self, name: str) -> str:
        """The address of a file; it changes with the file, so that browsers may cache it for good."""
        return f"/static/{name}?v={hashlib.sha256(self._files[name].body).hexdigest()[:10]}"
