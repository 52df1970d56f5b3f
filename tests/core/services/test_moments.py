"""Odd moments: media, long texts in parts, reserved words, and answers after a petition stopped."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.conversation.state import Conversation, Event, Overlay
from core.conversation.typed import Media, MediaKind
from core.petition.petition import PetitionStatus
from tests.core.services.test_decisions import decide
from tests.world import NOW, SALESFORCE, Talker, World

TO_REVIEW: tuple[Event, ...] = (ev.Begin(), ev.Reply("90210"))
COMMENTED: tuple[Event, ...] = (*TO_REVIEW, ev.Edit("comment"), ev.Reply("Because"))
STAGES: dict[str, tuple[Event, ...]] = {
    "cover": (ev.Open(),),
    "reading": (ev.Open(), ev.TurnPage(0)),
    "question": (ev.Begin(),),
    "refused": (ev.Begin(), ev.Reply("nowhere")),
    "edited": (*COMMENTED, ev.Edit("comment")),
    "privacy over a question": (*COMMENTED, ev.Edit("comment"), ev.Show(Overlay.PRIVACY)),
    "review": COMMENTED,
    "left": (*COMMENTED, ev.Open()),
    "finished": (*COMMENTED, ev.Confirm()),
}


def stored(person: Talker, petition: str = SALESFORCE) -> Conversation:
    """The conversation as it is stored."""
    with person.world.work() as work:
        found = work.signers.find(person.signer)
        conversation = work.conversations.get(found, petition) if found else None
    assert conversation
    return conversation


def part(text: str, seconds: int = 0, joint: str | None = "") -> ev.Reply:
    """A message that may be a part of a longer one."""
    return ev.Reply(text, NOW + dt.timedelta(seconds=seconds), joint)


@pytest.mark.parametrize("kind", MediaKind)
@pytest.mark.parametrize("stage", STAGES)
def test_what_is_not_text_changes_nothing(stage: str, kind: MediaKind) -> None:
    ada = World().person("Ada")
    ada.does(*STAGES[stage])
    before, screen = stored(ada), ada.screen
    ada.does(Media(kind), ev.Reply("  "), ev.Reply(""), ev.Correct(" "))
    after = stored(ada)
    assert replace(after, notice=None, revision=0) == replace(before, notice=None, revision=0)
    assert after.notice
    assert ada.screen.buttons == screen.buttons


def test_each_kind_gets_its_own_sentence() -> None:
    ada = World().person("Ada")
    ada.does(ev.Begin(), Media())
    assert ada.reads().startswith("I can only read text. Please type your answer.\n")
    ada.does(Media(MediaKind.VOICE))
    assert "Your postal code" in ada.reads()
    assert ada.reads().startswith("I can't listen to voice messages. Please type your answer.")
    ada.does(Media(MediaKind.CONTACT))
    assert ada.reads().startswith("We don't need your phone number, and we haven't stored it.")
    ada.does(ev.Reply("90210"), Media())
    assert ada.reads().startswith("I can only read text. Please choose one of the options shown.")


def test_an_album_is_answered_once_and_its_caption_is_text() -> None:
    world = World()
    ada = world.person("Ada")
    ada.does(ev.Begin())
    answers = [world.signing.handle(ada.signer, Media(album="7"), SALESFORCE) for _ in range(10)]
    assert [view.is_answered for view in answers] == [False, *[True] * 9]
    assert len({view.revision for view in answers}) == 1, "the buttons under the one answer work"
    world.signing.handle(ada.signer, ev.Reply("90210", album="8"), SALESFORCE)
    after = world.signing.handle(ada.signer, Media(album="8"), SALESFORCE)
    assert after.is_answered
    assert stored(ada).answers["postal_code"] == "90210"
    assert stored(ada).notice is None
    assert not world.signing.handle(ada.signer, Media(album="9"), SALESFORCE).is_answered


def test_an_album_whose_caption_is_a_button_is_answered_once() -> None:
    world = World()
    ada = world.person("Ada")
    ada.does(ev.Open(), ev.Reply("Sign", album="7"))
    assert world.signing.handle(ada.signer, Media(album="7"), SALESFORCE).is_answered
    assert "Your postal code" in ada.reads()


def test_a_text_in_two_parts_is_one_refusal_with_its_length() -> None:
    ada = World().person("Ada")
    ada.does(*COMMENTED, ev.Edit("comment"), part("x" * 4096))
    assert "4,096" in ada.reads()
    ada.does(part("x" * 904, 1, None))
    assert "5,000" in ada.reads()
    assert stored(ada).answers["comment"] == "Because"
    assert stored(ada).probes == 1
    ada.does(ev.Reply("Short"))
    assert stored(ada).answers["comment"] == "Short"


def test_a_text_in_three_parts_is_one_answer_where_the_limit_allows_it() -> None:
    world = World()
    petition = world.petitions[SALESFORCE]
    fields = tuple(replace(field, max_length=9000) if field.kind == "text" else field for field in petition.fields)
    world.petitions[SALESFORCE] = replace(petition, fields=fields)
    ada = world.person("Ada")
    ada.does(*COMMENTED, ev.Edit("comment"), part("a" * 4096), part("b" * 3000, 1, " "), part("Cancel", 1, None))
    assert stored(ada).answers["comment"] == "a" * 4096 + "b" * 3000 + " Cancel"
    assert stored(ada).probes == 0
    ada.does(ev.Edit("email"), part("no mail" * 700), ev.Back())
    assert "You're about to sign" in ada.reads()


def test_the_rest_of_a_text_that_comes_at_once_is_not_machine_speed() -> None:
    world = World()
    ada = world.person("Ada")
    ada.does(*COMMENTED, ev.Edit("comment"))
    world.now += dt.timedelta(seconds=20)
    ada.does(part("x" * 4096), part("x" * 904, 1, None))
    assert stored(ada).probes == 0


def test_a_later_text_is_not_a_part() -> None:
    ada = World().person("Ada")
    ada.does(*TO_REVIEW, ev.Edit("comment"), part("x" * 4096), part("Short", 60, None))
    assert stored(ada).answers["comment"] == "Short"
    assert stored(ada).probes == 1


@pytest.mark.parametrize("words", ["Cancel", "Back", "back", "Remove", "Skip", "Stop", "unsubscribe", "Confirm"])
def test_a_comment_may_be_the_words_of_a_button_that_is_not_there(words: str) -> None:
    ada = World().person("Ada")
    ada.does(*TO_REVIEW, ev.Edit("comment"))
    if words.lower() == "back":
        ada.does(ev.Reply(words))  # whose button is there
        assert "You're about to sign" in ada.reads()
        return
    ada.does(ev.Reply(words))
    assert stored(ada).answers["comment"] == words
    assert stored(ada).answers["postal_code"] == "90210"


def test_typed_words_erase_no_answer() -> None:
    ada = World().person("Ada")
    ada.does(*COMMENTED, ev.Edit("comment"), ev.Reply("Remove"))
    assert ada.reads().startswith("I haven't changed anything. To go ahead, choose “Remove”.")
    assert stored(ada).answers["comment"] == "Because"
    ada.does(ev.Back(), ev.Reply("cancel"))
    assert ada.reads().startswith("Canceled. You haven't signed. We've kept your answers in case you come back.")
    ada.does(ev.Reply("Discard and start over"))
    assert "choose “Discard and start over”" in ada.reads()
    assert stored(ada).answers["comment"] == "Because"
    ada.does(ev.Begin())
    assert "Comment: Because" in ada.reads()
    ada.does(ev.Cancel())
    assert stored(ada).answers == {}


GIVEN: tuple[tuple[str, tuple[Event, ...], Event, dict[str, str]], ...] = (
    ("typed", (ev.Begin(),), ev.Reply("90210"), {"postal_code": "90210"}),
    ("filled in", (ev.Open(),), ev.Answer({"postal_code": "90210", "comment": "Because"}), {"comment": "Because"}),
    ("corrected", (ev.Begin(), ev.Reply("9021")), ev.Correct("90210"), {"postal_code": "90210"}),
    ("edited", TO_REVIEW, ev.Edit("email"), {"postal_code": "90210"}),
    ("skipped", (*TO_REVIEW, ev.Edit("email")), ev.Skip(), {"postal_code": "90210"}),
    ("confirmed", TO_REVIEW, ev.Confirm(), {"postal_code": "90210"}),
    ("begun again", (*TO_REVIEW, ev.Open()), ev.Begin(), {"postal_code": "90210"}),
)


@pytest.mark.parametrize(("before", "event", "kept"), [row[1:] for row in GIVEN], ids=[row[0] for row in GIVEN])
@pytest.mark.parametrize("stopped", ["paused", "closed", "won", "over"])
def test_who_answers_after_a_petition_stopped_learns_it_at_once_and_loses_nothing(
    stopped: str, before: tuple[Event, ...], event: Event, kept: dict[str, str]
) -> None:
    world = World()
    world.petitions[SALESFORCE] = replace(world.petitions[SALESFORCE], closes=NOW.date())
    ada = world.person("Ada")
    ada.does(*before)
    if stopped == "over":
        world.now += dt.timedelta(days=1)
    else:
        status = {"paused": PetitionStatus.PAUSED, "closed": PetitionStatus.CLOSED, "won": PetitionStatus.VICTORY}
        decide(world, status[stopped], "We won.")
    ada.does(event)
    over = "closed at the end of"
    said = {"paused": "You can't sign right now", "closed": "Signing closed on", "won": "Victory!", "over": over}
    assert said[stopped] in ada.reads()
    assert "Your postal code" not in ada.reads()
    assert "“Sign”" not in ada.reads(), "that button is not there"
    assert kept.items() <= stored(ada).answers.items()
    decide(world, PetitionStatus.OPEN)
    world.now = NOW
    ada.does(ev.Open())
    assert "You haven't finished signing" in ada.reads()
    ada.taps("Sign")
    assert kept.items() <= stored(ada).answers.items()


def test_what_was_kept_can_be_erased_while_nobody_can_sign() -> None:
    world = World()
    ada = world.person("Ada")
    ada.does(ev.Begin())
    decide(world, PetitionStatus.CLOSED)
    ada.does(ev.Reply("90210"))
    assert "We've kept your answers in case signing opens again." in ada.reads()
    ada.taps("Erase my answers")
    assert stored(ada).answers == {}
    assert "Erase my answers" not in ada.reads()


def test_a_returning_signer_is_not_told_to_sign_while_it_is_paused() -> None:
    world = World()
    ada = world.person("Ada")
    ada.does(*TO_REVIEW, ev.Confirm(), ev.Withdraw())
    ben = world.person("Ben")
    ben.does(*TO_REVIEW, ev.Confirm())
    decide(world, PetitionStatus.PAUSED)
    ben.about(SALESFORCE).does(ev.Open())
    assert "“Sign”" not in ben.reads()
    ada.does(ev.Open())
    assert "“Sign”" not in ada.reads()
