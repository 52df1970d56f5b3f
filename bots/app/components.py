"""The components that `undersign run` can start.

Each is in a module that is imported when the component starts: libraries for platforms and web servers load slowly, and
most commands need none of them.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType

from bots.common.settings import Settings
from core.platforms import Platform


@dataclass(frozen=True, slots=True)
class Component:
    """What runs until cancelled is given by `prepare(process)` of `module`; any one of `settings` configures it.

    `listens` tells whether it serves something at WEB_PORT.
    """

    module: str
    settings: tuple[str, ...]
    listens: Callable[[Settings], bool] = lambda _: False

    def is_configured(self, settings: Settings) -> bool:
        """Tell whether any of its settings is set."""
        return any(getattr(settings, name) is not None for name in self.settings)

    @property
    def variables(self) -> str:
        """Names of the environment variables that configure it."""
        return " or ".join(name.upper() for name in self.settings)


WORKER = "worker"
COMPONENTS: Mapping[str, Component] = {
    Platform.TELEGRAM.value: Component(
        "bots.telegram.surface", ("telegram_token",), lambda settings: bool(settings.public_url)
    ),
    Platform.DISCORD.value: Component("bots.discord.surface", ("discord_token",)),
    "web": Component("bots.web.surface", ("web_port",), lambda _: True),
    WORKER: Component("bots.app.workers", ("telegram_token", "discord_token")),
}
MESSENGERS: Mapping[str, Component] = {
    Platform.TELEGRAM: Component("bots.telegram.messenger", ("telegram_token",)),
    Platform.DISCORD: Component("bots.discord.messenger", ("discord_token",)),
}
"""By platform, what a worker sends with: `connect(process)` of the module is a context manager with a Messenger."""
PREVIEWS: Mapping[str, str] = {
    Platform.TELEGRAM: "bots.telegram.preview", Platform.DISCORD: "bots.discord.preview",
}  # fmt: skip
"""By platform, the module whose `preview` shows an organizer what the platform would be handed."""


def load(module: str) -> ModuleType:
    """Import a module that loads slowly."""
    return importlib.import_module(module)
