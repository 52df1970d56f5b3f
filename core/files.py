"""Atomic file writes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import takewhile
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


def create_whole(path: Path, content: bytes) -> bool:
    """Create a file for its owner only, on disk before it has its name; return False if the name is taken.

    Of two processes that try at the same time, one succeeds. Once this returns, the name is on the disk too, whichever
    process wrote it.
    """
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _name_anew(Path(draft), path)
        is_new = True
    except FileExistsError:
        is_new = False
    finally:
        Path(draft).unlink(missing_ok=True)
    sync_folder(path.parent)
    return is_new


def make_folder(folder: Path) -> None:
    """Create a folder for its owner only, with missing parents; on return, their names are on the disk."""
    unnamed = [folder, *takewhile(lambda above: not above.exists(), folder.parents)]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for each in unnamed:
        with suppress(PermissionError):  # the folder above is another user's, so ours has been there for long
            sync_folder(each.parent)


def sync_folder(folder: Path) -> None:
    """Write the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
