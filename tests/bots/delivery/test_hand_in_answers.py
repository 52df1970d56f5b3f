"""The hand-in: answers that a signer was told about, of counted and named signers; words for all the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bots.delivery.hand_in import NOT_COUNTED
from bots.delivery.hand_in_answers import AnswerCensus
from bots.papers.hand_in_content import AnswerCount
from core.messages import Message
from core.petition.form import Field, FieldKind
from core.petition.petition import Petition
from core.signatures.consent import Consent, ConsentSubject, HandInChoice
from core.signatures.signature import Signature, SignatureStatus
from tests.core.conversation.stories import SIGNED
from tests.world import NOW, TREES, catalog, petitions

ANSWERS = {"who": "Ada", "role": "owner", "volunteer": "yes", "reason": "Shade.\n\n  For my children. "}
ANSWERED = Message("handin.answered")
ALL = ("role", "volunteer", "reason")


def asking(*names: str, more: tuple[Field, ...] = ()) -> Petition:
    """The petition, handing in the answers to these fields."""
    trees = petitions()[TREES]
    fields = tuple(replace(field, hand_in=field.name in names) for field in trees.fields)
    return replace(trees, fields=(*fields, *more))


def signed(*agreed: str, **changed: str) -> Signature:
    """A signature that was told about these answers."""
    consent = Consent(ConsentSubject.HAND_IN, HandInChoice.NAME, "test", NOW, "en", "w", agreed)
    return replace(SIGNED, petition=TREES, answers={**ANSWERS, **changed}, named=True, consents=(consent,))


def census(petition: Petition, language: str = "en") -> AnswerCensus:
    return AnswerCensus(petition, petition.text(language), catalog(), language)


def test_choices_and_texts_become_lines_and_counts() -> None:
    answers = census(asking(*ALL))
    assert answers.lines(signed(*ALL)) == (
        "Tenant or owner? I own my home", "Will you help water them? Yes", "Shade.", "For my children.",
    )  # fmt: skip
    assert answers.lines(signed("role", role="tenant")) == ("Tenant or owner? I rent",)
    assert answers.questions() == (
        AnswerCount("Tenant or owner?", (("I rent", 1), ("I own my home", 1))),
        AnswerCount("Will you help water them?", (("Yes", 1), ("No", 0))),
        AnswerCount("Why are you signing?", ((catalog().text(ANSWERED, "en"), 1),)),
    )


def test_the_language_is_that_of_the_hand_in() -> None:
    petition = asking("role")
    expected = petition.text("es").options["role"]["owner"]
    (line,) = census(petition, "es").lines(signed("role"))
    assert line.endswith(f"? {expected}")


@pytest.mark.parametrize(
    ("flagged", "agreed"),
    [
        (ALL, ()),  # signed before the fields were handed in
        ((), ALL),  # the organizer no longer hands them in
        (("role",), ("reason",)),
    ],
)
def test_only_what_was_agreed_to_and_is_still_asked_for_is_handed_in(
    flagged: tuple[str, ...], agreed: tuple[str, ...]
) -> None:
    answers = census(asking(*flagged))
    assert answers.lines(signed(*agreed)) == ()
    assert answers.questions() == ()


def test_signatures_without_a_stored_choice_hand_in_nothing() -> None:
    assert census(asking(*ALL)).lines(replace(signed(), consents=(), named=None)) == ()


def test_several_texts_have_their_captions() -> None:
    other = Field("comment", FieldKind.TEXT, hand_in=True)
    lines = census(asking("reason", more=(other,))).lines(signed("reason", "comment", comment="Plant more"))
    assert lines == ("Why are you signing?", "Shade.", "For my children.", "Comment:", "Plant more")


def test_an_option_that_the_form_no_longer_has_is_counted() -> None:
    answers = census(asking("role"))
    assert answers.lines(signed("role", role="guest")) == ("Tenant or owner? guest",)
    assert answers.questions()[0].options[-1] == ("guest", 1)


def test_an_answer_of_very_many_lines_is_joined() -> None:
    lines = [str(number) for number in range(21)]
    answers = census(asking("reason"))
    assert answers.lines(signed("reason", reason="\n".join(lines))) == (" / ".join(lines),)
    assert answers.lines(signed("reason", reason="\n".join(lines[1:]))) == tuple(lines[1:])


def test_every_status_that_does_not_count_has_words() -> None:
    assert {status.value for status in SignatureStatus} - {"counted"} <= set(NOT_COUNTED)
    assert all(catalog().text(message, "en") != message.key for message in NOT_COUNTED.values()), "each has words"
