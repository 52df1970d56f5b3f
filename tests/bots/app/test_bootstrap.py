"""The composition root: services that fit the settings."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from bots.app.bootstrap import build
from bots.common.settings import Settings
from core.platforms import Platform
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
