"""Figures for Prometheus: what this process did, and how the petitions and the outbox are doing; nothing personal.

What is counted under is bounded and says nothing about anybody: platforms, kinds, outcomes, names of calls and routes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

from core.outbox import Backlog
from core.services import Shown
from core.signing import Tally

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_LONG_SECONDS = (*_SECONDS, 30.0, 60.0)


class Metrics:
    """The figures of one process, in a registry of their own."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._chats(registry)
        self._web(registry)
        self._stores(registry)

    def _chats(self, to: CollectorRegistry) -> None:
        self._updates = Counter("undersign_updates_total", "updates taken", ("platform", "kind"), registry=to)
        self._update = Histogram(
            "undersign_update_seconds", "time to handle an update: its effect is then on disk", ("platform",),
            buckets=_SECONDS, registry=to,
        )  # fmt: skip
        self._outcomes = Counter(
            "undersign_outcomes_total", "what came of signing and withdrawing", ("platform", "outcome"), registry=to
        )
        self._errors = Counter(
            "undersign_api_errors_total", "calls that a platform refused or did not answer",
            ("platform", "method", "code"), registry=to,
        )  # fmt: skip
        self._waits = Histogram(
            "undersign_limiter_wait_seconds", "for how long calls were held back to keep a platform's limits",
            ("platform",), buckets=_LONG_SECONDS, registry=to,
        )  # fmt: skip

    def _web(self, to: CollectorRegistry) -> None:
        requests = Counter("undersign_http_requests_total", "requests answered", ("route", "status"), registry=to)
        seconds = Histogram("undersign_http_seconds", "time to answer", ("route",), buckets=_SECONDS, registry=to)
        # There are few of both, and the library looks them up slowly.
        self._requests_of, self._seconds_of = lru_cache(None)(requests.labels), lru_cache(None)(seconds.labels)
        self._listeners = Gauge("undersign_live_listeners", "pages that listen to the live count", registry=to)

    def _stores(self, to: CollectorRegistry) -> None:
        self._database = Gauge("undersign_database_up", "whether the database answered just now", registry=to)
        self._signatures = Gauge("undersign_signatures", "signatures kept", ("petition", "status"), registry=to)
        self._depth = Gauge("undersign_outbox_depth", "entries that could be sent at once", ("topic",), registry=to)
        self._oldest = Gauge(
            "undersign_outbox_oldest_seconds", "for how long the first of them has been due", ("topic",), registry=to
        )

    @contextmanager
    def update(self, platform: str, kind: str) -> Iterator[None]:
        """Around an update or an interaction."""
        self._updates.labels(platform, kind).inc()
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._update.labels(platform).observe(time.perf_counter() - begun)

    def told(self, result: object) -> None:
        """Hear what a service call returned: what came of it is counted."""
        if isinstance(result, Shown) and result.happened:
            self._outcomes.labels(result.happened.platform, result.happened.outcome.value).inc()

    def failed(self, platform: str, method: str, code: str) -> None:
        """Count a call that a platform refused; `method` names the kind of call, and never is an address."""
        self._errors.labels(platform, method, code).inc()

    def waited(self, platform: str, seconds: float) -> None:
        """A call was held back for so long; 0 for one that was not."""
        self._waits.labels(platform).observe(seconds)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count a request; `route` names what answered, and never is the address."""
        self._requests_of(route, status).inc()
        self._seconds_of(route).observe(seconds)

    def listeners(self, count: Callable[[], int]) -> None:
        """Where to ask for the number of listeners."""
        self._listeners.set_function(count)

    def stored(self, tallies: Mapping[str, Tally], backlog: Mapping[str, Backlog]) -> None:
        """What the database said just now."""
        self._database.set(1)
        for petition, tally in tallies.items():
            for status, total in tally.totals.items():
                self._signatures.labels(petition, status.value).set(total)
        self._depth.clear()
        self._oldest.clear()
        for topic, one in backlog.items():
            self._depth.labels(topic).set(one.depth)
            self._oldest.labels(topic).set(one.oldest.total_seconds())

    def unreachable(self) -> None:
        """The database did not answer; what it said last stands."""
        self._database.set(0)

    def text(self) -> bytes:
        """All figures, in Prometheus' text format."""
        return generate_latest(self._registry)
