"""The links that Discord's share buttons and invitations lead to."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from discord import Permissions

from bots.common.discord_app import AUTHORIZE, account_link
from bots.common.web_page import page_of

NEEDED = Permissions(view_channel=True, send_messages=True, send_messages_in_threads=True)
"""What the bot needs in a channel where a card is to stand."""


@dataclass(frozen=True, slots=True)
class Links:
    """Links of one application; `public_url` is the address of the web front, if there is one."""

    application: int
    public_url: str = ""

    def to(self, petition: str, label: str) -> str:
        """The link to pass on: the petition's page, else the application itself."""
        if not self.public_url:
            return self.to_user
        return page_of(self.public_url, petition, label)

    @property
    def to_server(self) -> str:
        """The link by which a moderator adds the bot to a server."""
        scopes = {"scope": "bot applications.commands", "permissions": NEEDED.value, "integration_type": 0}
        return f"{AUTHORIZE}?{urlencode({'client_id': self.application, **scopes})}"

    @property
    def to_user(self) -> str:
        """The link by which somebody adds the commands to their own account, to use them in any chat."""
        return account_link(self.application)
