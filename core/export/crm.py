"""The signers' file for two campaigning systems, with the column names from their documentation.

ActionKit: "Uploads Reference: Accepted Headers List" in its manual. Each row becomes an action on the import page that
the file is uploaded to. Any other question of the petition becomes an `action_` field, which ActionKit creates by
itself.
Action Network: "File formats for list uploads" in its help. It matches a column named after one of its fields (as in
its own reports); any other column becomes a custom field. So a question of the petition that has the name of such a
field is called answer_NAME. Tags are chosen for the whole file at upload.

Neither file includes people who did not agree to be contacted. Both systems identify people by email address and write
to everyone in the file, and Action Network accepts only people who opted in.

Every value is byte for byte as it is stored. No importer runs formulas, and an apostrophe that stops a spreadsheet from
doing so would stay in the value: `'-ada@example.org` is another person's address.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TextIO, TypeAlias

from core.petition.country import country_name
from core.petition.form import FIRST_NAME, LAST_NAME, Field, FieldKind
from core.petition.petition import Petition
from core.signatures.signature import Signature, SignatureStatus

_OWN_COLUMNS = (FieldKind.NAME, FieldKind.EMAIL, FieldKind.POSTAL_CODE, FieldKind.COUNTRY)
_ACTION_NETWORK = frozenset(  # fields of Action Network's own, beside those that the file has
    ["address", "birthdate", "city", "gender", "mobile_number", "name", "phone", "state", "tags", "zip"]
)  # fmt: skip
Row: TypeAlias = dict[str, str]


def contactable(petition: Petition, signatures: Iterable[Signature]) -> Iterator[Signature]:
    """The signatures that such a system may receive: counted, with an address and consent to updates by email."""
    for signature in signatures:
        if (
            signature.by_email
            and signature.status is SignatureStatus.COUNTED
            and petition.answered(FieldKind.EMAIL, signature.answers)
        ):
            yield signature


def write_actionkit(file: TextIO, petition: Petition, signatures: Iterable[Signature]) -> int:
    """Write the contactable signatures as CSV for ActionKit; returns the number of rows."""
    others = _others(petition)
    names = petition.name_fields if len(petition.name_fields) > 1 else ("name",)
    columns = [
        "email", *names, "postal", "country", "source", "created_at", "action_language",
        "action_receipt", "action_platform", "action_text_version", *(f"action_{field.name}" for field in others),
    ]  # fmt: skip

    def row(signature: Signature) -> Row:
        return {
            "email": petition.answered(FieldKind.EMAIL, signature.answers),
            **_names(petition, signature, names),
            "postal": petition.place(signature.answers)[0],
            "country": country_name(petition.place(signature.answers)[1], "en"),  # ActionKit's name for it
            "source": signature.label or signature.platform,
            "created_at": f"{signature.signed_at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S}",  # the manual requires UTC
            "action_language": signature.locale,
            "action_receipt": signature.receipt,
            "action_platform": signature.platform,
            "action_text_version": signature.digest,
        } | {f"action_{field.name}": signature.answers.get(field.name, "") for field in others}

    return _write(file, columns, map(row, contactable(petition, signatures)))


def write_action_network(file: TextIO, petition: Petition, signatures: Iterable[Signature]) -> int:
    """Write the contactable signatures as CSV for Action Network; returns the number of rows."""
    others = _others(petition)
    columns = [
        "email", "first_name", "last_name", "zip_code", "country", "petition", "signed_at", "source", "platform",
        "language", "receipt",
    ]  # fmt: skip
    own = _own_names(others, {*columns, *_ACTION_NETWORK})
    columns += own.values()

    def row(signature: Signature) -> Row:
        code, country = petition.place(signature.answers)
        return {
            "email": petition.answered(FieldKind.EMAIL, signature.answers),
            **_names(petition, signature, (FIRST_NAME, LAST_NAME)),
            "zip_code": code,
            "country": country,
            "petition": petition.slug,
            "signed_at": signature.signed_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
            "source": signature.label,
            "platform": signature.platform,
            "language": signature.locale,
            "receipt": signature.receipt,
        } | {column: signature.answers.get(name, "") for name, column in own.items()}

    return _write(file, columns, map(row, contactable(petition, signatures)))


CRM_WRITERS: dict[str, Callable[[TextIO, Petition, Iterable[Signature]], int]] = {
    "actionkit": write_actionkit,
    "action_network": write_action_network,
}
"""The writers by the name of the system."""


def _write(file: TextIO, columns: list[str], rows: Iterable[Row]) -> int:
    """Write the rows with their values as they are; returns their number."""
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    written = 0
    for row in rows:
        writer.writerow(row)
        written += 1
    return written


def _others(petition: Petition) -> list[Field]:
    """The fields without a column of their own."""
    first = {petition.first_field(kind) for kind in _OWN_COLUMNS}
    return [field for field in petition.fields if field not in first and field.name not in petition.name_fields]


def _own_names(fields: Iterable[Field], taken: Iterable[str]) -> dict[str, str]:
    """The column of each field, with another name if the field has that of a column with a meaning."""
    used, columns = set(taken), {}
    for field in sorted(fields, key=lambda field: field.name in used):  # a name that is free stays
        column = field.name
        while column in used:
            column = f"answer_{column}"
        used.add(column)
        columns[field.name] = column
    return {field.name: columns[field.name] for field in fields}


def _names(petition: Petition, signature: Signature, columns: Sequence[str]) -> Row:
    """The signer's name in one column or two.

    A whole name is split at its last space; a single word is a first name.
    """
    if len(petition.name_fields) == len(columns) > 1:
        return {name: signature.answers.get(name, "") for name in columns}
    name = petition.signer_name(signature.answers)
    first, _, last = name.rpartition(" ")
    return (
        dict(zip(columns, (first, last) if first else (last, ""), strict=True)) if len(columns) > 1 else {"name": name}
    )
