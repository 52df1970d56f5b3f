"""Publishes the log of a world in tests: with a key and chance that one can foresee."""

from __future__ import annotations

import hashlib
import itertools

from core.log.records import CheckpointRecord
from core.log.signed_note import SignerKey
from core.petition.petition import Petition
from core.services.publishing import LogPublisher
from tests.public_log import Kept
from tests.world import SALESFORCE, World

KEY = bytes(range(32))
SITE = "petitions.example.org"


def origin_of(petition: Petition) -> str:
    """The origin of a petition's log."""
    return f"{SITE}/p/{petition.public_slug}"


def verifier_key(slug: str = SALESFORCE) -> str:
    """The line that verifiers take."""
    return str(SignerKey(f"{SITE}/p/{slug}", KEY).verifier)


def publisher_of(world: World) -> LogPublisher:
    """A publisher that has adopted its key."""
    numbers = itertools.count()
    publisher = LogPublisher(
        world.work, lambda: world.now, lambda size: hashlib.shake_256(b"%d" % next(numbers)).digest(size), [KEY],
        origin_of, Kept(),
    )  # fmt: skip
    publisher.adopt_key()
    return publisher


def publish(world: World, slug: str = SALESFORCE) -> CheckpointRecord:
    """Publish everything that has happened until now."""
    record = publisher_of(world).publish(world.petitions[slug], at_once=True)
    assert record
    return record
