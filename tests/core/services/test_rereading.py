"""A petition that changes while people sign it: they read it again and learn what changed, or aren't interrupted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.conversation.state import Stage
from core.petition.changes import changed_parts
from core.petition.envelope import with_digests
from core.petition.petition import Petition
from core.petition.versions import FIRST, first_versions, present_versions
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.world import SALESFORCE, Talker, World, catalog, petitions

PETITION = petitions()[SALESFORCE]
TEXT = PETITION.text("en")


def remember(world: World, petition: Petition, *, first_form: bool = False) -> None:
    """Store the versions, as a process does when it starts."""
    with world.work() as work:
        for version in (first_versions if first_form else present_versions)(petition, world.now):
            work.versions.remember(version)
        work.commit()


def reviewing(world: World) -> Talker:
    ada = world.person("Ada Lovelace")
    ada.does(ev.Open(), ev.Begin(), ev.Reply("90210"))
    return ada


def stage_of(world: World, person: Talker) -> tuple[Stage, str]:
    with world.work() as work:
        found = work.signers.find(person.signer)
        assert found
        conversation = work.conversations.get(found, SALESFORCE)
        assert conversation
        return conversation.stage, conversation.digest


def signed_digest(world: World, person: Talker) -> str:
    with world.work() as work:
        found = work.signers.find(person.signer)
        assert found
        return work.signatures.standing(found)[0].digest


def start_again(world: World, petition: Petition) -> Petition:
    """Have the petition changed at the next start."""
    changed = with_digests(petition, catalog())
    world.petitions[SALESFORCE] = changed
    remember(world, changed)
    return changed


def test_an_open_review_says_what_changed_and_keeps_the_answers() -> None:
    world = World()
    remember(world, PETITION)
    ada = reviewing(world)
    letter = replace(TEXT.letter, blocks=TEXT.letter.blocks[:-1])
    changed = start_again(world, replace(PETITION, target="Marc", texts={"en": replace(TEXT, letter=letter)}))
    ada.does(ev.Confirm())
    assert "Since you read this, the letter and the target changed. Please read it again" in ada.reads()
    assert stage_of(world, ada) == (Stage.READING, "")
    ada.does(ev.Begin())
    assert "Marc" in ada.reads()
    ada.does(ev.Confirm())
    assert signed_digest(world, ada) == changed.text("en").digest


def test_nobody_is_interrupted_by_a_source_that_gains_a_link() -> None:
    world = World()
    remember(world, PETITION)
    ada, ben = reviewing(world), world.person("Ben")
    ben.does(ev.Begin(), ev.Reply("Ben Sims"))
    sources = (replace(TEXT.sources[0], link="https://example.org/news"), *TEXT.sources[1:])
    linked = start_again(world, replace(PETITION, texts={"en": replace(TEXT, sources=sources)})).text("en").digest
    assert linked != TEXT.digest
    ben.does(ev.Reply("90210"))
    assert stage_of(world, ben) == (Stage.REVIEWING, linked)
    ada.does(ev.Confirm())
    assert signed_digest(world, ada) == linked


@pytest.mark.parametrize("same_words", [True, False])
def test_an_upgrade_from_the_first_form_interrupts_only_if_the_words_changed(same_words: bool) -> None:
    world = World()
    assert TEXT.first_form
    old = replace(TEXT, digest=TEXT.first_form.digest)
    world.petitions[SALESFORCE] = replace(PETITION, texts={"en": old})
    ada = reviewing(world)
    if not same_words:  # a process of the earlier version stored none
        remember(world, PETITION, first_form=True)
    form = TEXT.first_form if same_words else replace(TEXT.first_form, letter="Other words")
    start_again(world, replace(PETITION, texts={"en": replace(TEXT, first_form=form)}))
    ada.does(ev.Confirm())
    if same_words:
        assert signed_digest(world, ada) == TEXT.digest
    else:
        assert "Since you read this, the letter changed." in ada.reads()


def test_a_version_that_was_never_stored_gets_the_general_sentence() -> None:
    world = World()
    ada = reviewing(world)
    start_again(world, replace(PETITION, target="Marc"))
    ada.does(ev.Confirm())
    assert "The petition's text has changed since you started. Please read it again" in ada.reads()
    ada.does(ev.Begin(), ev.Confirm())
    assert stage_of(world, ada)[0] is Stage.FINISHED


def test_another_language_at_the_same_time_hides_no_change(database: Database, vault: Vault) -> None:
    """Also on both engines, where the notice is stored with the conversation."""
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    remember(world, PETITION)
    ada = reviewing(world)
    start_again(world, replace(PETITION, retention_days=90, contact="info@example.org"))
    ada.does(ev.SetLocale("es"))
    sentence = "cambió lo siguiente: los datos de contacto y el plazo para borrar tus datos."
    assert sentence in ada.reads()
    again = World(work=world.work, petitions=world.petitions).signing
    assert sentence in replace(ada, view=again.handle(ada.signer, ev.Open(), SALESFORCE, revision=0)).reads()


def test_the_parts_of_the_first_form_have_names_too() -> None:
    (version,) = first_versions(PETITION, World.now)
    assert version.form == FIRST
    old = version.envelope
    assert old
    assert [part.key for part in changed_parts(old, {**old, "background": "x"})] == ["changed.background"]
