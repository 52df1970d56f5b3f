"""Links to petitions, for people on every platform, and parsing them when they come back.

The payload of a Telegram link, and the value of Discord's option `petition:`, is `<slug>`, `<slug>--<label>` or
`<slug>--<label>--<action>`, in which the label may be empty. It never identifies a person. The action `source-3` opens
the third source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlencode

from core.petition.collection import find_slug
from core.petition.petition import Petition

OPEN = "open"
"""The payload that opens the chat with the bot about no petition, unless one has this name."""
LONGEST_PAYLOAD = 64  # characters that Telegram allows after `?start=`
_SOURCE = re.compile(r"source-(\d{1,4})")
CARD_PERMISSIONS = 1 << 10 | 1 << 11 | 1 << 38
"""The Discord permissions that a card needs: view a channel, and send messages in it and in its threads."""
_AUTHORIZE = "https://discord.com/oauth2/authorize"


class LinkAction(StrEnum):
    """The screen that a link to the chat opens: the cover, the letter, or the first question (or the review)."""

    OPEN = ""
    READ = "read"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Links:
    """Links to this deployment's web pages, Telegram bot and Discord application, where it has them.

    Attributes:
        public_url: address of the web pages.
        telegram: username of the bot.
        discord: number of the application.
        telegram_inline: True if the bot has inline mode, so that sharing can send a card.
    """

    public_url: str = ""
    telegram: str = ""
    discord: int | None = None
    telegram_inline: bool = False

    def anywhere(self, petition: str, label: str) -> str:
        """The link to share: the petition's page, or else the chat with the bot, or the application; may be empty."""
        return self.page(petition, label) or self.telegram_chat(petition, label) or self.discord_account

    def counted(self, petition: str, label: str) -> str:
        """The same, but only a link that carries the label, so that signatures are counted; may be empty."""
        return self.page(petition, label) or self.telegram_chat(petition, label)

    def page(self, petition: str, label: str = "") -> str:
        """The petition's page; signatures that come from it are counted under the label."""
        if not self.public_url:
            return ""
        return f"{self.public_url}/p/{petition}" + (f"?{urlencode({'source': label})}" if label else "")

    def telegram_chat(self, petition: str, label: str = "", action: LinkAction = LinkAction.OPEN) -> str:
        """The petition in the chat with the bot; `action` is left out if the link has no room for it."""
        if not self.telegram:
            return ""
        payload, exact = _payload(petition, label), f"{petition}--{label}--{action}"
        if action and len(exact) <= LONGEST_PAYLOAD:
            payload = exact
        return f"https://t.me/{self.telegram}?start={payload}"

    def telegram_source(self, petition: str, number: int) -> str:
        """A source of a petition in the chat with the bot; empty without a bot."""
        return f"https://t.me/{self.telegram}?start={petition}----source-{number}" if self.telegram else ""

    def telegram_share(self, petition: str, label: str, title: str) -> str:
        """Telegram's own dialog for sharing the link to the chat."""
        link = self.telegram_chat(petition, label)
        return f"https://t.me/share/url?url={quote(link, safe='')}&text={quote(title, safe='')}"

    def telegram_group(self, petition: str = "") -> str:
        """Telegram's dialog for adding the bot to a group, where it posts the petition's card."""
        return f"https://t.me/{self.telegram}?startgroup={petition or OPEN}"

    @property
    def telegram_channel(self) -> str:
        """Telegram's dialog for making the bot an administrator of a channel, with the rights it needs."""
        return f"https://t.me/{self.telegram}?startchannel&admin=post_messages+edit_messages"

    @property
    def discord_account(self) -> str:
        """The page where people add the commands to their own account, for use in any chat."""
        return self._authorize(scope="applications.commands", integration_type=1)

    @property
    def discord_server(self) -> str:
        """The page where a moderator adds the bot to a server, with the permissions it needs."""
        return self._authorize(scope="bot applications.commands", permissions=CARD_PERMISSIONS, integration_type=0)

    def _authorize(self, **query: str | int) -> str:
        return "" if self.discord is None else f"{_AUTHORIZE}?{urlencode({'client_id': self.discord, **query})}"

    @staticmethod
    def discord_command(petition: str, label: str, word: Callable[[str], str]) -> str:
        """The command to type on Discord, whose links cannot carry a label.

        `word` gives the name of a command in the reader's language, which Discord uses too.
        """
        return f"/{word('petition')} {word('sign')} {word('petition')}:{_payload(petition, label)}"


@dataclass(frozen=True, slots=True)
class DeepLink:
    """A payload that came back; `petition` is as written, so the petition may not exist.

    `source` is the number of the source to open; 0 opens none.
    """

    petition: str
    label: str = ""
    action: LinkAction = LinkAction.OPEN
    source: int = 0


def parse(payload: str, petitions: Mapping[str, Petition]) -> DeepLink:
    """Parse a payload; anything else that people write becomes the name of a petition that does not exist."""
    if payload == OPEN and OPEN not in petitions:
        return DeepLink("")
    slug, _, rest = payload.partition("--")
    if slug.lower() not in petitions:
        return DeepLink(payload)
    label, _, action = rest.partition("--")
    known = LinkAction(action) if action in set(LinkAction) else LinkAction.OPEN
    source = _SOURCE.fullmatch(action)
    return DeepLink(find_slug(petitions, slug.lower()), label, known, int(source[1]) if source else 0)


def _payload(petition: str, label: str) -> str:
    return petition + (f"--{label}" if label else "")
