"""A petition whose folder has errors: its signers read that it will be back, and nothing of theirs goes elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.conversation import state as ev
from tests.core.services.test_moments import stored
from tests.world import SALESFORCE, TREES, Talker, World

LATER = "That petition isn't available right now. Please try again later. No signature is lost."


@pytest.fixture
def ada() -> Talker:
    """Ada was asked for her country about the trees; then the folder of that petition broke."""
    world = World()
    ada = world.person("Ada", user_id="ada").about(TREES)
    ada.does(ev.Open(), ev.Begin())
    del world.petitions[TREES]
    world.signing = replace(world.signing, broken=frozenset({TREES}))
    return ada


@pytest.mark.parametrize("petition", [TREES, f"{TREES}--flyer"])
def test_a_link_leads_to_the_other_petitions_and_says_why(ada: Talker, petition: str) -> None:
    ada.about(petition).does(ev.Open())
    there = ada.about(petition)
    assert LATER in there.reads()
    assert "Tell Salesforce to cancel" in there.reads()


def test_an_answer_in_progress_does_not_become_that_of_another_petition(ada: Talker) -> None:
    before = stored(ada, TREES)
    unaddressed = ada.about("")
    unaddressed.does(ev.Reply("94110"))
    assert LATER in unaddressed.reads()
    assert stored(ada, TREES) == before
    with ada.world.work() as work:
        person = work.signers.find(ada.signer)
        assert person
        assert work.conversations.get(person, SALESFORCE) is None


def test_a_name_that_no_petition_has_is_still_unknown(ada: Talker) -> None:
    assert "There's no petition by that name here." in ada.about("oaks").reads()
