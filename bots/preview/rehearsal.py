"""Conversations for show: held with the real service on a database that forgets them, and drawn screen by screen."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Protocol

from bots.preview.states import Situation
from bots.services import OpenDatabase, Services
from core.conversation.screen import Prompt, View
from core.conversation.state import Event, Open
from core.petition.petition import PetitionStatus
from core.platforms import Platform
from core.services.signing import SigningService
from core.signatures.signature import SignatureStatus, Signer

_PAUSE = dt.timedelta(seconds=20)  # between two events; nobody is suspicious of a signer who takes some time
_PROFILE = "Ada"  # one word, which isn't taken for a whole name, so the question for the name comes too


@dataclass(frozen=True, slots=True)
class DrawnScreen:
    """A screen as HTML, in a part of the preview; a `wide` one needs the whole width."""

    part: str
    title: str
    html: str
    wide: bool = False


class Chat(Protocol):
    """A surface that people talk to, as far as a preview draws it."""

    @property
    def name(self) -> str:
        """Its name for readers."""

    @property
    def platform(self) -> Platform:
        """Its platform."""

    def greeting(self, locale: str) -> str:
        """The words that it shows before anything is tapped or typed, as HTML; empty if there are none."""

    def draw(self, view: View) -> str:
        """A screen for one person, as HTML."""

    @property
    def has_forms(self) -> bool:
        """True if it asks several questions at once."""

    def asks(self, view: View) -> Sequence[Prompt]:
        """The questions that it asks at once."""

    def question(self, view: View) -> str:
        """These questions, or else the screen, as HTML."""

    def card(self, view: View, label: str) -> str:
        """A post for a whole community, as HTML; empty for a surface without communities."""


@dataclass
class _Clock:
    """A clock that moves only when it is set."""

    now: dt.datetime

    def __call__(self) -> dt.datetime:
        return self.now


@dataclass
class Rehearsal:
    """An example signer's conversation about a petition, in one language on one surface, and its screens so far."""

    signing: SigningService
    clock: _Clock
    chat: Chat
    slug: str
    locale: str
    screens: list[DrawnScreen] = field(default_factory=list)

    @property
    def _signer(self) -> Signer:
        return Signer(self.chat.platform, "preview", _PROFILE, self.locale)

    def does(self, *events: Event) -> View:
        """Let events happen one after another; the view after the last."""
        view = None
        for event in events:
            self.clock.now += _PAUSE
            view = self.signing.handle(self._signer, event, self.slug)
        return view or self.signing.handle(self._signer, Open(), self.slug)

    def begin(self, event: Event) -> View:
        """The view with the questions that an event leads to.

        On a surface with forms the event doesn't happen, since such a surface opens the form instead.
        """
        return self.signing.handle(self._signer, event, self.slug, dry_run=self.chat.has_forms)

    def show(self, part: str, title: str, *events: Event) -> View:
        """Let events happen, and draw the screen after the last."""
        view = self.does(*events)
        self.add(part, title, self.chat.draw(view))
        return view

    def add(self, part: str, title: str, html: str) -> None:
        """Add a screen, unless the surface has none here."""
        if html:
            self.screens.append(DrawnScreen(part, title, html))


@contextmanager
def rehearsal(services: Services, chat: Chat, state: Situation, locale: str) -> Iterator[Rehearsal]:
    """A conversation about a petition in some state; the database forgets it when the block ends."""
    clock, codes, slug = _Clock(state.now), map(_code, count(1)), state.petition.slug
    signing = replace(services.signing, clock=clock, new_code=codes.__next__)
    with _forgotten(services.database):
        with signing.work() as work:
            work.tallies.add(slug, SignatureStatus.COUNTED, state.count)
            if state.petition.decision.status is not PetitionStatus.OPEN:
                work.decisions.save(slug, state.petition.decision)
            work.commit()
        yield Rehearsal(signing, clock, chat, slug, locale)


class _OverError(Exception):
    """Ends a transaction that is not to be committed."""


@contextmanager
def _forgotten(database: OpenDatabase) -> Iterator[None]:
    """Store nothing of what is committed in the block. The database must be an SQLite file."""
    with suppress(_OverError), database.together():
        yield
        raise _OverError


def _code(number: int) -> str:
    """A code that looks random, and is the same each time."""
    return hashlib.sha256(str(number).encode()).hexdigest()[:12].upper()
