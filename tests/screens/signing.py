"""Screens during and after signing: questions, refusals, the review, the receipt."""

from __future__ import annotations

from dataclasses import replace

from core.conversation import state as ev
from core.conversation.screen import View
from core.conversation.state import Overlay
from core.conversation.typed import SendForm, SendProof
from core.messages import Message
from core.petition.form import Elsewhere, Field, FieldKind
from core.petition.petition import Decision, PetitionStatus
from core.text.document import Block, BlockKind, Document, Span
from tests.screens.reading import variant
from tests.screens.studio import CHATS, GOOD, Studio
from tests.world import SALESFORCE, TREES, Talker, petitions

ASKED, REFUSED, REVIEW, AFTER = "Questions", "Rejected answers", "The review", "After signing"


def questions(studio: Studio) -> None:
    """Every kind of field, asked; and the form that asks all at once on Discord."""
    petition = variant(fields=tuple(replace(one, required=True) for one in petitions()[TREES].fields))
    other = Studio(studio.album, studio.locale, petition)
    ada = other.person("", TREES)
    answers = {**GOOD, "volunteer": "yes", "mail": "ada@example.org"}
    ada.does(ev.Open(), ev.Begin())
    assert ada.view
    other.form(ASKED, "The form", ada.view)
    for field in petition.fields:
        other.does(ASKED, f"A question: {field.kind.value.replace('_', ' ')}", ada)
        if field.name in answers:
            ada.does(ev.Answer({field.name: answers[field.name]}))
    _own_captions(studio)
    _about_countries(studio)
    _signing_forms(studio)
    ben = studio.person("Ben", TREES)
    studio.does(ASKED, "Back to an earlier answer", ben, ev.Begin(), ev.Answer({"country": "US"}), ev.Back())
    studio.does(ASKED, "Canceled", ben, ev.Cancel())


def _signing_forms(studio: Studio) -> None:
    """The form that is the signature, and the answer to one that is wrong."""
    ada = studio.person("", SALESFORCE)
    ada.does(ev.Open(), ev.Begin())
    assert ada.view
    studio.form(ASKED, "The form that is the signature", ada.view)
    wrong = {"full_name": "123", "postal_code": "nope", "show_name": "yes"}
    studio.does(REFUSED, "A form with two wrong answers", ada, SendForm(wrong))
    cem = studio.person("Cem", SALESFORCE)
    studio.does(REFUSED, "A form with a wrong and a missing answer", cem, ev.Begin(), SendForm({"full_name": "123"}))
    code = Field("code", FieldKind.POSTAL_CODE, required=True, country="GS", elsewhere=Elsewhere.ACCEPT)
    other = Studio(studio.album, studio.locale, variant(fields=(code,)))
    ben = other.person("", TREES)
    ben.does(ev.Begin())
    assert ben.view
    other.form(ASKED, "A form for a country with a long name", ben.view)


def _own_captions(studio: Studio) -> None:
    """Fields that a petition gives no caption, so that the product's words are shown."""
    kinds = (FieldKind.NAME, FieldKind.EMAIL, FieldKind.PHONE, FieldKind.POSTAL_CODE, FieldKind.COUNTRY, FieldKind.TEXT)
    fields = tuple(Field("comment" if kind is FieldKind.TEXT else kind.value, kind, required=True) for kind in kinds)
    text = replace(petitions()[TREES].text(studio.locale), captions={}, hints={})
    other = Studio(studio.album, studio.locale, variant(fields=fields, texts={studio.locale: text}))
    shown = other.person("", TREES).world.signing.handle(other.person("", TREES).signer, ev.Begin(), TREES)
    other.form(ASKED, "The form, where the petition has no words of its own", shown)


def _about_countries(studio: Studio) -> None:
    """Questions for a postal code, whose words depend on the country; and a statement to agree to."""
    code, country = Field("code", FieldKind.POSTAL_CODE, required=True), Field("country", FieldKind.COUNTRY)
    only = replace(code, country="US")
    for title, *fields in (
        ("A postal code, before the country", code, replace(country, required=True)),
        ("A postal code, of the petition's country", only, country),
        ("A postal code, of one country only", only),
        ("A postal code, or the country", replace(only, elsewhere=Elsewhere.ACCEPT)),
        ("A statement to agree to", Field("role", FieldKind.AGREE, required=True)),
    ):
        other = Studio(studio.album, studio.locale, variant(fields=tuple(fields)))
        other.does(ASKED, title, other.person("", TREES), ev.Begin())


def _refusals_by_country(studio: Studio) -> None:
    code = Field("code", FieldKind.POSTAL_CODE, required=True, country="US")
    for title, field, value in (
        ("A postal code, where only one country's count", code, "nope"),
        ("Neither a postal code nor a country", replace(code, elsewhere=Elsewhere.ACCEPT), "nope"),
        ("A state that is also a country", replace(code, elsewhere=Elsewhere.ACCEPT), "Georgia"),
        ("A postal code of no country", replace(code, country=None), "nope"),
        ("A phone number", Field("phone", FieldKind.PHONE), "12"),
        ("A statement that is not agreed to", Field("role", FieldKind.AGREE, required=True), "no"),
    ):
        other = Studio(studio.album, studio.locale, variant(fields=(field,)))
        other.does(REFUSED, title, other.person("", TREES), ev.Begin(), ev.Answer({field.name: value}))


def refusals(studio: Studio) -> None:
    """Every reason for which an answer is refused."""
    for name, value, title in (
        ("who", " ", "Nothing"),
        ("who", "Ada\x00", "Characters that cannot be stored"),
        ("who", "x" * 200, "Too long"),
        ("who", "=Ada", "A name that begins like a formula"),
        ("who", "https://example.org", "A link as a name"),
        ("who", "123", "A name without letters"),
        ("country", "Nowhere", "An unknown country"),
        ("country", "Congo", "A name of two countries"),
        ("code", "nope", "A postal code"),
        ("role", "landlord", "None of the options"),
        ("mail", "ada", "An email address"),
        ("mail", "ada@gmial.com", "A mistyped mail domain"),
    ):
        person = studio.person(f"Person {title}", TREES)
        person.does(ev.Begin(), ev.Answer(GOOD), ev.Edit(name))
        studio.does(REFUSED, title, person, ev.Answer({name: value}))
    _refusals_by_country(studio)
    person = studio.person("Emptied", TREES)
    person.does(ev.Begin(), ev.Answer({**GOOD, "reason": "Shade"}))
    studio.does(REFUSED, "An optional answer that came back empty", person, ev.Answer({"reason": ""}))
    person = studio.person("Form", TREES)
    person.does(ev.Begin(), ev.Answer({"who": "Ada", "country": "Nowhere", "code": "x" * 99, "role": "landlord"}))
    assert person.view
    studio.form(REFUSED, "The form with several refused answers", person.view)


def reviews(studio: Studio) -> None:
    """The last screen before a signature."""
    ada = studio.person(petition=TREES)
    studio.does(REVIEW, "The review", ada, ev.Begin(), ev.Answer(GOOD))
    studio.does(REVIEW, "With updates", ada, ev.SetUpdates(wanted=True))
    studio.does(REVIEW, "The channel for updates, with the address", ada, ev.SetUpdates(wanted=True, by_email=True))
    studio.does(REVIEW, "With updates by email", ada, ev.Answer({"mail": "ada@example.org"}))
    studio.does(REVIEW, "The answers to edit", ada, ev.Show(Overlay.FIELDS))
    ada.does(ev.Back())
    studio.does(REVIEW, "Privacy, from the review", ada, ev.Show(Overlay.PRIVACY))
    studio.does(REVIEW, "An answer is edited", ada, ev.Back(), ev.Begin(), ev.Edit("reason"))
    studio.does(REVIEW, "An answer is handed in", ada, ev.Answer({"reason": "Shade"}))
    studio.does(REVIEW, "An optional answer is edited", ada, ev.Edit("reason"))
    _long_letter(studio)
    _changed_text(studio)
    _names(studio)
    _phone(studio)


def _names(studio: Studio) -> None:
    """The question about the name in the hand-in, on the review and in a form, and words that have changed."""
    asks, fields = variant(named_if="volunteer"), petitions()[TREES].fields
    other = Studio(studio.album, studio.locale, asks)
    ada = other.person(petition=TREES)
    other.does(REVIEW, "The name is asked for", ada, ev.Begin(), ev.Answer(GOOD))
    other.does(REVIEW, "The form asked for the name", ada, ev.Answer({"volunteer": "no"}))
    other.petitions[TREES] = replace(asks, organizer="Friends of the Elms")
    other.does(REVIEW, "What is handed in has changed meanwhile", ada, ev.Confirm())
    other.does(AFTER, "Signed, as a number", ada, ev.Confirm())
    ben = studio.person("", SALESFORCE)
    ben.does(ev.Begin())
    assert ben.view
    studio.form(ASKED, "The form, with the question about the name", ben.view)
    nameless = variant(fields=tuple(field for field in fields if field.kind is not FieldKind.NAME))
    cem = Studio(studio.album, studio.locale, nameless).person("", TREES)
    studio.does(REVIEW, "A petition that asks for no names", cem, ev.Begin(), ev.Answer(GOOD))


def _phone(studio: Studio) -> None:
    """The lines of the review about a phone number."""
    fields = (*petitions()[TREES].fields, Field("tel", FieldKind.PHONE))
    other = Studio(studio.album, studio.locale, variant(fields=fields))
    ada = other.person(petition=TREES)
    ada.does(ev.Begin(), ev.Answer({**GOOD, "tel": "415 555 2671", "mail": "ada@example.org"}))
    other.does(REVIEW, "With a phone number, and updates by email", ada, ev.SetUpdates(wanted=True, by_email=True))


def _long_letter(studio: Studio) -> None:
    letter = Document(tuple(Block(BlockKind.PARAGRAPH, (Span("The elms are healthy. " * 30),)) for _ in range(4)))
    text = replace(petitions()[TREES].text(studio.locale), letter=letter)
    other = Studio(studio.album, studio.locale, variant(texts={studio.locale: text}, closes=None))
    ada = other.person(petition=TREES)
    other.does(REVIEW, "A long letter, of a petition without an end", ada, ev.Begin(), ev.Answer(GOOD))


def _changed_text(studio: Studio) -> None:
    other = Studio(studio.album, studio.locale, variant())
    ada = other.person(petition=TREES)
    ada.does(ev.Begin(), ev.Answer(GOOD))
    before = other.petitions[TREES].texts
    changed = {language: replace(text, digest="0" * 64) for language, text in before.items()}
    other.petitions[TREES] = variant(texts=changed)
    other.does(REVIEW, "The text has changed meanwhile", ada, ev.Confirm())
    ada.does(ev.Begin(), ev.Confirm())
    other.petitions[TREES] = variant()
    other.does(AFTER, "My signature, under an earlier text", ada, ev.Show(Overlay.SIGNATURES))


def afterwards(studio: Studio) -> None:
    """The receipt, and what can be done with a signature."""
    for number in range(6):
        _signs(studio.person(f"Person {number}", TREES), "newsletter")
    ada = _signs(studio.person(petition=TREES), "newsletter")
    studio.does(AFTER, "Signed", ada)
    page = Message("proof.page", {"page": "petitions.example.org/p/town-trees/verify"})
    studio.does(AFTER, "The proof isn't ready", ada, SendProof())
    studio.does(AFTER, "No proof without a signature", studio.person("Eve"), SendProof())
    for surface, how in zip(CHATS, (page, Message("proof.command"), page), strict=True):
        studio.sentence(surface, AFTER, "With the proof", Message("proof.sent", {"how": how}))
    studio.does(AFTER, "Updates on", ada, ev.SetUpdates(wanted=True))
    studio.does(AFTER, "Updates off", ada, ev.SetUpdates(wanted=False))
    studio.does(AFTER, "Share your own link", ada, ev.Show(Overlay.SHARE))
    studio.does(AFTER, "My signatures", ada, ev.Open(), ev.Show(Overlay.SIGNATURES))
    studio.does(AFTER, "Signed already", ada, ev.Open(), ev.Begin())
    ada.about(SALESFORCE).does(ev.Begin(), ev.Answer({"postal_code": "90210"}), ev.Confirm())
    studio.does(AFTER, "Two signatures", ada, ev.Show(Overlay.SIGNATURES))
    studio.does(AFTER, "Withdraw?", ada, ev.Show(Overlay.WITHDRAW))
    studio.does(AFTER, "Withdrawn", ada, ev.Withdraw())
    over = Studio(studio.album, studio.locale, variant())
    ben = _signs(over.person("Ben", TREES))
    with over.world.work() as work:
        work.decisions.save(TREES, Decision(PetitionStatus.CLOSED, since=over.world.now))
        work.commit()
    over.does(AFTER, "Withdrawn after signing has closed", ben, ev.Withdraw())
    _on_discord(studio)


def _signs(person: Talker, label: str = "") -> Talker:
    person.does(ev.Open(label), ev.Begin(), ev.Answer(GOOD), ev.Confirm())
    return person


def _on_discord(studio: Studio) -> None:
    """Sharing where the bot is a member: others are there to pass the petition on to."""
    ada = _signs(studio.person("Discord", TREES))
    ada.does(ev.Open(), ev.Show(Overlay.SHARE))
    assert isinstance(ada.view, View)
    studio.in_company(AFTER, "Share, in a server", ada.view)
    public = Studio(studio.album, studio.locale, public="https://petitions.example.org")
    ben = _signs(public.person("Ben", TREES))
    ben.does(ev.Open(), ev.Show(Overlay.SHARE))
    assert isinstance(ben.view, View)
    public.in_company(AFTER, "Share, where there is a web page", ben.view)
