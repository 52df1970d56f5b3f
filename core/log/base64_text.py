"""Bytes as base64 text, in the only form that each has: padded, and without anything around it."""

from __future__ import annotations

import base64
import binascii

from core.errors import LogError


def encoded(data: bytes) -> str:
    """The text for some bytes."""
    return base64.b64encode(data).decode()


def decoded(text: str, refusal: str) -> bytes:
    """The bytes of a text; raises LogError with the sentence `refusal` unless `encoded` writes it so."""
    try:
        data = base64.b64decode(text)
    except (binascii.Error, ValueError) as error:
        raise LogError(refusal) from error
    if encoded(data) != text:
        raise LogError(refusal)
    return data
