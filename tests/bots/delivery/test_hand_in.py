"""The hand-in names the checkpoint of the public log, and has it and the versions as files within the document."""

from __future__ import annotations

from bots.delivery.hand_in import CHECKPOINT_FILE, Census
from core.petition.envelope import digest_of
from tests.log.sample import sample_record
from tests.world import NOW, SALESFORCE, TREES, catalog, petitions


def test_it_names_the_checkpoint_that_it_has_within() -> None:
    record = sample_record()
    hand_in = Census(petitions()[SALESFORCE], catalog(), "en", log=record)._hand_in(NOW.date())
    root = record.checkpoint.root_text
    assert hand_in.counting[-1] == (
        f"Entries in the public log as of 2026-11-23 12:00 (UTC), with the root {root}", 623
    )  # fmt: skip
    assert hand_in.attachments[CHECKPOINT_FILE] == record.note.encode()


def test_the_versions_within_have_the_digests_on_the_first_page() -> None:
    hand_in = Census(petitions()[TREES], catalog(), "es")._hand_in(NOW.date())
    digests = {digest_of(content) for content in hand_in.attachments.values()}
    assert sorted(hand_in.attachments) == ["version-en.json", "version-es.json"]
    assert digests == {version.text.digest for version in hand_in.versions}


def test_without_a_log_it_names_none() -> None:
    hand_in = Census(petitions()[SALESFORCE], catalog(), "en")._hand_in(NOW.date())
    assert CHECKPOINT_FILE not in hand_in.attachments
    assert not any("public log" in words for words, _ in hand_in.counting)
