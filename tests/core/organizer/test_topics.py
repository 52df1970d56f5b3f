"""The outbox's topics in words."""

from __future__ import annotations

import pytest

from core.organizer.erase_order import search_topic
from core.organizer.export import file_topic
from core.organizer.outage import outage_topic
from core.organizer.retention import retention_topic
from core.outbox import Topic
from core.outreach.announcement import FAN_OUT, TO_PERSON
from core.outreach.milestones import CROSSED, TO_COMMUNITY
from core.outreach.topics import topic_words
from core.platforms import WRITABLE
from tests.world import catalog

OF_PLATFORMS = (file_topic, search_topic, outage_topic, retention_topic)
TOPICS = (
    FAN_OUT, CROSSED, *TO_PERSON.values(), *TO_COMMUNITY.values(),
    *(topic(platform) for topic in OF_PLATFORMS for platform in WRITABLE),
)  # fmt: skip


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_topic_has_words(topic: Topic) -> None:
    words = catalog().words(topic_words(topic.name), "en")
    assert topic.name not in words
    assert words.endswith((" on Telegram", " on Discord")) == ("." in topic.name)


def test_a_topic_from_another_version_is_shown_as_it_is() -> None:
    assert topic_words("carrier_pigeon.telegram") == "carrier_pigeon.telegram"
