"""The key file: created on the first start, readable only by its owner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.errors import ConfigurationError
from core.files import create_whole


def read_or_make_key(path: Path, new_key: Callable[[], str]) -> str:
    """The key in `path`; if the file does not exist, a new key, written there with mode 0600."""
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        create_whole(path, f"{new_key()}\n".encode("ascii"))
    except OSError as error:
        raise ConfigurationError(f"The key file {path} cannot be written: {error.strerror}.") from None
    return _read(path)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"The key file {path} cannot be read.") from None
