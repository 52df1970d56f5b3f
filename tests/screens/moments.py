"""Screens at odd moments: something that isn't text, reserved words, a petition that stops, updates switched."""

from __future__ import annotations

from core.conversation import state as ev
from core.conversation.state import Overlay
from core.conversation.typed import Media, MediaKind, StopUpdates
from core.messages import Message
from core.petition.petition import Decision, PetitionStatus
from tests.screens.reading import variant
from tests.screens.signing import AFTER, ASKED
from tests.screens.studio import GOOD, Studio
from tests.world import SALESFORCE, TREES

SENT = "Not text"


def sent(studio: Studio) -> None:
    """Messages without text, with a question and without one."""
    ada = studio.person("Ada", TREES)
    ada.does(ev.Open())
    studio.does(SENT, "A sticker, a photo ...", ada, Media())
    studio.does(SENT, "A voice message", ada, Media(MediaKind.VOICE))
    studio.does(SENT, "A contact", ada, Media(MediaKind.CONTACT))
    studio.does(SENT, "A sticker as an answer", ada, ev.Begin(), Media())
    studio.does(SENT, "A voice message as an answer", ada, Media(MediaKind.VOICE))


def reserved_words(studio: Studio) -> None:
    """Words of buttons that were typed."""
    ada = studio.person("Ada", TREES)
    answers = ev.Answer({**GOOD, "reason": "Shade"})
    remove, cancel = (studio.catalog.text(Message(key), studio.locale) for key in ("button.remove", "button.cancel"))
    studio.does(ASKED, "“Remove” is typed", ada, ev.Begin(), answers, ev.Edit("reason"), ev.Reply(remove))
    studio.does(ASKED, "“Cancel” is typed", ada, ev.Back(), ev.Reply(cancel))


def stopped(studio: Studio) -> None:
    """A petition that is paused or closed while someone signs."""
    for status, title in ((PetitionStatus.PAUSED, "paused"), (PetitionStatus.CLOSED, "closed")):
        other = Studio(studio.album, studio.locale, variant())
        ada = other.person("Ada", TREES)
        ada.does(ev.Begin())
        with other.world.work() as work:
            work.decisions.save(TREES, Decision(status, since=other.world.now))
            work.commit()
        other.does(ASKED, f"An answer after signing was {title}", ada, ev.Answer({"country": "US"}))


def updates(studio: Studio) -> None:
    """Switching updates on and off."""
    ada = studio.person(petition=TREES)
    studio.does(AFTER, "Updates, with no signature", ada, ev.Show(Overlay.UPDATES))
    ada.does(ev.Begin(), ev.Answer(GOOD), ev.SetUpdates(wanted=True), ev.Confirm())
    studio.does(AFTER, "Updates", ada, ev.Show(Overlay.UPDATES))
    answers = ev.Answer({"postal_code": "90210", "email": "ada@example.org"})
    ada.about(SALESFORCE).does(ev.Begin(), answers, ev.SetUpdates(wanted=True, by_email=True), ev.Confirm())
    studio.does(AFTER, "Updates about two petitions", ada, ev.Show(Overlay.UPDATES))
    studio.does(AFTER, "All updates off", ada, StopUpdates())
