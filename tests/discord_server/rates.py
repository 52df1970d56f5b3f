"""Discord's rate limits as fixed windows, for tests of how a bot keeps to them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.discord_server.errors import RateLimited


@dataclass(slots=True)
class Window:
    """So many calls until it ends; `ends` on the clock of the limits."""

    size: int
    seconds: float
    ends: float = 0.0
    used: int = 0

    def count(self, now: float) -> float:
        """Count one call; gives the wait in seconds where it was one too many, else 0."""
        if now >= self.ends:
            self.ends, self.used = now + self.seconds, 0
        if self.used >= self.size:
            return self.ends - now
        self.used += 1
        return 0.0


@dataclass(slots=True)
class Rates:
    """The limits in force; `route` and `overall` are (calls, seconds), `wall` gives Unix seconds."""

    now: Callable[[], float]
    wall: Callable[[], float]
    route: tuple[int, float]
    overall: tuple[int, float]
    _windows: dict[str, Window] = field(default_factory=dict)
    _whole: Window | None = None

    def count(self, route: str, major: str, *, counts_for_bot: bool) -> dict[str, str]:
        """Count one call and give its X-RateLimit headers; raises a 429 with the wait."""
        if counts_for_bot:
            self._whole = self._whole or Window(*self.overall)
            if wait := self._whole.count(self.now()):
                raise RateLimited(round(wait, 3), whole_bot=True)
        window = self._windows.setdefault(f"{route} {major}", Window(*self.route))
        if wait := window.count(self.now()):
            raise RateLimited(round(wait, 3))
        left = window.ends - self.now()
        return {
            "X-RateLimit-Limit": str(window.size),
            "X-RateLimit-Remaining": str(window.size - window.used),
            "X-RateLimit-Reset": f"{self.wall() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(route.encode()).hexdigest()[:16],
        }
