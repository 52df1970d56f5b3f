"""The block list and the allow list, and how trends are ranked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from core.signatures.origins import ListedOrigin, Origin, OriginKind, Verdict, verdict_on
from core.signatures.quarantine import STANDARD, Case, Signal, Thresholds, suspicions
from core.signatures.signature import Signer
from core.signatures.trends import TrendCounts, trends_of
from tests.fakes import MemoryStore
from tests.memory_reviews import MemorySignals
from tests.memory_trends import MemoryLists
from tests.world import NOW, SALESFORCE

BLOCKED, ALLOWED = Verdict.BLOCKED, Verdict.ALLOWED
PERSONAL = "rabcdefghijkl"


def domain(name: str) -> Origin:
    return Origin(OriginKind.DOMAIN, name)


def label(name: str) -> Origin:
    return Origin(OriginKind.LABEL, name)


LISTED = {
    domain("bad.example"): BLOCKED, domain("good.bad.example"): ALLOWED, domain("worse.good.bad.example"): BLOCKED,
    domain("fine.example"): ALLOWED, label("spamring"): BLOCKED, label("stand"): ALLOWED, label(PERSONAL): ALLOWED,
}  # fmt: skip


@pytest.fixture
def lists() -> MemoryLists:
    lists = MemoryLists({})
    for origin, verdict in LISTED.items():
        lists.put(ListedOrigin(origin, verdict, NOW))
    return lists


@pytest.mark.parametrize(
    ("addresses", "link", "expected"),
    [
        ((), "", None),
        (("ada@other.example",), "flyer", None),
        (("ada@bad.example",), "", BLOCKED),
        (("ada@BOX.Bad.example",), "", BLOCKED),
        (("ada@notbad.example",), "", None),
        (("ada@bad.example.org",), "", None),
        (("ada@good.bad.example",), "", ALLOWED),
        (("ada@x.good.bad.example",), "", ALLOWED),
        (("ada@x.worse.good.bad.example",), "", BLOCKED),
        (("ada@alias.example", "ada@bad.example"), "", BLOCKED),
        (("ada@bad.example", "ada@real.example"), "", BLOCKED),
        ((), "spamring", BLOCKED),
        ((), "stand", ALLOWED),
        ((), PERSONAL, ALLOWED),
        (("ada@bad.example",), "stand", BLOCKED),
        (("ada@fine.example",), "spamring", BLOCKED),
        (("ada@fine.example",), "flyer", ALLOWED),
        (("", ""), "spamring.example", None),
    ],
)
def test_the_longest_domain_decides_and_a_block_wins(
    lists: MemoryLists, addresses: tuple[str, ...], link: str, expected: Verdict | None
) -> None:
    assert verdict_on(addresses, link, lists) is expected


def judged(case: Case, thresholds: Thresholds = STANDARD, times: int = 1) -> tuple[Signal, ...]:
    signals = MemorySignals(MemoryStore())
    return [suspicions(case, thresholds, signals) for _ in range(times)][-1]


SUSPECT = Case(
    SALESFORCE, Signer("discord", "1", since=NOW), NOW, label=PERSONAL, name="Ada Lovelace",
    address="ada@mailinator.com", opened_at=NOW, probes=10,
)  # fmt: skip


def test_what_is_allowed_is_pardoned_for_where_it_came_from_and_nothing_else() -> None:
    thresholds = replace(STANDARD, burst=1, same_name=1)
    everything = set(Signal) - {Signal.BLOCKED}
    assert set(judged(SUSPECT, thresholds, times=2)) == everything
    pardoned = judged(replace(SUSPECT, verdict=ALLOWED), thresholds, times=2)
    assert set(pardoned) == {Signal.SAME_NAME, Signal.NEW_ACCOUNT, Signal.TOO_FAST}
    assert set(judged(replace(SUSPECT, verdict=BLOCKED), thresholds, times=2)) == {*everything, Signal.BLOCKED}


def test_what_is_blocked_waits_unless_the_list_is_off() -> None:
    case = Case(SALESFORCE, Signer("discord", "1"), NOW, verdict=BLOCKED)
    assert judged(case) == (Signal.BLOCKED,)
    assert judged(case, replace(STANDARD, blocked=0)) == ()


def ranked(now: dict[str, int], before: dict[str, int], days: int = 6) -> list[tuple[str, int, int]]:
    """Name, count, and usual count of what is trending on the last of some days."""
    start = NOW - dt.timedelta(days=1)
    counts = TrendCounts(now, before, sum(now.values()), sum(before.values()), start - dt.timedelta(days=days))
    trends = trends_of(counts, OriginKind.DOMAIN, start, NOW)
    return [(trend.origin.name, trend.count, round(trend.usual)) for trend in trends]


def test_a_ring_stands_out_on_a_big_day() -> None:
    now = {"gmail.com": 52_000, "web.example": 8_000, "throwaway-mail.example": 300}
    before = {"gmail.com": 6_200, "web.example": 960, "throwaway-mail.example": 2}
    assert ranked(now, before)[0] == ("throwaway-mail.example", 300, 0)
    assert ("gmail.com", 52_000, 1_033) in ranked(now, before)


def test_without_a_past_the_largest_come_first() -> None:
    assert ranked({"a.example": 7, "b.example": 70}, {}, days=0) == [("b.example", 70, 0), ("a.example", 7, 0)]
