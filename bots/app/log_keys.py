"""The private keys that sign the petitions' logs: from LOG_KEY, or from a file made at the first start."""

from __future__ import annotations

import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bots.app.kept_checkpoints import CheckpointFiles
from bots.app.keyfile import read_or_make_key
from bots.common.links import Links
from bots.common.settings import Settings, split_keys
from core.errors import ConfigurationError, LogError
from core.files import written_whole
from core.petition.petition import Petition
from core.ports import Clock, UnitOfWork
from core.services.publishing import LogPublisher

log = logging.getLogger(__name__)

KEY_SIZE = 32
_NOWHERE = "undersign.invalid"
"""The host in origins of logs without a page: RFC 2606 keeps anyone from having it."""


def read_log_keys(settings: Settings, new_key: Callable[[], bytes] | None) -> tuple[bytes, ...]:
    """The keys, newest first; without `new_key`, none if they are missing. Raises ConfigurationError."""
    if settings.log_key:
        return parse_keys(settings.log_key.get_secret_value(), "LOG_KEY")
    path = settings.log_key_file
    if new_key is None and not path.exists():
        return ()
    written = read_or_make_key(path, lambda: write_keys([new_key()]) if new_key else "")
    return parse_keys(written, str(path))


def parse_keys(written: str, place: str) -> tuple[bytes, ...]:
    """Keys as they are written in a setting or file. Raises ConfigurationError."""
    try:
        keys = tuple(urlsafe_b64decode(key + "=" * (-len(key) % 4)) for key in split_keys(written))
    except ValueError:
        keys = ()
    if not keys or any(len(key) != KEY_SIZE for key in keys):
        raise ConfigurationError(f"{place} has no key that `undersign log key --export` printed.")
    return keys


def write_keys(keys: Sequence[bytes]) -> str:
    """Keys as text, newest first."""
    return ",".join(urlsafe_b64encode(key).decode().rstrip("=") for key in keys)


def save_keys(path: Path, keys: Sequence[bytes]) -> None:
    """Replace the keys in a file. Raises ConfigurationError."""
    try:
        with written_whole(path) as draft:
            draft.write_text(f"{write_keys(keys)}\n", encoding="ascii")
    except OSError as error:
        raise ConfigurationError(f"The key file {path} cannot be written: {error.strerror}.") from None


def origin_of(settings: Settings, petition: Petition) -> str:
    """The origin of a petition's log: the address of its page without the scheme, or a name that no address has."""
    slug = petition.public_slug
    page = Links(settings.public_url).page(slug) if settings.public_url else f"https://{_NOWHERE}/p/{slug}"
    return page.partition("://")[2].replace("+", "%2B")


def kept_checkpoints(settings: Settings) -> CheckpointFiles:
    """The last checkpoints of the logs, beside their key."""
    return CheckpointFiles(settings.log_key_file.parent)


def log_publisher(
    settings: Settings, work: Callable[[], UnitOfWork], clock: Clock, random: Callable[[int], bytes]
) -> LogPublisher:
    """A publisher that signs with the newest key; one without the right key publishes nothing, and this warns of it."""
    with work() as unit:
        is_new = not unit.log.keys()
    keys = read_log_keys(settings, (lambda: random(KEY_SIZE)) if is_new else None)
    publisher = LogPublisher(work, clock, random, keys, partial(origin_of, settings), kept_checkpoints(settings))
    try:
        if publisher.adopt_key():
            log.info("the public logs are signed with a new key from now on")
    except LogError as error:
        log.warning("the public logs can't be published: %s; set LOG_KEY, or put %s back", error, settings.log_key_file)
    return publisher
