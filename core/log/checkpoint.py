"""Checkpoints: the size and the root of a log at one time, as c2sp.org/tlog-checkpoint writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from core.errors import LogError
from core.log.base64_text import decoded, encoded
from core.log.tree import HASH_SIZE

_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first `size` entries of the log with this origin have this root. `str()` gives the text that gets signed."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{self.root_text}\n"

    @property
    def root_text(self) -> str:
        """The root in base64, as people compare it."""
        return encoded(self.root)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a note; raises LogError if it isn't a checkpoint. Extension lines are ignored."""
        origin, size, root, *more = text.split("\n")[:-1] if text.count("\n") >= 3 else ("", "", "")
        if not origin or not _SIZE.fullmatch(size) or "" in more or not text.endswith("\n"):
            raise LogError("This isn't a checkpoint: it needs an origin, a size, and a root.")
        checkpoint = cls(origin, int(size), decoded(root, "The checkpoint's root isn't base64."))
        if len(checkpoint.root) != HASH_SIZE:
            raise LogError("The checkpoint's root isn't a SHA-256 hash.")
        return checkpoint
