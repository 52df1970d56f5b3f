"""One running process: the services, threads, web server, and limits that its components share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from bots.common.listener import Listener
from bots.common.service_threads import ServiceThreads
from bots.services import Services

T = TypeVar("T")


@dataclass(frozen=True)
class Process:
    """Everything that a component gets when it starts; `listener` is None if no port is set."""

    services: Services
    threads: ServiceThreads
    listener: Listener | None = None
    _shared: dict[Callable[[Process], Any], Any] = field(default_factory=dict)

    def share(self, make: Callable[[Process], T]) -> T:
        """The result of `make`, which is called once per process: components that share a limit get the same object."""
        if make not in self._shared:
            self._shared[make] = make(self)
        return cast("T", self._shared[make])
