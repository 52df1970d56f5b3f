"""The signers' file: one row per signature, for a spreadsheet (CSV) or a program (JSON Lines)."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

from core.petition.form import SIGNATURE_COLUMNS, FieldKind
from core.petition.petition import Petition
from core.signatures.consent import HandInChoice
from core.signatures.signature import Signature

CONTACT_KINDS = frozenset({FieldKind.EMAIL})
_HAND_IN: Mapping[bool | None, str] = {
    True: HandInChoice.NAME,
    False: HandInChoice.NUMBER,
    None: "",  # signed before this was stored
}
_HARMLESS_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def columns(petition: Petition) -> list[str]:
    """The names of the columns: about the signature, then one for each field."""
    return [*SIGNATURE_COLUMNS, *(field.name for field in petition.fields)]


def rows(
    petition: Petition, signatures: Iterable[Signature], *, all_contacts: bool = False
) -> Iterator[dict[str, str]]:
    """The rows; contact columns are empty for people who did not choose updates by email, unless `all_contacts`."""
    for signature in signatures:
        row = {
            "receipt": signature.receipt,
            "number": str(signature.number),
            "status": signature.status.value,
            "signed_at": signature.signed_at.isoformat(timespec="seconds"),
            "platform": signature.platform,
            "source": signature.label,
            "language": signature.locale,
            "text_version": signature.digest,
            "updates": "yes" if signature.wants_updates else "no",
            "hand_in": _HAND_IN[signature.named],
        }
        for field in petition.fields:
            hidden = field.kind in CONTACT_KINDS and not (signature.by_email or all_contacts)
            row[field.name] = "" if hidden else signature.answers.get(field.name, "")
        yield row


def write_csv(file: TextIO, petition: Petition, lines: Iterable[dict[str, str]]) -> None:
    """Write CSV that no spreadsheet runs as a formula: an apostrophe goes before = + - @ at the start of a value.

    Email addresses stay as they are.
    """
    addresses = mail_columns(petition)
    writer = csv.DictWriter(file, columns(petition), lineterminator="\n")
    writer.writeheader()
    for line in lines:
        writer.writerow({name: in_cell(value, is_address=name in addresses) for name, value in line.items()})


def write_jsonl(file: TextIO, _: Petition, lines: Iterable[dict[str, str]]) -> None:
    """Write one JSON object per line, with values as they were given."""
    file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def defused(value: str) -> str:
    """The value, changed so that every spreadsheet reads it as text (OWASP's rule for CSV injection)."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def in_cell(value: str, *, is_address: bool) -> str:
    """The value for a cell: an email address byte for byte, any other value defused.

    An address may begin with a hyphen or a plus. Without brackets, quotes, = | or ! it cannot call anything.
    """
    return value if is_address and _HARMLESS_ADDRESS.fullmatch(value) else defused(value)


def mail_columns(petition: Petition) -> frozenset[str]:
    """The columns of a petition's own fields that hold email addresses."""
    return frozenset(field.name for field in petition.fields if field.kind is FieldKind.EMAIL)


WRITERS = {"csv": write_csv, "jsonl": write_jsonl}
