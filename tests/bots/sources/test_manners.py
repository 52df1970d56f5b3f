"""The checker's requests: their name, their pace, their limits, and what changes between two looks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from aiohttp import ClientTimeout
from hypothesis import given
from hypothesis import strategies as st

from bots.sources.answers import PageAnswer
from bots.sources.checker import Checker
from bots.sources.digest import text_digest
from bots.sources.pages import read_page
from bots.sources.polite_rate import LONGEST_PAUSE, PoliteRate
from bots.sources.source_page import SourcePage
from core.sources.checks import LinkState, SourceCheck
from core.version import VERSION
from tests.bots.sources.conftest import Certificates
from tests.bots.sources.test_kinds import NO_ARCHIVE, NOW, network, source
from tests.patience import patience
from tests.web_archive.kinds import kinds
from tests.web_archive.recording import Recorded
from tests.web_archive.replay import ReplayServer

LINKS = {kind.name: kind.link for kind in kinds()}
WEEK = dt.timedelta(days=7)
HTML = {"Content-Type": "text/html; charset=utf-8"}


class Clock:
    """A clock that goes on only while someone sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 100.0, list[float]()

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Go on at once."""
        self.slept.append(seconds)
        self.now += seconds


async def look(
    server: ReplayServer, certificates: Certificates, link: str, before: SourceCheck | None = None,
    now: dt.datetime = NOW, rate: PoliteRate | None = None,
) -> SourceCheck:  # fmt: skip
    """Check a source's link."""
    way = network(server, certificates, ClientTimeout())
    way = replace(way, rate=rate) if rate else way
    async with patience(), Checker("https://sign.example.org", lambda: "A1B2", NO_ARCHIVE, way) as checker:
        return await checker.check(source(link), before, now)


@pytest.mark.process
@pytest.mark.server
async def test_requests_have_a_name_and_nothing_that_follows_a_reader(
    server: ReplayServer, certificates: Certificates
) -> None:
    await look(server, certificates, LINKS["a circle for readers without cookies"])
    await look(server, certificates, LINKS["moved on the same site"])
    name = f"Undersign/{VERSION} (+https://sign.example.org; checks sources that petitions cite)"
    assert {headers["user-agent"] for _, headers in server.asked} == {name}
    assert not any({"cookie", "referer", "authorization"} & set(headers) for _, headers in server.asked)


@pytest.mark.process
@pytest.mark.server
async def test_a_site_gets_one_request_in_five_seconds_or_in_its_own_delay(
    server: ReplayServer, certificates: Certificates
) -> None:
    link, clock = LINKS["moved on the same site"], Clock()
    await look(server, certificates, link, rate=PoliteRate(clock=clock, sleep=clock.sleep))
    assert [wait for wait in clock.slept if wait] == [5.0, 5.0, 5.0]  # two of the site, one of the archive
    rules = Recorded(f"{link.partition('/2018')[0]}/robots.txt", b"User-agent: *\nCrawl-delay: 20", headers=HTML)
    server.answers = {**server.answers, rules.link: rules}
    clock = Clock()
    await look(server, certificates, link, rate=PoliteRate(clock=clock, sleep=clock.sleep))
    assert [wait for wait in clock.slept if wait] == [20.0, 20.0, 5.0]


async def test_nobody_waits_for_ever() -> None:
    clock = Clock()
    rate = PoliteRate(clock=clock, sleep=clock.sleep)
    rate.slow_down("example.org", 86400)
    for _ in range(2):
        async with rate.turn("example.org"):
            pass
    assert clock.slept == [LONGEST_PAUSE]


@pytest.mark.process
@pytest.mark.server
async def test_a_change_has_the_day_of_the_look_that_found_it(server: ReplayServer, certificates: Certificates) -> None:
    link = LINKS["no quoted words"]
    usual, other = server.answers[link], server.answers[LINKS["an article about pages that aren't found"]]
    sick = Recorded(link, b"Oh.", "500 Internal Server Error", HTML)
    newer = replace(other, body=other.body.replace(b"forty elms", b"fifty elms"))
    check, days = None, []
    for week, answer in enumerate((usual, usual, sick, newer, newer)):
        server.answers = {**server.answers, link: answer}
        check = await look(server, certificates, link, check, NOW + week * WEEK)
        days.append(check.changed_at)
        assert check.state is (LinkState.UNREACHABLE if answer is sick else LinkState.ALIVE)
    assert days == [None, None, None, NOW + 3 * WEEK, NOW + 3 * WEEK]


def test_dates_and_counts_are_no_change() -> None:
    words = "The city will fell forty elms on Elm Street by spring."
    pages = [
        SourcePage(main=f"{line}\n{words}") for line in ("Updated 3 hours ago", "1,204 views", "", "  28 June 2018")
    ]
    assert len({text_digest(page) for page in pages}) == 1
    assert text_digest(SourcePage(main=words.replace("forty", "fifty"))) != text_digest(pages[0])
    assert text_digest(SourcePage(main="elms | 40")) != text_digest(SourcePage(main="elms | 50"))
    assert text_digest(SourcePage()) == ""


@given(st.binary(max_size=300), st.sampled_from(["text/html", "application/pdf", "text/plain", "", "image/png"]))
def test_any_bytes_are_read(body: bytes, content_type: str) -> None:
    answer = PageAnswer("http://example.org/", 200, {"Content-Type": content_type}, body)
    assert [*read_page(answer, NOW.date())][-1].is_whole


@given(st.text(alphabet="<>/abp=\"'! -\n", max_size=200))
def test_any_markup_is_read(markup: str) -> None:
    pages = read_page(PageAnswer("http://example.org/", 200, HTML, f"<html><body>{markup}".encode()), NOW.date())
    assert len({page.text for page in pages}) == 1
