"""Consent: the hand-in names only those who chose it, and the proof has the words that were shown."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.conversation import state as ev
from core.conversation.screen import Button
from core.conversation.state import Event, Overlay
from core.messages import Message
from core.petition.petition import Petition
from core.signatures.consent import ConsentSubject
from core.signatures.signature import Signature
from tests.fakes import MemoryStore, MemoryUnitOfWork
from tests.world import SALESFORCE, TREES, Talker, World, parts_of, petitions

FORM = {"full_name": "Ada Lovelace", "postal_code": "90210"}
TO_REVIEW: tuple[Event, ...] = (ev.Begin(), ev.Answer(FORM))
NAMED = "Confirm, and hand in my name"


def asking() -> dict[str, Petition]:
    """The shipped petition, which asks, and one that asks in two languages."""
    trees = replace(petitions()[TREES], named_if="volunteer")
    return {SALESFORCE: petitions()[SALESFORCE], TREES: trees}


@dataclass
class Archive:
    """A world whose stored signatures and words can be looked at."""

    petitions: dict[str, Petition] = field(default_factory=asking)

    def __post_init__(self) -> None:
        self.store, lock = MemoryStore(), threading.Lock()
        self.world = World(work=lambda: MemoryUnitOfWork(self.store, lock), petitions=self.petitions)

    @property
    def signatures(self) -> list[Signature]:
        return [signature for _, signature in self.store.signatures.values()]

    def proof(self, signature: Signature) -> list[str]:
        """The words of the last choice, line by line."""
        return self.store.words[signature.consents[-1].words].splitlines()


def labels(person: Talker) -> list[str]:
    return [person.says(button.text) for row in person.screen.buttons for button in row]


@pytest.mark.parametrize(("label", "named"), [("Confirm", False), (NAMED, True)])
@pytest.mark.parametrize("typed", [True, False])
def test_the_last_two_buttons_ask_without_another_action(label: str, *, named: bool, typed: bool) -> None:
    archive = Archive()
    ada = archive.world.person("Ada Lovelace")
    ada.does(ev.Begin(), ev.Reply("90210"))
    assert labels(ada)[-2:] == ["Confirm", NAMED]
    shown = ada.reads()
    if typed:
        ada.does(ev.Reply(label))
    else:
        ada.taps(label)
    (signature,) = archive.signatures
    assert signature.named is named
    assert signature.answers["show_name"] == ("yes" if named else "no")
    assert [consent.choice for consent in signature.consents] == ["name" if named else "number", "no"]
    assert {consent.platform for consent in signature.consents} == {"test"}
    assert archive.proof(signature)[-1] == label
    assert all(line in shown for line in archive.proof(signature))
    assert ("as Ada Lovelace and 90210" if named else "as a number") in ada.reads()


@pytest.mark.parametrize(("choice", "named"), [("yes", True), ("no", False)])
def test_a_choice_made_in_a_form_is_shown_and_not_asked_again(choice: str, *, named: bool) -> None:
    archive = Archive()
    ada = archive.world.person("Ada Lovelace")
    ada.does(ev.Begin(), ev.Answer({**FORM, "show_name": choice}))
    assert labels(ada)[-1] == "Confirm"
    assert NAMED not in labels(ada)
    ada.does(ev.Reply("confirm"))
    (signature,) = archive.signatures
    assert signature.named is named
    assert f"Hand in your name?: {choice.capitalize()}" in archive.proof(signature)


def test_a_form_requires_the_choice_and_no_question_stops_for_it() -> None:
    ada = Archive().world.person()
    screen = ada.does(ev.Begin())
    (choice,) = [prompt for prompt in screen.form if prompt.field.name == "show_name"]
    assert choice.field.required
    assert [prompt.field.name for prompt in screen.prompts] == ["full_name", "postal_code"]


def test_words_that_changed_since_they_were_shown_are_shown_before_they_are_agreed_to() -> None:
    archive = Archive()
    ada = archive.world.person("Ada Lovelace")
    ada.does(*TO_REVIEW)
    archive.world.petitions[SALESFORCE] = replace(archive.world.petitions[SALESFORCE], target="the Board")
    ada.does(ev.Confirm())
    assert archive.signatures == []
    assert "has changed" in ada.reads()
    assert "the Board" in ada.reads()
    ada.taps("Confirm")
    assert "the Board" in archive.proof(archive.signatures[0])[0]


def test_a_review_from_before_the_petition_asked_is_shown_again() -> None:
    unasked = replace(petitions()[SALESFORCE], named_if="")
    archive = Archive({SALESFORCE: unasked})
    ada = archive.world.person("Ada Lovelace")
    assert "with your name and postal code, but none" in "\n".join(parts_of(ada.does(*TO_REVIEW), "en"))
    archive.world.petitions[SALESFORCE] = petitions()[SALESFORCE]
    ada.does(ev.Confirm())
    assert archive.signatures == []
    ada.taps("Confirm")
    assert archive.signatures[0].named is False


def test_a_petition_that_does_not_ask_says_so_and_keeps_that_promise() -> None:
    archive = Archive({SALESFORCE: replace(petitions()[SALESFORCE], named_if="")})
    ada = archive.world.person("Ada Lovelace")
    ada.does(*TO_REVIEW)
    assert NAMED not in labels(ada)
    ada.taps("Confirm")
    assert archive.signatures[0].named is True
    assert any("with your name and postal code, but none" in line for line in archive.proof(archive.signatures[0]))


@pytest.mark.parametrize(("button", "agreed"), [("Confirm", ()), (NAMED, ("reason",))])
def test_an_answer_is_handed_in_only_with_the_name_and_only_if_the_review_said_so(
    button: str, agreed: tuple[str, ...]
) -> None:
    archive = Archive()
    ada = replace(archive.world.person("Ada"), petition=TREES)
    told = "your answer to “Why are you signing?” only if"
    assert told not in "\n".join(parts_of(ada.does(ev.Begin(), ev.Answer(GOOD)), "en"))
    ada.does(ev.Edit("reason"))
    assert "this answer is too" in ada.reads()
    ada.does(ev.Reply("Shade"))
    assert told in ada.reads()
    ada.taps(button)
    (signature,) = archive.signatures
    assert [consent.answers for consent in signature.consents] == [agreed, ()]
    assert any(told in line for line in archive.proof(signature))


def test_a_review_from_before_an_answer_was_handed_in_is_shown_again() -> None:
    archive, trees = Archive(), asking()[TREES]
    unflagged = tuple(replace(field, hand_in=False) for field in trees.fields)
    archive.world.petitions[TREES] = replace(trees, fields=unflagged)
    ada = replace(archive.world.person("Ada"), petition=TREES)
    ada.does(ev.Begin(), ev.Answer({**GOOD, "reason": "Shade"}))
    archive.world.petitions[TREES] = trees
    ada.does(ev.Confirm(named=True))
    assert archive.signatures == []
    assert "your answer to" in ada.reads()
    ada.taps(NAMED)
    assert archive.signatures[0].consents[0].answers == ("reason",)


def test_nothing_suggests_that_the_target_gets_the_address() -> None:
    ada = Archive().world.person("Ada Lovelace")
    ada.does(ev.Begin(), ev.Answer({**FORM, "email": "ada@example.org"}))
    target = petitions()[SALESFORCE].target
    for screen in (ada.screen, ada.does(ev.Show(Overlay.PRIVACY))):
        for line in parts_of(screen, "en"):
            for sentence in line.split(". "):
                assert not (target in sentence and "email" in sentence) or "never your email" in sentence


def test_a_later_choice_about_updates_is_stored_with_its_words() -> None:
    archive = Archive()
    ada = archive.world.person("Ada Lovelace")
    ada.does(*TO_REVIEW, ev.Confirm())
    ada.taps("Send me updates")
    (signature,) = archive.signatures
    assert [consent.subject for consent in signature.consents] == [*ConsentSubject, ConsentSubject.UPDATES]
    assert archive.proof(signature) == ["Send me updates", "You'll get updates about this petition."]


words = st.sampled_from(["Confirm", NAMED, "Yes", "No", "Ada Lovelace", "90210", "US", "I rent", "Confirmar", "stop"])
forms = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from(["Ada Lovelace", "90210", "US", "tenant", "yes", "no", ""])
        for name in ("full_name", "postal_code", "show_name", "who", "country", "code", "role", "volunteer")
    },
)
GOOD = {"who": "Ada", "country": "US", "code": "90210", "role": "owner", **FORM}
steps = st.integers(0, 30) | words | forms | st.just(GOOD) | st.just({**GOOD, "show_name": "yes", "volunteer": "yes"})
ways = st.lists(steps, min_size=1, max_size=12)


def take(person: Talker, step: int | str | dict[str, str]) -> Event:
    """Take a step as a person can, with the buttons, words or form on the screen; what it meant there."""
    if isinstance(step, int):
        buttons: list[Button] = [button for row in person.screen.buttons for button in row if button.event]
        step = person.says(buttons[step % len(buttons)].text)
        event = person.button(step).event
        assert event
        person.taps(step)
        return event
    if isinstance(step, str):
        fitting = [button for row in person.screen.buttons for button in row if person.says(button.text) == step]
        person.does(ev.Reply(step))
        return (fitting[0].event if fitting else None) or ev.Reply(step)
    person.does(ev.Answer(step))
    return ev.Answer(step)


@given(st.sampled_from([SALESFORCE, TREES]), ways)
@example(SALESFORCE, [GOOD, "Confirm"])
@example(SALESFORCE, [GOOD, NAMED])
@example(TREES, [{**GOOD, "volunteer": "yes"}, "Confirm"])
@example(TREES, [GOOD, NAMED])
def test_whatever_way_a_signer_takes_the_name_is_handed_in_only_if_they_chose_that(
    slug: str, way: list[int | str | dict[str, str]]
) -> None:
    archive = Archive()
    ada = replace(archive.world.person("Ada Lovelace"), petition=slug)
    ada.does(ev.Open(), ev.Begin())
    for step in way:
        before = len(archive.signatures)
        lines, buttons = parts_of(ada.screen, ada.view.locale if ada.view else "en"), labels(ada)
        event = take(ada, step)
        if len(archive.signatures) == before:
            continue
        signature = archive.signatures[-1]
        yes = archive.world.signing.catalog.words(Message("option.yes"), signature.locale)
        in_form = any(line.endswith(f"?: {yes}") for line in lines)
        assert signature.named is (event == ev.Confirm(named=True) or in_form)
        *shown, label = archive.proof(signature)
        assert set(shown) <= set(lines)
        assert label in buttons
        assert signature.answers.get(archive.petitions[slug].named_if) == ("yes" if signature.named else "no")
        return
