"""Checks of sources as organizers meet them: what is due, a notice about news, and `/checks`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.conversation.funnel import source_step
from core.organizer.source_news import LISTED, SourceCheckService, checks_topic
from core.outbox import done
from core.petition.petition import Petition
from core.petition.source import Source
from core.signatures.breakdowns import Step
from core.sources.checks import LinkState, SourceCheck
from core.sources.due import WEEK
from tests.core.organizer.test_commands import Office, words_of
from tests.world import NOW, SALESFORCE, TREES, World, petitions

HOUR = dt.timedelta(hours=1)


def citing(slug: str, count: int, *, is_checked: bool = True) -> Petition:
    """A petition that cites a number of sources in all its languages; every fourth has no link."""
    sources = tuple(
        Source(
            number, f"Leaf {number}", f"Elm number {number}", "2018",
            f"https://leaf.example/{number}" if number % 4 else None, "", ("A claim.",),
        )
        for number in range(1, count + 1)
    )  # fmt: skip
    known = petitions()[slug]
    texts = {name: replace(text, sources=sources) for name, text in known.texts.items()}
    return replace(known, texts=texts, check_sources=is_checked)


@pytest.fixture
def office() -> Office:
    world = World()
    world.petitions |= {TREES: citing(TREES, 7), SALESFORCE: citing(SALESFORCE, 3, is_checked=False)}
    return Office(world)


@pytest.fixture
def service(office: Office) -> SourceCheckService:
    return SourceCheckService(office.service)


def look(
    office: Office, service: SourceCheckService, judge: Callable[[Source], LinkState] = lambda _: LinkState.ALIVE
) -> list[int]:
    """Look at what is due; the numbers of the sources."""
    due = service.due()
    for each in due:
        link, now = each.source.link or "", office.world.now
        service.record(each, SourceCheck(each.source.key, link, now, judge(each.source), status=200))
    return [each.source.number for each in due]


def notices(office: Office, service: SourceCheckService) -> list[str]:
    """The notices that Telegram's organizers get now."""
    with office.world.work() as work:
        entries = work.outbox.claim("w", [checks_topic("telegram").name], 9, office.world.now, HOUR)
        work.outbox.begin(entries, office.world.now + HOUR)
        work.outbox.report(map(done, entries), office.world.now)
        work.commit()
    found = [service.notice("telegram", entry.payload) for entry in entries]
    return [words_of(notice[1]) for notice in found if notice]


def test_only_links_of_petitions_that_allow_it_are_due_and_once_a_week(
    office: Office, service: SourceCheckService
) -> None:
    assert look(office, service) == [1, 2, 3, 5, 6, 7]
    assert look(office, service) == []
    office.world.now += WEEK
    assert look(office, service) == [1, 2, 3, 5, 6, 7]
    assert len(service.looks(office.world.petitions[SALESFORCE])) == 3, "whoever asks for it may look"


def test_organizers_hear_of_a_dead_source_once(office: Office, service: SourceCheckService) -> None:
    look(office, service)
    office.world.now += WEEK + HOUR
    look(office, service, lambda source: LinkState.GONE if source.number == 2 else LinkState.ALIVE)
    assert notices(office, service) == [], "the hour isn't over"
    office.world.now += HOUR
    (told,) = notices(office, service)
    assert told.splitlines() == [
        f"There's news about the sources of “{office.world.petitions[TREES].text('en').title}”:",
        "[2] Leaf 2, “Elm number 2”, 2018",
        "Checked on November 30, 2026: the publisher's server answered that the page doesn't exist.",
        "Readers see this beside each source. To see all sources, send /checks town-trees. If you give another link in "
        "the note, that's a new version of the text.",
    ]
    office.world.now += WEEK
    look(office, service, lambda source: LinkState.GONE if source.number == 2 else LinkState.ALIVE)
    office.world.now += HOUR
    assert notices(office, service) == []


def test_news_of_one_hour_is_one_notice_and_short(office: Office, service: SourceCheckService) -> None:
    office.world.petitions[TREES] = citing(TREES, 40)
    look(office, service, lambda _: LinkState.GONE)
    office.world.now += HOUR
    (told,) = notices(office, service)
    assert told.count("doesn't exist") == LISTED
    assert "And 25 more." in told


def test_a_notice_is_dropped_if_the_link_was_changed_meanwhile(office: Office, service: SourceCheckService) -> None:
    look(office, service, lambda source: LinkState.GONE if source.number == 1 else LinkState.ALIVE)
    office.world.now += HOUR
    texts = office.world.petitions[TREES].texts
    office.world.petitions[TREES] = replace(
        office.world.petitions[TREES],
        texts={
            name: replace(text, sources=(replace(text.sources[0], link="https://new.example/1"), *text.sources[1:]))
            for name, text in texts.items()
        },
    )
    assert notices(office, service) == []


def test_one_look_is_recorded_for_every_source_with_this_link(office: Office, service: SourceCheckService) -> None:
    petition = citing(TREES, 1)
    first, second = petition.texts
    other = replace(petition.texts[second].sources[0], title="Olmo")
    texts = {**petition.texts, second: replace(petition.texts[second], sources=(other,))}
    office.world.petitions[TREES] = replace(petition, texts=texts)
    (due,) = service.due()
    service.record(due, SourceCheck(due.source.key, due.source.link or "", NOW, LinkState.ALIVE))
    with office.world.work() as work:
        assert set(work.source_checks.of(TREES)) == {petition.texts[first].sources[0].key, other.key}
    assert service.due() == ()


def test_all_sources_are_listed_with_their_state_and_how_often_they_were_opened(
    office: Office, service: SourceCheckService
) -> None:
    look(office, service)
    with office.world.work() as work:
        keys = [source.key for source in office.world.petitions[TREES].text("en").sources]
        last = work.source_checks.of(TREES)
        work.source_checks.save(TREES, replace(last[keys[0]], at=NOW + HOUR, state=LinkState.GONE))
        steps: dict[Step, int] = {("", "signed"): 8, ("", source_step(keys[0])): 2}
        work.breakdowns.move(TREES, steps=steps, person=1)
        work.commit()
    lines = office.reads(f"checks {TREES}").splitlines()
    assert lines[1:4] == [
        "[1] Leaf 1, “Elm number 1”, 2018", "Checked on November 23, 2026: gone",
        "25% of the signers opened it before they signed",
    ]  # fmt: skip
    at = lines.index("[4] Leaf 4, “Elm number 4”, 2018")
    assert lines[at + 1 : at + 3] == [
        "No link: search for its title and its publisher.", '"Elm number 4" "Leaf 4"',
    ]  # fmt: skip
    assert lines[-1] == "Based on the 8 people who have signed here so far."


def test_of_few_signers_nothing_shows(office: Office) -> None:
    office.world.person("Ada").about(SALESFORCE).does(ev.Open())
    told = office.reads(f"checks {SALESFORCE}")
    assert "opened it" not in told
    assert "Fewer than 5 people have signed" in told
    assert "write check_sources = true into petition.toml" in told
    assert told.count("Not checked yet") == 3


def test_forty_sources_have_pages(office: Office) -> None:
    office.world.petitions[TREES] = citing(TREES, 40)
    first = office.reads(f"checks {TREES}")
    assert "[8]" in first
    assert "[9]" not in first
    assert "[9]" in office.taps(f"checks {TREES}", "Next page")
    assert "[40]" in office.reads(f"checks {TREES} 5")
    assert "[40]" in office.reads(f"checks {TREES} 9999"), "the last page"
    assert "“soon”" in office.reads(f"checks {TREES} soon")
