"""Labels of links: where a signature came from, and which of them name a signer's own link or a community."""

from __future__ import annotations

import re

LABEL = re.compile(r"[a-z0-9]+([_-]?[a-z0-9]+)*")
PERSONAL = re.compile(r"r[a-z0-9]{12}")  # of a signer's own share link
PSEUDONYM = re.compile(r"own~[a-f0-9]{16}")  # replaces a signer's own label in storage; no link has such a label
COMMUNITY = re.compile(r"g[a-f0-9]{12}")  # of a group or a server
LONGEST_LABEL = 32  # with a slug and "--" it fills the 64 characters of a Telegram start payload


def valid_label(label: str | None) -> str | None:
    """The source label in lower case if it is allowed (letters, digits, - and _, at most 32), otherwise None."""
    if not label:
        return None
    lowered = label.lower()
    return lowered if len(lowered) <= LONGEST_LABEL and LABEL.fullmatch(lowered) else None


def is_personal(label: str) -> bool:
    """True for the source label of a signer's own share link, or its pseudonym."""
    return bool(PERSONAL.fullmatch(label) or PSEUDONYM.fullmatch(label))


def is_community(label: str) -> bool:
    """True for the source label of a group or a server."""
    return COMMUNITY.fullmatch(label) is not None
