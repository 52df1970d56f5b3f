"""The screens of a petition in the order in which people meet them, on a surface that they talk to."""

from __future__ import annotations

from collections.abc import Sequence

from bots.preview.answers import right_answer, wrong_answer
from bots.preview.rehearsal import Chat, DrawnScreen, Rehearsal, rehearsal
from bots.preview.states import closed_states, open_state
from bots.services import Services
from core.conversation import state as ev
from core.conversation.reading import page_size
from core.conversation.scene import card
from core.conversation.screen import View
from core.conversation.state import Overlay
from core.outreach.announcement import announcement_screen
from core.outreach.milestones import FIRST as FIRST_MILESTONE
from core.outreach.milestones import milestone_screen
from core.petition.form import Field, FieldKind
from core.petition.petition import Petition
from core.platforms import WRITABLE
from core.text.pages import Page

READING, MORE = "Reading", "Sharing, privacy, and more"
SIGNING, AFTER = "Signing", "After signing"
POSTS, CLOSED = "Messages in groups and from organizers", "When nobody can sign"
ANNOUNCED = "Here people read what the organizers write with /announce."
_MOST_QUESTIONS = 40  # twice as many as a petition can have fields
_LABEL = "g0123456789ab"  # as a community's


def tell(services: Services, petition: Petition, chat: Chat, locale: str) -> list[DrawnScreen]:
    """Every screen of a petition on a surface, for a reader of a language."""
    screens: list[DrawnScreen] = []
    for story in (_read, _more, _sign, _posts):
        with rehearsal(services, chat, open_state(petition), locale) as told:
            story(told, petition)
        screens += told.screens
    for state in closed_states(petition):
        with rehearsal(services, chat, state, locale) as told:
            told.show(CLOSED, state.title, ev.Open())
        screens += told.screens
    return screens


def _read(told: Rehearsal, petition: Petition) -> None:
    """The first screen, the text, and its sources."""
    text = petition.text(told.locale)
    told.add(READING, "Before the chat begins", told.chat.greeting(told.locale))
    told.show(READING, "The first screen", ev.Open())
    pages = text.pages(page_size(told.chat.platform))
    for number in range(len(pages)):
        told.show(READING, _page_title(pages, number), ev.TurnPage(number))
    view = told.show(READING, "The sources", ev.Open(), ev.ListSources())
    page = 0
    while ev.ListSources(page + 1) in _events(view):
        page += 1
        view = told.show(READING, f"The sources, page {page + 1}", ev.ListSources(page))
    for source in text.sources:
        told.show(READING, f"Source {source.number}", ev.ShowSource(source.number))


def _page_title(pages: tuple[Page, ...], number: int) -> str:
    return f"The {pages[number].part}" + (f", page {number + 1} of {len(pages)}" if len(pages) > 1 else "")


def _more(told: Rehearsal, _: Petition) -> None:
    for title, overlay in (
        ("How many have signed", Overlay.COUNT),
        ("Share", Overlay.SHARE),
        ("More", Overlay.MORE),
        ("Privacy", Overlay.PRIVACY),
        ("Language", Overlay.LANGUAGES),
        ("My signatures, before signing", Overlay.SIGNATURES),
        ("Forget me", Overlay.FORGET),
    ):
        told.show(MORE, title, ev.Open(), ev.Show(overlay))


def _sign(told: Rehearsal, petition: Petition) -> None:
    """Signing, with every question, to the receipt and what can be done with it."""
    told.does(ev.Open())
    given: dict[str, str] = {}
    _answer(told, petition, given)
    _add_answers(told, petition, given)
    by_email = petition.first_field(FieldKind.EMAIL) is not None
    last = told.show(SIGNING, "The last screen, with updates on", ev.SetUpdates(wanted=True, by_email=by_email))
    confirm = [event for event in _events(last) if isinstance(event, ev.Confirm)]
    told.show(AFTER, "Signed", *confirm[-1:])
    told.show(AFTER, "Share your own link", ev.Show(Overlay.SHARE))
    told.show(AFTER, "My signatures", ev.Open(), ev.Show(Overlay.SIGNATURES))
    told.show(AFTER, "Updates", ev.Show(Overlay.UPDATES))
    told.show(AFTER, "The first screen, for a signer", ev.Open())
    told.show(AFTER, "Withdraw?", ev.Show(Overlay.WITHDRAW))
    told.show(AFTER, "Withdrawn", ev.Withdraw())


def _answer(told: Rehearsal, petition: Petition, given: dict[str, str]) -> None:
    """The questions that must be answered, each with a refusal, and the last screen."""
    view, number = told.begin(ev.Begin()), 0
    while view.screen.prompts and number < _MOST_QUESTIONS:
        fields, number = [prompt.field for prompt in told.chat.asks(view)], number + 1
        _ask(told, f"Question {number}: {_kind(fields[0])}" if len(fields) == 1 else "The form", view, fields)
        view = told.does(_right(petition, fields, given))
    if not number:
        view = told.does(ev.Begin())
    told.add(SIGNING, "The last screen before signing", told.chat.draw(view))


def _add_answers(told: Rehearsal, petition: Petition, given: dict[str, str]) -> None:
    """The answers to change or add, and each question that can be left out."""
    view = told.begin(ev.Show(Overlay.FIELDS))
    told.add(SIGNING, "Answers to change or add", told.chat.question(view))
    for event in _events(view):
        field = petition.field(event.field) if isinstance(event, ev.Edit) else None
        if field and field.name not in given:
            _ask(told, f"A question that can be left out: {_kind(field)}", told.begin(event), [field])
            told.does(_right(petition, [field], given))


def _ask(told: Rehearsal, title: str, view: View, fields: Sequence[Field]) -> None:
    """Questions, and the refusal of wrong answers to them."""
    told.add(SIGNING, title, told.chat.question(view))
    wrong = {field.name: wrong_answer(field) for field in fields if wrong_answer(field)}
    if wrong:
        told.show(SIGNING, f"{title}, after a wrong answer", ev.Answer(wrong))


def _right(petition: Petition, fields: Sequence[Field], given: dict[str, str]) -> ev.Answer:
    """Right answers to some questions, which become part of those `given`."""
    for field in fields:
        given[field.name] = right_answer(petition, field, given)
    return ev.Answer({field.name: given[field.name] for field in fields})


def _kind(field: Field) -> str:
    return "yes or no" if field.kind is FieldKind.YES_NO else field.kind.value.replace("_", " ")


def _events(view: View) -> tuple[ev.Event, ...]:
    """The events of a screen's buttons."""
    return tuple(button.event for row in view.screen.buttons for button in row if button.event)


def _posts(told: Rehearsal, petition: Petition) -> None:
    """Messages that people and communities get without having asked at that moment."""
    locale, state = told.locale, open_state(petition)
    shown = View(card(petition, locale, state.count, state.now), locale, petition.slug)
    told.add(POSTS, "The card in a group", told.chat.card(shown, _LABEL))
    shown = View(milestone_screen(petition, FIRST_MILESTONE, FIRST_MILESTONE, locale, state.now), locale, petition.slug)
    told.add(POSTS, "A milestone in a group that wants them", told.chat.card(shown, _LABEL))
    if told.chat.platform in WRITABLE:
        shown = View(announcement_screen(petition, ANNOUNCED, locale), locale, petition.slug)
        told.add(POSTS, "An announcement to people who want updates", told.chat.draw(shown))
