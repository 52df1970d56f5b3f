"""Figures for organizers, and signatures held back."""

from __future__ import annotations

import datetime as dt
from copy import copy
from dataclasses import replace
from functools import partial
from threading import Lock
from types import SimpleNamespace
from typing import Any

from core.conversation import state as ev
from core.conversation.screen import View
from core.messages import Message
from core.organizer.figures import PERIODS
from core.organizer.review import answer_matches
from core.organizer.review_filters import Filters
from core.organizer.review_order import ListSignatures
from core.organizer.stats import PARTS
from core.petition.form import Field, FieldKind
from core.services.ledger import Ledger
from core.signatures.quarantine import Signal
from core.signatures.review import Query
from core.signatures.sealed_filter import SealedSearch
from core.standby import AsOf, StandbyReads
from tests.fakes import MemoryUnitOfWork
from tests.screens.organizing import signs
from tests.screens.reading import variant
from tests.screens.studio import CHATS, Studio
from tests.world import SALESFORCE, TREES

FIGURES, REVIEW, LIMITS = "Figures", "Review", "What holds signatures back"


def figures(studio: Studio) -> None:
    """`/count`, `/stats` and `/chart`, with nothing and with something to show."""
    studio.asks(FIGURES, "/count", "count")
    for part in PARTS:
        studio.asks(FIGURES, f"/stats, {part}, with nothing", f"stats {SALESFORCE} 7d {part}")
    studio.asks(FIGURES, "/chart, with nothing", f"chart {SALESFORCE}")
    _people(studio)
    studio.asks(FIGURES, "/count, of one petition", f"count {SALESFORCE}")
    for part in PARTS:
        studio.asks(FIGURES, f"/stats, {part}", f"stats {SALESFORCE} 30d {part}")
    studio.asks(FIGURES, "/stats, steps, of one link", f"stats {SALESFORCE} 30d steps newsletter")
    for surface in CHATS:
        studio.sentence(surface, FIGURES, "Visits before links were counted", Message("stats.earlier_links"))
        for others in ("languages", "versions"):
            studio.sentence(surface, FIGURES, f"/stats, kinds, {others} that are few", Message(f"stats.other_{others}"))
        studio.sentence(surface, FIGURES, "The end of a list that is too long", Message("page.more", {"count": 109}))
        asked = Message("form.missing", {"captions": ("Name", "City", Message("list.others", {"count": 109}))})
        studio.sentence(surface, FIGURES, "A form with very many questions", asked)
    for period in PERIODS:
        studio.asks(FIGURES, f"/chart, {period}", f"chart {SALESFORCE} {period}")
    studio.asks(FIGURES, "/chart, by link and dark", f"chart {SALESFORCE} 30d source dark")
    _from_standby(studio)
    _long(studio)
    nowhere = Studio(studio.album, studio.locale, variant(fields=(Field("who", FieldKind.NAME, required=True),)))
    nowhere.person(petition=TREES).does(ev.Begin(), ev.Confirm())
    nowhere.asks(FIGURES, "/stats, regions, of a petition that asks for none", f"stats {TREES} all regions")
    nowhere.asks(FIGURES, "/stats, kinds, of a petition in two languages", f"stats {TREES} all kinds")
    by_phone = Studio(studio.album, studio.locale, variant(fields=(Field("call", FieldKind.PHONE),)))
    by_phone.asks(FIGURES, "/stats, updates, of a petition that asks for phone numbers", f"stats {TREES} all updates")


def _same(reads: StandbyReads) -> StandbyReads:
    return reads


def _from_standby(studio: Studio) -> None:
    """Figures that a standby gave, which was up to date or a few seconds behind."""
    other = copy(studio)
    with studio.world.work() as work:
        assert isinstance(work, MemoryUnitOfWork)
        replayed = work.draft
    for seconds in (0, 4):
        as_of = AsOf(studio.world.now, dt.timedelta(seconds=seconds))
        reads: Any = SimpleNamespace(work=partial(MemoryUnitOfWork, replayed, Lock()), as_of=as_of)
        other.organizing = replace(studio.organizing, standby=partial(_same, reads))
        other.asks(FIGURES, f"/stats, from a standby {seconds} seconds behind", f"stats {SALESFORCE}")


def _long(studio: Studio) -> None:
    """Most of a year, of which some is withdrawn or a duplicate: days become weeks, and weeks months."""
    last = studio.world.now
    for number in range(1, 45):
        studio.world.now = last - number * (last - last.replace(day=16))
        signs(studio, f"Early {number}")
    studio.world.now = last
    studio.person("Early 1").does(ev.Withdraw())
    with studio.world.work() as work:
        Ledger(work, last).invalidate(Query(SALESFORCE, until=last - (last - last.replace(day=2)) * 9))
        work.commit()
    for days in ("200d", "all"):
        studio.asks(FIGURES, f"/stats, over {days}", f"stats {SALESFORCE} {days}")


def _people(studio: Studio) -> None:
    """Twenty days, twelve states and a few links; some people leave at a question."""
    codes = ("90210", "10001", "60601", "77001", "85001", "19019", "32099", "43004", "28201", "98101", "02108", "80201")
    ada = studio.person("Ada Sims")
    ada.does(ev.Begin(), ev.Answer({"postal_code": "90210"}), ev.SetUpdates(True), ev.Confirm())
    own = studio.world.signing.profile(ada.signer).referrals[SALESFORCE]
    labels, last = ("newsletter", "", "g0123456789ab", own), studio.world.now
    for number in range(20):
        studio.world.now = last - (19 - number) * (last - last.replace(day=22))
        person = studio.person(f"Person{number} Sims", platform=("telegram", "discord", "test")[number % 3])
        person.does(ev.Open(labels[number % 4]), ev.TurnPage(0), ev.ShowSource(1))
        person.does(ev.Begin(), ev.Answer({"postal_code": codes[number % len(codes)]}), ev.Confirm())
        studio.person(f"Guest{number} Sims").does(ev.Open(), ev.Begin())
    studio.world.now = last


def review(studio: Studio) -> None:
    """Signatures held back, and what organizers can do about them."""
    with studio.world.work() as work:
        for signal, limit in ((Signal.REFUSED, 1), (Signal.TOO_FAST, 9), (Signal.DISPOSABLE, 1)):
            work.signals.set_threshold(signal, limit)
        work.commit()
    studio.asks(REVIEW, "/review, with nothing", f"review {SALESFORCE}")
    studio.asks(REVIEW, "/review, misspelled", f"review {SALESFORCE} reason=rain")
    receipts = [_held(studio, f"Person {number}") for number in range(6)]
    studio.asks(REVIEW, "/review", f"review {SALESFORCE}")
    studio.asks(REVIEW, "One is accepted", f"review accept {receipts[0]}")
    studio.asks(REVIEW, "One is made invalid", f"review invalidate {receipts[1]}")
    studio.asks(REVIEW, "A receipt that isn't here", "review accept AAAA-AAAA-AAAA")
    studio.asks(REVIEW, "What is invalid", f"review {SALESFORCE} status=invalid")
    for verb in ("accept", "invalidate", "restore"):
        _held(studio, f"Person to {verb}")
        shown = studio.asks(REVIEW, f"/review {verb}", f"review {SALESFORCE} {verb}")
        order = shown.screen.buttons[0][0].order
        assert order is not None
        studio.asks(REVIEW, f"/review {verb}, confirmed", f"{order.name} {order.argument}")
    studio.asks(REVIEW, "Confirmed a second time", "review do 000000000000")
    _sealed(studio)


def _sealed(studio: Studio) -> None:
    """Filters that are misread, that match nothing, and that need a search."""
    studio.asks(REVIEW, "A filter that is nearly right", f"review {SALESFORCE} reason=brust")
    studio.asks(REVIEW, "The same filter twice", f"review {SALESFORCE} since=1h since=2h")
    studio.asks(REVIEW, "A filter beside what was found", f"review {SALESFORCE} found=000000000000 country=Kenya")
    studio.asks(REVIEW, "A filter for what is sealed, without a petition", "review name=Ada")
    studio.asks(REVIEW, "A label that matches nothing", f"review {SALESFORCE} status=counted label=elmclb")
    signs(studio, "Person of the Elm Club", "elmclub")
    studio.asks(REVIEW, "A label that is nearly right", f"review {SALESFORCE} label=elmclb")
    studio.asks(REVIEW, "A filter for what is sealed", f"review {SALESFORCE} status=counted name=Person")
    petition = studio.petitions[SALESFORCE]
    order = ListSignatures(SALESFORCE, Filters(status="counted", name="Person"))
    for title, ids, count in (("Nothing is found", [], 3), ("Too many are found", list(range(10_001)), 0)):
        search = SealedSearch(petition, order.filters.sealed, studio.world.signing.mailboxes, ids)
        if count:
            search.alternatives.add("name", "", count)
        with studio.world.work() as work:
            context = studio.organizing.context(work, studio.organizer, studio.locale)
            view = View(answer_matches(context, order, search), studio.locale)
        studio.show(REVIEW, title, view)


def _held(studio: Studio, name: str) -> str:
    """Let a person sign who is held back; the receipt."""
    email = f"{name.replace(' ', '.')}@mailinator.com"
    studio.person(name).does(ev.Open(), ev.Begin(), ev.Answer({"postal_code": "nope", "email": email}))
    return signs(studio, name)


def limits(studio: Studio) -> None:
    """`/review set`."""
    with studio.world.work() as work:
        work.signals.set_threshold(Signal.DISPOSABLE, 1)
        work.commit()
    _held(studio, "Person held back")
    studio.asks(LIMITS, "/review set", "review set")
    for signal in Signal:
        studio.asks(LIMITS, f"/review set {signal.value}", f"review set {signal.value}")
        studio.asks(LIMITS, f"/review set {signal.value}, with a value", f"review set {signal.value} 1")
        studio.asks(LIMITS, f"/review set {signal.value}, off", f"review set {signal.value} off")
