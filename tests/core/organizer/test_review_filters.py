"""Filters survive being written and read, and whatever else is typed is misread, never raised."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.organizer.filter_words import Age, beginning, end, parse_when
from core.organizer.review_filters import FilterFault, Filters, Misread, parse_filters
from core.signatures.quarantine import Signal
from core.signatures.signature import SignatureStatus
from tests.world import NOW, SALESFORCE, petitions

WHEN = st.builds(Age, st.integers(0, 9999), st.sampled_from("mhd")) | st.dates(dt.date(1000, 1, 1))
AFTER = st.integers(0, 10**18 - 1)
FOUND = st.builds(Filters, found=st.from_regex(r"[0-9A-Z]{12}", fullmatch=True), after=AFTER)
FILTERS = FOUND | st.builds(
    Filters,
    status=st.sampled_from(["", "any", "counted"]),
    reason=st.none() | st.sampled_from(Signal),
    label=st.sampled_from(["", "news", "r0123456789ab"]),
    since=st.none() | WHEN,
    until=st.none() | WHEN,
    email=st.sampled_from(["", "ada@example.org"]),
    domain=st.sampled_from(["", "example.org", "müller.example"]),
    name=st.sampled_from(["", "Ada", "Ada Lovelace", "राम कुमार"]),
    country=st.sampled_from(["", "KE", "DE"]),
    after=AFTER,
)


@given(FILTERS)
def test_written_filters_are_read_as_they_were(filters: Filters) -> None:
    assert parse_filters(str(filters)) == filters
    assert parse_filters(str(filters).replace('"', "”")) == filters
    for personal in (filters.email, filters.name):
        assert not personal or personal not in str(filters.public)


@given(st.text(max_size=60))
def test_anything_typed_is_filters_or_is_quoted_back(words: str) -> None:
    read = parse_filters(words)
    assert isinstance(read, Filters) or (isinstance(read, Misread) and read.words)


@given(WHEN, st.sampled_from(["UTC", "Asia/Kathmandu", "Pacific/Kiritimati", "America/Los_Angeles"]))
def test_a_time_begins_before_it_ends(when: Age | dt.date, zone: str) -> None:
    petition = replace(petitions()[SALESFORCE], timezone=zone)
    assert parse_when(str(when)) == when
    first, last = beginning(when, NOW, petition), end(when, NOW, petition)
    assert first <= last
    if isinstance(when, dt.date) and dt.date.min < when < dt.date.max - dt.timedelta(days=1):
        assert {petition.day(first), petition.day(last)} == {when}


def test_code_is_another_name_of_label_and_each_filter_is_given_once() -> None:
    assert parse_filters("code=News") == Filters(label="news")
    assert parse_filters("code=news label=news") == Misread("label=news", fault=FilterFault.TWICE)
    assert parse_filters("since=7d since=8d") == Misread("since=8d", fault=FilterFault.TWICE)
    assert parse_filters("domain=ada@example.org") == Misread("domain=ada@example.org", ("domain=example.org",))
    assert parse_filters("domain=@Example.ORG") == Filters(domain="example.org")
    assert parse_filters("status=countd") == Misread("status=countd", ("status=counted",))
    assert SignatureStatus.COUNTED.value == "counted"


@given(FOUND, FILTERS.filter(lambda filters: filters.given.keys() - {"found", "after"}))
def test_what_a_search_found_takes_no_other_filter(found: Filters, others: Filters) -> None:
    refused = Misread(f"found={found.found}", fault=FilterFault.COMBINED)
    assert parse_filters(f"{replace(others, after=0)} {found}") == refused
    assert parse_filters(f"found={found.found} {others}") == refused


def test_the_log_never_has_the_label_of_a_signers_own_link() -> None:
    filters = parse_filters("label=r0123456789ab since=2h")
    assert isinstance(filters, Filters)
    assert filters.noted == "label=own since=2h"
    assert str(filters) == "label=r0123456789ab since=2h"
