"""Versions of petitions: stored before anyone can sign them, once, and with the words of older signatures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from core.petition.envelope import with_digests
from core.petition.versions import FIRST, PRESENT, first_versions, present_versions
from core.ports import UnitOfWork
from storage.engine import Database
from storage.queries import SqlQueries
from storage.schema import upgrade
from storage.vault import Vault
from tests.storage.migrations import downgrade
from tests.storage.signers import sign, sql_world
from tests.world import NOW, SALESFORCE, TREES, World, catalog, petitions, services_of

PETITION = petitions()[TREES]


def test_versions_are_stored_once_and_completed_once(work: Callable[[], UnitOfWork]) -> None:
    first, second = present_versions(PETITION, NOW)
    bare = replace(second, language="", content="", form=FIRST)
    later = NOW + dt.timedelta(days=1)
    with work() as unit:
        for version in (first, bare, replace(first, first_seen=later), replace(second, content="", first_seen=later)):
            unit.versions.remember(version)
        unit.commit()
    with work() as unit:
        assert unit.versions.of(TREES, second.digest) == bare
        unit.versions.complete(second)
        unit.versions.complete(replace(second, content="{}", language="xx"))
        unit.versions.complete(replace(second, digest="f" * 64))
        unit.commit()
    with work() as unit:
        known = {version.digest: version for version in unit.versions.all(TREES)}
        assert known == {first.digest: first, second.digest: replace(second, form=FIRST)}
        assert unit.versions.of(SALESFORCE, first.digest) is None


def test_every_version_that_can_be_signed_is_on_disk_before_anyone_is_served(database: Database, vault: Vault) -> None:
    world, queries = World(), SqlQueries(database, vault)
    sql = sql_world(database, vault)
    services = services_of(sql, database, vault)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: services.retention.remember(), range(4)))
    stored = {version.digest: version for slug in (SALESFORCE, TREES) for version in queries.versions(slug)}
    texts = [text for petition in world.petitions.values() for text in petition.texts.values()]
    assert {digest: version.content.encode() for digest, version in stored.items()} == {
        text.digest: text.envelope for text in texts
    }
    assert {version.form for version in stored.values()} == {PRESENT}
    sql.now += dt.timedelta(days=1)
    services.retention.remember()
    assert queries.versions(TREES) == tuple(version for version in stored.values() if version.petition == TREES)
    changed = with_digests(replace(PETITION, target="the Mayor"), catalog())
    sql.petitions[TREES] = changed
    services.retention.remember()
    assert {version.digest for version in queries.versions(TREES)} > {text.digest for text in changed.texts.values()}
    assert len(queries.versions(TREES)) == 4


def test_older_signatures_get_the_words_of_a_text_that_is_still_the_same(url: str, vault: Vault) -> None:
    database = Database(url)
    upgrade(database)
    world = sql_world(database, vault)
    text = world.petitions[SALESFORCE].text("en")
    assert text.first_form
    for name, digest in (("Ada Lovelace", text.first_form.digest), ("Alan Turing", "0" * 64)):
        world.petitions[SALESFORCE] = replace(petitions()[SALESFORCE], texts={"en": replace(text, digest=digest)})
        sign(world, name, name, f"{name[:3]}@example.org")
    downgrade(database, "0021")
    upgrade(database)
    queries = SqlQueries(database, vault)
    assert {version.digest: (version.form, version.content) for version in queries.versions(SALESFORCE)} == {
        text.first_form.digest: (FIRST, ""), "0" * 64: (FIRST, ""),
    }  # fmt: skip
    world.petitions[SALESFORCE] = petitions()[SALESFORCE]
    services_of(world, database, vault).retention.remember()
    (known,) = first_versions(petitions()[SALESFORCE], world.now)
    assert queries.version(SALESFORCE, known.digest) == known
    unknown = queries.version(SALESFORCE, "0" * 64)
    assert unknown
    assert unknown.envelope is None
    assert len(queries.versions(SALESFORCE)) == 3
    database.close()
