"""The count in words: the next goal while people can sign, and only the count once it is over."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bots.common.goal import goal_words
from core.conversation.scene import card
from core.conversation.screen import Progress
from core.petition.petition import Decision, PetitionStatus
from core.petition.phase import Phase
from tests.world import NOW, TREES, catalog, petitions


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress(0, 100), "Be the first to sign. First goal: 100."),
        (Progress(1, 100), "1 person has signed. Next goal: 100."),
        (Progress(1234, 2500), "1,234 people have signed. Next goal: 2,500."),
        (Progress(0, 100, Phase.PAUSED), "Nobody has signed yet. First goal: 100."),
        (Progress(0, 100, Phase.EARLY), "Nobody has signed yet. First goal: 100."),
        (Progress(1, 100, Phase.PAUSED), "1 person has signed. Next goal: 100."),
        (Progress(0, 100, Phase.ENDED), "Nobody signed."),
        (Progress(1, 100, Phase.CLOSED), "1 person signed."),
        (Progress(1234, 2500, Phase.WON), "1,234 people signed."),
    ],
)
def test_nobody_is_asked_to_be_the_first_unless_they_can_sign(progress: Progress, words: str) -> None:
    assert catalog().text(goal_words(progress), "en") == words


@pytest.mark.parametrize(
    ("status", "over"),
    [
        (PetitionStatus.OPEN, False),
        (PetitionStatus.PAUSED, False),
        (PetitionStatus.CLOSED, True),
        (PetitionStatus.VICTORY, True),
    ],
)
def test_a_card_knows_whether_it_is_over(status: PetitionStatus, over: bool) -> None:
    petition = replace(petitions()[TREES], decision=Decision(status, since=NOW))
    assert [part.phase.is_over for part in card(petition, "en", 5, NOW).parts if isinstance(part, Progress)] == [over]
    assert petition.phase(NOW).is_over is over


def test_a_petition_is_over_after_its_last_day_and_not_before() -> None:
    petition = replace(petitions()[TREES], closes=NOW.date())
    assert not petition.phase(NOW).is_over
    assert petition.phase(NOW + dt.timedelta(days=1)).is_over
    assert not replace(petition, closes=None).phase(NOW + dt.timedelta(days=999)).is_over
