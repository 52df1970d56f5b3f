"""The components that `undersign run` can start.

Each is in a module that is imported only when the component starts, because libraries for platforms and web servers
load slowly and most commands don't need them.
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
    """`prepare(process)` of `module` gives what runs until cancelled; setting any of `settings` enables it.

    `listens` is true if it serves something at WEB_PORT. One that is `alone` needs no setting: it runs only if it's
    named, in a process of its own.
    """

    module: str
    settings: tuple[str, ...]
    listens: Callable[[Settings], bool] = lambda _: False
    alone: bool = False

    def is_configured(self, settings: Settings) -> bool:
        """Return True if any of its settings is set, or it needs none."""
        return self.alone or any(getattr(settings, name) is not None for name in self.settings)

    @property
    def variables(self) -> str:
        """The names of the environment variables that configure it."""
        return " or ".join(name.upper() for name in self.settings)


WORKER, SOURCES = "worker", "sources"
COMPONENTS: Mapping[str, Component] = {
    Platform.TELEGRAM.value: Component(
        "bots.telegram.surface", ("telegram_token",), lambda settings: bool(settings.public_url)
    ),
    Platform.DISCORD.value: Component("bots.discord.surface", ("discord_token",)),
    "web": Component("bots.web.surface", ("web_port",), lambda _: True),
    WORKER: Component("bots.app.workers", ("telegram_token", "discord_token")),
    SOURCES: Component("bots.app.source_checker", (), alone=True),
}
MESSENGERS: Mapping[str, Component] = {
    Platform.TELEGRAM: Component("bots.telegram.messenger", ("telegram_token",)),
    Platform.DISCORD: Component("bots.discord.messenger", ("discord_token",)),
}
"""By platform, the module a worker sends with: its `connect(process)` is a context manager with a Messenger."""
PREVIEWS: Mapping[str, str] = {
    Platform.TELEGRAM: "bots.telegram.preview", Platform.DISCORD: "bots.discord.preview",
}  # fmt: skip
"""By platform, the module whose `preview` shows an organizer what the platform would get."""


def load(module: str) -> ModuleType:
    """Import a module that is slow to load."""
    return importlib.import_module(module)
