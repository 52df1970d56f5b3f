"""What stands behind `?start=`: `<slug>`, `<slug>--<label>` or `<slug>--<label>--read`; never an identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.petition.petition import Petition

LONGEST_PAYLOAD = 64
_READ = "--read"


@dataclass(frozen=True, slots=True)
class DeepLink:
    """Where a link leads: `petition` is as it was written, and may be none that there is."""

    petition: str
    label: str = ""
    read: bool = False


def parse(payload: str, petitions: Mapping[str, Petition]) -> DeepLink:
    """Read a payload; whatever else people write there becomes the name of no petition."""
    slug, _, rest = payload.partition("--")
    if slug.lower() not in petitions:
        return DeepLink(payload)
    label, _, action = rest.partition("--")
    return DeepLink(slug.lower(), label, action == "read")


def link_to(username: str, petition: str, label: str = "", *, read: bool = False) -> str:
    """The link that opens the petition in the chat with the bot; with `read`, at its letter, where that has room."""
    payload = petition + (f"--{label}" if label else "")
    if read and label and len(payload) + len(_READ) <= LONGEST_PAYLOAD:
        payload += _READ
    return f"https://t.me/{username}?start={payload}"
