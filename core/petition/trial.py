"""Trials: signatures on a petition under its preview name, so no figure of the petition ever includes them."""

from __future__ import annotations

import re
from collections.abc import Callable

PREVIEW_START = "draft-"
PREVIEW = re.compile(PREVIEW_START + r"[0-9a-f]{24}")
"""The name of a draft in its preview link. It is also the slug under which everything about the trials is stored."""
_DIGITS = 24  # hexadecimal: 96 bits, and as long as a slug may be


def preview_name(slug: str, fingerprint: Callable[..., str]) -> str:
    """The preview name of a petition: the same in every process, and unguessable without the installation's key.

    `fingerprint` is a keyed hash of its arguments, in hexadecimal.
    """
    return PREVIEW_START + fingerprint("draft", slug)[:_DIGITS]


def is_trial(slug: str) -> bool:
    """True if signatures with this slug are trials."""
    return PREVIEW.fullmatch(slug) is not None
