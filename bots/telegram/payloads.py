"""Data of buttons and inline queries besides the conversation: channels, inline cards, and the query of Share.

The data of the conversation's own buttons is in bots/common/callback_data.py; no two of these formats overlap.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.petition.collection import find_slug
from core.petition.label import is_community, is_personal, valid_label
from core.petition.petition import Petition

LONGEST = 64  # bytes of a button's data, and of the id of an inline result
CHANNEL = re.compile(r"#(-?\d*) ?([a-z0-9-]*)")
INLINE_CARD = re.compile(r"@([A-Za-z_]+) ([a-z0-9-]+?)(?:--([a-z0-9_-]+))?")


@dataclass(frozen=True, slots=True)
class InlineCardData:
    """The data of the Read button of an inline card, and the id of the inline result: all that the card shows."""

    locale: str
    petition: str
    label: str = ""

    def encode(self) -> str:
        """The bytes; empty if there are too many of them."""
        data = f"@{self.locale} {self.petition}" + (f"--{self.label}" if self.label else "")
        return data if len(data) <= LONGEST else ""


def decode_inline_card(data: str, petitions: Mapping[str, Petition]) -> InlineCardData | None:
    """Read what InlineCardData wrote; None for anything else, or if the petition is gone."""
    found = INLINE_CARD.fullmatch(data)
    if not found or found[2] not in petitions:
        return None
    return InlineCardData(found[1], find_slug(petitions, found[2]), valid_label(found[3]) or "")


def encode_channel(chat: int | str, petition: str) -> str:
    """The data of a button about posting in a channel.

    Without a chat, it asks for the channel. With one but without a petition, it means "not now".
    """
    return f"#{chat} {petition}".strip()


def decode_channel(data: str) -> tuple[int | None, str]:
    """Read what `encode_channel` wrote: the chat, if there is one, and the petition."""
    found = CHANNEL.fullmatch(data)
    if not found:
        return None, ""
    return (int(found[1]) if found[1].lstrip("-") else None), found[2]


def share_query(petition: str, label: str) -> str:
    """The inline query that offers a petition's card. It names no signer's own label: the bot knows who types."""
    shown = label and not is_personal(label)
    return f"{petition}--{label}" if shown else petition


def read_query(query: str, petitions: Mapping[str, Petition]) -> tuple[str, str] | None:
    """The petition and the label that a query names, if it names a listed petition.

    Anyone can type such a query, so it may only carry a label that anyone may give to a link.
    """
    name, _, label = query.strip().lower().partition("--")
    slug = find_slug(petitions, name)
    if name not in petitions or slug not in list(petitions):
        return None
    label = valid_label(label) or ""
    return slug, "" if is_personal(label) or is_community(label) else label
