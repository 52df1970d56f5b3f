"""Atomic file writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give an empty draft next to `path`, for its owner only; it gets the name when the block ends without an error.

    A draft left behind by an error is replaced by the next one.
    """
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    yield draft
    draft.replace(path)
