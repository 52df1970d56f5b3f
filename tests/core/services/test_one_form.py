"""A form that is the signature: when it may be, what it proves, and where it leads otherwise."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.conversation.one_form import sheet_of
from core.conversation.screen import OneForm
from core.conversation.state import Event
from core.conversation.typed import SendForm
from core.petition.petition import Decision, Petition, PetitionStatus
from core.signatures.quarantine import Signal, Thresholds
from core.signatures.signature import SignatureStatus
from tests.core.services.test_consent import Archive
from tests.core.services.test_rereading import start_again
from tests.world import NOW, SALESFORCE, TREES, Talker, catalog, petitions

FORM = {"full_name": "Ada Lovelace", "postal_code": "90210", "show_name": "yes"}


def opened(ada: Talker, event: Event | None = None) -> OneForm | None:
    """The form that a surface would open now; opening it changes nothing."""
    view = ada.world.signing.handle(ada.signer, event or ev.Begin(), ada.petition, dry_run=True)
    return view.one_form


def sent(ada: Talker, values: dict[str, str] | None = None, **changes: object) -> SendForm:
    """The form, filled in and sent."""
    form = opened(ada)
    assert form
    return replace(SendForm(values or FORM, sheet=sheet_of(form, catalog(), "en")), **changes)  # type: ignore[arg-type]


def submits(ada: Talker, form: SendForm, update: str = "1") -> str:
    ada.view = ada.world.signing.handle(ada.signer, form, ada.petition, update_id=update)
    return ada.reads()


def test_sending_it_signs_with_the_words_that_it_showed() -> None:
    archive = Archive()
    ada = archive.world.person("Ada Lovelace")
    said = submits(ada, sent(ada, updates=True))
    assert "Thank you!" in said
    assert "Receipt" in said
    assert "as Ada Lovelace and 90210" in said, "what is handed in"
    assert "Withdraw" in said, "the way to undo it"
    assert ada.view
    assert ada.view.lasting
    (signature,) = archive.signatures
    assert (signature.named, signature.updates, signature.digest) == (
        True, True, archive.world.petitions[SALESFORCE].text("en").digest
    )  # fmt: skip
    proof = archive.proof(signature)
    assert proof[0] == "By submitting this form, you sign this letter to Salesforce CEO Marc Benioff:"
    assert "only if you choose “Yes”" in proof[1]
    assert proof[-2:] == ["Hand in your name?: Yes", "Send me updates: Yes"]


def test_an_update_that_comes_twice_and_a_second_form_sign_once() -> None:
    archive = Archive()
    ada = archive.world.person("Ada Lovelace")
    first, second = sent(ada), sent(ada)
    submits(ada, first)
    assert "Thank you!" in submits(ada, first), "the same update again"
    assert "already signed" in submits(ada, second, "2")
    assert archive.world.counted() == len(archive.signatures) == 1


@pytest.mark.parametrize("form", [{"sheet": None}, {"check": True}], ids=["older", "checking"])
def test_an_older_form_and_the_wish_to_check_lead_to_the_review(form: dict[str, object]) -> None:
    archive = Archive()
    ada = archive.world.person("Ada Lovelace")
    assert "about to sign" in submits(ada, replace(sent(ada), **form))  # type: ignore[arg-type]
    assert archive.signatures == []
    ada.taps("Confirm")
    assert archive.signatures[0].named


def test_a_wrong_answer_is_named_with_its_field_and_the_others_are_kept() -> None:
    archive = Archive()
    ada = archive.world.person("Ada Lovelace")
    submits(ada, sent(ada, {**FORM, "full_name": "http://a.example", "postal_code": "no"}))
    assert {prompt.field.name for prompt in ada.screen.prompts if prompt.error} == {"full_name", "postal_code"}
    assert archive.signatures == []
    assert "Thank you!" in submits(ada, sent(ada), "2"), "the corrected form is the signature"
    assert archive.signatures[0].answers["show_name"] == "yes"


def changed(petition: Petition) -> Petition:
    return replace(petition, target="the Board")


@pytest.mark.parametrize("begun", [False, True])
def test_a_text_that_changed_while_it_was_open_leads_to_the_review_and_says_what(*, begun: bool) -> None:
    archive = Archive({SALESFORCE: petitions()[SALESFORCE]})
    start_again(archive.world, petitions()[SALESFORCE])
    ada = archive.world.person("Ada Lovelace")
    if begun:
        submits(ada, sent(ada, {**FORM, "postal_code": "no"}), "0")
    form = sent(ada)
    start_again(archive.world, changed(petitions()[SALESFORCE]))
    said = submits(ada, form)
    assert "about to sign" in said
    assert "Since you read this, the target changed" in said
    assert archive.signatures == []
    ada.taps("Confirm")
    assert archive.signatures[0].digest == archive.world.petitions[SALESFORCE].text("en").digest


def test_words_about_the_data_that_changed_lead_to_the_review_too() -> None:
    archive = Archive()
    ada = archive.world.person("Ada Lovelace")
    form = sent(ada)
    archive.world.petitions[SALESFORCE] = changed(archive.world.petitions[SALESFORCE])  # with the digest of before
    assert "Something here has changed" in submits(ada, form)
    assert archive.signatures == []


def test_an_answer_that_the_form_did_not_show_leads_to_the_review() -> None:
    archive = Archive()
    ada = archive.world.person("Ada Lovelace")
    form = sent(ada)
    ada.does(ev.Begin(), ev.Answer({**FORM, "comment": "Typed in another window"}))
    assert "about to sign" in submits(ada, form)
    assert "Typed in another window" in ada.reads()


def test_a_petition_that_closed_meanwhile_signs_nothing() -> None:
    archive = Archive()
    ada = archive.world.person("Ada Lovelace")
    form = sent(ada)
    with archive.world.work() as work:
        work.decisions.save(SALESFORCE, Decision(PetitionStatus.CLOSED, since=NOW))
        work.commit()
    submits(ada, form)
    assert archive.signatures == []


@pytest.mark.parametrize(("seconds", "status"), [(2, SignatureStatus.QUARANTINED), (4, SignatureStatus.COUNTED)])
def test_the_time_that_it_was_open_counts_like_any_other(seconds: int, status: SignatureStatus) -> None:
    archive = Archive()
    with archive.world.work() as work:
        work.signals.set_threshold(Signal.TOO_FAST, Thresholds().too_fast)
        work.commit()
    ada = archive.world.person("Ada Lovelace")
    form = sent(ada, label="elm-club")
    archive.world.now += dt.timedelta(seconds=seconds)
    submits(ada, form)
    (signature,) = archive.signatures
    assert (signature.status, signature.label) == (status, "elm-club")


def test_a_time_in_the_future_is_now() -> None:
    archive = Archive()
    ada = archive.world.person("Ada Lovelace")
    form = sent(ada)
    assert form.sheet
    late = replace(form, sheet=replace(form.sheet, opened_at=NOW + dt.timedelta(days=1)))
    assert "Thank you!" in submits(ada, late)


def test_it_shows_every_answer_that_was_given_and_none_that_a_channel_for_updates_would_lose() -> None:
    ada = Archive().world.person("Ada Lovelace")
    form = opened(ada)
    assert form
    assert [prompt.field.name for prompt in form.prompts] == ["full_name", "postal_code", "show_name"]
    assert [prompt.field.name for prompt in form.others] == ["email", "comment"]
    ada.does(ev.Begin(), ev.Answer({"comment": "Because"}))
    form = opened(ada)
    assert form
    assert "comment" in [prompt.field.name for prompt in form.prompts]
    ada.does(ev.SetUpdates(wanted=True))
    assert opened(ada) is None
    assert opened(Archive().world.person("Ada").about(TREES), ev.Open()) is None, "nothing is asked yet"
