"""Settings, from the environment and from .env; nothing else reads the environment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bots.common import setting_rules as rules
from core.addresses import is_host, is_web_address
from core.errors import ConfigurationError
from core.platforms import Platform


class Settings(BaseSettings):
    """Everything that differs between deployments; each field is an environment variable in capital letters."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    data_dir: Path = Field(Path("data"), description="Folder for the embedded database and the key file.")
    database_url: SecretStr | None = Field(
        None,
        description="PostgreSQL, as `postgresql://user:password@host/name`, with several hosts as `a:5432,b:5432`. "
        "Without it: SQLite in `DATA_DIR`.",
    )
    database_read_url: SecretStr | None = Field(
        None,
        description="Standby of the PostgreSQL in `DATABASE_URL`, for exports and organizers' statistics, which then "
        "say how old they are. Several hosts as above, with `target_session_attrs=prefer-standby`. Without it, or "
        "while it can't be used: `DATABASE_URL`.",
    )
    database_pooler: Literal["auto", "pgbouncer", "none"] = Field(
        "auto",
        description="What is between us and PostgreSQL: `pgbouncer` in transaction mode, `none`, or `auto` to find out "
        "at each new connection.",
    )
    secret_key: SecretStr | None = Field(
        None,
        description="Key that seals personal data, at least 32 characters. To change it, put a new one in front, with "
        "a comma. Without it: the file `secret.key` in `DATA_DIR`, created on the first start.",
    )
    log_key: SecretStr | None = Field(
        None,
        description="Key that signs the petitions' public logs, as `undersign log key --export` prints it. Without it: "
        "the file `log.key` in `DATA_DIR`, or in `PETITION_KEYS_DIR` with `DATABASE_URL`, created on the first start.",
    )
    petition_keys_dir: Path | None = Field(
        None,
        description="Folder for the petitions' keys, shared by all processes, outside the backups. Required with "
        "`DATABASE_URL`. Without it: `petition-keys` in `DATA_DIR`.",
    )
    petitions_dir: Path | None = Field(
        None, description="Folder with petitions of your own. Without it: the shipped petition."
    )
    mailbox_rules: Path | None = Field(
        None, description="File that replaces `core/petition/mailbox.toml`, the rules for email addresses."
    )
    public_url: str = Field(
        "", description="Address at which people open the web pages. With `WEB_PORT`, Telegram posts updates there."
    )
    web_host: str = Field("127.0.0.1", description="Address this process listens on: `0.0.0.0` in a container.")
    web_port: int | None = Field(
        None, ge=0, le=65535, description="Port of the web pages and of Telegram's posts. Starts the pages."
    )
    metrics_host: str = Field(
        "127.0.0.1",
        description="Address that `METRICS_PORT` listens on, whatever `WEB_HOST` is.",
    )
    metrics_port: int | None = Field(
        None, ge=0, le=65535, description="Port of `/healthz`, `/readyz`, and `/metrics`. Keep it off the internet."
    )
    telegram_token: SecretStr | None = Field(None, description="The bot's token from BotFather. Starts Telegram.")
    telegram_api_url: str = Field(
        "https://api.telegram.org", description="Address of the Bot API, if you host a server of your own."
    )
    telegram_ephemeral: Literal["auto", "on", "off"] = Field(
        "auto",
        description="Whether people sign in Telegram groups, in messages that only they see: `auto` once Telegram has "
        "shown that it can, `on` from the start, or `off`.",
    )
    discord_token: SecretStr | None = Field(
        None, description="The bot's token from Discord's developer portal. Starts Discord."
    )
    discord_api_url: str = Field(
        "https://discord.com/api/v10", description="Address of Discord's API, if you use a proxy."
    )
    discord_gateway_url: str = Field("", description="Gateway of your own, as `wss://...`. Without it: Discord's.")
    discord_shards: str = Field(
        "", description="Shards this process serves, such as `0-3/8`. Without it: all that Discord asks for."
    )
    organizers: str = Field("", description="Accounts of organizers, such as `telegram:123,discord:456,terminal:ada`.")
    organizers_guild: int | None = Field(
        None, ge=1 << 40, lt=1 << 63,
        description="Id of the organizers' own Discord server, which gets the command `/organize`.",
    )  # fmt: skip
    hand_in_certificate: Path | None = Field(
        None,
        description="PKCS #12 file (.p12 or .pfx) with a certificate and its key. Signs the PDF to hand in.",
    )
    hand_in_certificate_password: SecretStr | None = Field(None, description="Password of `HAND_IN_CERTIFICATE`.")
    hand_in_timestamp_url: str = Field(
        "", description="Time-stamp server (RFC 3161) that stamps the signed PDF. Needs `HAND_IN_CERTIFICATE`."
    )
    lang: str = Field("", description="Language of the terminal, as the system sets it. Without it: English.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="How much is logged: `DEBUG`, `INFO`, `WARNING`, or `ERROR`."
    )

    @field_validator("*")
    @classmethod
    def _can_be_right(cls, value: Any, info: ValidationInfo) -> Any:
        rule = _RULES.get(info.field_name or "")
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        if rule and plain and not rule(plain):
            raise ValueError
        return value

    @field_validator("public_url", "telegram_api_url", "discord_api_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @property
    def shards(self) -> tuple[range, int] | None:
        """This process's shards and their total number; None to let Discord decide."""
        if not self.discord_shards:
            return None
        first, last, count = _shard_numbers(self.discord_shards)
        return range(first, last + 1), count

    @property
    def organizer_accounts(self) -> frozenset[tuple[str, str]]:
        """The organizers as (platform, id)."""
        accounts = (account.strip().partition(":") for account in self.organizers.split(",") if account.strip())
        return frozenset((platform, user_id) for platform, _, user_id in accounts)

    @property
    def platforms(self) -> tuple[Platform, ...]:
        """The platforms whose token is set."""
        tokens = {Platform.TELEGRAM: self.telegram_token, Platform.DISCORD: self.discord_token}
        return tuple(platform for platform, token in tokens.items() if token is not None)

    @property
    def keys(self) -> list[str]:
        """The given keys, newest first; empty to use the key file."""
        return split_keys(self.secret_key.get_secret_value()) if self.secret_key else []

    def token(self, platform: Platform) -> str:
        """The bot's token for a platform. Raises ConfigurationError if it is not set."""
        token: SecretStr | None = getattr(self, f"{platform}_token")
        if token is None:
            raise ConfigurationError(f"{platform.upper()}_TOKEN is not set.")
        return token.get_secret_value()

    @property
    def key_file(self) -> Path:
        """The file with the key, for when SECRET_KEY is not set."""
        return self.data_dir / "secret.key"

    @property
    def log_key_file(self) -> Path:
        """The file with the log's key, for when LOG_KEY is not set; several hosts on one PostgreSQL share it."""
        return (self.petition_keys if self.database_url else self.data_dir) / "log.key"

    @property
    def petition_keys(self) -> Path:
        """The folder with the petitions' keys.

        Raises ConfigurationError if it must be set: with PostgreSQL, nothing else may outlive a process's DATA_DIR.
        """
        if self.database_url and not self.petition_keys_dir:
            raise ConfigurationError(
                "Set PETITION_KEYS_DIR, for example to /var/lib/undersign/keys: with DATABASE_URL, it names a folder "
                "that all processes share and that lasts as long as the database. Without the keys in it, nobody can "
                "read the signers' answers."
            )
        return self.petition_keys_dir or self.data_dir / "petition-keys"

    @property
    def database_file(self) -> Path:
        """The file of the embedded database."""
        return self.data_dir / "undersign.sqlite3"


def split_keys(written: str) -> list[str]:
    """The keys in a setting or in a key file, newest first."""
    return [key.strip() for key in written.split(",") if key.strip()]


def _shard_numbers(written: str) -> tuple[int, int, int]:
    """`0-3/8` or `0/8` as first, last, count; an impossible triple for anything else."""
    match = re.fullmatch(r"(\d+)(?:-(\d+))?/(\d+)", written)
    return (int(match[1]), int(match[2] or match[1]), int(match[3])) if match else (1, 0, 0)


def _are_shards(text: str) -> bool:
    first, last, count = _shard_numbers(text)
    return 0 <= first <= last < count


_RULES: Mapping[str, Callable[[str], bool]] = {
    "database_url": rules.is_database_address,
    "database_read_url": rules.is_server_address,
    "log_key": rules.are_log_keys,
    "public_url": rules.is_base_address,
    "web_host": is_host,
    "metrics_host": is_host,
    "telegram_token": rules.is_telegram_token,
    "telegram_api_url": rules.is_base_address,
    "discord_token": rules.is_discord_token,
    "discord_api_url": rules.is_base_address,
    "discord_gateway_url": lambda text: is_web_address(text, "wss", "ws"),
    "discord_shards": _are_shards,
    "organizers": rules.are_accounts,
    "hand_in_timestamp_url": is_web_address,
    "lang": rules.is_language,
}
"""Require that a setting, if set, has the right form."""


def load_settings() -> Settings:
    """Read the settings. Raises ConfigurationError with a line for each that cannot be right."""
    try:
        return Settings()
    except ValidationError as error:
        fields = dict.fromkeys(str(detail["loc"][0]).lower() for detail in error.errors(include_input=False))
        raise ConfigurationError("\n".join(map(rules.sentence, fields))) from None
    except UnicodeDecodeError:
        raise ConfigurationError("The file .env is not UTF-8 text.") from None
