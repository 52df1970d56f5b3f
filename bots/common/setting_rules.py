"""The required format of each setting, and an error message for a wrong value that never repeats it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping

from core.addresses import LARGEST_PORT, is_host, is_web_address, split_database_hosts

_SHORTEST_SECRET = 30  # of a Telegram token, after the colon; BotFather gives 35
_APPLICATION = range(10**14, 2**63)  # numbers of Discord's since 2015
_TELEGRAM_TOKEN = re.compile(rf"[1-9]\d{{2,19}}:[A-Za-z0-9_-]{{{_SHORTEST_SECRET},}}")
_DISCORD_TOKEN = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){2}")
_ACCOUNT = re.compile(r"\s*(telegram:[1-9]\d{0,15}|discord:[1-9]\d{0,19}|terminal:[\w.-]+)\s*")
_LOG_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}([_-][A-Za-z0-9]{1,8})*(\.[A-Za-z0-9_-]+)?(@[A-Za-z0-9_=;-]+)?")

_PORT = ("a port", "a number from 0 to 65535, such as 8080")
_HOST = ("an address to listen on", "an IP address such as 127.0.0.1, or a host name, without https:// or a port")
_WEB = ("a web address", "https://example.org, without a password, ? or #")
_DATABASE = "postgresql://user:password@host/name, with / ? # and @ in the password as %2F %3F %23 %40"
_BOTFATHER = "the whole token from BotFather, such as 123456789:AAE..., with 35 characters after the colon"
_PORTAL = "the whole token from the Bot page of Discord's developer portal: three parts separated by dots"
_EXPECTED: Mapping[str, tuple[str, str]] = {
    "database_url": ("a valid database URL", _DATABASE),
    "database_read_url": ("a valid address of a standby", _DATABASE),
    "database_pooler": ("a choice", "auto, pgbouncer, or none"),
    "log_key": ("a key of the public logs", "what `undersign log key --export` prints, 43 letters and digits"),
    "public_url": _WEB,
    "web_host": _HOST,
    "web_port": _PORT,
    "metrics_host": _HOST,
    "metrics_port": _PORT,
    "telegram_token": ("a bot token", _BOTFATHER),
    "telegram_api_url": _WEB,
    "telegram_ephemeral": ("a choice", "auto, on, or off"),
    "discord_token": ("a bot token", _PORTAL),
    "discord_api_url": _WEB,
    "discord_gateway_url": ("a gateway address", "wss://gateway.example.org"),
    "discord_shards": ("a range of shards", "0-3/8: the first, the last, and the total number of shards"),
    "organizers": ("a list of accounts", "telegram:123,discord:456,terminal:ada, with the accounts' numeric ids"),
    "organizers_guild": (
        "a Discord server's id",
        "the number that “Copy Server ID” in its menu gives, such as 81384788765712384",
    ),
    "hand_in_timestamp_url": (
        "a web address",
        "the address that your certificate authority gives, such as http://timestamp.example.org",
    ),
    "lang": ("a language", "a code such as es or es_MX.UTF-8"),
    "log_level": ("a level", "DEBUG, INFO, WARNING, or ERROR"),
}


def sentence(field: str) -> str:
    """The error message for a setting that cannot be right."""
    if field not in _EXPECTED:
        return f"{field.upper()} cannot be used."
    kind, expected = _EXPECTED[field]
    return f"{field.upper()} is not {kind}. Expected: {expected}."


def discord_application_of(token: str) -> int | None:
    """The application's id, which is the first part of a Discord token; None if that part cannot be one."""
    first = token.partition(".")[0]
    try:
        number = int(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (ValueError, binascii.Error):
        return None
    return number if number in _APPLICATION else None


def is_discord_token(text: str) -> bool:
    """True if Discord could have issued it."""
    return bool(_DISCORD_TOKEN.fullmatch(text)) and discord_application_of(text) is not None


def is_telegram_token(text: str) -> bool:
    """True if BotFather could have issued it."""
    return bool(_TELEGRAM_TOKEN.fullmatch(text))


def is_base_address(text: str) -> bool:
    """True for a web address to which paths can be added."""
    return is_web_address(text) and not re.search(r"[?#@]", text)


def is_database_address(text: str) -> bool:
    """False for a PostgreSQL address whose hosts or ports cannot be right; storage checks the rest."""
    if not text.startswith("postgres"):
        return True
    _, hosts, _ = split_database_hosts(text)
    return bool(hosts) and all(_may_have_database(*host) for host in hosts)


def is_server_address(text: str) -> bool:
    """True for the address of a PostgreSQL, as far as `is_database_address` checks it."""
    return text.startswith("postgres") and is_database_address(text)


def _may_have_database(host: str, port: str) -> bool:
    is_port = not port or (port.isascii() and port.isdigit() and 0 < int(port) <= LARGEST_PORT)
    return is_port and (host == "" or host.startswith("%") or is_host(host))


def are_log_keys(text: str) -> bool:
    """True for keys of 32 bytes in URL-safe base64, separated by commas."""
    return all(_LOG_KEY.fullmatch(key.strip()) for key in text.split(",") if key.strip())


def are_accounts(text: str) -> bool:
    """True for a list of accounts separated by commas, which may be empty."""
    return all(_ACCOUNT.fullmatch(account) for account in text.split(",") if account)


def is_language(text: str) -> bool:
    """True for a language as operating systems write it: a code, perhaps with an encoding."""
    return bool(_LANGUAGE.fullmatch(text))
