"""Cards in groups and inline results offer only what the organizers' decision allows."""

from __future__ import annotations

import pytest

from core.petition.petition import Decision, PetitionStatus
from tests.bots.telegram.test_groups import group_of
from tests.scenarios.stage import TelegramTheatre
from tests.world import NOW, SALESFORCE, TREES

SHUT = [
    (Decision(PetitionStatus.PAUSED, since=NOW), "Nobody has signed yet. First goal: 1,000.", "(paused)"),
    (Decision(PetitionStatus.CLOSED, since=NOW), "Nobody signed.", "(signing has closed)"),
    (Decision(PetitionStatus.VICTORY, words="It's over.", since=NOW), "Nobody signed.", "(victory)"),
]


@pytest.mark.parametrize(("decision", "count", "phase"), SHUT)
async def test_nothing_asks_to_sign_what_is_shut(
    theatre: TelegramTheatre, decision: Decision, count: str, phase: str
) -> None:
    with theatre.world.work() as work:
        work.decisions.save(SALESFORCE, decision)
        work.commit()
    person = theatre.server.person(7, "Suzie")
    (offered,) = await person.inline("salesforce contract")
    assert [each["text"] for row in offered["reply_markup"]["inline_keyboard"] for each in row] == ["Read"]
    assert count in offered["input_message_content"]["message_text"]
    _, chat = group_of(theatre)
    await chat.send("/petition")
    assert chat.last.markup
    first, second = (row[0]["text"] for row in chat.last.markup["inline_keyboard"])
    assert first.endswith((phase, "…")), first
    assert "(" not in second
    await chat.send("/count")
    assert count in chat.last.text
    del theatre.world.petitions[TREES]
    await chat.send("/petition")
    assert chat.last.markup
    read, alone = (each["text"] for row in chat.last.markup["inline_keyboard"] for each in row)
    assert (read, alone) == ("Read", "Continue in our private chat")
    await chat.send("/count")
    assert chat.last.text.endswith(count)
