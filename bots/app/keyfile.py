"""The key file: created on the first start, readable only by its owner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bots.common.settings import split_keys
from core.errors import ConfigurationError
from core.files import create_whole, make_folder, sync_folder


def read_or_make_key(path: Path, new_key: Callable[[], str]) -> str:
    """The key in `path`; if the file does not exist, a new key, written there with mode 0600.

    The file is on the disk once this returns, also if another process has just made it.
    """
    try:
        if path.exists():
            sync_folder(path.parent)
        else:
            make_folder(path.parent)
            create_whole(path, f"{new_key()}\n".encode("ascii"))
    except OSError as error:
        raise ConfigurationError(f"The key file {path} cannot be written: {error.strerror}.") from None
    return _read(path)


def keys_from_file(path: Path, new_key: Callable[[], str] | None = None) -> list[str]:
    """The installation's keys, newest first. Raises ConfigurationError if there are none, and no new one."""
    if new_key is None and not path.exists():
        raise ConfigurationError(
            f"The key file {path} is missing, and the database cannot be opened without it: "
            "put it back, or set SECRET_KEY."
        )
    return split_keys(read_or_make_key(path, new_key or str))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"The key file {path} cannot be read.") from None
