"""`/announcement NUMBER ...`: the buttons of an announcement, from its preview to its progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from babel import Locale

from core.conversation.notices import notice_line
from core.conversation.screen import Button, Emphasis, Facts, Line, Part, Passage, Screen, Style, View
from core.messages import Argument, Command, Message
from core.organizer.announcement_order import NAME, Action, AnnouncementOrder, parse_announcement
from core.organizer.command import (
    OrganizerCommand,
    OrganizerContext,
    Parameter,
    choose_petition,
    number,
    sentence,
)
from core.outbox import NewEntry, State
from core.outreach.announcement import (
    EVERYBODY,
    FAN_OUT,
    TO_PERSON,
    Announcement,
    AnnouncementState,
    Audience,
    AudienceCount,
    announcement_screen,
    audience_size,
)
from core.outreach.communities import community_titles, named_community
from core.team import AuditEntry
from core.text.document import Block, BlockKind, Document, Span

LANGUAGES, LABELS = 3, 5  # offered as buttons, largest first
_UNWANTED = ("OptedOut", "Gone")


def _announcement(context: OrganizerContext, order: AnnouncementOrder) -> Screen:
    announcement = context.work.announcements.hold(order.number)
    if announcement is None or (announcement.petition and announcement.petition not in context.petitions):
        return sentence("announcement.unknown", command=Command("announce"))
    if announcement.state is AnnouncementState.DRAFT:
        return _prepare(context, announcement, order)
    steer = _STEERING.get(order.action)
    return progress_screen(context, steer(context, announcement) if steer else announcement)


def _prepare(context: OrganizerContext, announcement: Announcement, order: AnnouncementOrder) -> Screen:
    """Choose the petition, then the audience, then send."""
    if not announcement.petition:
        if order.action is Action.ABOUT and order.petition in context.petitions:
            announcement = replace(announcement, petition=order.petition)
            context.work.announcements.save(announcement)
    elif order.audience is None:
        return sentence("announcement.unclear", all=_typed(announcement, "all"), **_examples(announcement))
    elif order.action is Action.SEND:
        return _send(context, announcement, order.audience)
    elif order.action is Action.OFFER:
        return _confirm(context, announcement, order.audience)
    return draft_screen(context, announcement)


def _typed(announcement: Announcement, audience: str) -> Command:
    return Command(f"{NAME} {announcement.id} {audience}")


def _examples(announcement: Announcement) -> dict[str, Argument]:
    return {"language": _typed(announcement, "in es"), "link": _typed(announcement, "by newsletter")}


def _audience_name(context: OrganizerContext, audience: Audience) -> Message:
    if audience.locale:
        return Message("announcement.in_language", {"language": _language(audience.locale, context.locale)})
    if audience.label:
        community = named_community(audience.label, community_titles(context.work.cards.communities()))
        if community:
            return Message("announcement.by_community", {"label": community})
        return Message("announcement.by_link", {"label": audience.label})
    return Message("announcement.everybody")


def _language(code: str, locale: str) -> str:
    try:
        return Locale.parse(code).get_display_name(locale) or code
    except ValueError:  # typed by hand
        return code


def _platforms(people: Mapping[str, int]) -> Facts:
    return Facts(tuple((name.capitalize(), number(count)) for name, count in people.items()))


# --- before sending


def draft_screen(context: OrganizerContext, announcement: Announcement) -> Screen:
    """The announcement as each platform would show it, and the choice of its audience."""
    if not announcement.petition:
        return choose_petition(context, AnnouncementOrder(announcement.id, Action.ABOUT))
    screen = announcement_screen(context.petition(announcement.petition), announcement.words, context.locale)
    buttons = tuple(button.text for row in screen.buttons for button in row)
    counts = context.work.announcements.audience_counts(announcement.petition)
    parts: tuple[Part, ...] = (
        notice_line(Message("announcement.draft", {"number": str(announcement.id)})),
        *screen.parts,
        Line(Message("announcement.buttons", {"buttons": buttons}), Style.NOTE),
        Line(Message("announcement.audience"), Style.HEADING),
        _platforms(audience_size(counts, EVERYBODY)),
        Line(Message("announcement.typing", _examples(announcement)), Style.NOTE),
        *_elsewhere(context, screen),
    )
    rows = tuple((_offer(context, announcement, audience, count),) for audience, count in _largest(counts))
    return Screen(parts, rows)


def _elsewhere(context: OrganizerContext, screen: Screen) -> Iterator[Part]:
    """The text that each other platform with a bot would get, character for character; without any bot, all of them."""
    if context.previews and not context.platforms:
        yield Line(Message("announcement.no_bots"), Style.NOTE)
    for platform, preview in context.previews.items():
        if platform != context.signer.platform and platform in (context.platforms or context.previews):
            drawn = Block(BlockKind.PARAGRAPH, (Span(preview(View(screen, context.locale))),))
            yield Line(Message("announcement.elsewhere", {"platform": platform.capitalize()}), Style.HEADING)
            yield Passage(Document((drawn,)), quoted=True)


def _largest(counts: tuple[AudienceCount, ...]) -> Iterator[tuple[Audience, int]]:
    """Everybody, then the largest languages and labels; leaves out a group that includes everybody."""
    everybody = sum(audience_size(counts, EVERYBODY).values())
    yield EVERYBODY, everybody
    locales, labels = Counter[str](), Counter[str]()
    for group in counts:
        if group.platform in TO_PERSON:
            locales[group.locale] += group.people
            labels[group.label] += group.people
    yield from ((Audience(locale=code), count) for code, count in locales.most_common(LANGUAGES) if count < everybody)
    named = Counter({label: count for label, count in labels.items() if label and count < everybody})
    yield from ((Audience(label=label), count) for label, count in named.most_common(LABELS))


def _offer(context: OrganizerContext, announcement: Announcement, audience: Audience, count: int) -> Button:
    words = Message("announcement.offer", {"audience": _audience_name(context, audience), "number": count})
    return Button(words, order=AnnouncementOrder(announcement.id, Action.OFFER, audience=audience))


def _confirm(context: OrganizerContext, announcement: Announcement, audience: Audience) -> Screen:
    people = audience_size(context.work.announcements.audience_counts(announcement.petition), audience)
    back = Button(Message("button.back"), order=AnnouncementOrder(announcement.id))
    if not sum(people.values()):
        return Screen((Line(Message("announcement.nobody")),), ((back,),))
    title = context.title(announcement.petition)
    ask = Line(Message("announcement.ask", {"title": title}))
    named = Line(_audience_name(context, audience), Style.HEADING)
    words = Message("announcement.send", {"count": sum(people.values())})
    order = AnnouncementOrder(announcement.id, Action.SEND, audience=audience)
    send = Button(words, order=order, emphasis=Emphasis.PRIMARY)
    return Screen((ask, named, _platforms(people)), ((send, back),))


def _send(context: OrganizerContext, announcement: Announcement, audience: Audience) -> Screen:
    """Add one entry, which adds all others: confirming is as fast for a million people as for ten."""
    if not sum(audience_size(context.work.announcements.audience_counts(announcement.petition), audience).values()):
        return _confirm(context, announcement, audience)
    announcement = _changed(context, replace(announcement, audience=audience), AnnouncementState.SENDING)
    payload = {"announcement": announcement.id}
    context.work.outbox.put([NewEntry(FAN_OUT, announcement.group, context.now, payload, announcement.group)])
    return progress_screen(context, announcement)


# --- during sending


def _pause(context: OrganizerContext, announcement: Announcement) -> Announcement:
    if announcement.state is not AnnouncementState.SENDING:
        return announcement
    for topic in TO_PERSON.values():
        context.work.outbox.pause(topic.name, announcement.group)
    return _changed(context, announcement, AnnouncementState.PAUSED)


def _resume(context: OrganizerContext, announcement: Announcement) -> Announcement:
    if announcement.state is not AnnouncementState.PAUSED:
        return announcement
    for topic in TO_PERSON.values():
        context.work.outbox.resume(topic.name, announcement.group)
    return _changed(context, announcement, AnnouncementState.SENDING)


def _cancel(context: OrganizerContext, announcement: Announcement) -> Announcement:
    if announcement.state is AnnouncementState.CANCELLED:
        return announcement
    for topic in (FAN_OUT, *TO_PERSON.values()):
        context.work.outbox.cancel(topic.name, announcement.group)
        context.work.outbox.resume(topic.name, announcement.group)
    return _changed(context, announcement, AnnouncementState.CANCELLED)


_STEERING: Mapping[Action, Callable[[OrganizerContext, Announcement], Announcement]] = {
    Action.PAUSE: _pause,
    Action.RESUME: _resume,
    Action.CANCEL: _cancel,
}


def _changed(context: OrganizerContext, announcement: Announcement, state: AnnouncementState) -> Announcement:
    """The announcement in another state, with an entry in the audit log."""
    changed = replace(announcement, state=state)
    context.work.announcements.save(changed)
    context.work.audit.note(AuditEntry(context.now, context.signer, f"{NAME} {announcement.id} {state}"))
    return changed


def progress_screen(context: OrganizerContext, announcement: Announcement) -> Screen:
    """The announcement's progress, and the buttons that control it."""
    open_, ended = Counter[State](), Counter[tuple[State, str]]()
    for topic in TO_PERSON.values():
        open_.update(context.work.outbox.counts(topic.name, announcement.group))
        ended.update(context.work.outbox.reasons(topic.name, announcement.group))
    over = announcement.complete and not open_[State.WAITING] and not open_[State.SENDING]
    audience = _audience_name(context, announcement.audience)
    heading = Message("announcement.progress", {"number": str(announcement.id), "audience": audience})
    parts: list[Part] = [Line(heading, Style.HEADING), Line(_progress(announcement, over=over))]
    parts.append(Facts(_rows(open_, ended)))
    if any(state is State.DOUBTFUL for state, _ in ended):
        parts.append(Line(Message("announcement.uncertain_why"), Style.NOTE))
    return Screen(tuple(parts), tuple(_controls(announcement, over=over)))


def _progress(announcement: Announcement, *, over: bool) -> Message:
    match announcement.state:
        case AnnouncementState.CANCELLED:
            return Message("announcement.is_cancelled")
        case _ if over:
            return Message("announcement.is_over")
        case AnnouncementState.PAUSED:
            return Message("announcement.is_paused")
    return Message("announcement.is_sending" if announcement.complete else "announcement.is_gathering")


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


def _controls(announcement: Announcement, *, over: bool) -> Iterator[tuple[Button, ...]]:
    if announcement.state is AnnouncementState.CANCELLED or over:
        return

    def button(words: str, action: Action, *, emphasis: Emphasis = Emphasis.PLAIN) -> Button:
        return Button(Message(words), order=AnnouncementOrder(announcement.id, action), emphasis=emphasis)

    paused = announcement.state is AnnouncementState.PAUSED
    resume = button("announcement.resume", Action.RESUME, emphasis=Emphasis.PRIMARY)
    hold = button("announcement.pause", Action.PAUSE)
    yield resume if paused else hold, button("announcement.cancel", Action.CANCEL)
    yield (button("announcement.refresh", Action.SHOW),)


ANNOUNCEMENT = OrganizerCommand(
    NAME, Message("command.announcement"), parse_announcement, _announcement, noted=False,
    parameters=(Parameter("number"), Parameter("audience")),
)  # fmt: skip
