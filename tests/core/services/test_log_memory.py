"""A log never contradicts a checkpoint that it has published, whatever backup its database comes from."""

from __future__ import annotations

import pytest

from core.errors import LogError
from tests.core.services.test_publishing import Work, sign_many
from tests.public_log import ELMS, Kept, Press, read
from tests.world import memory


def test_a_database_that_is_behind_publishes_nothing(work: Work) -> None:
    press, newer = Press(work), Press(memory())
    sign_many(work, 3)
    press.publish()
    sign_many(newer.work, 5)
    newer.publish()
    press.publisher.kept = newer.kept
    sign_many(work, 1, start=3)
    before = read(work)
    with pytest.raises(LogError, match=r"published 5 entries, .* only 3, .* move log-elms\.checkpoint"):
        press.publish()
    sign_many(work, 6, start=4)
    with pytest.raises(LogError, match="has only 3"):
        press.publish()
    assert read(work) == before


def test_a_database_with_other_entries_publishes_nothing(work: Work) -> None:
    press, other = Press(work), Press(memory(), drawn=1000)
    sign_many(work, 300)
    press.publish()
    sign_many(other.work, 260)
    other.publish()
    press.publisher.kept = other.kept
    sign_many(work, 1, start=300)
    with pytest.raises(LogError, match="published 260 entries, but the database has others"):
        press.publish()


def test_a_batch_in_progress_of_an_older_backup_is_not_continued(work: Work) -> None:
    press, newer = Press(work), Press(memory())
    sign_many(work, 3)
    press.publisher.chunk = 1
    press.publisher.publish(ELMS, at_once=True, pause=lambda: True)
    sign_many(newer.work, 5)
    newer.publish()
    press.publisher.kept = newer.kept
    with pytest.raises(LogError, match="the database has only 0"):
        press.publish()


def test_what_could_not_be_kept_is_kept_at_the_next_look(work: Work) -> None:
    press, kept = Press(work), Kept()
    sign_many(work, 3)
    record = press.publish()
    assert record
    press.publisher.kept = kept
    assert press.publish() is None, "there is nothing new"
    assert kept.notes == {"elms": record.note}
