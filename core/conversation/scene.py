"""The scene that screens are drawn from, and the words for fields, answers, texts, and links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from core.conversation.notices import notice_line
from core.conversation.screen import Button, Emphasis, Facts, Line, Part, Progress, Screen, ShareLink, Style
from core.conversation.signed_text import current_text
from core.conversation.state import Begin, Conversation, ListSources, Overlay, Show, TurnPage
from core.messages import Argument, Message, Words
from core.petition import phone
from core.petition.captions import options
from core.petition.consent import contact_words
from core.petition.country import country_name
from core.petition.form import WHICH_COUNTRY, Field, FieldKind, offered
from core.petition.petition import Petition, PetitionText
from core.petition.phase import Phase
from core.petition.source import Source
from core.petition.trial import is_trial
from core.petition.versions import FIRST, PetitionVersion
from core.petition.zone import zone_words
from core.signatures.signature import Signature, SignerContext
from core.sources.checks import Checks, SourceCheck, check_of

FEWEST_SHOWN = 5  # smaller numbers of a community's signers might give them away


LookUp: TypeAlias = Callable[[str, str], PetitionVersion | None]
"""Finds a stored version by its petition and digest."""


def unknown(_petition: str, _digest: str) -> None:
    """Find no version."""


@dataclass(frozen=True)
class Scene:
    """Everything a screen is drawn from."""

    conversation: Conversation
    petitions: Mapping[str, Petition]
    known: SignerContext
    count: Callable[[], int]  # read only for the screens that show it
    now: dt.datetime
    locales: tuple[str, ...] = ()
    credited: Callable[[str], int] = lambda _: 0  # signatures by a source label
    look_up: LookUp = unknown
    submitted: Mapping[str, str] = field(default_factory=dict)  # the answers of a signature that was just made
    checks: Checks = field(default_factory=dict)  # of the petition's sources
    is_chosen: bool = True  # False if the reader chose none of several petitions, and this is just any of them

    @cached_property
    def petition(self) -> Petition:
        """The petition the conversation is about, with its names in this reader's language."""
        return self.petitions[self.conversation.petition].in_language(self.conversation.locale)

    @cached_property
    def text(self) -> PetitionText:
        """The petition's text in this reader's language."""
        return self.petition.text(self.conversation.locale)

    @property
    def display_count(self) -> int:
        """The public count, but never below the reader's own number, which would reveal other people's signatures."""
        own = self.known.signature.number if self.known.signature else 0
        return max(self.count(), own)

    def check(self, source: Source) -> SourceCheck | None:
        """The last check of a source, unless its link or the quoted words have changed since."""
        return check_of(self.checks, source)


def greeting_name(scene: Scene) -> str:
    """The name to greet a returning signer by; empty for a newcomer and after "Not me"."""
    return "" if scene.conversation.stranger else scene.known.details.get(FieldKind.NAME, "")


def choices(text: PetitionText, field: Field, error: Message | None, locale: str) -> Iterator[tuple[str, Words]]:
    """The options of a field, or the countries among which the error asks to choose."""
    yield from options(text, field)
    if error and error.key == WHICH_COUNTRY:
        yield from ((code, country_name(code, locale)) for code in offered(error))


def display_value(text: PetitionText, field: Field, value: str, locale: str) -> Words:
    """An answer as the signer sees it."""
    if field.kind is FieldKind.COUNTRY or field.is_answered_by_country(value):
        return country_name(value, locale)
    if field.kind is FieldKind.PHONE:
        return phone.readable(value)
    return dict(options(text, field)).get(value, value)


def handed_in_values(scene: Scene) -> tuple[Words, ...]:
    """The answers of a signature that was just made, as the hand-in shows those of a signer who is named."""
    petition, answers = scene.petition, scene.submitted
    fields = [field for field in petition.fields if field.kind in _SHOWN_KINDS or field.hand_in]
    values = [(field, answers[field.name]) for field in fields if answers.get(field.name)]
    others = (display_value(scene.text, field, value, scene.conversation.locale) for field, value in values)
    name = petition.signer_name(answers)
    return (name, *others) if name else ()


def version(petition: Petition | None, digest: str, look_up: LookUp = unknown) -> Message:
    """The signed text: the first characters of its digest, whether it is the current version, and if it's an old form.

    Only a version that isn't current is looked up.
    """
    current = current_text(petition, digest)
    if current:
        key = "fact.present_version" if digest == current.digest else "fact.present_first_form"
    else:
        known = look_up(petition.slug, digest) if petition else None
        key = "fact.earlier_first_form" if known and known.form == FIRST else "fact.earlier_version"
    return Message(key, {"digest": digest[:8]})


def place_lines(signature: Signature) -> Iterator[Line]:
    """A signature's number, in the same words for everyone, so that a duplicate looks no different; or its trial."""
    is_one = is_trial(signature.petition)
    yield Line(Message("fact.trial") if is_one else Message("fact.number", {"number": signature.number}))


def trial_lines(petition: Petition) -> Iterator[Line]:
    """A line above everything about a draft, or about a petition that one only tries."""
    if petition.is_trial:
        yield Line(Message("trial.draft" if petition.is_draft else "trial.here"), Style.NOTICE)


def receipt(
    petition: Petition | None, signature: Signature, look_up: LookUp = unknown, shown: tuple[Words, ...] = ()
) -> Facts:
    """A signer's proof: the day, the receipt, the signed text, and how the hand-in shows the signature.

    `shown` are the answers that it shows, if they are known.
    """
    day = petition.day(signature.signed_at) if petition else signature.signed_at.astimezone(dt.UTC).date()
    rows: list[tuple[Words, Words]] = [
        (Message("fact.date"), Message("fact.day", {"date": day})),
        (Message("fact.receipt"), signature.receipt),
        (Message("fact.version"), version(petition, signature.digest, look_up)),
    ]
    if signature.named is not None:
        listed = Message("fact.hand_in_name" if signature.named else "fact.hand_in_number")
        listed = Message("fact.hand_in_as", {"shown": shown}) if signature.named and shown else listed
        rows.append((Message("fact.hand_in"), listed))
    return Facts(tuple(rows))


def request_line(petition: Petition) -> Message:
    """The target of the petition, and its organizer."""
    return Message("cover.asked", {"target": petition.target, "organizer": petition.organizer})


def phase_lines(petition: Petition, phase: Phase, now: dt.datetime) -> Iterator[Line]:
    """The news of a petition that can't be signed in its phase: a victory, a pause, its end, or the day it opens."""
    decision, zone = petition.decision, zone_words(petition.zone)
    match phase:
        case Phase.WON:
            yield Line(Message("cover.victory"), Style.HEADING)
            yield Line(decision.words)
        case Phase.PAUSED:
            yield notice_line(Message("cover.paused"))
        case Phase.EARLY if petition.opens:
            yield Line(Message("cover.opens", {"date": petition.opens, "zone": zone}))
        case Phase.ENDED if petition.closes:
            yield Line(Message("cover.ended", {"date": petition.closes, "zone": zone}))
        case Phase.CLOSED:
            yield Line(Message("cover.closed", {"date": petition.day(decision.since or decision.erased_at or now)}))


def time_left(petition: Petition) -> Iterator[Message]:
    """The last day to sign, if one is set."""
    if petition.closes:
        yield Message("cover.until", {"date": petition.closes, "zone": zone_words(petition.zone)})


def privacy(petition: Petition) -> Iterator[Message]:
    """The data we store, who can see it, and for how long."""
    about: dict[str, Argument] = {
        "organizer": petition.organizer,
        "target": petition.target,
        "days": petition.retention_days,
        "contact": contact_words(petition),
    }
    how_long = "privacy.how_long" if petition.closes else "privacy.open_ended"
    for key in ("privacy.what", "privacy.sealed", "privacy.who", how_long, "privacy.rights"):
        yield Message(key, about)
    if petition.controller:
        yield Message("privacy.controller", {"controller": petition.controller})
    if petition.contact:
        yield Message("privacy.contact", {"contact": petition.contact})
    if petition.organizer_url:
        yield Message("privacy.organizer_url", {"organizer": petition.organizer, "link": petition.organizer_url})


def privacy_of_any() -> Iterator[Message]:
    """The data we store, for a reader who has chosen none of several petitions: each may have another organizer."""
    for key in ("privacy.what", "privacy.sealed", "privacy.who_of_each", "privacy.rights"):
        yield Message(key)


def progress(scene: Scene) -> Progress:
    """The count this reader sees, and the next goal."""
    petition, counted = scene.petition, scene.display_count
    return Progress(counted, petition.next_goal(counted), petition.phase(scene.now))


def companion_lines(key: str, count: int) -> Iterator[Line]:
    """The number of people who signed through one community or link, worded by `key`; nothing for few."""
    if count >= FEWEST_SHOWN:
        yield Line(Message(key, {"count": count}))


_ENTRIES = {
    (True, True): "sources.entry",
    (True, False): "sources.entry_undated",
    (False, True): "sources.entry_dated",
    (False, False): "sources.entry_titled",
}  # by what is known of a source: who published it, and when


def source_entry(source: Source) -> Message:
    """A source in a list of them."""
    args: dict[str, Argument] = {"number": source.number, "title": source.title}
    by = source.publication or source.details.get("author", "")
    args |= {name: value for name, value in (("publication", by), ("date", source.date)) if value}
    return Message(_ENTRIES[bool(by), bool(source.date)], args)


def card(petition: Petition, locale: str, counted: int, now: dt.datetime) -> Screen:
    """The card posted for a whole community: the request, its target and organizer, the count, and the ways in."""
    text = petition.text(locale)
    parts: tuple[Part, ...] = (
        Line(text.title, Style.TITLE),
        *phase_lines(petition, petition.phase(now), now),
        Line(request_line(petition.in_language(locale))),
        Line(text.summary),
        Progress(counted, petition.next_goal(counted), petition.phase(now)),
    )
    return Screen(parts, (tuple(ways_in(petition, now)),))


def ways_in(petition: Petition, now: dt.datetime) -> Iterator[Button]:
    """The buttons of a post for a community; there is no Sign unless the petition can be signed."""
    if petition.is_open(now):
        yield Button(Message("button.sign"), Begin(), emphasis=Emphasis.SUCCESS)
    yield Button(Message("button.read"), TurnPage(0))
    yield Button(Message("button.sources"), ListSources())
    yield Button(Message("button.share"), Show(Overlay.SHARE))


def listed_title(petition: Petition, locale: str, now: dt.datetime, before: str = "") -> Words:
    """A petition's title in a list, with its number `before` it, and its phase unless it can be signed."""
    title, phase = before + petition.text(locale).title, petition.phase(now)
    return title if phase is Phase.OPEN else Message("petitions.entry", {"title": title, "phase": _PHASES[phase]})


def share_link(scene: Scene, invitation: Message) -> ShareLink:
    """The link to share; a signer's own link credits them without naming them."""
    mine = scene.known.signature.referral if scene.known.signature else ""
    return ShareLink(scene.petition.public_slug, mine, scene.text.title, invitation)


_SHOWN_KINDS = (FieldKind.POSTAL_CODE, FieldKind.COUNTRY)
_PHASES: Mapping[Phase, Message] = {
    Phase.EARLY: Message("phase.early"),
    Phase.PAUSED: Message("phase.paused"),
    Phase.ENDED: Message("phase.over"),
    Phase.CLOSED: Message("phase.over"),
    Phase.WON: Message("phase.won"),
}
HINTS: Mapping[FieldKind, Message] = {
    FieldKind.NAME: Message("hint.name"),
    FieldKind.EMAIL: Message("hint.email"),
    FieldKind.POSTAL_CODE: Message("hint.postal_code"),
    FieldKind.COUNTRY: Message("hint.country"),
    FieldKind.TEXT: Message("hint.text"),
    FieldKind.CHOICE: Message("hint.choice"),
    FieldKind.YES_NO: Message("hint.choice"),
    FieldKind.AGREE: Message("hint.agree"),
}
