"""A folder for a long run: one that people name to keep it, or a temporary one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path


@contextmanager
def kept_or(wanted: Path | None, temporary: Callable[[], AbstractContextManager[Path]]) -> Iterator[Path]:
    """Make the wanted folder, which must not exist yet and stays; without one, use a temporary one.

    Raises:
        FileExistsError: the wanted folder exists.
    """
    if wanted:
        wanted.mkdir(parents=True)
        yield wanted.resolve()
        return
    with temporary() as folder:
        yield folder
