"""Looks for secrets in logs, dumps, and files, and ignores what random digits hold by chance."""

from __future__ import annotations

import re
from collections.abc import Iterable

_RUN = re.compile(rb"[0-9a-fA-F]+")
_RANDOM = 12  # digits without anything between them: no postal code beside its neighbors, but a key or a print


def leaked(secrets: Iterable[str], content: bytes | str) -> list[str]:
    """List the secrets that the content holds, as they are or in hexadecimal digits, as PostgreSQL writes bytes.

    In a text, digits such as a postal code count only between other characters, because random keys and prints hold
    any five digits sooner or later. In any other file, where values touch each other, they may have a few more around.
    """
    raw = content.encode() if isinstance(content, str) else content
    beside = 0 if _is_text(raw) else _RANDOM
    return [secret for secret in secrets if _holds(raw, secret.encode(), beside)]


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _holds(raw: bytes, secret: bytes, beside: int) -> bool:
    if secret.hex().encode() in raw.lower():
        return True
    if not _RUN.fullmatch(secret):
        return secret in raw
    return any(secret in run and len(run) <= max(len(secret), beside) for run in _RUN.findall(raw))
