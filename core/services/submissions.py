"""Makes the signature from a confirmed submission, and decides whether it may count at once."""

from __future__ import annotations

import datetime as dt

from core.petition.answers import handed_in
from core.petition.domain_names import domain_of, registered
from core.petition.form import FieldKind
from core.petition.petition import Petition
from core.petition.region import region_of
from core.ports import Person, UnitOfWork
from core.services.setup import SigningSetup
from core.signatures.consent import Consent, ConsentSubject, HandInChoice, UpdatesChoice
from core.signatures.contacts import usable_contacts
from core.signatures.origins import Lists, verdict_on
from core.signatures.parts import part_of
from core.signatures.quarantine import Case, suspicions
from core.signatures.signature import Signature, SignatureStatus, Submission


def make_signature(
    submission: Submission, petition: Petition, person: Person, work: UnitOfWork, now: dt.datetime,
    setup: SigningSetup,
) -> Signature:  # fmt: skip
    """The signature without its number, and the reasons to hold it back; the ledger decides whether it counts."""
    address = petition.answered(FieldKind.EMAIL, submission.answers)
    mailbox = setup.mailboxes.canonical(address) if address else None
    case = _case(submission, petition, person, (address, mailbox or ""), now, work.lists)
    return Signature(
        petition=petition.slug,
        receipt=_receipt(setup.new_code()),
        referral="",
        number=0,
        status=SignatureStatus.COUNTED,
        digest=submission.digest,
        signed_at=now,
        platform=person.signer.platform,
        locale=submission.locale,
        utc_offset=petition.utc_offset(now),
        label=submission.label,
        region=region_of(*petition.place(submission.answers)),
        updates=submission.updates and not submission.by_email,
        by_email=submission.updates and submission.by_email,
        mailbox=mailbox,
        contacts=usable_contacts(petition, submission.answers),
        domain=registered(domain_of(address)) if address else "",
        answers=submission.answers,
        reason="" if petition.is_trial else _reason(case, work, setup),
        named=petition.names(submission.answers),
    )


def consents_of(signature: Signature, petition: Petition, words: str) -> tuple[Consent, ...]:
    """The choices made with a new signature; `words` is the digest of the words that the review showed."""
    shown = tuple(field.name for field in handed_in(petition, signature.answers)) if signature.named else ()
    choices: tuple[tuple[ConsentSubject, str, tuple[str, ...]], ...] = (
        (ConsentSubject.HAND_IN, HandInChoice.NAME if signature.named else HandInChoice.NUMBER, shown),
        (ConsentSubject.UPDATES, _channel(signature), ()),
    )
    return tuple(
        Consent(subject, choice, signature.platform, signature.signed_at, signature.locale, words, answers)
        for subject, choice, answers in choices
    )


def _case(
    submission: Submission, petition: Petition, person: Person, addresses: tuple[str, str], now: dt.datetime,
    lists: Lists,
) -> Case:  # fmt: skip
    """The signature as the signals see it; `addresses` are the one that was given and its mailbox."""
    return Case(
        petition.slug, person.signer, now, submission.label,
        petition.signer_name(submission.answers), addresses[1],
        submission.opened_at, submission.probes, recognised=bool(person.details),
        verdict=verdict_on(addresses, submission.label, lists), part=part_of(person.id),
    )  # fmt: skip


def _reason(case: Case, work: UnitOfWork, setup: SigningSetup) -> str:
    """The signals against the signature."""
    return " ".join(suspicions(case, setup.thresholds.changed(work.signals.thresholds()), work.signals))


def _receipt(code: str) -> str:
    return "-".join((code[:4], code[4:8], code[8:]))


def _channel(signature: Signature) -> UpdatesChoice:
    if signature.by_email:
        return UpdatesChoice.EMAIL
    return UpdatesChoice.HERE if signature.updates else UpdatesChoice.NO
