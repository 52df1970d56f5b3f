"""`/review` with filters for what is sealed: a search opens the rows, and a decision changes only what it found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

import pytest

import storage.queries
from core.conversation import state as ev
from core.conversation.screen import Facts, Order, View
from core.messages import Message
from core.organizer.command import CommandLine
from core.organizer.erase_order import SearchOrder, search_topic
from core.organizer.person_search import PersonSearch
from core.organizer.review_order import ConfirmPlan, ReviewMany
from core.organizer.running_search import answer_search, start
from core.organizer.service import OrganizerService
from core.outbox import State
from core.signatures.origins import Origin, OriginKind
from core.signatures.review import Query
from core.signatures.signature import Signature, SignatureStatus, hour_of
from storage.engine import Database
from storage.queries import SqlQueries
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.core.organizer.test_commands import OLGA, text, words_of
from tests.effort import scaled
from tests.world import NOW, ORGANIZERS, SALESFORCE, TREES, World

SEARCHING = "I'm searching everything"
FILTERS: Mapping[str, Callable[[Signature], bool]] = {
    "": lambda _: True,
    "status=any": lambda _: True,
    "status=counted": lambda signature: signature.status is SignatureStatus.COUNTED,
    "label=elmclub": lambda signature: signature.label == "elmclub",
    "language=fi": lambda _: False,
    "since=2h": lambda _: True,
    "until=2026-11-20": lambda _: False,
    "after=1": lambda signature: (signature.id or 0) > 1,
    "country=KE": lambda signature: signature.region.startswith("KE"),
    "domain=mail.example.org": lambda signature: "@mail.example.org" in signature.answers["mail"],
    "name=ada": lambda signature: "Ada" in signature.answers["who"],
    "email=ben@example.net": lambda signature: signature.answers["mail"] == "ben@example.net",
}
DOMAINS = ("bücher.example", "xn--bcher-kva.example", "BÜCHER.example", "Bücher.Example.", "*.XN--BCHER-KVA.example")
PEOPLE = (
    ("Ada Lovelace", "ada@example.org", "KE", "90210"),
    ("Ada Byron", "ada.b@mail.example.org", "KE", "90210"),
    ("Ben Okoro", "ben@example.net", "NG", "900001"),
    ("राम कुमार", "ram@example.com", "IN", "110001"),
)


@dataclass
class Desk:
    """An organizer of a petition on a database, and the searches that run later."""

    world: World
    service: OrganizerService
    search: PersonSearch

    def asks(self, line: str) -> View:
        name, _, argument = line.partition(" ")
        view = self.service.run(OLGA, CommandLine(name, argument))
        assert view
        return view

    def waiting(self) -> dict[State, int]:
        with self.world.work() as work:
            return dict(work.outbox.counts(search_topic("test").name))

    def finds(self, words: str) -> View:
        """The answer to `/review` about the trees, which comes later."""
        assert words_of(self.asks(f"review {TREES} {words}")).startswith(SEARCHING)
        return self.found(words)

    def found(self, words: str) -> View:
        """The answer of a search."""
        order = SearchOrder("Olga", f"{TREES} {words}", "en", "review")
        running = start(self.search, order)
        assert running
        for _ in running.steps():
            pass
        answer = answer_search(self.service, "test", order, running)
        assert answer
        return answer[1]

    def taps(self, view: View, words: str) -> View:
        orders = {text(button.text): button.order for row in view.screen.buttons for button in row}
        order = orders[words]
        assert order
        assert len(order.argument.encode()) <= 50
        return self.asks(f"{order.name} {order.argument}")

    def signatures(self) -> dict[str, Signature]:
        with self.world.work() as work:
            return {signature.receipt: signature for signature in work.reviews.first(Query(TREES), 99)}

    def held_back(self) -> int:
        return sum(one.status is SignatureStatus.QUARANTINED for one in self.signatures().values())

    def log(self) -> list[str]:
        with self.world.work() as work:
            return [entry.what for entry in reversed(work.audit.last(99))]

    def counted(self) -> int:
        with self.world.work() as work:
            return work.tallies.of(TREES).counted


@pytest.fixture
def desk(database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk after four people signed about the trees; a search reads two rows at a time."""
    monkeypatch.setattr(storage.queries, "_SEARCHED", 2)
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    for number, (name, mail, country, code) in enumerate(PEOPLE):
        person = world.person(user_id=str(1000 + number)).about(TREES)
        answers = {"who": name, "code": code, "mail": mail, "country": country, "role": "tenant"}
        person.does(ev.Open("elmclub" if number else "flyer"), ev.Begin(), ev.Answer(answers), ev.Confirm())
    service = OrganizerService(world.signing, ORGANIZERS)
    return Desk(world, service, PersonSearch(service, SqlQueries(database, vault)))


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("email=ADA@example.org", {"Ada Lovelace"}),
        ("domain=example.org", {"Ada Lovelace", "Ada Byron"}),
        ("domain=mail.example.org", {"Ada Byron"}),
        ("name=ada", {"Ada Lovelace", "Ada Byron"}),
        ('name="BYRON Ada"', {"Ada Byron"}),
        ("name=कुमार", {"राम कुमार"}),
        ("country=Nigeria", {"Ben Okoro"}),
        ("country=KE domain=example.org label=elmclub", {"Ada Byron"}),
        ("name=ada until=2026-11-23", {"Ada Lovelace", "Ada Byron"}),
    ],
)
def test_a_filter_for_what_is_sealed_finds_exactly_those(desk: Desk, words: str, names: set[str]) -> None:
    read = words_of(desk.finds(f"status=counted {words}"))
    assert {name for name, *_ in PEOPLE if name in read} == names


def test_a_decision_changes_what_was_found_and_is_noted_without_it(desk: Desk) -> None:
    offered = desk.finds("invalidate status=counted domain=example.org since=2h")
    assert "Counted: 2" in words_of(offered)
    done = desk.taps(offered, "Mark them as invalid")
    assert "Invalid: +2" in words_of(done)
    assert desk.counted() == 2
    assert desk.log() == [
        f"review search {TREES} domain",
        f"review invalidate {TREES} domain status=counted since=2h: 2",
    ]
    again = desk.finds("restore name=byron")
    desk.taps(again, "Restore them")
    assert desk.counted() == 3
    assert not any("byron" in entry.lower() or "example" in entry for entry in desk.log())


def test_what_was_found_can_be_decided_about_at_once(desk: Desk) -> None:
    listed = desk.finds("status=counted country=Kenya")
    desk.taps(desk.taps(listed, "Mark them as invalid"), "Mark them as invalid")
    assert desk.counted() == 2


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        ("status=counted domain=example.ogr", "domain=example.org (1)"),
        ("status=counted country=Ghana", "country=KE (2)"),
        ("status=counted name=grace", "There are signatures that match everything except name=grace."),
    ],
)
def test_a_search_that_finds_nothing_says_what_would_match(desk: Desk, words: str, instead: str) -> None:
    assert instead in words_of(desk.finds(words))


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        ("status=counted label=elmclb", "label=elmclub (3) and label=flyer (1)"),
        ("status=invalid", "status=counted (4)"),
        ("name=ada", "status=counted (4)"),
        ("status=counted platform=telegram", "platform=test (4)"),
        ("status=counted language=fi", "language=en (4)"),
        ("status=counted until=2026-11-20", "everything except until=2026-11-20"),
        ("reason=brust", "Did you mean reason=burst?"),
        ("reson=burst", "Did you mean reason=burst?"),
        ("country=Germny", "Did you mean country=Germany?"),
    ],
)
def test_filters_that_match_nothing_are_answered_at_once(desk: Desk, words: str, instead: str) -> None:
    assert instead in words_of(desk.asks(f"review {TREES} {words}"))
    assert not desk.waiting()


def test_no_button_carries_what_is_personal(desk: Desk) -> None:
    read = words_of(desk.asks("review email=ada@example.org"))
    assert read.startswith("Send /review again with the petition first:")
    assert TREES in read
    assert SALESFORCE in read
    assert not desk.waiting()


def test_a_domain_has_one_form_however_it_is_typed(desk: Desk) -> None:
    origin = Origin(OriginKind.DOMAIN, "bücher.example")
    for number, typed in enumerate(DOMAINS, 1):
        address = f"eva{number}@{'mail.' if number % 2 else ''}{typed.strip('*.')}"
        answers = {"who": f"Eva {number}", "code": "90210", "mail": address, "country": "DE", "role": "tenant"}
        assert "Blocked: bücher.example" in words_of(desk.asks(f"block {typed}"))
        desk.world.person(f"Eva{number}").about(TREES).does(ev.Open(), ev.Begin(), ev.Answer(answers), ev.Confirm())
        assert desk.held_back() == number
        with desk.world.work() as work:
            assert work.trends.total(TREES, origin, hour_of(NOW), NOW + dt.timedelta(hours=1)) == number
        assert f"Waiting for review: {number}" in words_of(desk.finds(f"domain={typed}"))
        assert "bücher.example is on neither list now" in words_of(desk.asks(f"unlist {typed}"))


def orders_of(view: View) -> Iterator[Order]:
    yield from (button.order for row in view.screen.buttons for button in row if button.order)


def counted_on(view: View) -> int:
    """The number of signatures on a screen, over all statuses."""
    rows = [row for part in view.screen.parts if isinstance(part, Facts) for row in part.rows]
    return sum(int(str(value.args["number"])) for _, value in rows if isinstance(value, Message))


def test_an_order_decides_about_what_it_counted_and_what_matches(desk: Desk) -> None:
    """Filters may be combined, also with what a search found."""
    random, decided, found = Random(7), 0, ["", *codes_of(desk.finds("status=any country=KE"))]
    kenyans = {key for key, signature in desk.signatures().items() if FILTERS["country=KE"](signature)}
    while decided < scaled(40):
        words = [random.choice(("", "after=1")), *random.sample(sorted(FILTERS), random.choice((0, 0, 1)))]
        code, before = random.choice(found), desk.signatures()
        order = " ".join([random.choice(["accept", "invalidate", "restore"]), *words, code])
        view = desk.asks(f"review {TREES} {order}")
        view = desk.found(order) if words_of(view).startswith(SEARCHING) else view
        confirm = next((one for one in orders_of(view) if isinstance(one, ConfirmPlan)), None)
        if confirm:
            desk.asks(f"review {confirm.argument}")
            now = desk.signatures()
            changed = {key for key in now if now[key].status is not before[key].status}
            possible = kenyans if code else before.keys()
            assert counted_on(view) == len(changed), order
            assert all(key in possible and all(FILTERS[word](before[key]) for word in words) for key in changed), order
            decided += 1


def codes_of(view: View) -> Iterator[str]:
    return (f"found={one.filters.found}" for one in orders_of(view) if isinstance(one, ReviewMany))


def test_what_was_found_belongs_to_its_petition(desk: Desk) -> None:
    listed = desk.finds("status=counted country=Kenya")
    code = next(codes_of(listed))
    assert "already done" in words_of(desk.asks(f"review {SALESFORCE} invalidate {code}"))
    assert "already done" in words_of(desk.asks(f"review {SALESFORCE} {code}"))
    assert "already done" not in words_of(desk.asks(f"review {TREES} {code}"))
