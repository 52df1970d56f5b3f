"""Requests for a file, from an organizer's chat or from the command line, and the filters that they may have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.export.formats import CRM_FORMATS
from core.petition.label import is_personal
from core.petition.petition import Petition
from core.signatures.breakdowns import OWN_LINKS
from core.signatures.signature import Signature, SignatureStatus

PDF = "pdf"
ANY = "any"


@dataclass(frozen=True, slots=True)
class SignatureFilter:
    """Filters for the signatures in a file; the default matches all that count.

    `status` is a status or ANY. `language` is that of the text that was signed. `label` is a link's label, OWN_LINKS,
    or the title of communities, whose labels are `communities`. A title hides no link's label: both match.
    """

    since: dt.datetime | None = None
    label: str = ""
    language: str = ""
    status: str = SignatureStatus.COUNTED.value
    communities: frozenset[str] = frozenset()

    @property
    def statuses(self) -> tuple[SignatureStatus, ...]:
        """The statuses that match."""
        if self.status == ANY:
            return tuple(SignatureStatus)
        return (SignatureStatus(self.status),)

    def matches(self, signature: Signature, petition: Petition) -> bool:
        """True if a signature with one of the statuses matches the other filters."""
        if self.since and signature.signed_at < self.since:
            return False
        if self.language and petition.text(signature.locale).language != self.language:
            return False
        label = OWN_LINKS if is_personal(signature.label) else signature.label
        return not self.label or label == self.label or label in self.communities

    def resolved(self, titles: Mapping[str, str]) -> SignatureFilter:
        """The same filters, with the labels of all communities that have this title, in any case."""
        wanted = self.label.casefold()
        labels = frozenset(label for label, title in titles.items() if title.casefold() == wanted)
        return replace(self, communities=labels)

    def refused_by(self, form: str) -> tuple[str, ...]:
        """The names of the filters that a form doesn't take: its file always has what counts, or all of that."""
        names: Sequence[str] = (
            ("since", "label", "status") if form == PDF else ("status",) if form in CRM_FORMATS else ()
        )
        return tuple(name for name in names if getattr(self, name) != getattr(ALL_COUNTED, name))


ALL_COUNTED = SignatureFilter()


@dataclass(frozen=True, slots=True)
class FileRequest:
    """A file about a petition: a form (PDF or one of core.export.formats), and the language of the hand-in.

    With `all_contacts`, it includes the contact data of signers who don't want updates by email.
    """

    petition: str
    form: str
    locale: str
    only: SignatureFilter = ALL_COUNTED
    all_contacts: bool = False

    @property
    def has_filters(self) -> bool:
        """True if the file may lack signatures that count."""
        return self.only != ALL_COUNTED and self.form != PDF
