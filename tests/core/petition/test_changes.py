"""The parts that differ between two versions of a petition, and those that interrupt nobody."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest

from core.petition.changes import changed_parts
from core.petition.comparison import compare
from core.petition.envelope import Envelope, with_digests
from core.petition.petition import Petition, PetitionText
from core.text.document import Document, Span
from tests.world import SALESFORCE, TREES, catalog, petitions

PETITION = petitions()[TREES]
ASKING = petitions()[SALESFORCE]
TEXT = PETITION.text("en")
SOURCES = TEXT.sources


def envelope_of(petition: Petition) -> Envelope:
    value: dict[str, Any] = json.loads(with_digests(petition, catalog()).text("en").envelope)
    return value


def parts(old: Petition, new: Petition) -> list[str]:
    """The words for what changed, in English."""
    return [catalog().text(part, "en") for part in changed_parts(envelope_of(old), envelope_of(new))]


def with_text(**changes: object) -> Petition:
    text: PetitionText = replace(TEXT, **changes)  # type: ignore[arg-type]
    return replace(PETITION, texts={"en": text})


FEWER = Document(TEXT.letter.blocks[1:])
FIRST = PETITION.fields[0]
ROLES = {"role": {"tenant": "I rent", "owner": "I own a house"}}


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (with_text(title="Save them"), ["the title"]),
        (with_text(letter=FEWER), ["the letter"]),
        (with_text(background=TEXT.letter), ["the background"]),
        (with_text(sources=SOURCES[:1]), ["the sources"]),
        (with_text(sources=(*SOURCES[:-1], replace(SOURCES[-1], link="https://b.example")),), ["the sources"]),
        (with_text(sources=(*SOURCES[:-1], replace(SOURCES[-1], link=None)),), ["the sources"]),
        (with_text(sources=(replace(SOURCES[0], date="March 1, 2020"), *SOURCES[1:]),), ["the sources"]),
        (with_text(target="the Mayor"), ["the target"]),
        (with_text(title="Save them", target="the Mayor"), ["the title", "the target"]),
        (with_text(organizer="Friends of Elms"), ["the organizer"]),
        (with_text(captions={**TEXT.captions, "role": "Owner or tenant?"}), ["the questions"]),
        (with_text(hints={"role": "Choose one"}), ["the questions"]),
        (with_text(options=ROLES), ["the choices of a question"]),
        (replace(PETITION, fields=PETITION.fields[1:]), ["the questions"]),
        (replace(PETITION, fields=(replace(FIRST, required=False), *PETITION.fields[1:])), ["the questions"]),
        (replace(PETITION, retention_days=60), ["the time until your data is erased"]),
        (replace(PETITION, contact="elms@example.org"), ["the contact details"]),
        (replace(PETITION, organizer_url="https://elms.example.org"), ["the contact details"]),
        (replace(PETITION, controller="Elm GmbH"), ["the name of those responsible for your data"]),
        (replace(PETITION, closes=dt.date(2028, 1, 1)), ["the closing date"]),
        (replace(PETITION, closes=None, timezone="Europe/Madrid"), ["the closing date"]),
        (replace(PETITION, timezone="Europe/Madrid"), ["the time zone of the closing date"]),
        (replace(PETITION, named_if="volunteer"), ["the question about your name"]),
    ],
)  # fmt: skip
def test_each_change_has_its_name(new: Petition, expected: list[str]) -> None:
    assert parts(replace(PETITION, texts={"en": TEXT}), new) == expected
    digests = {with_digests(petition, catalog()).text("en").digest for petition in (PETITION, new)}
    assert len(digests) == 2, "each makes a version"


def test_options_in_another_order_are_other_options() -> None:
    fields = tuple(replace(field, options=field.options[::-1]) for field in PETITION.fields)
    assert parts(PETITION, replace(PETITION, fields=fields)) == ["the choices of a question"]


@pytest.mark.parametrize(
    "gained",
    [
        replace(SOURCES[0], link="https://a.example"),
        replace(SOURCES[0], link="https://a.example", note="as written with a link"),
    ],
)
def test_a_source_that_only_gains_a_link_is_a_version_that_interrupts_nobody(gained: object) -> None:
    assert SOURCES[0].link is None
    new = with_text(sources=(gained, *SOURCES[1:]))
    assert parts(PETITION, new) == []
    assert with_digests(new, catalog()).text("en").digest != TEXT.digest


def test_a_source_that_gains_a_quote_interrupts_nobody_either_but_one_that_loses_it_does() -> None:
    plain = envelope_of(PETITION)
    quoted = {**plain, "sources": [{**source, "quote": "“They are healthy.”"} for source in plain["sources"]]}
    assert changed_parts(plain, quoted) == ()
    assert [part.key for part in changed_parts(quoted, plain)] == ["changed.sources"]


def test_a_quote_that_changes_is_named_and_both_are_shown() -> None:
    old, new = (with_text(sources=(replace(SOURCES[0], quote=words), *SOURCES[1:])) for words in ("healthy", "sound"))
    assert parts(old, new) == ["the sources"]
    (change,) = compare(envelope_of(old), envelope_of(new), "en")
    assert ("“healthy”" in str(change.removed[0]), "“sound”" in str(change.added[0])) == (True, True)


def test_a_sentence_that_a_long_letter_repeats_is_still_compared() -> None:
    block = TEXT.letter.blocks[0]
    refrain, before, after = (
        replace(block, spans=(Span(words),)) for words in ("Save our elms.", "Cut none.", "Cut no more.")
    )
    old, new = (with_text(letter=Document((each, *[refrain] * 250))) for each in (before, after))
    (change,) = compare(envelope_of(old), envelope_of(new), "en")
    assert (len(change.removed), len(change.added)) == (1, 1)


def test_other_sentences_about_the_data_have_a_name_unless_only_names_in_them_changed() -> None:
    plain = envelope_of(ASKING)
    reworded = {**plain, "consent": {**plain["consent"], "data": "Everyone gets everything."}}
    assert [part.key for part in changed_parts(plain, reworded)] == ["changed.consent"]
    assert parts(ASKING, replace(ASKING, organizer="Friends of Elms")) == ["the organizer"]
    assert changed_parts(plain, plain) == ()


def test_without_a_closing_date_its_time_zone_interrupts_nobody() -> None:
    endless = replace(PETITION, closes=None)
    assert parts(endless, replace(endless, timezone="Europe/Madrid")) == []
