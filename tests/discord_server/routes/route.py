"""One route of the REST API, and the call that comes in by it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.discord_server.drafts import Draft
from tests.discord_server.errors import Json
from tests.discord_server.state import Upload
from tests.discord_server.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """Call of a route: the parts of the path, the query, the JSON body and the files by their numbers."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    json: Any = None
    files: Mapping[int, Upload] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.path[name]

    @property
    def body(self) -> Json:
        """The JSON body where it must be an object."""
        return self.json if isinstance(self.json, dict) else {}

    def draft(self) -> Draft:
        """The body as that of a message."""
        return Draft(self.body, self.files)


@dataclass(frozen=True, slots=True)
class Route:
    """Method, path and what it does; an answer of None is a 204. `by_token` routes need no Authorization header."""

    method: str
    path: str
    run: Callable[[World, Call], Any]
    by_token: bool = False

    def major(self, path: Mapping[str, str]) -> str:
        """The part of the path by which calls of the same route are limited apart from one another."""
        return "+".join(path.get(name, "") for name in ("channel", "guild", "application", "token"))
