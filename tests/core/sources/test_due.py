"""Looks that are due: each link once, whatever cites it, once a week, and sooner if it couldn't be reached."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from core.petition.envelope import with_digests
from core.petition.petition import Petition
from core.petition.source import Source
from core.sources.checks import ArchiveCopy, LinkState, SourceCheck
from core.sources.due import DAY, WEEK, is_due, linked_sources, looks_at
from tests.world import NOW, TREES, catalog, petitions

ELMS = Source(1, "The Leaf", "Elms", "2018", "https://leaf.example/elms", "", ())
OAKS = replace(ELMS, number=2, title="Oaks", link="https://leaf.example/oaks")
BARE = replace(ELMS, number=3, title="Beeches", link=None)
OLMOS = replace(ELMS, title="Olmos")
SECOND = dt.timedelta(seconds=1)


def citing(*texts: tuple[Source, ...]) -> Petition:
    known = petitions()[TREES]
    return replace(known, texts={
        name: replace(text, sources=sources)
        for (name, text), sources in zip(known.texts.items(), texts, strict=True)
    })  # fmt: skip


def check(source: Source, at: dt.datetime = NOW, state: LinkState = LinkState.ALIVE) -> SourceCheck:
    return SourceCheck(source.key, source.link or "", at, state, quote=source.quote)


def test_each_link_is_one_look_in_all_languages_and_each_quote_another() -> None:
    quoting = replace(ELMS, quote="a hundred")
    petition = citing((ELMS, OAKS, BARE), (OLMOS, quoting, ELMS))
    assert linked_sources(petition) == ((ELMS, OLMOS), (OAKS,), (quoting,))
    assert [look.source for look in looks_at(petition, ())] == [ELMS, OAKS, quoting]


def test_links_that_were_never_looked_at_come_first_then_the_longest_ago() -> None:
    history = [check(OAKS, NOW - 9 * DAY), check(ELMS, NOW - 8 * DAY), check(OAKS, NOW - DAY)]
    looks = looks_at(citing((ELMS, OAKS), (replace(ELMS, link="https://leaf.example/new"),)), history)
    assert [(look.source.link, look.before) for look in looks] == [
        ("https://leaf.example/new", None), (ELMS.link, history[1]), (OAKS.link, history[2]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "pause"), [(LinkState.ALIVE, WEEK), (LinkState.GONE, WEEK), (LinkState.UNREACHABLE, DAY)]
)
def test_a_look_is_due_when_the_last_one_is_old_enough(state: LinkState, pause: dt.timedelta) -> None:
    (look,) = looks_at(citing((ELMS,), ()), [check(ELMS, NOW, state)])
    assert not is_due(look, NOW + pause - SECOND)
    assert is_due(look, NOW + pause)
    assert is_due(look, NOW - pause), "the clock was wrong"
    assert is_due(replace(look, before=None), NOW)


def test_the_switches_are_no_part_of_what_people_sign() -> None:
    plain = petitions()[TREES]
    switched = replace(plain, check_sources=not plain.check_sources, order_archive_copies=True)
    assert with_digests(switched, catalog()).texts == with_digests(plain, catalog()).texts


def test_a_copy_is_ordered_only_where_the_organizer_says_so_and_the_last_look_found_none() -> None:
    copied = replace(check(ELMS), archive=ArchiveCopy("https://archive.example/elms", NOW))
    ordering = replace(citing((ELMS,), ()), order_archive_copies=True)
    orders = [looks_at(ordering, history)[0].order_copy for history in ([], [check(ELMS)], [copied])]
    assert orders == [False, True, False]
    assert not looks_at(citing((ELMS,), ()), [check(ELMS)])[0].order_copy
