"""The places where data may be left: every file of a database's folder, backups, logs and work folders."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PAGE = 8192  # bytes of a page of PostgreSQL's log
_SHORT, _LONG = 24, 40  # bytes of a page's header, which is long on a file's first page (XLogLongPageHeaderData)
_LOG = "pg_wal"


def files(root: Path, leave_out: frozenset[Path] = frozenset()) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file below a folder, except below those to leave out.

    Archives are unpacked, and the pages of PostgreSQL's log joined, since values go on from one to the next. A file
    that vanishes meanwhile is left out.
    """
    for path in sorted(root.rglob("*")):
        if leave_out.isdisjoint([path, *path.parents]):
            with suppress(FileNotFoundError):
                if path.is_file():
                    yield from _content(path, str(path.relative_to(root)))


def _content(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            yield from ((f"{name}: {member}", archive.read(member)) for member in archive.namelist())
    elif path.parent.name == _LOG:
        yield name, joined(path.read_bytes())
    else:
        yield name, path.read_bytes()


def joined(log: bytes) -> bytes:
    """A file of PostgreSQL's log without the headers of its pages."""
    starts = range(0, len(log), _PAGE)
    return b"".join(log[start + (_SHORT if start else _LONG) : start + _PAGE] for start in starts)
