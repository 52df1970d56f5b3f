"""The file that signers get: everything that is stored about them, no judgment, and nothing about anyone else."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.papers.data_page import as_json
from core.conversation import state as ev
from core.conversation.data_file import FIELDS
from core.conversation.my_data import AGAIN, MyData
from core.conversation.screen import View
from core.conversation.state import Conversation, Event, Overlay
from core.organizer.export import FileOrder, file_topic
from core.outbox import NewEntry
from core.petition.retention import PetitionRecord
from core.signatures.signature import SignatureStatus
from tests.fakes import MemoryStore, MemoryUnitOfWork
from tests.world import SALESFORCE, TREES, Talker, World, petitions

TREE_ANSWERS = {"who": "Ada Lovelace", "country": "US", "code": "90210", "role": "tenant", "mail": "ada@example.org"}


def ask(person: Talker, petition: str = "", *, update_id: str = "", revision: int | None = None) -> View:
    """Send /mydata, or tap the button on the screen of a revision."""
    signing = person.world.signing
    person.view = signing.handle(person.signer, ev.SendData(), petition, update_id=update_id, revision=revision)
    return person.view


def content(view: View) -> Mapping[str, Any]:
    """The file as a program reads it."""
    assert isinstance(view.data, MyData)
    parsed: Mapping[str, Any] = json.loads(as_json(view.data.content))
    return parsed


def sign(person: Talker, label: str = "") -> Talker:
    """Sign the petition about trees."""
    trees = person.about(TREES)
    trees.does(ev.Open(label), ev.Begin(), ev.Answer(TREE_ANSWERS), ev.Confirm())
    return trees


def test_the_file_has_account_signatures_and_conversations() -> None:
    world = World()
    ada = sign(world.person("Ada"), "news")
    ada.about(SALESFORCE).does(ev.Open(), ev.Begin(), ev.Reply("94110"), ev.Confirm(), ev.Withdraw())
    world.now += dt.timedelta(hours=1)
    file = content(ask(ada))
    assert file["format"] == "undersign-my-data/1"
    assert file["made_at"] == "2026-11-23T13:00:00Z"
    assert file["account"]["id"] == "Ada"
    assert file["account"]["first_contact_at"] == "2026-11-23T12:00:00Z"
    assert file["account"]["details"]["email"] == "ada@example.org"
    trees, salesforce = file["signatures"]
    assert (trees["title"], trees["source"], trees["answers"]) == ("Keep the elms of Elm Street", "news", TREE_ANSWERS)
    assert (trees["region"], trees["withdrawn_at"], trees["by_signers_link"]) == ("US-CA", None, False)
    assert (salesforce["answers"], salesforce["withdrawn_at"]) == ({}, "2026-11-23T12:00:00Z")
    assert {one["petition"]: one["step"] for one in file["conversations"]} == {
        TREES: "finished",
        SALESFORCE: "finished",
    }


def test_unfinished_answers_and_refused_ones_are_in_it() -> None:
    ada = World().person("Ada").about(TREES)
    ada.does(ev.Begin(), ev.Answer({"who": "Ada Lovelace", "mail": "ada"}))
    (talk,) = content(ask(ada, TREES))["conversations"]
    assert talk["answers"] == {"who": "Ada Lovelace"}
    assert talk["refused_answers"]["mail"]["message"].startswith("refused.")
    assert "probes" not in talk


def test_every_field_of_a_conversation_is_in_it() -> None:
    beside = {"petition", "stage", "label", "probes", "unfinished"}
    assert FIELDS.keys() | beside == set(Conversation.__dataclass_fields__)
    assert not FIELDS.keys() & beside


def test_an_account_that_never_signed_gets_its_file_and_an_unknown_one_reads_that_nothing_is_stored() -> None:
    world = World()
    ada = world.person("Ada")
    view = ask(ada)
    assert view.data is None
    assert "We store nothing about you." in ada.reads()
    ada.does(ev.Open("news"))
    file = content(ask(ada))
    assert file["signatures"] == []
    assert [one["source"] for one in file["conversations"]] == ["news"]


def test_it_comes_with_the_privacy_screen_and_back_leads_to_where_one_was() -> None:
    ada = World().person("Ada").about(TREES)
    ada.does(ev.Begin(), ev.Show(Overlay.PRIVACY))
    before = ada.reads()
    ada.taps("My data")
    assert ada.view
    assert ada.view.data
    assert ada.reads() == before
    ada.does(ev.Back())
    assert ada.view.data is None
    assert ada.screen.prompts


def test_it_is_not_sent_twice_within_a_minute() -> None:
    world = World()
    ada = sign(world.person("Ada"))
    assert ask(ada, TREES).data
    world.now += AGAIN - dt.timedelta(seconds=1)
    assert ask(ada, TREES).data is None
    assert "Try again in a minute." in ada.reads()
    world.now += dt.timedelta(seconds=1)
    assert ask(ada, TREES).data
    world.now -= dt.timedelta(days=1)  # a clock that was wrong
    assert ask(ada, TREES).data


def test_an_update_delivered_again_sends_it_again_and_a_second_tap_does_not() -> None:
    ada = sign(World().person("Ada"))
    ada.does(ev.Show(Overlay.PRIVACY))
    assert ada.view
    shown = ada.view.revision
    assert ask(ada, TREES, update_id="1", revision=shown).data
    assert ask(ada, TREES, update_id="2", revision=shown).data is None, "a double tap"
    assert ask(ada, TREES, update_id="1", revision=shown).data, "the process died before it sent it"


@pytest.mark.parametrize("status", SignatureStatus)
def test_no_judgement_is_in_it(status: SignatureStatus) -> None:
    files = []
    for is_judged in (False, True):
        store = MemoryStore()
        world = World(work=lambda store=store: MemoryUnitOfWork(store, threading.Lock()))  # type: ignore[misc]
        ada = sign(world.person("Ada"))
        if is_judged and status is not SignatureStatus.WITHDRAWN:
            for key, (owner, stored) in store.signatures.items():
                store.signatures[key] = (owner, replace(stored, status=status, reason="burst name", accepted=True))
        files.append(as_json(ask(ada, TREES).data.content))  # type: ignore[union-attr]
    assert files[0] == files[1]
    assert "burst" not in files[1]


def test_nobody_reads_whose_link_brought_them() -> None:
    world = World()
    ada = sign(world.person("Ada"))
    link = world.signing.profile(ada.signer).referrals[TREES]
    ben = sign(world.person("Ben"), link)
    file = content(ask(ben, TREES))
    assert link not in repr(file)
    assert "own~" not in repr(file)
    assert [one["by_signers_link"] for one in (*file["signatures"], *file["conversations"])] == [True, True]
    assert file["signatures"][0]["share_link"] == world.signing.profile(ben.signer).referrals[TREES]
    assert link in repr(content(ask(ada, TREES))), "their own"


def test_a_petition_whose_folder_was_removed_is_in_it_with_its_title() -> None:
    world = World()
    ada = sign(world.person("Ada"))
    with world.work() as work:
        work.records.remember(PetitionRecord.of(petitions()[TREES], world.now))
        work.commit()
    del world.petitions[TREES]
    (signature,) = content(ask(ada))["signatures"]
    assert (signature["title"], signature["answers"]["who"]) == ("Keep the elms of Elm Street", "Ada Lovelace")


def test_what_waits_in_the_outbox_is_in_it() -> None:
    world = World()
    ada = sign(world.person("Ada", "telegram"))
    with world.work() as work:
        person = work.signers.find(ada.signer)
        assert person
        order = {"user_id": "Ada", "petition": TREES, "form": "csv", "locale": "en"}
        assert FileOrder(**order)
        work.outbox.put([NewEntry(file_topic("telegram"), "key", world.now, order, person=person.id)])
        work.outbox.put([NewEntry(file_topic("telegram"), "other", world.now, order, person=person.id + 1)])
        work.commit()
    assert content(ask(ada))["waiting"] == [
        {"kind": "files.telegram", "due_at": "2026-11-23T12:00:00Z", "content": order, "readable": True}
    ]


def test_after_everything_is_erased_there_is_nothing_in_it() -> None:
    world = World()
    ada = sign(world.person("Ada"))
    assert ask(ada, TREES).data
    ada.does(ev.Forget())
    for petition in ("", TREES, SALESFORCE):
        assert ask(ada, petition).data is None
        assert "We store nothing about you." in ada.reads()


# --- any conversation

WORDS = {0: "alfa bravo charlie delta", 1: "xray yankee zulu whisky"}
"""Words that only one of two people ever types."""


def typed(person: int) -> st.SearchStrategy[tuple[Event, ...]]:
    """Events with this person's own words, in fields of every kind that takes words."""
    word = st.sampled_from(WORDS[person].split())
    values = st.fixed_dictionaries(
        {},
        optional={
            "who": word.map(str.title), "full_name": word.map(str.title), "reason": word, "comment": word,
            "mail": word.map("{}@example.org".format), "email": word.map("{}@example.org".format),
            "country": st.just("US"), "code": st.just("90210"), "postal_code": st.just("90210"),
            "role": st.just("tenant"),
        },
    )  # fmt: skip
    plain: st.SearchStrategy[Event] = st.sampled_from(
        [
            ev.Begin(), ev.Confirm(), ev.Confirm(), ev.Skip(), ev.Back(), ev.Cancel(), ev.NotMe(), ev.Withdraw(),
            ev.Forget(), ev.SetUpdates(wanted=True), ev.Open("news"), ev.Edit("mail"), ev.Edit("comment"),
        ]
    )  # fmt: skip
    first = WORDS[person].split()[0].title()
    needed = {**TREE_ANSWERS, "who": first, "full_name": first, "postal_code": "90210"}
    signing = values.map(lambda more: (ev.Begin(), ev.Answer({**needed, **more}), ev.Confirm()))
    alone = st.builds(ev.Answer, values) | word.map(ev.Reply) | plain
    return signing | alone.map(lambda event: (event,))


turns = st.lists(
    st.integers(0, 1).flatmap(
        lambda person: st.tuples(st.just(person), st.sampled_from([SALESFORCE, TREES]), typed(person))
    ),
    max_size=30,
)


@given(turns)
def test_every_answer_is_in_the_file_of_its_signer_and_in_no_other(
    script: list[tuple[int, str, tuple[Event, ...]]],
) -> None:
    store, lock = MemoryStore(), threading.Lock()
    world = World(work=lambda: MemoryUnitOfWork(store, lock))
    people = [world.person("", "test", str(number)) for number in WORDS]
    for person, petition, events in script:
        people[person].about(petition).does(*events)
    files = [as_json(view.data.content) if isinstance(view.data, MyData) else "" for view in map(ask, people)]
    held = repr([store.people, store.conversations, store.signatures]).lower()
    for number, words in WORDS.items():
        for word in words.split():
            assert (word in files[number].lower()) == (word in held), word
            assert word not in files[1 - number].lower()
