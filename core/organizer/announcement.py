"""`/announcement NUMBER ...`: what stands behind the buttons of an announcement, from its preview to its progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from babel import Locale

from core.conversation.screen import Button, Facts, Line, Order, Part, Passage, Screen, Style, View
from core.messages import Message
from core.organizer.command import Context, OrganizerCommand, number, said
from core.outbox import NewEntry, State
from core.outreach.announcement import (
    FAN_OUT,
    TO_PERSON,
    Announcement,
    AnnouncementState,
    Audience,
    AudienceCount,
    announcement_screen,
    told,
)
from core.petition.petition import is_community
from core.ports import AuditEntry
from core.text.document import Block, BlockKind, Document, Span

NAME = "announcement"
LANGUAGES, LABELS = 3, 5  # offered as buttons, the largest
LONGEST_NUMBER = 9  # digits
_UNWANTED = ("OptedOut", "Gone")


def _announcement(context: Context, argument: str) -> Screen:
    written, _, rest = argument.partition(" ")
    fits = written.isascii() and written.isdecimal() and len(written) <= LONGEST_NUMBER
    found = context.work.announcements.hold(int(written)) if fits else None
    if found is None or (found.petition and found.petition not in context.petitions):
        return said("announcement.unknown")
    verb, _, value = rest.strip().partition(" ")
    audience = _audience(rest.strip())
    if found.state is AnnouncementState.DRAFT:
        if verb == "about" and value in context.petitions and not found.petition:
            found = replace(found, petition=value)
            context.work.announcements.save(found)
        elif verb == "send" and found.petition:
            return _send(context, found, _audience(value) or Audience())
        elif audience and found.petition:
            return _confirm(context, found, audience)
        return draft_screen(context, found)
    entry = _DEEDS.get(verb)
    return progress_screen(context, entry(context, found) if entry else found)


def _audience(written: str) -> Audience | None:
    """`all`, `in LANGUAGE` or `by LABEL`; None for anything else."""
    verb, _, value = written.partition(" ")
    match verb, value.strip():
        case "all", "":
            return Audience()
        case "in", locale if locale:
            return Audience(locale=locale)
        case "by", label if label:
            return Audience(label=label.lower())
    return None


def _order(found: Announcement, *words: str) -> Order:
    return Order(NAME, " ".join((str(found.id), *words)))


def _chosen(audience: Audience) -> str:
    """The audience as it is written in an order."""
    return f"in {audience.locale}" if audience.locale else f"by {audience.label}" if audience.label else "all"


def _called(context: Context, audience: Audience) -> Message:
    if audience.locale:
        return Message("announcement.in_language", {"language": _language(audience.locale, context.locale)})
    if audience.label:
        key = "announcement.by_community" if is_community(audience.label) else "announcement.by_link"
        return Message(key, {"label": audience.label})
    return Message("announcement.everybody")


def _language(code: str, locale: str) -> str:
    try:
        return Locale.parse(code).get_display_name(locale) or code
    except ValueError:  # typed by hand
        return code


def _platforms(people: Mapping[str, int]) -> Facts:
    return Facts(tuple((name.capitalize(), number(count)) for name, count in people.items()))


# --- before it is sent


def draft_screen(context: Context, found: Announcement) -> Screen:
    """How it would arrive, on this platform and on the others, and the choice of whom it is for."""
    if not found.petition:
        titles = ((context.title(slug), slug) for slug in context.petitions)
        rows = tuple((Button(title, order=_order(found, "about", slug)),) for title, slug in titles)
        return Screen((Line(Message("organizer.which"), Style.HEADING),), rows)
    screen = announcement_screen(context.petition(found.petition), found.words, context.locale)
    labels = tuple(button.label for row in screen.buttons for button in row)
    reach = context.work.announcements.reach(found.petition)
    parts: tuple[Part, ...] = (
        Line(Message("announcement.draft", {"number": str(found.id)}), Style.ALERT),
        *screen.parts,
        Line(Message("announcement.buttons", {"buttons": labels}), Style.NOTE),
        Line(Message("announcement.whom"), Style.HEADING),
        _platforms(told(reach, Audience())),
        Line(Message("announcement.typing", {"number": str(found.id)}), Style.NOTE),
        *_elsewhere(context, screen),
    )
    rows = tuple((_offer(context, found, one, count),) for one, count in _largest(reach))
    return Screen(parts, rows)


def _elsewhere(context: Context, screen: Screen) -> Iterator[Part]:
    """What the other platforms are handed, character by character."""
    for platform, preview in context.previews.items():
        if platform != context.signer.platform:
            drawn = Block(BlockKind.PARAGRAPH, (Span(preview(View(screen, context.locale))),))
            yield Line(Message("announcement.elsewhere", {"platform": platform.capitalize()}), Style.HEADING)
            yield Passage(Document((drawn,)), quoted=True)


def _largest(reach: tuple[AudienceCount, ...]) -> Iterator[tuple[Audience, int]]:
    """Everybody, then the languages and the labels of most people; what would be everybody again is left out."""
    everybody = sum(told(reach, Audience()).values())
    yield Audience(), everybody
    locales, labels = Counter[str](), Counter[str]()
    for one in reach:
        if one.platform in TO_PERSON:
            locales[one.locale] += one.people
            labels[one.label] += one.people
    yield from ((Audience(locale=code), count) for code, count in locales.most_common(LANGUAGES) if count < everybody)
    named = Counter({label: count for label, count in labels.items() if label and count < everybody})
    yield from ((Audience(label=label), count) for label, count in named.most_common(LABELS))


def _offer(context: Context, found: Announcement, audience: Audience, count: int) -> Button:
    words = Message("announcement.offer", {"audience": _called(context, audience), "number": count})
    return Button(words, order=_order(found, _chosen(audience)))


def _confirm(context: Context, found: Announcement, audience: Audience) -> Screen:
    people = told(context.work.announcements.reach(found.petition), audience)
    back = Button(Message("button.back"), order=_order(found))
    if not sum(people.values()):
        return Screen((Line(Message("announcement.nobody")),), ((back,),))
    title = context.title(found.petition)
    ask = Message("announcement.ask", {"title": title, "audience": _called(context, audience)})
    words = Message("announcement.send", {"count": sum(people.values())})
    send = Button(words, order=_order(found, "send", _chosen(audience)), primary=True)
    return Screen((Line(ask), _platforms(people)), ((send, back),))


def _send(context: Context, found: Announcement, audience: Audience) -> Screen:
    """Put one entry, which puts all others: so confirming takes no longer for a million than for ten."""
    if not sum(told(context.work.announcements.reach(found.petition), audience).values()):
        return _confirm(context, found, audience)
    found = _changed(context, replace(found, audience=audience), AnnouncementState.SENDING)
    payload = {"announcement": found.id}
    context.work.outbox.put([NewEntry(FAN_OUT, found.group, context.now, payload, found.group)])
    return progress_screen(context, found)


# --- while it is sent


def _pause(context: Context, found: Announcement) -> Announcement:
    if found.state is not AnnouncementState.SENDING:
        return found
    for topic in TO_PERSON.values():
        context.work.outbox.pause(topic.name, found.group)
    return _changed(context, found, AnnouncementState.PAUSED)


def _resume(context: Context, found: Announcement) -> Announcement:
    if found.state is not AnnouncementState.PAUSED:
        return found
    for topic in TO_PERSON.values():
        context.work.outbox.resume(topic.name, found.group)
    return _changed(context, found, AnnouncementState.SENDING)


def _cancel(context: Context, found: Announcement) -> Announcement:
    if found.state is AnnouncementState.CANCELLED:
        return found
    for topic in (FAN_OUT, *TO_PERSON.values()):
        context.work.outbox.cancel(topic.name, found.group)
        context.work.outbox.resume(topic.name, found.group)
    return _changed(context, found, AnnouncementState.CANCELLED)


_DEEDS: Mapping[str, Callable[[Context, Announcement], Announcement]] = {
    "pause": _pause,
    "resume": _resume,
    "cancel": _cancel,
}


def _changed(context: Context, found: Announcement, state: AnnouncementState) -> Announcement:
    """The announcement in another state, and a deed of whoever brought it there."""
    changed = replace(found, state=state)
    context.work.announcements.save(changed)
    context.work.audit.note(AuditEntry(context.now, context.signer, f"{NAME} {found.id} {state}"))
    return changed


def progress_screen(context: Context, found: Announcement) -> Screen:
    """How far it is, and what can be done about it."""
    open_, ended = Counter[State](), Counter[tuple[State, str]]()
    for topic in TO_PERSON.values():
        open_.update(context.work.outbox.counts(topic.name, found.group))
        ended.update(context.work.outbox.reasons(topic.name, found.group))
    over = found.complete and not open_[State.WAITING] and not open_[State.SENDING]
    heading = Message("announcement.progress", {"number": str(found.id), "audience": _called(context, found.audience)})
    parts: list[Part] = [Line(heading, Style.HEADING), Line(_standing(found, over=over)), Facts(_rows(open_, ended))]
    if any(state is State.DOUBTFUL for state, _ in ended):
        parts.append(Line(Message("announcement.uncertain_why"), Style.NOTE))
    return Screen(tuple(parts), tuple(_controls(found, over=over)))


def _standing(found: Announcement, *, over: bool) -> Message:
    match found.state:
        case AnnouncementState.CANCELLED:
            return Message("announcement.is_cancelled")
        case _ if over:
            return Message("announcement.is_over")
        case AnnouncementState.PAUSED:
            return Message("announcement.is_paused")
    return Message("announcement.is_sending" if found.complete else "announcement.is_gathering")


def _rows(open_: Counter[State], ended: Counter[tuple[State, str]]) -> tuple[tuple[Message, Message], ...]:
    dead = Counter({reason: count for (state, reason), count in ended.items() if state is State.DEAD})
    blocked, unwanted = dead.pop("Blocked", 0), sum(dead.pop(reason, 0) for reason in _UNWANTED)
    dead.pop("Cancelled", 0)
    return (
        (Message("announcement.sent"), number(open_[State.DONE])),
        (Message("announcement.sending"), number(open_[State.SENDING])),
        (Message("announcement.waiting"), number(open_[State.WAITING])),
        (Message("announcement.blocked"), number(blocked)),
        (Message("announcement.unwanted"), number(unwanted)),
        (Message("announcement.failed"), number(sum(dead.values()))),
        (Message("announcement.uncertain"), number(open_[State.DOUBTFUL])),
    )


def _controls(found: Announcement, *, over: bool) -> Iterator[tuple[Button, ...]]:
    if found.state is AnnouncementState.CANCELLED or over:
        return
    paused = found.state is AnnouncementState.PAUSED
    hold = Button(Message("announcement.pause"), order=_order(found, "pause"))
    go_on = Button(Message("announcement.resume"), order=_order(found, "resume"), primary=True)
    yield (go_on if paused else hold, Button(Message("announcement.cancel"), order=_order(found, "cancel")))
    yield (Button(Message("announcement.refresh"), order=_order(found)),)


ANNOUNCEMENT = OrganizerCommand(NAME, Message("command.announcement"), _announcement, noted=False)
