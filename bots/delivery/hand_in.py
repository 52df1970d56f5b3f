"""The hand-in of a petition: one walk over its signatures gives the names, the count, and how it was reached."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bots.papers.handin import HandIn, HandInWords, SignerLine
from bots.papers.paper import A4, LETTER
from core.messages import Catalog, Message
from core.petition.form import FieldKind, country_name
from core.petition.petition import Petition
from core.signatures.signature import Signature, SignatureStatus

ON_LETTER = frozenset({"US", "CA"})  # where paper is not A4
NOT_COUNTED: Mapping[str, Message] = {
    "duplicate": Message("handin.duplicate"),
    "withdrawn": Message("handin.withdrawn"),
    "quarantined": Message("handin.quarantined"),
    "invalid": Message("handin.invalid"),
}
"""What is said of the statuses that do not count, by their values."""


@dataclass
class Census:
    """A petition's signatures as the hand-in shows them, in the language of its text.

    `lines` walks over all of them, whatever their status; when it has ended, `hand_in` says what it found. So the count
    on the first page is that of the names behind it, however many sign meanwhile.
    """

    petition: Petition
    catalog: Catalog
    locale: str
    totals: Counter[SignatureStatus] = field(default_factory=Counter)
    unnamed: int = 0
    earlier: int = 0

    def __post_init__(self) -> None:
        self._text = self.petition.text(self.locale)
        self._spoken = self.catalog.negotiate(self._text.language)
        self._digests = {text.digest for text in self.petition.texts.values()}

    @property
    def counted(self) -> int:
        """How many of those that were walked over count."""
        return self.totals[SignatureStatus.COUNTED]

    def lines(self, signatures: Iterable[Signature]) -> Iterator[SignerLine]:
        """Those who count, numbered from 1 on; who did not agree to be named is a number."""
        for one in signatures:
            self.totals[one.status] += 1
            if one.status is SignatureStatus.COUNTED:
                self.earlier += one.digest not in self._digests
                yield self._line(one)

    def _line(self, one: Signature) -> SignerLine:
        name = self.petition.answered(FieldKind.NAME, one.answers) if self.petition.names(one.answers) else ""
        self.unnamed += not name
        return SignerLine(self.counted, name, self._place(one) if name else "")

    def _place(self, one: Signature) -> str:
        code = self.petition.answered(FieldKind.POSTAL_CODE, one.answers)
        country = country_name(self.petition.answered(FieldKind.COUNTRY, one.answers), self._spoken)
        return ", ".join(filter(None, (code, country)))

    def hand_in(self, day: dt.date) -> HandIn:
        """What is handed in; `day` is that of the count."""
        on_letter = any(asked.country in ON_LETTER for asked in self.petition.fields)
        return HandIn(
            self._text, self.petition.target, self.petition.organizer,
            self._words(Message("handin.headline", {"count": self.counted})), tuple(self._counting()),
            day, self._spoken, self._all_words(), LETTER if on_letter else A4,
        )  # fmt: skip

    def _counting(self) -> Iterator[tuple[str, int]]:
        yield self._words(Message("handin.received")), self.totals.total()
        for status in SignatureStatus:
            if status.value in NOT_COUNTED and self.totals[status]:
                yield self._words(NOT_COUNTED[status.value]), self.totals[status]
        yield self._words(Message("handin.counted")), self.counted
        if self.earlier:
            yield self._words(Message("handin.earlier")), self.earlier
        if self.unnamed:
            yield self._words(Message("handin.named")), self.counted - self.unnamed
            yield self._words(Message("handin.not_named")), self.unnamed

    def _all_words(self) -> HandInWords:
        return HandInWords(
            target=self._words(Message("handin.target")),
            organizer=self._words(Message("handin.organizer")),
            date=self._words(Message("handin.date")),
            letter=self._words(Message("handin.letter")),
            background=self._words(Message("handin.background")),
            sources=self._words(Message("handin.sources")),
            signers=self._words(Message("handin.signers")),
            counting=self._words(Message("handin.counting")),
            version=self._words(Message("handin.version")),
            page=self._words(Message("handin.page", {"page": "{page}", "pages": "{pages}"})),
            unnamed=self._words(Message("handin.unnamed")),
        )

    def _words(self, message: Message) -> str:
        return self.catalog.text(message, self._spoken)
