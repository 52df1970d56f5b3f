"""The composition root: settings in, ready services out. Only it and a few modules beside it import storage."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias

from bots.app.keyfile import keys_from_file, read_or_make_key
from bots.app.log_keys import log_publisher
from bots.app.retention import erasure_sentence, warnings
from bots.app.standby import standby_of
from bots.common.settings import Settings
from bots.common.supervisor import Supervisor
from bots.services import Services
from core.errors import ConfigurationError, StorageUnavailableError
from core.messages import Catalog
from core.organizer.retention import RetentionService
from core.organizer.service import OrganizerService
from core.outreach.announcement import Preview
from core.petition.collection import PetitionCollection, Visibility, collect
from core.petition.envelope import with_digests
from core.petition.former_names import stored_name
from core.petition.loading import MAILBOX_RULES, PETITIONS, load_catalog, load_mailbox_rules, read_petitions
from core.petition.petition import Decision, Petition
from core.petition.retention import HEARTBEAT, erasures
from core.petition.trial import preview_name
from core.ports import UnitOfWork
from core.services.cards import CardService
from core.services.known_checks import KnownChecks
from core.services.publishing import LogPublisher
from core.services.signing import SigningService
from core.signatures.quarantine import STANDARD, Thresholds
from core.version import VERSION
from storage.archive import Manifest, Watch, open_archive
from storage.backups import Backups
from storage.engine import ANSWERING, PATIENT, Database
from storage.opening import prepare_petition_keys
from storage.paces import SqlPaces
from storage.presence import check_presence
from storage.queries import SqlQueries
from storage.retention import SqlPersonalData
from storage.schema import check_key, is_current, upgrade
from storage.sealed_rows import Resealing, count_sealed, reseal
from storage.traces import wipe_traces
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault

Previews: TypeAlias = Callable[[Catalog, Mapping[str, Petition]], Mapping[str, Preview]]
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's alphabet, without look-alikes
CODE_LENGTH = 12  # 60 bits


def build(
    settings: Settings, thresholds: Thresholds = STANDARD, previews: Previews | None = None,
    supervisor: Supervisor | None = None, *, answering: bool = False, visibility: Visibility = Visibility.PUBLISHED,
) -> Services:  # fmt: skip
    """Load the petitions and locales, migrate the database, and put the services together.

    `thresholds` apply unless organizers changed them. `previews` is usually bots.app.previews.previews. Those that are
    `answering` people wait seconds for the database, others half a minute. `visibility` says what people see.
    """
    (loaded, broken), catalog = read_petitions(settings.petitions_dir or PETITIONS), load_catalog()
    database, vault = open_storage(settings, answering=answering)
    petitions = _collected(loaded, catalog, database, vault, visibility)
    queries, work = SqlQueries(database, vault), partial(SqlUnitOfWork, database, vault)
    signing = SigningService(
        petitions, catalog, load_mailbox_rules(settings.mailbox_rules or MAILBOX_RULES), work, now, new_code,
        thresholds, frozenset(broken), settings.organizer_accounts, KnownChecks(queries.source_checks, now),
    )  # fmt: skip
    texts = previews(catalog, petitions) if previews else {}
    read_standby, close_standby = standby_of(settings, database, vault)
    organizing = OrganizerService(signing, settings.organizer_accounts, texts, settings.platforms, read_standby)
    retention = RetentionService(organizing, queries, SqlPersonalData(database, vault))
    retention.remember()
    return Services(
        settings, petitions, catalog, signing, queries, CardService(signing.work, queries, now), organizing,
        lambda platform, chat: "g" + vault.fingerprint("community", platform, chat)[:12],
        lambda token: vault.fingerprint("webhook", token), chance, retention, database, SqlPaces(database, now),
        lambda: wipe_traces(database), reseal=Resealing(database, vault).pages,
        publish_logs=publisher_of(settings, signing.work).run, close_standby=close_standby,
        supervisor=supervisor or Supervisor(chance=chance), left_out=broken, source_checks=signing.checks,
    )  # fmt: skip


def publisher_of(settings: Settings, work: Callable[[], UnitOfWork]) -> LogPublisher:
    """Publishes the petitions' logs; the first start makes their key."""
    return log_publisher(settings, work, now, secrets.token_bytes)


def _collected(
    loaded: Mapping[str, Petition], catalog: Catalog, database: Database, vault: Vault,
    visibility: Visibility = Visibility.PUBLISHED,
) -> PetitionCollection:  # fmt: skip
    """The petitions by the names that this installation stores them under, with the digests of their texts."""
    queries, preview = SqlQueries(database, vault), partial(preview_name, fingerprint=vault.fingerprint)
    known = {record.slug for record in queries.records()}

    def stored(petition: Petition) -> str:
        return stored_name(petition, lambda slug: queries.tally(slug).signed, known.__contains__)

    names = {folder: stored(petition) for folder, petition in loaded.items()}
    petitions = {folder: with_digests(petition, catalog, names[folder]) for folder, petition in loaded.items()}
    return collect(petitions, preview, visibility, lambda petition: names[petition.slug])


def erasures_ahead(settings: Settings) -> Iterator[str]:
    """A sentence for each erasure that is due, by the petitions and, if there is one, the database; changes nothing."""
    loaded, broken = read_petitions(settings.petitions_dir or PETITIONS)
    with present_storage(settings) as storage:
        if storage is None:
            present = {slug: petition for slug, petition in loaded.items() if not petition.is_draft}
            found = (erasure for erasure in erasures(present, (), lambda _: Decision()) if erasure.is_due(now()))
            yield from (erasure_sentence(erasure, now()) for erasure in found)
            return
        catalog = load_catalog()
        signing = SigningService(
            _collected(loaded, catalog, *storage), catalog, load_mailbox_rules(), lambda: SqlUnitOfWork(*storage),
            clock=now, new_code=new_code, broken=frozenset(broken),
        )  # fmt: skip
        organizing = OrganizerService(signing, settings.organizer_accounts)
        yield from warnings(RetentionService(organizing, SqlQueries(*storage), SqlPersonalData(*storage)), now())


def belongs_to_bot(settings: Settings) -> bool:
    """True if a bot is configured, or `undersign run` has used this data before; changes nothing."""
    if settings.platforms or settings.database_url or settings.web_port is not None:
        return True
    with present_storage(settings) as storage:
        if storage is None:
            return False
        with SqlQueries(*storage).moments() as moments:
            return moments.of(HEARTBEAT) is not None


@contextmanager
def present_storage(settings: Settings) -> Iterator[tuple[Database, Vault] | None]:
    """The database and its vault, unless there are none yet or the schema will change when the bot starts."""
    has_key = settings.keys or settings.key_file.exists()
    if not (has_key and (settings.database_url or settings.database_file.exists())):
        yield None
        return
    database = open_database(settings)
    try:
        keys = settings.keys or keys_from_file(settings.key_file)
        vault = Vault(keys, settings.petition_keys)
        yield (database, vault) if is_current(database) else None
    finally:
        database.close()


def reach(settings: Settings) -> None:
    """Connect to the database once.

    Raises StorageUnavailableError while a PostgreSQL isn't up yet, and ConfigurationError if waiting won't help.
    """
    if settings.database_url:
        check_presence(settings.database_url.get_secret_value())


def open_storage(settings: Settings, *, answering: bool = False) -> tuple[Database, Vault]:
    """The migrated database and the vault whose key fits it.

    Raises:
        ConfigurationError: it cannot be opened.
        StorageUnavailableError: PostgreSQL doesn't answer, and the services are `answering`, so they can wait for it.
    """
    fresh = settings.database_url is not None or not settings.database_file.exists()
    keys = settings.keys or keys_from_file(settings.key_file, _new_key if fresh else None)
    vault = Vault(keys, settings.petition_keys)
    if not settings.database_url:
        _make_folder(settings.data_dir)
        settings.database_file.touch(mode=0o600)
    database = open_database(settings)
    try:
        upgrade(database, vault)
        check_key(database, vault)
        prepare_petition_keys(database, vault)
    except StorageUnavailableError as error:
        database.close()
        if answering and not database.is_sqlite:
            raise
        raise ConfigurationError(str(error)) from None
    if answering:  # patient until here: another process may just be migrating
        database.close()
        database = open_database(settings, ANSWERING)
    return database, vault


def migrate(settings: Settings, watch: Watch, *, reseal_all: bool) -> None:
    """Migrate the database; on request, seal again what older keys or versions sealed. Raises ConfigurationError."""
    database, vault = open_storage(settings)
    try:
        done, total = 0, count_sealed(database, vault) if reseal_all else 0
        for rows in reseal(database, vault) if reseal_all else ():
            done += rows
            watch("Sealing again", done, total)
    finally:
        database.close()


def back_up(settings: Settings, file: Path, *, with_key: bool, replace: bool, watch: Watch) -> Manifest:
    """Write an archive of the database, even while others write to it. Raises ConfigurationError.

    Raises FileExistsError if a file has the name in the end, unless the archive may `replace` it.
    """
    database = open_database(settings, must_exist=True)
    keys = settings.keys or keys_from_file(settings.key_file)
    backups = Backups(database, Vault(keys, settings.petition_keys), settings.data_dir, watch)
    try:
        return backups.write(file, keys if with_key else [], VERSION, now(), replace=replace)
    finally:
        backups.database.close()


def restore(settings: Settings, file: Path, *, force: bool, watch: Watch) -> Manifest:
    """Replace the database with an archive: all of it or nothing. Raises ConfigurationError."""
    held = settings.keys or (keys_from_file(settings.key_file) if settings.key_file.exists() else [])
    with open_archive(file) as archive:
        keys = held or archive.keys
        if not keys:
            raise ConfigurationError(
                f"The archive does not include its key: put the key at {settings.key_file}, or set SECRET_KEY."
            )
        _make_folder(settings.data_dir)
        vault = Vault(keys, settings.petition_keys)
        backups = Backups(open_database(settings), vault, settings.data_dir, watch)
        try:
            backups.check(archive, force=force)
            if not held:
                read_or_make_key(settings.key_file, lambda: ",".join(keys))
            backups.restore(archive)
        finally:
            backups.database.close()
        return archive.manifest


def open_database(settings: Settings, patience: int = PATIENT, *, must_exist: bool = False) -> Database:
    """The database of the settings, as it is. Raises ConfigurationError if its address or its file can't be right."""
    if must_exist and not settings.database_url and not settings.database_file.exists():
        raise ConfigurationError(f"There's no database at {settings.database_file}. Check DATA_DIR.")
    url = settings.database_url
    text = url.get_secret_value() if url else f"sqlite:///{settings.database_file}"
    return Database(text, patience, settings.database_pooler)


def _new_key() -> str:
    return secrets.token_urlsafe(32)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigurationError(f"DATA_DIR {folder} cannot be used: {error.strerror}.") from None


def now() -> dt.datetime:
    """The current time."""
    return dt.datetime.now(dt.UTC)


def chance() -> float:
    """A random number from 0 to 1, so that things that failed together are not retried together."""
    return secrets.SystemRandom().random()


def new_code() -> str:
    """An unguessable code of 12 letters and digits."""
    return secrets.token_bytes(CODE_LENGTH).translate(CODE_LETTERS.encode() * 8).decode()
