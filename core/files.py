"""Atomic file writes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(path: Path, *, replace: bool = True) -> Iterator[Path]:
    """Give an empty draft next to `path`, for its owner only; it gets the name when the block ends without an error.

    Without `replace`, raises FileExistsError if a file has the name by then. An error removes the draft. The next draft
    replaces one that a killed process left behind.
    """
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    try:
        yield draft
        if replace:
            draft.replace(path)
        else:
            _name_anew(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _name_anew(draft: Path, path: Path) -> None:
    """Give a draft a name that no file has. Raises FileExistsError."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # the file system has no hard links
        path.touch(exist_ok=False)
        draft.replace(path)
    else:
        draft.unlink()
