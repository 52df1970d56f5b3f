"""Updates switched on and off by buttons, commands and words, and all signatures on their pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.conversation.state import Overlay
from core.conversation.typed import StopUpdates
from core.signatures.signature import Signer
from tests.core.services.test_consent import Archive
from tests.core.services.test_moments import TO_REVIEW, stored
from tests.world import SALESFORCE, TREES, Talker, World


def signed_twice(world: World) -> Talker:
    """A person who signed both petitions and wants updates about both."""
    ada = world.person("Ada")
    ada.does(*TO_REVIEW, ev.SetUpdates(True), ev.Confirm())
    answers = ev.Answer({"who": "Ada", "country": "US", "code": "90210", "role": "tenant"})
    ada.about(TREES).does(ev.Begin(), answers, ev.SetUpdates(True), ev.Confirm())
    return ada


def wanted(person: Talker) -> list[bool]:
    """The choice of updates for each of the person's signatures."""
    with person.world.work() as work:
        found = work.signers.find(person.signer)
        assert found
        return [signature.updates for signature in work.signatures.standing(found)]


@pytest.mark.parametrize("words", ["stop", "STOP", "Stop.", "unsubscribe", "baja", "“stop”"])
@pytest.mark.parametrize("petition", ["", SALESFORCE])
def test_a_word_turns_off_all_updates(words: str, petition: str) -> None:
    ada = signed_twice(World())
    view = ada.world.signing.handle(ada.signer, ev.Reply(words), petition)
    assert wanted(ada) == [False, False]
    ada.view = view
    assert "You won't get any more updates, about any petition." in ada.reads()


def test_a_newcomer_who_types_it_to_several_petitions_is_answered_too() -> None:
    world = World()
    for event in (ev.Reply("stop"), StopUpdates()):
        view = world.signing.handle(Signer("test", "9"), event)
        assert "You won't get any more updates" in replace(world.person("9"), view=view).reads()


def test_in_a_question_the_word_is_an_answer() -> None:
    ada = signed_twice(World())
    ada.world.petitions["third"] = replace(ada.world.petitions[SALESFORCE], slug="third")
    third = ada.about("third")
    third.does(ev.Begin(), ev.Edit("comment"), ev.Reply("stop"))
    assert stored(ada, "third").answers["comment"] == "stop"
    assert wanted(ada) == [True, True]


@pytest.mark.parametrize("way", [Overlay.SIGNATURES, Overlay.PRIVACY, Overlay.UPDATES])
def test_updates_are_switched_from_each_screen_about_the_person(way: Overlay) -> None:
    ada = signed_twice(World())
    ada.does(ev.Show(way))
    if way is not Overlay.UPDATES:
        ada.taps("Updates")
    title = ada.world.petitions[TREES].text("en").title
    assert f"{title}: on" in ada.reads()
    ada.taps(f"Stop updates: {title}")
    assert wanted(ada) == [True, False]
    assert f"{title}: off" in ada.reads()
    ada.petition = TREES
    ada.taps(f"Send me updates: {title}")
    assert wanted(ada) == [True, True]


def signed_with_address(archive: Archive) -> Talker:
    """A person who signed with an email address, wants no updates, and looks at the list of updates."""
    ada = archive.world.person("Ada")
    ada.does(*TO_REVIEW, ev.Answer({"email": "ada@example.org"}), ev.Confirm(), ev.Show(Overlay.UPDATES))
    return ada


def channel(archive: Archive) -> tuple[bool, bool, list[str]]:
    """The channel of the only signature, with the words shown for it."""
    (signature,) = archive.signatures
    choice = {(True, False): "here", (False, True): "email", (False, False): "no"}
    assert signature.consents[-1].choice == choice[signature.updates, signature.by_email]
    return signature.updates, signature.by_email, archive.proof(signature)


def test_the_list_of_updates_offers_every_channel_and_keeps_the_words_shown() -> None:
    archive = Archive()
    ada, heading = signed_with_address(archive), "Updates about the petitions you signed"
    ada.taps("Updates by email")
    assert ": on, by email" in ada.reads()
    assert channel(archive) == (False, True, [heading, "Updates by email"])
    ada.taps("Updates here")
    assert channel(archive) == (True, False, [heading, "Updates here"])
    ada.taps("Stop updates")
    assert ": off" in ada.reads()
    assert channel(archive) == (False, False, [heading, "Stop updates"])


def test_a_word_stops_updates_by_email_too_and_its_answer_is_the_proof() -> None:
    archive = Archive()
    ada = signed_with_address(archive)
    ada.taps("Updates by email")
    ada.does(ev.Back(), ev.Reply("stop"))
    assert channel(archive) == (False, False, ["You won't get any more updates, about any petition."])


def test_without_an_address_there_are_no_updates_by_email() -> None:
    archive = Archive()
    ada = archive.world.person("Ada")
    ada.does(*TO_REVIEW, ev.Confirm(), ev.Show(Overlay.UPDATES))
    assert "Updates by email" not in ada.reads()
    ada.does(ev.SetUpdates(True, by_email=True, listed=True))
    assert channel(archive)[:2] == (False, False)


def test_who_signed_nothing_reads_how_one_gets_updates() -> None:
    ada = World().person("Ada")
    ada.does(ev.Show(Overlay.UPDATES))
    assert "only if you sign it and ask for them" in ada.reads()


def test_all_signatures_are_listed_page_by_page() -> None:
    world = World()
    original = world.petitions[SALESFORCE]
    world.petitions |= {f"p{number}": replace(original, slug=f"p{number}") for number in range(23)}
    ada = world.person("Ada")
    for number in range(23):
        ada.about(f"p{number}").does(ev.Begin(), ev.Reply("90210"), ev.Confirm())
    ada.petition = "p0"
    ada.does(ev.Show(Overlay.SIGNATURES))
    assert "You've signed 23 petitions." in ada.reads()
    assert ada.reads().count("Receipt") == 10
    ada.taps("Next page")
    ada.taps("Next page")
    assert ada.reads().count("Receipt") == 3
    assert "Next page" not in ada.reads()
    ada.taps("Previous page")
    assert ada.reads().count("Receipt") == 10
    ada.taps("Updates")
    assert ada.reads().count(": off") == 10
    ada.does(ev.ListOwn(99, Overlay.UPDATES))
    assert ada.reads().count(": off") == 3
