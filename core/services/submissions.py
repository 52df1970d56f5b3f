"""Makes the signature of what was confirmed, and judges whether it may count at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.petition.form import FieldKind
from core.petition.mailbox import MailboxRules
from core.petition.petition import Petition
from core.petition.region import region_of
from core.ports import NewCode, Person
from core.signatures.quarantine import Case, Signals, Thresholds, suspicions
from core.signatures.signature import Signature, SignatureStatus, Submission


@dataclass(frozen=True, slots=True)
class Registrar:
    """Knows how mailboxes are spelt, and by which thresholds signatures are held back."""

    mailboxes: MailboxRules
    new_code: NewCode
    thresholds: Thresholds

    def signature(
        self, submission: Submission, petition: Petition, person: Person, signals: Signals, now: dt.datetime
    ) -> Signature:
        """The signature with all but its number; whether it counts is the ledger's to say."""
        address = petition.answered(FieldKind.EMAIL, submission.answers)
        mailbox = self.mailboxes.canonical(address) if address else None
        case = Case(
            petition.slug, person.signer, now, submission.label,
            petition.answered(FieldKind.NAME, submission.answers), mailbox or "",
            submission.opened_at, submission.refused, recognised=bool(person.details),
        )  # fmt: skip
        code = self.new_code()
        return Signature(
            petition=petition.slug,
            receipt="-".join((code[:4], code[4:8], code[8:])),
            referral=f"r{self.new_code().lower()}",
            number=0,
            status=SignatureStatus.COUNTED,
            digest=submission.digest,
            signed_at=now,
            platform=person.signer.platform,
            locale=submission.locale,
            label=submission.label,
            region=region_of(petition.fields, submission.answers),
            updates=submission.updates,
            mailbox=mailbox,
            answers=submission.answers,
            reason=" ".join(suspicions(case, self.thresholds.changed(signals.thresholds()), signals)),
        )
