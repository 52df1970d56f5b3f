"""`/export` with filters: each is understood or explained, and the order keeps them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from core.export.request import FileRequest, SignatureFilter
from core.organizer.command import CommandLine
from core.organizer.export import FileOrder
from tests.bots.signers import signatures, store, withdraw
from tests.core.organizer.test_commands import OLGA, Office
from tests.world import NOW, SALESFORCE, TREES

LABEL = "g0000000000aa"  # of a community


@pytest.fixture
def office() -> Office:
    """An office where some signed: two through a link, one in a community and in Spanish, and one who withdrew."""
    office = Office()
    with office.world.work() as work:
        work.cards.community("telegram", "-1", LABEL, "Elm Club")
        work.commit()
    for number, (label, locale) in enumerate((("newsletter", "en"), ("newsletter", "en"), (LABEL, "es"), ("", "en"))):
        stored(office, f"R-{number}", label, locale)
    withdraw(office.world, "R-3")
    return office


def stored(office: Office, receipt: str, label: str, locale: str) -> None:
    (signature,) = signatures(1)
    store(office.world, [replace(signature, petition=TREES, receipt=receipt, mailbox=None, label=label, locale=locale)])


def ordered(office: Office) -> FileRequest:
    with office.world.work() as work:
        (entry,) = work.outbox.claim("w", ["files.test"], 9, NOW, dt.timedelta(minutes=1))
    return FileOrder(**entry.payload).request


@pytest.mark.parametrize(
    ("filters", "only"),
    [
        ("", SignatureFilter()),
        ("since=7d", SignatureFilter(since=NOW - dt.timedelta(days=7))),
        ("since=2026-11-01", SignatureFilter(since=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))),
        ("STATUS=Any LABEL=Newsletter", SignatureFilter(label="newsletter", status="any")),
        ('label="elm club" language=es', SignatureFilter(label="elm club", language="es")),
        ("status=withdrawn", SignatureFilter(status="withdrawn")),
    ],
)
def test_filters_go_with_the_order(office: Office, filters: str, only: SignatureFilter) -> None:
    assert "I'm making your file" in office.reads(f"export {TREES} csv {filters}")
    assert ordered(office) == FileRequest(TREES, "csv", only.language or "en", only)


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (
            "label=newslettr",
            "No signature matches label=newslettr.\n"
            'Instead of label=newslettr, these would match: label=newsletter (2) and label="Elm Club" (1).',
        ),
        (
            "label=newsletter language=es",
            "No signature matches label=newsletter and language=es.\n"
            'Instead of label=newsletter, these would match: label="Elm Club" (1).\n'
            "Instead of language=es, these would match: language=en (2).",
        ),
        (
            "status=invalid",
            "No signature matches status=invalid.\n"
            "Instead of status=invalid, these would match: status=counted (3) and status=withdrawn (1).",
        ),
        (
            "label=@own",
            "No signature matches label=@own.\n"
            'Instead of label=@own, these would match: label=newsletter (2) and label="Elm Club" (1).',
        ),
        (
            "since=2040-01-01",
            "No signature matches since=2040-01-01.\n"
            "There are signatures that match everything except since=2040-01-01.",
        ),
    ],
)
def test_filters_that_match_nothing_order_no_file(office: Office, filters: str, words: str) -> None:
    assert office.reads(f"export {TREES} csv {filters}") == words
    with office.world.work() as work:
        assert not work.outbox.claim("w", ["files.test"], 9, NOW, dt.timedelta(minutes=1))


def test_signers_own_links_are_offered_together(office: Office) -> None:
    stored(office, "R-9", "r0123456789ab", "en")
    assert "label=@own (1)" in office.reads(f"export {TREES} csv label=flyer")


def test_no_status_is_offered_for_a_file_of_those_who_count(office: Office) -> None:
    stored(office, "R-9", "flyer", "en")
    withdraw(office.world, "R-9")
    assert "status=withdrawn (1)" in office.reads(f"export {TREES} csv label=flyer")
    assert "status=" not in office.reads(f"export {TREES} actionkit label=flyer")


@pytest.mark.parametrize(
    "filters",
    ["since=soon", "since=", "color=red", "status=signed", "since=7d since=8d", "newsletter", "since=7d newsletter"],
)
def test_a_wrong_filter_is_explained(office: Office, filters: str) -> None:
    words = office.reads(f"export {TREES} csv {filters}")
    assert words.startswith("Send /export with a format and, if you like, filters: since=7d")
    assert "counted, duplicate, quarantined, invalid, withdrawn, and any" in words


def test_a_language_that_the_petition_lacks_is_refused(office: Office) -> None:
    assert office.reads(f"export {SALESFORCE} pdf language=fi") == "This petition has no text in “fi”. It has: en."


@pytest.mark.parametrize(
    ("form", "left_out"),
    [("pdf since=7d status=any", "since and status"), ("actionkit status=withdrawn", "status")],
)
def test_a_file_of_all_that_counts_takes_no_other_filter(office: Office, form: str, left_out: str) -> None:
    assert office.reads(f"export {TREES} {form}").endswith(f"so please leave out: {left_out}.")


def test_the_filters_stay_while_the_format_is_chosen(office: Office) -> None:
    shown = office.service.run(OLGA, CommandLine("export", f"{TREES} since=7d"))
    assert shown
    assert next(row[0].order.argument for row in shown.screen.buttons if row[0].order) == f"{TREES} xlsx since=7d"
