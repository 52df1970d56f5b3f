"""The signers' table: every signature with its answers, for a spreadsheet or a program."""

from __future__ import annotations

from collections.abc import Mapping

from core.export.proof import PROOF_COLUMNS, channel, proof
from core.export.table import Column, ColumnKind, Row, Table, TableContext, Value
from core.petition.form import CONTACT_KINDS, SIGNATURE_COLUMNS, FieldKind
from core.signatures.consent import HandInChoice
from core.signatures.signature import Signature

_KINDS: Mapping[str, ColumnKind] = {
    "number": ColumnKind.NUMBER, "signed_at": ColumnKind.TIME, "text_version": ColumnKind.REFERENCE,
}  # fmt: skip
_HAND_IN: Mapping[bool | None, str] = {
    True: HandInChoice.NAME,
    False: HandInChoice.NUMBER,
    None: "",  # signed before this was stored
}


def signers_table(context: TableContext) -> Table:
    """The table: about the signature, then one column for each field, then the proof of the signer's choices.

    Contact columns are empty for people who did not choose updates by email, unless the context has `all_contacts`.
    """
    fields = context.petition.fields

    def row(signature: Signature) -> Row:
        may = signature.by_email or context.all_contacts
        answers: dict[str, Value] = {
            field.name: "" if field.kind in CONTACT_KINDS and not may else signature.answers.get(field.name, "")
            for field in fields
        }
        return _about(context, signature) | answers | proof(signature, context.words_of)

    about = [Column(name, _KINDS.get(name, ColumnKind.TEXT)) for name in SIGNATURE_COLUMNS]
    asked = [Column(field.name, kind_of(field.kind)) for field in fields]
    return Table((*about, *asked, *PROOF_COLUMNS), row, days=context.days, zone=context.zone)


def _about(context: TableContext, signature: Signature) -> dict[str, Value]:
    return {
        "receipt": signature.receipt,
        "number": signature.number,
        "status": signature.status.value,
        "signed_at": signature.signed_at,
        "platform": signature.platform,
        "source": context.source(signature.label),
        "language": signature.locale,
        "text_version": signature.digest,
        "hand_in": _HAND_IN[signature.named],
        "updates": "yes" if signature.wants_updates else "no",
        "updates_channel": channel(signature),
    }


def kind_of(kind: FieldKind) -> ColumnKind:
    """The kind of the column with the answers to a field: postal codes and phone numbers are text, too."""
    return ColumnKind.ADDRESS if kind is FieldKind.EMAIL else ColumnKind.TEXT
