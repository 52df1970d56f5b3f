"""Signals that hold a signature back, without its signer noticing."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.conversation.state import Event, Overlay
from core.petition.person_name import name_words
from core.signatures.quarantine import STANDARD, Case, Signal, Thresholds, suspicions
from core.signatures.review import Query
from core.signatures.signature import Signature, Signer
from tests.effort import scaled
from tests.fakes import MemoryStore
from tests.memory_reviews import MemorySignals
from tests.world import NOW, OFF, SALESFORCE, TREES, Talker, World

SOON = NOW + dt.timedelta(seconds=1)
CASE = Case(SALESFORCE, Signer("discord", "1"), NOW)
PERSONAL, COMMUNITY = "rabcdefghijkl", "g0123456789ab"


def judged(case: Case, thresholds: Thresholds = STANDARD, times: int = 1) -> tuple[Signal, ...]:
    """The signals against the last of this many signatures."""
    signals = MemorySignals(MemoryStore())
    return [suspicions(case, thresholds, signals) for _ in range(times)][-1]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (CASE, ()),
        (replace(CASE, signer=Signer("discord", "1", since=NOW - dt.timedelta(minutes=9))), (Signal.NEW_ACCOUNT,)),
        (replace(CASE, signer=Signer("discord", "1", since=NOW - dt.timedelta(minutes=10))), ()),
        (replace(CASE, opened_at=NOW - dt.timedelta(seconds=2)), (Signal.TOO_FAST,)),
        (replace(CASE, opened_at=NOW - dt.timedelta(seconds=3)), ()),
        (replace(CASE, opened_at=NOW, recognised=True), ()),
        (replace(CASE, opened_at=NOW, signer=Signer("terminal", "1")), ()),
        (replace(CASE, probes=9), ()),
        (replace(CASE, probes=10), (Signal.REFUSED,)),
        (replace(CASE, address="ada@mailinator.com"), (Signal.DISPOSABLE,)),
        (replace(CASE, address="ada@box.of.Mailinator.com"), (Signal.DISPOSABLE,)),
        (replace(CASE, address="ada@bymailinator.example"), ()),
        (replace(CASE, address="ada@mailinator.com.example.org"), ()),
        (replace(CASE, opened_at=NOW, probes=99), (Signal.TOO_FAST, Signal.REFUSED)),
    ],
)
def test_each_signal_speaks_where_it_should(case: Case, expected: tuple[Signal, ...]) -> None:
    assert judged(case) == expected
    assert judged(case, OFF) == ()


@pytest.mark.parametrize(
    ("label", "expected"), [(PERSONAL, True), (COMMUNITY, True), ("newsletter", False), ("", False)]
)
def test_only_links_of_signers_and_communities_can_burst(label: str, *, expected: bool) -> None:
    thresholds = replace(STANDARD, burst=5)
    assert judged(replace(CASE, label=label), thresholds, times=5) == ()
    assert (judged(replace(CASE, label=label), thresholds, times=6) == (Signal.BURST,)) is expected


def test_a_burst_is_over_when_its_ten_minutes_are() -> None:
    signals, thresholds = MemorySignals(MemoryStore()), replace(STANDARD, burst=2)
    for minutes, expected in ((0, 0), (1, 0), (9, 1), (10, 0), (11, 0), (12, 1)):
        case = replace(CASE, label=PERSONAL, now=NOW + dt.timedelta(minutes=minutes))
        assert len(suspicions(case, thresholds, signals)) == expected, minutes


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Ada Lovelace", "ada  LOVELACE", "Ａda Lovelace."), True),
        (("Ada Lovelace", "Ada Lovelace", "Ada Loveless"), False),
        (("Maria", "Maria", "Maria"), False),
        (("राम", "राम", "राम"), False),
        (("O'Brien", "O’Brien", "O'Brien"), False),
        (("مُحَمَّد", "مُحَمَّد", "مُحَمَّد"), False),
        (("राम कुमार", "रीम कुमार", "रोम कुमार"), False),
        (("राम कुमार", "राम  कुमार", "राम कुमार"), True),
    ],
)
def test_only_full_names_are_counted(names: tuple[str, ...], *, expected: bool) -> None:
    signals, thresholds = MemorySignals(MemoryStore()), replace(STANDARD, same_name=2)
    judgements = [suspicions(replace(CASE, name=name), thresholds, signals) for name in names]
    assert judgements == [(), (), (Signal.SAME_NAME,) if expected else ()]


def test_the_big_day_leaves_real_people_alone() -> None:
    """Ten minutes with 2,000 signatures a minute, by links of organizers or none; one in 1,500 is called alike."""
    signals = MemorySignals(MemoryStore())
    for number in range(scaled(20_000)):
        name = f"Person {number % 1500}"
        now = NOW + dt.timedelta(seconds=number * 0.03)
        label, opened_at = ("", "newsletter")[number % 2], now - dt.timedelta(seconds=4)
        case = replace(CASE, name=name, now=now, opened_at=opened_at, label=label, probes=4)
        assert suspicions(case, STANDARD, signals) == ()


def stored(world: World, petition: str = SALESFORCE) -> list[Signature]:
    with world.work() as work:
        return list(work.reviews.first(Query(petition), 99))


FAST: tuple[Event, ...] = (ev.Open(), ev.Begin(), ev.Reply("90210"), ev.Confirm())


def reasons_of(*events: Event, platform: str = "telegram", pause: float = 0, thresholds: Thresholds = STANDARD) -> str:
    world = World(thresholds=thresholds)
    person = world.person("Ada", platform)
    for event in events:
        person.does(event)
        world.now += dt.timedelta(seconds=pause)
    return stored(world)[0].reason


def test_whoever_confirms_before_anybody_could_read_is_held_back() -> None:
    assert reasons_of(*FAST) == "too_fast"
    assert reasons_of(*FAST, pause=1) == ""
    assert reasons_of(*FAST, platform="terminal") == ""
    assert reasons_of(ev.Begin(), *FAST[2:]) == "too_fast", "without a link, too"


def test_a_form_was_open_for_a_while_before_it_was_sent() -> None:
    form = ev.Answer({"postal_code": "90210"})
    assert reasons_of(ev.Open(), form, ev.Confirm()) == ""
    assert reasons_of(form, ev.Begin(), ev.Confirm()) == "", "who goes on with it did not begin just now"
    assert reasons_of(form, ev.Open(), ev.Begin(), ev.Confirm()) == ""


def test_coming_again_later_is_not_too_fast() -> None:
    world = World(thresholds=STANDARD)
    ada = world.person("Ada", "telegram")
    ada.does(ev.Open())
    world.now += dt.timedelta(minutes=5)
    ada.does(*FAST)
    assert stored(world)[0].reason == ""


def test_who_is_recognised_may_be_quick() -> None:
    world = World(thresholds=STANDARD)
    ada = world.person("Ada", "telegram").about(TREES)
    ada.does(ev.Open())
    world.now += dt.timedelta(minutes=1)
    ada.does(ev.Begin(), ev.Answer({"who": "Ada", "country": "US", "code": "90210", "role": "tenant"}), ev.Confirm())
    ada.about(SALESFORCE).does(ev.Open(), ev.Begin(), ev.Confirm())
    assert stored(world)[0].reason == ""


def test_refused_answers_are_counted_until_something_comes_of_it() -> None:
    wrong = tuple(ev.Reply("nowhere") for _ in range(10))
    slow = replace(STANDARD, too_fast=0)
    assert reasons_of(ev.Begin(), *wrong, ev.Reply("90210"), ev.Confirm(), thresholds=slow) == "refused"
    assert reasons_of(ev.Begin(), *wrong[:9], ev.Reply("90210"), ev.Confirm(), thresholds=slow) == ""
    cancelled: tuple[Event, ...] = (ev.Begin(), *wrong, ev.Cancel(), ev.Begin(), ev.Reply("90210"), ev.Confirm())
    assert reasons_of(*cancelled, thresholds=slow) == "refused", "cancelling does not start over"
    again = (*cancelled, ev.Withdraw(), ev.Begin(), ev.Reply("90210"), ev.Confirm())
    assert reasons_of(*again, thresholds=slow) == "", "to sign does"


def test_someone_who_struggles_is_a_person() -> None:
    names = [ev.Reply(name) for name in ("=Ada", "ada@lovelace", "https://ada", "123", "@ada", "+ada")]
    countries = [ev.Reply(name) for name in ("Inglund", "Grate Britain", "Nowhere", "Yookay")]
    world = World(thresholds=STANDARD)
    ada = replace(world.person("", "telegram", "1"), petition=TREES)
    good = [ev.Reply(answer) for answer in ("Ada", "GB", "SW1A 1AA", "I rent")]
    events: list[Event] = [ev.Open(), ev.Begin(), *names, good[0], *countries, *good[1:], ev.Confirm()]
    for event in events:
        world.now += dt.timedelta(seconds=4)
        ada.does(event)
    assert [signature.reason for signature in stored(world, TREES)] == [""]


def test_one_address_after_another_is_probing_at_any_speed() -> None:
    world = World(thresholds=STANDARD)
    eve = world.person("Eve", "telegram")
    addresses = [event for number in range(11) for event in (ev.Edit("email"), ev.Reply(f"p{number}@example.org"))]
    for event in (ev.Open(), ev.Begin(), ev.Reply("90210"), *addresses, ev.Confirm()):
        world.now += dt.timedelta(seconds=30)
        eve.does(event)
    assert stored(world)[0].reason == "refused"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("राम कुमार", ["राम", "कुमार"]),
        ("राम", ["राम"]),
        ("रीम", ["रीम"]),
        ("रोम", ["रोम"]),
        ("مُحَمَّد", ["مُحَمَّد"]),
        ("O'Brien", ["obrien"]),
        ("Anne-Marie", ["anne", "marie"]),
        ("MARIA  Lopez 🌳", ["maria", "lopez"]),
        ("Nguyễn Thị Minh Khai", ["nguyễn", "thị", "minh", "khai"]),
        ("நிலா", ["நிலா"]),
        ("กิ๊ก", ["กิ๊ก"]),
    ],
)
def test_names_are_compared_by_whole_words_in_every_script(name: str, words: list[str]) -> None:
    assert list(name_words(name)) == [unicodedata.normalize("NFKC", word) for word in words]


@pytest.mark.parametrize(
    ("single", "full"),
    [
        ("Maria", "Maria Lopez"),
        ("Anne-Marie", "Anne-Marie Roy"),
        ("राम", "राम कुमार"),
        ("مُحَمَّد", "مُحَمَّد عَلِيّ"),
        ("นิดา", "นิดา ใจดี"),
    ],
)
def test_a_name_of_one_word_is_common_in_every_script(single: str, full: str) -> None:
    assert judged(replace(CASE, name=single), times=130) == ()
    assert judged(replace(CASE, name=full), times=130) == (Signal.SAME_NAME,)


def test_thresholds_change_while_people_sign() -> None:
    world = World(thresholds=OFF)
    for value, expected in ((1, "refused"), (2, ""), (0, "")):
        with world.work() as work:
            work.signals.set_threshold(Signal.REFUSED, value)
            work.commit()
        world.person(f"P{value}").does(ev.Begin(), ev.Reply("nowhere"), ev.Reply("90210"), ev.Confirm())
        assert stored(world)[-1].reason == expected


def _story(thresholds: Thresholds) -> list[str]:
    """Everything a signer sees who comes through a community's link, from the first screen to the last."""
    world, seen = World(thresholds=OFF), []
    for number in range(4):
        world.person(f"Person {'ABCD'[number]}").does(ev.Open(COMMUNITY), *FAST[1:])
    world.signing = replace(world.signing, thresholds=thresholds)
    eve = world.person("Eve", "telegram")

    def sees(act: Callable[[Talker], object]) -> None:
        act(eve)
        seen.append(eve.reads())

    events: tuple[Event, ...] = (
        ev.Open(COMMUNITY), *FAST[1:], ev.Open(), ev.Begin(), ev.Show(Overlay.COUNT), ev.Show(Overlay.SIGNATURES),
        ev.SetUpdates(wanted=True), ev.Show(Overlay.SHARE), ev.Show(Overlay.WITHDRAW), ev.Withdraw(),
    )  # fmt: skip
    for event in events:
        sees(lambda talker, event=event: talker.does(event))  # type: ignore[misc]
    return seen


def test_who_is_held_back_sees_what_everybody_sees() -> None:
    held_back, counted = _story(STANDARD), _story(OFF)
    assert held_back == counted
    assert any("5 people have signed through the same" in screen for screen in counted)


def test_forgetting_and_withdrawing_work_for_who_is_held_back() -> None:
    world = World(thresholds=STANDARD)
    for name, event in (("Ada", ev.Withdraw()), ("Ben", ev.Forget())):
        person = world.person(name, "telegram")
        person.does(*FAST)
        assert len(stored(world)) == 1
        person.does(event)
        assert stored(world) == []
    assert world.counted() == 0
