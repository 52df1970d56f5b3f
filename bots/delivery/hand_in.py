"""The hand-in of a petition: one pass over its signatures gives names, answers, the count, and its explanation."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from babel import Locale

from bots.common.progress_bar import OnProgress
from bots.delivery.hand_in_answers import AnswerCensus
from bots.papers.glyphs import has_glyphs
from bots.papers.hand_in_content import HandIn, HandInWords, LetterVersion
from bots.papers.hand_in_pdf import write
from bots.papers.hand_in_rows import SignerLine
from bots.papers.paper import A4, LETTER
from core.conversation.scene import LookUp, unknown, version
from core.export.naming import is_named
from core.log.records import CheckpointRecord
from core.messages import Catalog, Message
from core.petition.country import country_name
from core.petition.form import FieldKind
from core.petition.petition import Petition, PetitionText
from core.petition.zone import time_words
from core.signatures.signature import Signature, SignatureStatus

ON_LETTER = frozenset({"US", "CA"})  # regions where paper is not A4
NOT_COUNTED: Mapping[str, Message] = {
    "duplicate": Message("handin.duplicate"),
    "withdrawn": Message("handin.withdrawn"),
    "quarantined": Message("handin.quarantined"),
    "invalid": Message("handin.invalid"),
}
"""The words for statuses that do not count, by value."""

CHECKPOINT_FILE, VERSION_FILE = "log-checkpoint.txt", "version-{language}.json"
MOST_VERSIONS = 8  # earlier ones that are named; the others are one number


@dataclass
class Census:
    """A petition's signatures as the hand-in shows them, in the language of its text; texts in other languages follow.

    `write` reads all of them once, whatever their status, and counts while it reads. So the count on the first page
    matches the names on the following pages, even if people sign meanwhile. `asked` says whether the petition asked for
    the name before consent was stored (core.export.naming). `look_up` finds earlier versions of the text. `log` is the
    last checkpoint of the petition's log, which the document names and has as a file within it. `unprinted` are the
    receipts of signers whose names, places, or answers have characters that no font has: they are printed as boxes.
    """

    petition: Petition
    catalog: Catalog
    locale: str
    asked: bool = False
    look_up: LookUp = unknown
    log: CheckpointRecord | None = None
    totals: Counter[SignatureStatus] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    unnamed: int = 0
    unprinted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        first = self.petition.text(self.locale)
        self._texts = (first, *(text for text in self.petition.texts.values() if text is not first))
        self._spoken = self.catalog.negotiate(first.language)
        self._answers = AnswerCensus(self.petition, first, self.catalog, self._spoken)

    @property
    def counted(self) -> int:
        """The number of counted signatures among those read so far."""
        return self.totals[SignatureStatus.COUNTED]

    def write(
        self, signatures: Iterable[Signature], path: Path, day: dt.date, progress: OnProgress, largest: int | None
    ) -> tuple[Path, ...]:
        """Write the hand-in to `path`, or to several files of at most `largest` bytes beside it; gives the files.

        `day` is the day of the count. An exception from `progress` ends the work.
        """
        written = write(
            lambda: self._hand_in(day), self._lines(signatures), path.parent, path.stem,
            largest=largest, progress=progress,
        )  # fmt: skip
        return written.files

    def for_show(self, count: int, day: dt.date) -> HandIn:
        """The hand-in as if so many people had signed the text in its language, each with their name."""
        self.totals[SignatureStatus.COUNTED] = count
        self.versions[self._texts[0].digest] = count
        return self._hand_in(day)

    def _lines(self, signatures: Iterable[Signature]) -> Iterator[SignerLine]:
        """The counted signers, numbered from 1; those who did not agree to be named have only a number."""
        for signature in signatures:
            self.totals[signature.status] += 1
            if signature.status is SignatureStatus.COUNTED:
                self.versions[signature.digest] += 1
                yield self._line(signature)

    def _line(self, signature: Signature) -> SignerLine:
        named, answers = is_named(self.petition, signature, asked=self.asked), signature.answers
        name = self.petition.signer_name(answers) if named else ""
        self.unnamed += not name
        place = self._place(answers) if name else ""
        shown = self._answers.lines(signature) if name else ()
        if not all(map(has_glyphs, (name, place, *shown))):
            self.unprinted.append(signature.receipt)
        return SignerLine(self.counted, name, place, shown)

    def _place(self, answers: Mapping[str, str]) -> str:
        code, country = self.petition.place(answers)
        implied = code and not self.petition.first_field(FieldKind.COUNTRY)  # every code is of one country
        return ", ".join(filter(None, (code, "" if implied else country_name(country, self._spoken))))

    def _hand_in(self, day: dt.date) -> HandIn:
        named = self.petition.in_language(self._texts[0].language)
        on_letter = any(field.country in ON_LETTER for field in self.petition.fields)
        return HandIn(
            tuple(LetterVersion(text, self._name_of(text)) for text in self._texts), named.target, named.organizer,
            self._words(Message("handin.headline", {"count": self.counted})), tuple(self._counting()),
            day, self._spoken, self._all_words(), LETTER if on_letter else A4, self._answers.questions(),
            dict(self._attachments()),
        )  # fmt: skip

    def _attachments(self) -> Iterator[tuple[str, bytes]]:
        """The current versions of the text, as canonical JSON, and the checkpoint."""
        for text in self._texts:
            if text.envelope:
                yield VERSION_FILE.format(language=text.language), text.envelope
        if self.log:
            yield CHECKPOINT_FILE, self.log.note.encode()

    def _counting(self) -> Iterator[tuple[str, int]]:
        yield self._words(Message("handin.received")), self.totals.total()
        for status in SignatureStatus:
            if status.value in NOT_COUNTED and self.totals[status]:
                yield self._words(NOT_COUNTED[status.value]), self.totals[status]
        yield self._words(Message("handin.counted")), self.counted
        yield from self._by_version()
        if self.unnamed:
            yield self._words(Message("handin.named")), self.counted - self.unnamed
            yield self._words(Message("handin.not_named")), self.unnamed
        if self.log:
            checkpoint, time = self.log.checkpoint, time_words(self.log.at, self.petition.zone)
            yield self._words(Message("handin.log", {"time": time, "root": checkpoint.root_text})), checkpoint.size

    def _by_version(self) -> Iterator[tuple[str, int]]:
        """The number of signatures under each version of the text, if there are several."""
        earlier = Counter(self.versions)
        for text in self._texts:
            earlier.pop(text.digest, None)
            if len(self._texts) > 1:
                words = Message("handin.signed_in", {"language": self._name_of(text)})
                yield self._words(words), self.versions[text.digest]
            elif self.versions.total() > self.versions[text.digest]:
                yield self._words(Message("handin.signed_current")), self.versions[text.digest]
        for digest, number in earlier.most_common(MOST_VERSIONS):
            words = Message("handin.signed_version", {"version": version(self.petition, digest, self.look_up)})
            yield self._words(words), number
        rest = earlier.most_common()[MOST_VERSIONS:]
        if rest:
            yield self._words(Message("handin.earlier")), sum(number for _, number in rest)

    def _name_of(self, text: PetitionText) -> str:
        """The name of the text's language."""
        return str(Locale.parse(text.language).get_display_name(self._spoken) or text.language)

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
            versions=self._words(Message("handin.versions")),
            page=self._words(Message("handin.page", {"page": "{page}", "pages": "{pages}"})),
            unnamed=self._words(Message("handin.unnamed")),
            answers=self._words(Message("handin.answers")),
            agreed=self._words(Message("handin.agreed")),
            no_link=self._words(Message("source.no_link")),
        )

    def _words(self, message: Message) -> str:
        return self.catalog.text(message, self._spoken)
