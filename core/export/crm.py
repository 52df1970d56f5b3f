"""The signers' file for two campaigning systems, with the column names from their documentation.

ActionKit: "Uploads Reference: Accepted Headers List" in its manual. Each row becomes an action on the import page that
the file is uploaded to. Any other question of the petition becomes an `action_` field, which ActionKit creates by
itself.
Action Network: "File formats for list uploads" in its help. It matches a column named after one of its fields (as in
its own reports); any other column becomes a custom field. Tags are chosen for the whole file at upload.

Neither file includes people who did not agree to be contacted. Both systems identify people by email address and write
to everyone in the file, and Action Network accepts only people who opted in.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO, TypeAlias

from core.export.signers import defused
from core.petition.country import country_name
from core.petition.form import Field, FieldKind
from core.petition.petition import Petition
from core.signatures.signature import Signature, SignatureStatus

_OWN_COLUMNS = (FieldKind.NAME, FieldKind.EMAIL, FieldKind.POSTAL_CODE, FieldKind.COUNTRY)
Row: TypeAlias = dict[str, str]


def contactable(petition: Petition, signatures: Iterable[Signature]) -> Iterator[Signature]:
    """The signatures that such a system may receive: counted, with an email address, and with consent to updates."""
    for signature in signatures:
        if (
            signature.updates
            and signature.status is SignatureStatus.COUNTED
            and petition.answered(FieldKind.EMAIL, signature.answers)
        ):
            yield signature


def write_actionkit(file: TextIO, petition: Petition, signatures: Iterable[Signature]) -> int:
    """Write the contactable signatures as CSV for ActionKit; returns the number of rows."""
    others = _others(petition)
    columns = [
        "email", "name", "postal", "country", "source", "created_at", "action_language",
        "action_receipt", "action_platform", "action_text_version", *(f"action_{field.name}" for field in others),
    ]  # fmt: skip

    def row(signature: Signature) -> Row:
        return {
            "email": petition.answered(FieldKind.EMAIL, signature.answers),
            "name": petition.answered(FieldKind.NAME, signature.answers),
            "postal": petition.answered(FieldKind.POSTAL_CODE, signature.answers),
            "country": country_name(_country(petition, signature), "en"),  # ActionKit's name for it
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
        "language", "receipt", *(field.name for field in others),
    ]  # fmt: skip

    def row(signature: Signature) -> Row:
        first, last = _first_and_last(petition.answered(FieldKind.NAME, signature.answers))
        return {
            "email": petition.answered(FieldKind.EMAIL, signature.answers),
            "first_name": first,
            "last_name": last,
            "zip_code": petition.answered(FieldKind.POSTAL_CODE, signature.answers),
            "country": _country(petition, signature),
            "petition": petition.slug,
            "signed_at": signature.signed_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
            "source": signature.label,
            "platform": signature.platform,
            "language": signature.locale,
            "receipt": signature.receipt,
        } | {field.name: signature.answers.get(field.name, "") for field in others}

    return _write(file, columns, map(row, contactable(petition, signatures)))


CRM_WRITERS: dict[str, Callable[[TextIO, Petition, Iterable[Signature]], int]] = {
    "actionkit": write_actionkit,
    "action_network": write_action_network,
}
"""The writers by the name of the system."""


def _write(file: TextIO, columns: list[str], rows: Iterable[Row]) -> int:
    """Write the rows, without any value that a spreadsheet would run as a formula; returns their number."""
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    written = 0
    for row in rows:
        writer.writerow({name: defused(value) for name, value in row.items()})
        written += 1
    return written


def _others(petition: Petition) -> list[Field]:
    """The fields without a column of their own."""
    first = {kind: next((field for field in petition.fields if field.kind is kind), None) for kind in _OWN_COLUMNS}
    return [field for field in petition.fields if field not in first.values()]


def _country(petition: Petition, signature: Signature) -> str:
    """The two-letter country code: the one answered, otherwise the one that all postal codes belong to."""
    of_codes = next((field.country for field in petition.fields if field.kind is FieldKind.POSTAL_CODE), None)
    return petition.answered(FieldKind.COUNTRY, signature.answers) or of_codes or ""


def _first_and_last(name: str) -> tuple[str, str]:
    """The name split at its last space; a single word is a first name."""
    first, _, last = name.rpartition(" ")
    return (first, last) if first else (last, "")
