"""Short digests by which a button names a field or an option, since 64 bytes don't hold their names and a slug.

A place in the petition's file would name another field or option once the file lists them in another order.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping

from core.petition.country import CODES
from core.petition.form import Field, FieldKind

_DIGITS = 12
_COUNTRIES = tuple(sorted(CODES))
_OPTIONS = {
    FieldKind.YES_NO: ("yes", "no"),
    FieldKind.AGREE: ("yes", "no"),
    FieldKind.COUNTRY: _COUNTRIES,
    FieldKind.POSTAL_CODE: _COUNTRIES,  # a petition may take the country instead
}


def tap_digest(*names: str) -> str:
    """The digest, in hexadecimal, of a field's name, or of a field's and an option's."""
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:_DIGITS]


def is_tap_digest(text: str) -> bool:
    """True if a text can be such a digest, of whatever names."""
    return re.fullmatch(rf"[0-9a-f]{{{_DIGITS}}}", text) is not None


def tappable(field: Field) -> Iterator[tuple[str, str]]:
    """The answers that a button can give to a field, each with the field's name."""
    return ((field.name, option) for option in _OPTIONS.get(field.kind, field.options))


def collisions(fields: Mapping[int, Field]) -> Iterator[tuple[int, str | None, str]]:
    """The fields and options whose digest an earlier one has: the field's index, the option, and the earlier names."""
    seen: dict[str, tuple[str, ...]] = {}
    for index, field in fields.items():
        for names in ((field.name,), *tappable(field)):
            earlier = seen.setdefault(tap_digest(*names), names)
            if earlier != names:
                yield index, names[1] if len(names) > 1 else None, " ".join(earlier)
