"""Bot API method: a handler and the names of all its parameters."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from tests.telegram_server.params import Params
from tests.telegram_server.world import World

Handler: TypeAlias = Callable[[World, Params], Any | Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its Bot API name, its handler, the parameters that it knows."""

    name: str
    handler: Handler
    parameters: frozenset[str]


def method(name: str, handler: Handler, parameters: str = "") -> Method:
    """A method whose parameters are written as one string of words."""
    return Method(name, handler, frozenset(parameters.split()))
