"""Stories of organizers who look at figures, on every surface."""

from __future__ import annotations

from tests.scenarios.stage import Persona, Theatre
from tests.scenarios.test_organizers import organizer
from tests.scenarios.test_supporters import signs
from tests.world import SALESFORCE


async def signed(theatre: Theatre, name: str, label: str = "") -> Persona:
    person = await theatre.person(name)
    await person.opens(SALESFORCE, label)
    await signs(person, name)
    await person.taps("Confirm")
    return person


async def test_olga_looks_where_signatures_come_from_and_where_people_stop(theatre: Theatre) -> None:
    olga = await organizer(theatre)
    ada = await signed(theatre, "Ada")
    for name in ("Ben", "Dee", "Eve", "Fay"):
        await signed(theatre, name)
    cem = await theatre.person("Cem")
    await cem.opens(SALESFORCE)
    await signs(cem, "Cem")
    await ada.taps("Withdraw")
    await ada.taps("Withdraw my signature")
    await olga.types(f"/count {SALESFORCE}")
    for fact in ("Counted: 4", "Started but not finished: 1", "Withdrawn: 1"):
        assert fact in olga.reads()
    await olga.types(f"/stats {SALESFORCE}")
    assert "Last 7 days: by day (UTC)" in olga.reads()
    await olga.taps("Regions")
    assert "CA, United States: 4" in olga.reads()
    await olga.taps("All time")
    assert "All time: by region" in olga.reads()
    await olga.taps("Where people stop")
    assert "Opened the petition: 6" in olga.reads()
    assert "Saw the review: 6 (100%)" in olga.reads()
    assert "Signed: 5 (83%)" in olga.reads()
    await olga.taps("What was read")
    assert "The text: 0%" in olga.reads()


async def test_olga_looks_at_a_chart_and_sees_its_numbers_in_words(theatre: Theatre) -> None:
    olga = await organizer(theatre)
    await olga.types(f"/chart {SALESFORCE}")
    assert "There's nothing to draw yet" in olga.reads()
    await signed(theatre, "Ada")
    await olga.types(f"/chart {SALESFORCE} 7d")
    assert "Counted: 1" in olga.reads()
    await olga.taps("By platform")
    assert "Last 7 days: 1 signed" in olga.reads()
    await olga.taps("Dark")
    assert "Light" in olga.reads()


async def test_for_sam_the_count_is_as_before_and_the_rest_does_not_exist(theatre: Theatre) -> None:
    sam = await theatre.person("Sam")
    await signed(theatre, "Ada")
    await sam.opens(SALESFORCE)
    await sam.types("hi")  # which is welcomed
    replies = []
    for line in ("/nosuchcommand", "/chart", "/stats all links"):
        await sam.types(line)
        replies.append(sam.reads())
    assert len(set(replies)) == 1
    await sam.types("/count")
    assert "Started but not finished" not in sam.reads()
    assert "Withdrawn" not in sam.reads()
