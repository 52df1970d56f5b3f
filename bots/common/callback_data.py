"""A button's event as a few bytes: Telegram allows 64 per button, Discord 100.

The format is `<code><argument>.<revision>.<slug>`. On a message that lasts (View.lasting), buttons work forever, so a
`-` replaces the revision. A field or an option has a short digest (core.petition.tap_digest).
If the form has neither anymore, the button leads back to the question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from core.conversation import state as ev
from core.conversation.screen import Order
from core.conversation.state import Event, Overlay
from core.conversation.typed import CanRead, SendProof, SendText
from core.organizer.command import CommandLine
from core.petition.petition import SLUG, Petition
from core.petition.tap_digest import is_tap_digest, tap_digest, tappable

LONGEST = 64
_LASTING, _WISH = "-", "~"
_LISTS = {Overlay.SIGNATURES: "h", Overlay.UPDATES: "j", Overlay.LANGUAGES: "L", Overlay.CLAIMS: "C"}
_PLAIN: Mapping[str, Event] = {
    "o": ev.Open(),
    "b": ev.Back(),
    "g": ev.Begin(),
    "k": ev.Skip(),
    "c": ev.Confirm(),
    "y": ev.Confirm(named=True),
    "x": ev.Cancel(),
    "n": ev.NotMe(),
    "w": ev.Withdraw(),
    "d": ev.SendData(),
    "m": SendText(),
    "P": SendProof(),
    "f": ev.Forget(),
    "Y": CanRead(able=True),
    "N": CanRead(able=False),
}
_CHANNELS: Mapping[str, tuple[bool, bool]] = {"0": (False, False), "1": (True, False), "2": (True, True)}
"""The codes of the channels for updates: whether they are wanted, and by email."""
_CODES = {event: code for code, event in _PLAIN.items()}


@dataclass(frozen=True, slots=True)
class Callback:
    """The meaning of a tap: an event of a petition, on a screen of a revision (None: any)."""

    petition: str
    revision: int | None
    event: Event


def encode(
    event: Event, petition: Petition | None, revision: int | None, slug: str = "", *, lasting: bool = False
) -> str:
    """The bytes for a button; `revision` is the screen's, or None for a button that leads elsewhere.

    Without a petition, `slug` is that of one whose folder is gone; its signers can still withdraw. `lasting` is true
    for the buttons of a message that lasts.
    """
    number = _LASTING if lasting else "" if revision is None else str(revision)
    if slug and petition is None and event in _WITHDRAWING:
        return f"{_encode_withdrawing(event)}.{number}.{slug}"
    if isinstance(event, ev.ListPetitions) or petition is None:
        listed = event if isinstance(event, ev.ListPetitions) else ev.ListPetitions()
        return f"q{listed.page}{_WISH + _encode_event(listed.wish) if listed.wish else ''}.."
    return f"{_encode_event(event)}.{number}.{petition.slug}"


def _encode_event(event: Event) -> str:
    match event:
        case ev.TurnPage(page):
            return f"p{page}"
        case ev.ListSources(page):
            return f"l{page}"
        case ev.ListOwn(page, overlay):
            return f"{_LISTS[overlay]}{page}"
        case ev.ShowSource(number):
            return f"s{number}"
        case ev.Show(view):
            return f"v{view.value}"
        case ev.SetUpdates(wanted, by_email, listed):
            channel = next(code for code, each in _CHANNELS.items() if each == (wanted, by_email))
            return f"{'d' if listed else 'u'}{channel}"
        case ev.SetLocale(locale):
            return f"t{locale}"
        case ev.Edit() | ev.Remove() | ev.Answer() | ev.Pick():
            return _encode_field(event)
    return _CODES[event]


def _encode_field(event: ev.Edit | ev.Remove | ev.Answer | ev.Pick) -> str:
    match event:
        case ev.Edit(name):
            return f"e{tap_digest(name)}"
        case ev.Remove(name):
            return f"r{tap_digest(name)}"
        case ev.Pick(name, place):
            return f"i{tap_digest(name)}-{place}"
        case ev.Answer(values):
            ((name, key),) = values.items()
            return f"a{tap_digest(name, key)}"


def _field(token: str, petition: Petition) -> str:
    """The name of the field. Raises KeyError if the petition no longer has it."""
    return {tap_digest(field.name): field.name for field in petition.fields}[token]


def encode_order(order: Order) -> str:
    """The bytes of a button that carries an organizer's order."""
    return f"!{order.name} {order.argument}".strip()


def decode_order(data: str) -> CommandLine | None:
    """The command line that `encode_order` wrote; None for anything else."""
    name, _, argument = data[1:].partition(" ")
    return CommandLine(name, argument) if data.startswith("!") else None


def decode(data: str, petitions: Mapping[str, Petition]) -> Callback | None:
    """Read what `encode` wrote; None for anything else, such as a button of an older version."""
    try:
        code, number, slug = data.split(".")
        if code.startswith("q") and not (number or slug):
            page, _, wish = code[1:].partition(_WISH)
            return Callback("", None, ev.ListPetitions(int(page), _WISHES[wish] if wish else None))
        if slug not in petitions:
            return _decode_withdrawing(code, number, slug)
        event = _decode_event(code[0], code[1:], petitions[slug])
        return Callback(slug, _revision(number), event)
    except (ValueError, KeyError, IndexError):
        return None


def _decode_withdrawing(code: str, number: str, slug: str) -> Callback | None:
    """A button of a petition whose folder is gone."""
    event = next((event for event in _WITHDRAWING if _encode_withdrawing(event) == code), None)
    if event is None or not SLUG.fullmatch(slug):
        return None
    return Callback(slug, _revision(number), event)


def is_on_lasting(data: str) -> bool:
    """True for the button of a message that lasts."""
    return data.count(".") == 2 and data.split(".")[1] == _LASTING


def _revision(number: str) -> int | None:
    return None if number in ("", _LASTING) else int(number)


def _encode_withdrawing(event: Event) -> str:
    return f"v{event.overlay.value}" if isinstance(event, ev.Show) else _CODES[event]


_WITHDRAWING: tuple[Event, ...] = (ev.Show(Overlay.WITHDRAW), ev.Withdraw(), SendText(), SendProof(), ev.Back())
"""The events that need no form, so they work after a petition's folder was removed."""

_WISHES: Mapping[str, Event] = {
    _encode_event(wish): wish
    for wish in (ev.Begin(), ev.TurnPage(0), ev.ListSources(), ev.Show(Overlay.SHARE), ev.Show(Overlay.COUNT))
}
"""The codes of what people may want with a petition that they have yet to choose."""

_Decoder: TypeAlias = Callable[[str, Petition], Event]


def _decode_event(code: str, argument: str, petition: Petition) -> Event:
    if code in _PLAIN and not argument:
        return _PLAIN[code]
    try:
        return _DECODERS[code](argument, petition)
    except KeyError:
        if code in _OF_FIELDS and is_tap_digest(argument.partition("-")[0]):
            return ev.Begin()
        raise


def _decode_answer(argument: str, petition: Petition) -> Event:
    answers = (answer for field in petition.fields for answer in tappable(field))
    name, key = {tap_digest(*answer): answer for answer in answers}[argument]
    return ev.Answer({name: key})


def _decode_pick(argument: str, petition: Petition) -> Event:
    token, place = argument.split("-")
    return ev.Pick(_field(token, petition), int(place))


_DECODERS: Mapping[str, _Decoder] = {
    "p": lambda argument, _: ev.TurnPage(int(argument)),
    "l": lambda argument, _: ev.ListSources(int(argument)),
    "s": lambda argument, _: ev.ShowSource(int(argument)),
    "v": lambda argument, _: ev.Show(Overlay(argument)),
    "h": lambda argument, _: ev.ListOwn(int(argument), Overlay.SIGNATURES),
    "j": lambda argument, _: ev.ListOwn(int(argument), Overlay.UPDATES),
    "L": lambda argument, _: ev.ListOwn(int(argument), Overlay.LANGUAGES),
    "C": lambda argument, _: ev.ListOwn(int(argument), Overlay.CLAIMS),
    "e": lambda argument, petition: ev.Edit(_field(argument, petition)),
    "r": lambda argument, petition: ev.Remove(_field(argument, petition)),
    "u": lambda argument, _: ev.SetUpdates(*_CHANNELS[argument]),
    "d": lambda argument, _: ev.SetUpdates(*_CHANNELS[argument], listed=True),
    "t": lambda argument, _: ev.SetLocale(argument),
    "a": _decode_answer,
    "i": _decode_pick,
}
_OF_FIELDS = ("a", "e", "i", "r")
