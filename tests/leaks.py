"""Looks for secrets in logs, dumps, and files, and ignores what random digits hold by chance."""

from __future__ import annotations

import re
from collections.abc import Iterable

_HEX = r"[0-9a-fA-F]"


def leaked(secrets: Iterable[str], content: bytes | str) -> list[str]:
    """List the secrets that the content holds, as they are or in hexadecimal digits, as PostgreSQL writes bytes.

    In a text, digits such as a postal code count only between other characters, because random keys and prints hold
    any five digits sooner or later.
    """
    text = _text_of(content)
    return [secret for secret in secrets if _holds(content, text, secret)]


def _text_of(content: bytes | str) -> str | None:
    """Decode the content, or give none for a file that's no text: there, a row's values touch each other."""
    if isinstance(content, str):
        return content
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def _holds(content: bytes | str, text: str | None, secret: str) -> bool:
    if text is None:
        return secret.encode() in content
    if secret.encode().hex() in text.lower():
        return True
    if re.fullmatch(f"{_HEX}+", secret):
        return re.search(f"(?<!{_HEX}){secret}(?!{_HEX})", text) is not None
    return secret in text
