"""Petitions, their texts, and the sources they cite."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from core.petition.form import FIRST_NAME, LAST_NAME, Field, FieldKind
from core.petition.goals import next_goal
from core.petition.phase import Phase, phase_of
from core.petition.source import Source
from core.petition.text_digest import FirstForm
from core.petition.trial import is_trial
from core.text.document import Document
from core.text.pages import Page, PageSize, paginate, utf16_length

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 30
UTC = "UTC"
FULL_NAME = frozenset({FIRST_NAME, LAST_NAME})


@dataclass(frozen=True)
class PetitionText:
    """A petition's text in one language.

    `envelope` is everything that people sign with it, and `digest` identifies that; both are empty until
    core.petition.envelope adds them. `first_form` is the text as older signatures identify it. `target` and `organizer`
    are their names in this language; empty if they are the same as in petition.toml.
    """

    language: str
    title: str
    summary: str
    letter: Document
    background: Document
    sources: tuple[Source, ...]
    digest: str = ""
    captions: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    target: str = ""
    organizer: str = ""
    envelope: bytes = b""
    first_form: FirstForm | None = None

    def pages(self, size: PageSize) -> tuple[Page, ...]:
        """The letter's pages of a size, then the background's."""
        if size not in self._paged:
            parts = (("letter", self.letter), ("background", self.background))
            self._paged[size] = tuple(Page(name, page) for name, part in parts for page in paginate(part, size))
        return self._paged[size]

    def beginning(self, size: PageSize) -> Document:
        """The letter itself if it has at most the units of a size, otherwise its first page."""
        return self.letter if self._units <= size.units else self.pages(size)[0].document

    @cached_property
    def _units(self) -> int:
        return utf16_length(self.letter.text)

    @cached_property
    def _paged(self) -> dict[PageSize, tuple[Page, ...]]:
        """The pages that were cut so far, by their size."""
        return {}

    def source(self, number: int) -> Source | None:
        """The source with this number, if the text cites it."""
        return self.sources[number - 1] if 1 <= number <= len(self.sources) else None


class PetitionStatus(StrEnum):
    """The status of a petition."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"
    VICTORY = "victory"


@dataclass(frozen=True, slots=True)
class Decision:
    """The organizers' decision about a petition; `words` are their message about a victory.

    `erased_at` is when retention erased the signers' data. From then on nobody can sign, since nothing would tell
    whether they had signed before.
    """

    status: PetitionStatus = PetitionStatus.OPEN
    goal: int | None = None
    words: str = ""
    since: dt.datetime | None = None
    erased_at: dt.datetime | None = None

    @property
    def is_final(self) -> bool:
        """True if the petition is closed or won."""
        return self.status in (PetitionStatus.CLOSED, PetitionStatus.VICTORY)


@dataclass(frozen=True)
class Petition:
    """A petition: its organizer and target, its texts, and its form.

    `named_if` is the yes-or-no field in which a signer agrees to be named when the petition is handed in. The review's
    buttons ask it, and Discord's form. Without one, everyone is named, and the review says so above the Confirm button.
    `controller` is responsible for the data, if that isn't the organizer; `contact` is an email or web address for
    questions about it. `country` is the two-letter code of the country that most signers live in. `timezone` is the
    IANA name of the zone in which all its days begin and end: `opens`, `closes`, and those of signing. `folder` is the
    name of its folder if that isn't the slug: a draft's slug is its preview name (core.petition.trial), and that of a
    renamed petition one of its folder's names `formerly`, under which its data is stored. `check_sources` lets the
    checker look at the links of its sources, and `order_archive_copies` lets it ask archives for new copies.
    """

    slug: str
    organizer: str
    target: str
    texts: Mapping[str, PetitionText]
    fields: tuple[Field, ...]
    goal: int
    retention_days: int
    opens: dt.date | None = None
    closes: dt.date | None = None
    decision: Decision = Decision()
    named_if: str = ""
    organizer_url: str = ""
    contact: str = ""
    controller: str = ""
    country: str | None = None
    timezone: str = UTC
    is_draft: bool = False
    folder: str = ""
    formerly: tuple[str, ...] = ()
    check_sources: bool = False
    order_archive_copies: bool = False

    def with_decision(self, decision: Decision) -> Petition:
        """The same petition with its organizers' decision applied."""
        return self if decision == self.decision else replace(self, decision=decision)

    @property
    def is_trial(self) -> bool:
        """True if its signatures are trials."""
        return is_trial(self.slug)

    @property
    def public_slug(self) -> str:
        """The slug in links."""
        return self.slug if self.is_trial else self.folder or self.slug

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it is written in, the original first."""
        return tuple(self.texts)

    def text(self, locale: str) -> PetitionText:
        """The text in the reader's language, otherwise the original, but never a machine translation."""
        wanted = (locale, locale.split("_", maxsplit=1)[0])
        return next((self.texts[name] for name in wanted if name in self.texts), self.texts[self.languages[0]])

    def in_language(self, locale: str) -> Petition:
        """The same petition with the names of its target and its organizer as the text for this reader has them."""
        text = self.text(locale)
        if not (text.target or text.organizer):
            return self
        return replace(self, target=text.target or self.target, organizer=text.organizer or self.organizer)

    def field(self, name: str) -> Field | None:
        """The field with this name."""
        return self._by_name.get(name)

    def answered(self, kind: FieldKind, answers: Mapping[str, str]) -> str:
        """The answer to the first field of a kind, or empty if there was none."""
        field = self.first_field(kind)
        return answers.get(field.name, "") if field else ""

    def first_field(self, kind: FieldKind) -> Field | None:
        """The first field of a kind."""
        return self._first.get(kind)

    def place(self, answers: Mapping[str, str]) -> tuple[str, str]:
        """The postal code and the two-letter country that the answers name; either may be empty."""
        field, country = self.first_field(FieldKind.POSTAL_CODE), self.answered(FieldKind.COUNTRY, answers)
        code = answers.get(field.name, "") if field else ""
        if field and field.is_answered_by_country(code):
            return "", code
        if field and code and not country:
            country = field.country or self.country or ""
        return code, country

    @cached_property
    def _by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in reversed(self.fields)}

    @cached_property
    def _first(self) -> Mapping[FieldKind, Field]:
        return {field.kind: field for field in reversed(self.fields)}

    @cached_property
    def name_fields(self) -> tuple[str, ...]:
        """The fields that make up the signer's name, in the form's order: first_name and last_name, or just one."""
        names = tuple(field.name for field in self.fields if field.kind is FieldKind.NAME)
        return tuple(name for name in names if name in FULL_NAME) if set(names) >= FULL_NAME else names[:1]

    def signer_name(self, answers: Mapping[str, str]) -> str:
        """The signer's whole name, or empty if it was not asked for."""
        return " ".join(answers[name] for name in self.name_fields if answers.get(name))

    def names(self, answers: Mapping[str, str]) -> bool:
        """True if a signer who confirms these answers appears in the hand-in by name."""
        asked = FieldKind.NAME in (field.kind for field in self.fields)
        return asked and (not self.named_if or answers.get(self.named_if) == "yes")

    def phase(self, now: dt.datetime) -> Phase:
        """The phase at a moment; its days last from midnight to midnight in its time zone."""
        decision = self.decision
        return phase_of(self.day(now), decision.status, self.opens, self.closes, is_erased=bool(decision.erased_at))

    def is_open(self, now: dt.datetime) -> bool:
        """True if it can be signed."""
        return self.phase(now) is Phase.OPEN

    def day(self, moment: dt.datetime) -> dt.date:
        """The day of a moment in the petition's time zone."""
        return moment.astimezone(self.zone).date()

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of its days."""
        return ZoneInfo(self.timezone)

    def utc_offset(self, moment: dt.datetime) -> int:
        """The minutes that its clocks are ahead of UTC at a moment; negative west of Greenwich."""
        offset = moment.astimezone(self.zone).utcoffset() or dt.timedelta()
        return offset // dt.timedelta(minutes=1)

    @property
    def opens_at(self) -> dt.datetime | None:
        """The moment from which it can be signed, in its time zone; None if no day is set."""
        return None if self.opens is None else self.midnight(self.opens)

    @property
    def closes_at(self) -> dt.datetime | None:
        """The moment after which it can't be signed anymore, in its time zone; None if no day is set."""
        return None if self.closes is None else self.midnight(self.closes + dt.timedelta(days=1))

    def midnight(self, day: dt.date) -> dt.datetime:
        """The moment at which a day begins in the petition's time zone."""
        return dt.datetime.combine(day, dt.time(), self.zone)

    def last_midnight(self, moment: dt.datetime) -> dt.datetime:
        """The moment at which the day of a moment began in the petition's time zone."""
        return self.midnight(self.day(moment))

    @property
    def closed_on(self) -> dt.date | None:
        """The day it closes or was closed; None if no day is set."""
        decision = self.decision
        decided = self.day(decision.since) if decision.is_final and decision.since else None
        return min((day for day in (self.closes, decided) if day), default=None)

    @property
    def retained_until(self) -> dt.date | None:
        """The last day on which personal data is kept, `retention_days` after closing; None if no day is set."""
        if self.closed_on is None or self.closed_on >= dt.date.max - dt.timedelta(days=self.retention_days):
            return None
        return self.closed_on + dt.timedelta(days=self.retention_days)

    def retention_is_over(self, now: dt.datetime) -> bool:
        """True once personal data must be erased."""
        return self.retained_until is not None and self.day(now) > self.retained_until

    def next_goal(self, counted: int) -> int:
        """The goal to show: the first one until it is reached, then the next of 10, 25, 50, 100, 250, 500, 1k ..."""
        return next_goal(self.decision.goal or self.goal, counted)
