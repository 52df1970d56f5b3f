"""Requests for a file: from an organizer's chat or from the command line."""

from __future__ import annotations

from dataclasses import dataclass

PDF = "pdf"


@dataclass(frozen=True, slots=True)
class FileRequest:
    """A file about a petition: a form (PDF or one of core.export.formats), and the language of the hand-in.

    With `all_contacts`, it includes the contact data of signers who don't want updates by email.
    """

    petition: str
    form: str
    locale: str
    all_contacts: bool = False
