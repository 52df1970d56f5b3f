"""Rows into core values and back, sealing and opening on the way; nothing else."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import RowMapping

from core.conversation.state import Conversation
from core.ports import Person
from core.signatures.signature import Signature, SignatureStatus, Signer
from storage.vault import Vault

_CONVERSATION = TypeAdapter(Conversation)
_REGION = "@region"  # beside the answers; no field is called so


def person_to_row(person: Person, vault: Vault) -> dict[str, Any]:
    """The columns of a person that change."""
    return {
        "locale": person.locale,
        "focus": person.focus,
        "seen": " ".join(person.seen),
        "sealed": vault.seal({"user_id": person.signer.user_id, "details": dict(person.details)}),
    }


def row_to_person(row: RowMapping, signer: Signer, vault: Vault) -> Person:
    """The person of a row, who is talking as `signer`."""
    details = vault.open(row["sealed"])["details"]
    return Person(row["id"], signer, row["locale"], row["focus"], details, tuple(row["seen"].split()), row["reachable"])


def row_to_signer(row: RowMapping, vault: Vault) -> Signer:
    """The account behind a row, to write to it or to erase it."""
    return Signer(row["platform"], vault.open(row["sealed"])["user_id"], language=row["locale"])


def conversation_to_row(conversation: Conversation, vault: Vault) -> dict[str, Any]:
    """The columns of a conversation, but for whose it is and when."""
    sealed = vault.seal_bytes(_CONVERSATION.dump_json(conversation, exclude_defaults=True))
    return {"petition": conversation.petition, "stage": conversation.stage.value, "sealed": sealed}


def conversation_of(sealed: bytes, vault: Vault) -> Conversation | None:
    """The conversation that was stored; None for one that an older version wrote and this one cannot read."""
    try:
        return _CONVERSATION.validate_json(vault.open_bytes(sealed))
    except ValidationError:  # its text would quote the answers
        return None


def mailbox_of(signature: Signature, vault: Vault) -> str | None:
    """The fingerprint of a new signature's mailbox, if it has one."""
    return vault.fingerprint("mailbox", signature.petition, signature.mailbox) if signature.mailbox else None


def signature_to_row(signature: Signature, vault: Vault) -> dict[str, Any]:
    """All columns of a new signature but whose it is."""
    return {
        "petition": signature.petition,
        "status": signature.status.value,
        "number": signature.number,
        "receipt": signature.receipt,
        "referral": signature.referral,
        "digest": signature.digest,
        "platform": signature.platform,
        "locale": signature.locale,
        "label": signature.label,
        "updates": signature.updates,
        "reason": signature.reason,
        "accepted": signature.accepted,
        "mailbox": mailbox_of(signature, vault),
        "sealed": vault.seal({**signature.answers, _REGION: signature.region}),
        "signed_at": signature.signed_at,
        "changed_at": signature.signed_at,
    }


def region_in(sealed: bytes | None, vault: Vault) -> str:
    """The region of what was sealed; empty where it was erased."""
    return vault.open(sealed).get(_REGION, "") if sealed else ""


def row_to_signature(row: RowMapping, vault: Vault | None = None) -> Signature:
    """The signature of a row; with a vault also its answers and region, if they were not erased."""
    answers = vault.open(row["sealed"]) if vault and row["sealed"] else {}
    region = answers.pop(_REGION, "")
    return Signature(
        petition=row["petition"],
        receipt=row["receipt"],
        referral=row["referral"],
        number=row["number"],
        status=SignatureStatus(row["status"]),
        digest=row["digest"],
        signed_at=row["signed_at"],
        platform=row["platform"],
        locale=row["locale"],
        label=row["label"],
        region=region,
        updates=row["updates"],
        answers=answers,
        reason=row["reason"],
        accepted=row["accepted"],
        id=row["id"],
    )
