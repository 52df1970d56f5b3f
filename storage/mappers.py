"""Convert rows to core values and back, sealing and opening personal data along the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from core.conversation.state import Conversation
from core.errors import KeyDestroyedError, SealError
from core.petition.label import PERSONAL
from core.petition.petition import Decision, PetitionStatus
from core.ports import Person
from core.signatures.consent import Consent
from core.signatures.contacts import opt_in
from core.signatures.review import StatusChange
from core.signatures.signature import Signature, SignatureStatus, Signer, day_of, hour_of
from core.updates import UpdateKind
from storage.contexts import AnyRow, context_of
from storage.vault import Vault

_CONVERSATION = TypeAdapter(Conversation)
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # those of codes: no card tells whether its owner signed
_PAIRS = [first + second for second in _LETTERS for first in _LETTERS]
_REGION, _DOMAIN, _CONSENTS = "@region", "@domain", "@consents"  # stored with the answers; no field has these names
_CONSENT_LIST = TypeAdapter(tuple[Consent, ...])


def fingerprint_of(signer: Signer, vault: Vault) -> str:
    """The fingerprint used to find an account."""
    return vault.fingerprint("signer", signer.platform, signer.user_id)


def fingerprint_of_organizer(signer: Signer, vault: Vault) -> str:
    """The fingerprint used to find an organizer's account."""
    return vault.fingerprint("organizer", signer.platform, signer.user_id)


def seen_ids(person: Person) -> str:
    """The column of the ids of updates that a person sent."""
    return " ".join(person.seen)


def fingerprint_of_update(kind: UpdateKind, platform: str, update_id: str, vault: Vault) -> str:
    """The fingerprint of an update, without its account."""
    return vault.fingerprint("update", kind.value, platform, update_id)


def person_to_row(person: Person, vault: Vault) -> dict[str, Any]:
    """The columns of a person that can change."""
    who = fingerprint_of(person.signer, vault)
    return {
        "locale": person.locale,
        "focus": person.focus,
        "seen": seen_ids(person),
        "sealed": _seal_person(who, person, vault),
    }


def _seal_person(who: str, person: Person, vault: Vault) -> bytes:
    """Seal an account and its details, for the row with the fingerprint `who`."""
    content: dict[str, Any] = {"user_id": person.signer.user_id, "details": dict(person.details)}
    if person.reads_whole is not None:
        content["reads_whole"] = person.reads_whole
    return vault.seal(content, *context_of("signers", {"fingerprint": who}), petition=person.home)


def row_to_person(row: AnyRow, signer: Signer, home: str, vault: Vault) -> Person:
    """The person in a row, talking as `signer`; without details if the key to them was destroyed."""
    try:
        sealed = _open(row, "signers", vault)
    except KeyDestroyedError:
        sealed = {"details": {}}
    return Person(
        row["id"], signer, row["locale"], row["focus"], sealed["details"], tuple(row["seen"].split()),
        row["reachable"], home, sealed.get("reads_whole"),
    )  # fmt: skip


def row_to_signer(row: AnyRow, vault: Vault) -> Signer:
    """The account in a row, to write to it or to erase it."""
    return Signer(row["platform"], _open(row, "signers", vault)["user_id"], language=row["locale"])


def row_to_decision(row: AnyRow) -> Decision:
    """The decision in a row."""
    return Decision(PetitionStatus(row["status"]), row["goal"], row["words"], row["since"], row["erased_at"])


def conversation_to_row(signer_id: int, conversation: Conversation, vault: Vault) -> dict[str, Any]:
    """The columns of a conversation, except its time."""
    key = {"signer_id": signer_id, "petition": conversation.petition}
    content = _CONVERSATION.dump_json(conversation, exclude_defaults=True)
    sealed = vault.seal_bytes(content, *context_of("conversations", key), petition=conversation.petition)
    return {**key, "stage": conversation.stage.value, "sealed": sealed}


def row_to_conversation(row: AnyRow, vault: Vault) -> Conversation | None:
    """The stored conversation; None if this version cannot read it, or its petition was erased."""
    try:
        return open_conversation(row, vault)
    except KeyDestroyedError:
        return None


def open_conversation(row: AnyRow, vault: Vault) -> Conversation | None:
    """Open the stored conversation; None if this version cannot read it. Raises SealError."""
    content = vault.open_bytes(row["sealed"], *context_of("conversations", row))
    try:
        return _CONVERSATION.validate_json(content)
    except ValidationError:  # whose text would quote the answers
        return None


def texts_in_conversation(row: AnyRow, vault: Vault) -> tuple[str, ...]:
    """Every text in a stored conversation, whichever version wrote it. Raises SealError."""
    return tuple(_texts(vault.open(row["sealed"], *context_of("conversations", row))))


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for part in content.values() if isinstance(content, dict) else content:
            yield from _texts(part)


def mailbox_of(signature: Signature, vault: Vault) -> str | None:
    """The fingerprint of a new signature's mailbox, if it has one."""
    if not signature.mailbox:
        return None
    return vault.petition_fingerprint(signature.petition, *_mailbox(signature.petition, signature.mailbox))


def find_mailbox(petition: str, mailbox: str, vault: Vault) -> str | None:
    """The fingerprint by which a petition counts a mailbox once; None if it has no fingerprints yet."""
    return vault.find_petition_fingerprint(petition, *_mailbox(petition, mailbox))


def _mailbox(petition: str, mailbox: str) -> tuple[str, ...]:
    return "mailbox", petition, mailbox


def stored_label(label: str, vault: Vault) -> str:
    """The label to store: a keyed pseudonym for a signer's own, so rows don't tell who brought which signer."""
    return f"own~{vault.fingerprint('label', label)[:16]}" if PERSONAL.fullmatch(label) else label


def referral_of(receipt: str, vault: Vault) -> str:
    """The label of a signer's own share link, which cannot be derived from stored data without the key."""
    number = int(vault.fingerprint("referral", receipt), 16)
    return "r" + "".join([_PAIRS[number >> 10 * place & 1023] for place in range(6)])


def signature_to_row(signature: Signature, vault: Vault) -> dict[str, Any]:
    """All columns of a new signature, except its person."""
    return {
        "petition": signature.petition,
        "status": signature.status.value,
        "number": signature.number,
        "receipt": signature.receipt,
        "digest": signature.digest,
        "platform": signature.platform,
        "locale": signature.locale,
        "label": stored_label(signature.label, vault),
        "updates": signature.updates,
        "by_email": signature.by_email,
        "contacts": signature.contacts,
        "reason": signature.reason,
        "accepted": signature.accepted,
        "named": signature.named,
        "mailbox": mailbox_of(signature, vault),
        "sealed": seal_signature(signature, vault),
        "signed_at": signature.signed_at,
        "utc_offset": signature.utc_offset,
        "changed_at": signature.signed_at,
    }


def seal_signature(signature: Signature, vault: Vault) -> bytes:
    """Seal a signature's answers, with its region, its domain, and its signer's choices."""
    consents = _CONSENT_LIST.dump_python(signature.consents, mode="json", exclude_defaults=True)
    found = {_REGION: signature.region, _DOMAIN: signature.domain} if signature.domain else {_REGION: signature.region}
    return vault.seal(
        {**signature.answers, **found, _CONSENTS: consents},
        *context_of("signatures", {"receipt": signature.receipt}),
        petition=signature.petition,
    )


def region_in(row: AnyRow, vault: Vault) -> str:
    """The region in a signature's sealed answers; empty after they were erased, or where no known key opens them."""
    try:
        return str(_answers(row, vault).get(_REGION, ""))
    except SealError:  # its status must change all the same, since someone else's withdrawal may change it
        return ""


def row_without_answers(row: AnyRow, vault: Vault) -> Signature:
    """Build the signature from what is not sealed, where no known key opens the rest."""
    return row_to_signature({**row, "sealed": None}, vault)


def row_to_signature(row: AnyRow, vault: Vault) -> Signature:
    """Build the signature from a row, with its answers, region, and domain if the row has them."""
    answers = _answers(row, vault)
    region, domain, consents = (answers.pop(name, "") for name in (_REGION, _DOMAIN, _CONSENTS))
    return Signature(
        petition=row["petition"],
        receipt=row["receipt"],
        referral=referral_of(row["receipt"], vault),
        number=row["number"],
        status=SignatureStatus(row["status"]),
        digest=row["digest"],
        signed_at=row["signed_at"],
        platform=row["platform"],
        locale=row["locale"],
        utc_offset=row["utc_offset"],
        label=row["label"],
        region=region,
        updates=row["updates"],
        by_email=row["by_email"],
        domain=domain,
        has_address=row["mailbox"] is not None,
        contacts=row["contacts"],
        answers=answers,
        reason=row["reason"],
        accepted=row["accepted"],
        named=row["named"],
        consents=_CONSENT_LIST.validate_python(consents or ()),
        id=row["id"],
    )


def rows_to_changes(before: SignatureStatus, rows: Iterable[AnyRow], vault: Vault) -> Iterator[StatusChange]:
    """The changes of signatures that had the status `before`, with equal ones counted together."""
    kinds = Counter(
        (
            before,
            SignatureStatus(row["status"]),
            row["platform"],
            row["locale"],
            row["label"],
            region_in(row, vault),
            row["digest"],
            opt_in(updates=row["updates"], by_email=row["by_email"], contacts=row["contacts"]),
            hour_of(row["signed_at"], row["utc_offset"]),
            day_of(row["signed_at"], row["utc_offset"]),
        )
        for row in rows
    )
    return (StatusChange(*kind, count=count) for kind, count in kinds.items())


def seal_account(signer: Signer, context: tuple[str, ...], vault: Vault) -> bytes:
    """Seal an organizer's account."""
    return vault.seal({"platform": signer.platform, "user_id": signer.user_id, "name": signer.name}, *context)


def open_account(row: AnyRow, table: str, vault: Vault) -> Signer:
    """Open an organizer's sealed account."""
    return Signer(**_open(row, table, vault))


def _answers(row: AnyRow, vault: Vault) -> dict[str, Any]:
    """The sealed answers; none if they were not read or were erased, or if the key to them was destroyed."""
    try:
        return _open(row, "signatures", vault) if row.get("sealed") else {}
    except KeyDestroyedError:
        return {}


def _open(row: AnyRow, table: str, vault: Vault) -> dict[str, Any]:
    return vault.open(row["sealed"], *context_of(table, row))
