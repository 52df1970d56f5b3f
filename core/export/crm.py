"""The signers' file for two campaigning systems, with the column names from their documentation.

ActionKit: "Uploads Reference: Accepted Headers List" in its manual. Each row becomes an action on the import page that
the file is uploaded to. Any other question of the petition becomes an `action_` field, which ActionKit creates by
itself.
Action Network: "File formats for list uploads" in its help. It matches a column named after one of its fields (as in
its own reports); any other column becomes a custom field. So a question of the petition that has the name of such a
field is called answer_NAME. Tags are chosen for the whole file at upload. Names are split (core.export.names), and
`full_name` has them as they were signed.

Neither file includes people who did not agree to be contacted, and both have the proof that the others did: when and
where they agreed, in which language, and to which words. Both systems identify people by email address and write to
everyone in the file, and Action Network accepts only people who opted in.

Every value is byte for byte as it is stored. No importer runs formulas, and an apostrophe that stops a spreadsheet from
doing so would stay in the value: `'-ada@example.org` is another person's address.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence

from core.export.names import split_name
from core.export.proof import proof_of
from core.export.signers import kind_of
from core.export.table import Column, Row, Table, TableContext, Value
from core.petition.country import country_name
from core.petition.form import FIRST_NAME, LAST_NAME, Field, FieldKind
from core.petition.petition import Petition
from core.signatures.consent import ConsentSubject
from core.signatures.signature import Signature, SignatureStatus

_OWN_COLUMNS = (FieldKind.NAME, FieldKind.EMAIL, FieldKind.PHONE, FieldKind.POSTAL_CODE, FieldKind.COUNTRY)
_CONSENT = ("consent_platform", "consent_at", "consent_language", "consent_words")
_ACTION_NETWORK = frozenset(  # fields of Action Network's own, beside those that the file has
    ["address", "birthdate", "city", "gender", "mobile_number", "name", "phone", "state", "tags", "zip"]
)  # fmt: skip


def actionkit_table(context: TableContext) -> Table:
    """The contactable signatures in ActionKit's columns."""
    petition, others = context.petition, _others(context.petition)
    names, phone = petition.name_fields if len(petition.name_fields) > 1 else ("name",), _phone_column(petition)
    columns = [
        "email", *names, *phone, "postal", "country", "source", "created_at", "action_language",
        "action_receipt", "action_platform", "action_text_version", *(f"action_{name}" for name in _CONSENT),
    ]  # fmt: skip
    own = _own_names(others, columns, "action_")

    def row(signature: Signature) -> Row:
        code, country = petition.place(signature.answers)
        return {
            "email": petition.answered(FieldKind.EMAIL, signature.answers),
            **_as_asked(petition, signature),
            **dict.fromkeys(phone, petition.answered(FieldKind.PHONE, signature.answers)),
            "postal": code,
            "country": country_name(country, "en"),  # ActionKit's name for it
            "source": context.source(signature.label) or signature.platform,
            "created_at": _in_actionkit(signature.signed_at),
            "action_language": signature.locale,
            "action_receipt": signature.receipt,
            "action_platform": signature.platform,
            "action_text_version": signature.digest,
            **{f"action_{name}": _in_actionkit(value) for name, value in _consent(context, signature).items()},
        } | {column: signature.answers.get(name, "") for name, column in own.items()}

    return _table(petition, columns, own, row)


def action_network_table(context: TableContext) -> Table:
    """The contactable signatures in Action Network's columns."""
    petition, others, phone = context.petition, _others(context.petition), _phone_column(context.petition)
    columns = [
        "email", "first_name", "last_name", "full_name", *phone, "zip_code", "country", "petition", "signed_at",
        "source", "platform", "language", "receipt", *_CONSENT,
    ]  # fmt: skip
    own = _own_names(others, {*columns, *_ACTION_NETWORK})

    def row(signature: Signature) -> Row:
        code, country = petition.place(signature.answers)
        first, last = _names(petition, signature)
        return {
            "email": petition.answered(FieldKind.EMAIL, signature.answers),
            "first_name": first,
            "last_name": last,
            "full_name": petition.signer_name(signature.answers),
            **dict.fromkeys(phone, petition.answered(FieldKind.PHONE, signature.answers)),
            "zip_code": code,
            "country": country,
            "petition": petition.slug,
            "signed_at": signature.signed_at,
            "source": context.source(signature.label),
            "platform": signature.platform,
            "language": signature.locale,
            "receipt": signature.receipt,
            **_consent(context, signature),
        } | {column: signature.answers.get(name, "") for name, column in own.items()}

    return _table(petition, columns, own, row)


def _consent(context: TableContext, signature: Signature) -> dict[str, Value]:
    """The proof that the signer agreed to updates by email."""
    parts = proof_of(signature, ConsentSubject.UPDATES, context.words_of)
    return {f"consent_{part}": value for part, value in parts.items()}


def _in_actionkit(value: Value) -> Value:
    """The value as ActionKit reads it: a time in UTC, without a zone."""
    return f"{value.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S}" if isinstance(value, dt.datetime) else value


def _table(
    petition: Petition, columns: Sequence[str], own: Mapping[str, str], row: Callable[[Signature], Row]
) -> Table:
    """The table with these columns, and with one for each field in `own`."""
    kinds = {field.name: kind_of(field.kind) for field in petition.fields}
    asked = (Column(column, kinds[name]) for name, column in own.items())
    return Table((*map(Column, columns), *asked), row, lambda signature: _is_contactable(petition, signature))


def _is_contactable(petition: Petition, signature: Signature) -> bool:
    """True for a signature that such a system may receive: counted, with an address and consent to updates by email."""
    may = signature.by_email and signature.status is SignatureStatus.COUNTED
    return may and petition.answered(FieldKind.EMAIL, signature.answers) != ""


def _others(petition: Petition) -> list[Field]:
    """The fields without a column of their own."""
    first = {petition.first_field(kind) for kind in _OWN_COLUMNS}
    return [field for field in petition.fields if field not in first and field.name not in petition.name_fields]


def _own_names(fields: Iterable[Field], taken: Iterable[str], prefix: str = "") -> dict[str, str]:
    """The column of each field, with another name if the field has that of a column with a meaning."""
    used, columns = set(taken), {}
    for field in sorted(fields, key=lambda field: prefix + field.name in used):  # a name that is free stays
        column = prefix + field.name
        while column in used:
            column = f"{prefix}answer_{column.removeprefix(prefix)}"
        used.add(column)
        columns[field.name] = column
    return {field.name: columns[field.name] for field in fields}


def _phone_column(petition: Petition) -> tuple[str, ...]:
    """The column for the phone number, which both systems call `phone`, if the form asks for one."""
    return ("phone",) if petition.first_field(FieldKind.PHONE) else ()


def _as_asked(petition: Petition, signature: Signature) -> dict[str, str]:
    """The name as the form asks for it: whole, or first and last name."""
    if len(petition.name_fields) > 1:
        return {name: signature.answers.get(name, "") for name in petition.name_fields}
    return {"name": petition.signer_name(signature.answers)}


def _names(petition: Petition, signature: Signature) -> tuple[str, str]:
    """The first and the last name: the form's own if it asks for both."""
    if len(petition.name_fields) > 1:
        return signature.answers.get(FIRST_NAME, ""), signature.answers.get(LAST_NAME, "")
    return split_name(petition.signer_name(signature.answers))
