"""Which Discord application a token belongs to, and where an account gets its commands."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import urlencode

from core.errors import ConfigurationError

AUTHORIZE = "https://discord.com/oauth2/authorize"


def account_link(application: int) -> str:
    """The link by which somebody adds the commands to their own account, to use them in any chat."""
    own = {"client_id": application, "scope": "applications.commands", "integration_type": 1}
    return f"{AUTHORIZE}?{urlencode(own)}"


def application_of(token: str) -> int:
    """The application that a bot token belongs to: it stands in the token's first part. Raises ConfigurationError."""
    first = token.partition(".")[0]
    try:
        return int(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (ValueError, binascii.Error):
        raise ConfigurationError(
            "DISCORD_TOKEN is no bot token: copy it anew from Discord's developer portal."
        ) from None
