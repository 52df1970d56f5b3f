"""Signers get the proof of their signature in the chat, whatever became of it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from bots.papers.proof_file import proof_file
from core.conversation import state as ev
from core.conversation.state import Overlay
from core.conversation.typed import SendProof
from core.log.proof import InclusionProof
from core.messages import Message
from core.services.ledger import Ledger
from core.signatures.review import Query
from tests.core.services.test_signing import SIGNING, signed
from tests.log.publishing import publish, verifier_key
from tests.log.verifier import verify_proof
from tests.world import SALESFORCE, Talker, World, catalog, petitions

LATER = "Your proof will be ready in"


def proof_for(person: Talker) -> InclusionProof | None:
    """Tap "Proof"; the file, if one is sent."""
    person.taps("Proof")
    assert person.view
    assert person.view.data is None or isinstance(person.view.data, InclusionProof)
    return person.view.data


def test_before_the_next_batch_it_says_when_and_afterwards_sends_the_file() -> None:
    world = World()
    ada = signed(world, "Ada")
    assert proof_for(ada) is None
    assert f"{LATER} 12 hours" in ada.reads()
    assert "Thank you!" in ada.reads()
    publish(world)
    proof = proof_for(ada)
    assert proof
    assert LATER not in ada.reads()
    assert "Thank you!" in ada.reads()
    file = proof_file(proof, catalog(), "en")
    found = verify_proof(file.content, verifier_key())
    assert file.name == f"{found.receipt}.tlog-proof"
    assert found.receipt in ada.reads()
    assert found.text == world.petitions[SALESFORCE].text("en").digest
    for words in (
        "exactly the words you read",
        "doesn't say whether yours is left out",
        f"Check it at petitions.example.org/p/{SALESFORCE}/verify.",
    ):
        assert words in file.words
    assert str(ada.view).count(file.content.decode()[30:60]) == 0


def test_the_proof_is_under_my_signatures_too_for_each_petition() -> None:
    one = petitions()[SALESFORCE]
    world = World(petitions={SALESFORCE: one, "second": replace(one, slug="second")})
    ada = signed(world, "Ada")
    second = ada.about("second")
    second.does(*SIGNING[:2], ev.Confirm())
    publish(world)
    publish(world, "second")
    second.does(ev.Show(Overlay.SIGNATURES))
    second.taps(f"Proof: second: {one.text('en').title}")
    assert second.view
    assert isinstance(second.view.data, InclusionProof)
    assert verify_proof(str(second.view.data).encode(), verifier_key("second")).receipt in second.reads()
    assert "You've signed 2 petitions" in second.reads()


@pytest.mark.parametrize("published", [False, True])
def test_a_repeated_update_sends_it_again(published: bool) -> None:
    world = World()
    ada = signed(world, "Ada")
    if published:
        publish(world)
    views = [world.signing.handle(ada.signer, SendProof(), SALESFORCE, update_id="7") for _ in range(2)]
    assert [view.data is not None for view in views] == [published] * 2
    assert views[0].screen == views[1].screen
    assert str(views[0].data) == str(views[1].data)


def test_without_a_signature_there_is_no_proof() -> None:
    world = World()
    eve = world.person("Eve")
    eve.does(SendProof())
    assert "You haven't signed this, so there's no proof." in eve.reads()
    ada = signed(world, "Ada")
    publish(world)
    ada.taps("Withdraw")
    ada.taps("Withdraw my signature")
    ada.does(SendProof())
    assert ada.view
    assert ada.view.data is None
    assert "there's no proof" in ada.reads()


def test_near_the_end_of_the_day_it_is_the_last_hour() -> None:
    world = World()
    world.now += dt.timedelta(hours=11, minutes=59)
    ada = signed(world, "Ada")
    ada.taps("Proof")
    assert f"{LATER} 1 hour at the latest" in ada.reads()
    assert catalog().text(Message("notice.proof_later", {"count": 1}), "es").startswith("Tu comprobante estará listo")


def test_a_duplicate_and_one_that_is_held_back_look_like_any_other() -> None:
    world = World()
    people = [signed(world, "Ada", "ada@example.org"), world.person("Ada", user_id="twin"), signed(world, "Cem")]
    people[1].does(*SIGNING[:2], ev.Edit("email"), ev.Reply("ada@example.org"), ev.Confirm())
    with world.work() as work:
        Ledger(work, world.now).invalidate(Query(SALESFORCE, receipt="0000-0000-0002"))
        work.commit()
    assert world.counted() == 1
    before = {masked(person, "") for person in people if proof_for(person) is None}
    assert len(before) == 1
    publish(world)
    after = {masked(person, str(proof_for(person))) for person in people}
    assert len(after) == 1


def masked(person: Talker, file: str) -> str:
    """The words and the file that a signer gets, without what is random or differs between signers."""
    lines = [line if len(line) < 100 else str(len(line)) for line in file.split("\n")]
    shown = re.sub(r"\d+|link:.*", "", person.reads())
    return shown + re.sub(r"[A-Za-z0-9+/]{43}=|index \d+", "", "\n".join(lines))
