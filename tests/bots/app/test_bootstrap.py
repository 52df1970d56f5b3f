"""The composition root: services that fit the settings."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from bots.app.bootstrap import belongs_to_bot, build
from bots.app.checkup import unopened_rows
from bots.common.settings import Settings
from core.platforms import Platform
from tests.databases import FILE
from tests.discord_server import TOKEN as DISCORD_TOKEN
from tests.telegram_server import TOKEN as TELEGRAM_TOKEN

TOKENS = {
    Platform.TELEGRAM: {"telegram_token": SecretStr(TELEGRAM_TOKEN)},
    Platform.DISCORD: {"discord_token": SecretStr(DISCORD_TOKEN)},
}


@pytest.mark.parametrize("platforms", [(), (Platform.TELEGRAM,), (Platform.DISCORD,), tuple(TOKENS)])
def test_organizers_invite_to_the_platforms_whose_tokens_are_set(
    platforms: tuple[Platform, ...], tmp_path: Path
) -> None:
    tokens = {name: token for platform in platforms for name, token in TOKENS[platform].items()}
    settings = Settings(data_dir=tmp_path, telegram_token=None, discord_token=None).model_copy(update=tokens)
    with closing(build(settings)) as services:
        assert services.organizing.platforms == platforms


@pytest.mark.parametrize("present", ["secret.key", FILE])
def test_a_key_without_a_database_is_nothing_yet_nor_is_a_database_without_a_key(present: str, tmp_path: Path) -> None:
    """Looking makes neither the other file nor a complaint."""
    (tmp_path / present).touch()
    settings = Settings(data_dir=tmp_path, telegram_token=None, discord_token=None)
    assert list(unopened_rows(settings)) == []
    assert not belongs_to_bot(settings)
    assert [path.name for path in tmp_path.iterdir()] == [present]
