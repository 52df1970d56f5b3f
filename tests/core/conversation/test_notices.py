"""A warning sign only where something is wrong."""

from __future__ import annotations

import pytest

from core.conversation.notices import NEWS, notice_line
from core.conversation.screen import Style
from core.messages import Message
from core.petition.loading import LOCALES
from core.petition.translations import entries, read_po_file

WARNINGS = {
    "notice.text_changed",
    "notice.changed",
    "notice.review_changed",
    "notice.use_buttons",
    "notice.edited",
    "notice.not_yet",
    "notice.try_again",
    "notice.paused",
    "notice.media",
    "notice.media_buttons",
    "notice.voice",
    "notice.voice_buttons",
    "notice.tap",
    "notice.data_again",
    "notice.data_failed",
    "notice.whole_failed",
}


def test_every_notice_is_either_news_or_a_warning() -> None:
    notices = {key for key in entries(read_po_file(LOCALES / "en.po")) if key.startswith("notice.")}
    assert {key for key in NEWS if key.startswith("notice.")} == notices - WARNINGS


@pytest.mark.parametrize("key", [*sorted(WARNINGS), "petitions.broken", "petitions.unknown", "refused.email"])
def test_what_is_wrong_is_a_warning(key: str) -> None:
    assert notice_line(Message(key)).style is Style.ALERT


@pytest.mark.parametrize(
    "key",
    ["notice.updates_on", "notice.forgotten", "notice.not_signed", "cover.paused", "announcement.draft", "review.now"],
)
def test_news_is_no_warning(key: str) -> None:
    assert notice_line(Message(key)).style is Style.NOTICE
