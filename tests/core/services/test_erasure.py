"""Erased means erased: no repeated tap, delivery or look brings an account back."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.conversation import state as ev
from core.conversation.screen import View
from core.conversation.state import Event, Overlay
from core.conversation.typed import SendProof
from core.organizer.command import CommandLine
from core.organizer.service import OrganizerService
from core.signatures.signature import Signer
from core.updates import UpdateKind
from tests.core.conversation.events import events
from tests.core.services.test_signing import signed
from tests.effort import scaled
from tests.world import ORGANIZERS, SALESFORCE, TREES, World

ERASED = "We've erased everything about you"
LOOKS: tuple[Event, ...] = (
    *(ev.Show(overlay) for overlay in Overlay), ev.TurnPage(1), ev.ListSources(0), ev.ShowSource(1), ev.Back(),
    ev.SetUpdates(False), ev.SetUpdates(True), ev.Confirm(), ev.Withdraw(), ev.NotMe(), ev.Cancel(), ev.Skip(),
    ev.Edit("email"), ev.Remove("email"), ev.Correct("Ada"), ev.Reply("hello"), ev.Reply(""), ev.ListPetitions(),
    ev.SendData(), SendProof(), ev.Forget(),
)  # fmt: skip


def stored(world: World) -> Mapping[str, Any]:
    """Everything in the store."""
    with world.work() as work:
        values = {name: value for name, value in vars(work.draft).items() if name != "last_id"}  # type: ignore[attr-defined]
        return deepcopy(values)


def reads(world: World, view: View) -> str:
    person = world.person("reader")
    person.view = view
    return person.reads()


def test_erasing_twice_stores_nothing_and_says_erased_again() -> None:
    world = World()
    ada = signed(world, "Ada")
    ada.does(ev.Show(Overlay.FORGET))
    assert ada.view
    old = ada.view.revision
    for update_id in ("8", "9", "8", "9"):  # tapped twice, then both delivered again
        shown = world.signing.handle(ada.signer, ev.Forget(), SALESFORCE, update_id=update_id, revision=old)
        assert ERASED in reads(world, shown)
        assert stored(world)["people"] == {}


def test_whoever_comes_back_is_not_erased_by_the_old_update() -> None:
    world = World()
    ada = signed(world, "Ada")
    world.signing.handle(ada.signer, ev.Forget(), SALESFORCE, update_id="8")
    begun = world.signing.handle(ada.signer, ev.Begin(), SALESFORCE, update_id="9")
    again = world.signing.handle(ada.signer, ev.Forget(), SALESFORCE, update_id="8")
    assert again == begun


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_look_stores_nothing_about_an_unknown_account(look: Event) -> None:
    world, before = World(), stored(World())
    eve = Signer("test", "Eve", "Eve")
    for petition in (SALESFORCE, ""):
        for revision in (None, 0, 7):
            world.signing.handle(eve, look, petition, update_id=f"{petition}{revision}", revision=revision)
    assert stored(world) == before


def test_an_unknown_account_can_look_around_and_then_sign() -> None:
    world = World()
    eve = world.person("Eve")
    for look in (ev.TurnPage(0), ev.Show(Overlay.PRIVACY), ev.ShowSource(1)):
        assert eve.does(look).buttons
        assert eve.view
        assert eve.view.revision == 0
    eve.taps("Back to the petition")
    assert stored(world)["people"] == {}
    eve.taps("Sign")
    eve.does(ev.Reply("90210"), ev.Confirm())
    assert world.counted() == 1


@pytest.mark.parametrize(
    "begins", [ev.Open("elms"), ev.Open(), ev.Begin(), ev.SetLocale("es"), ev.Reply("Sign")], ids=str
)
def test_whatever_must_be_remembered_is(begins: Event) -> None:
    world = World()
    world.signing.handle(Signer("test", "Eve"), begins, SALESFORCE)
    assert len(stored(world)["people"]) == 1


@settings(max_examples=scaled(150))
@given(
    st.lists(st.tuples(events, st.sampled_from([SALESFORCE, TREES, ""]), st.booleans()), max_size=25),
    st.randoms(use_true_random=False),
)
def test_no_update_delivered_again_brings_an_erased_account_back(
    story: list[tuple[Event, str, bool]], random: Any
) -> None:
    world, ada = World(), Signer("test", "Ada", "Ada")
    revision: int | None = None
    delivered: list[tuple[Event, str, str, int | None]] = []
    for number, (event, petition, current) in enumerate([*story, (ev.Forget(), SALESFORCE, False)]):
        update = (event, petition, str(number), revision if current else None)
        revision = world.signing.handle(ada, event, petition, update_id=update[2], revision=update[3]).revision
        delivered.append(update)
    before = stored(world)
    assert before["people"] == before["conversations"] == {}
    random.shuffle(delivered)
    for event, petition, update_id, tapped in delivered:
        shown = world.signing.handle(ada, event, petition, update_id=update_id, revision=tapped)
        assert stored(world) == before
        remembered = (UpdateKind.ERASED, "test", update_id) in before["updates"]
        if petition and not isinstance(event, ev.ListPetitions) and (remembered or isinstance(event, ev.Forget)):
            assert ERASED in reads(world, shown)


def test_an_erased_organizer_is_not_stored_for_giving_commands() -> None:
    world = World()
    service, olga = OrganizerService(world.signing, ORGANIZERS), Signer("test", "Olga", "Olga")
    pause = CommandLine("pause", f"{SALESFORCE} yes")
    first = service.run(olga, pause, update_id="1")
    world.signing.handle(olga, ev.Open(), SALESFORCE, update_id="2")
    world.signing.handle(olga, ev.Forget(), SALESFORCE, update_id="3")
    assert service.run(olga, CommandLine("count"), update_id="4")
    again = service.run(olga, pause, update_id="1")
    assert first
    assert again
    assert first.screen != again.screen, "it ran once"
    assert stored(world)["people"] == {}
    assert len([entry for entry in stored(world)["audit_entries"].values() if "pause" in entry.what]) == 1


def test_commands_about_the_person_work_after_a_petitions_folder_was_removed() -> None:
    for event, words in (
        (ev.Show(Overlay.PRIVACY), "What we store"),
        (ev.Show(Overlay.FORGET), "Erase everything we store"),
        (ev.Forget(), ERASED),
    ):
        world = World()
        ada = world.person("Ada").about(TREES)
        ada.does(ev.Open("news"))
        del world.petitions[TREES]
        assert words in reads(world, world.signing.handle(ada.signer, event))
    assert stored(world)["people"] == {}
