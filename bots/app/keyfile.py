"""The key file: created on the first start, readable only by its owner."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from core.errors import ConfigurationError


def read_or_make_key(path: Path, new_key: Callable[[], str]) -> str:
    """The key in `path`; if the file does not exist, a new key, written there with mode 0600."""
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    draft = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(new_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # atomic, and the first of two processes wins
    except FileExistsError:
        pass
    except OSError as error:
        raise ConfigurationError(f"The key file {path} cannot be written: {error.strerror}.") from None
    finally:
        with suppress(OSError):
            draft.unlink()
    return _read(path)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"The key file {path} cannot be read.") from None
