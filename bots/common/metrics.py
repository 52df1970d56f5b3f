"""Metrics for Prometheus: the work of this process, and the state of the petitions and the outbox; nothing personal.

The labels are limited in number and say nothing about anybody: platforms, kinds, outcomes, names of calls and routes.
"""

from __future__ import annotations

import datetime as dt
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from bots.common.data_folder import DataFolderCollector
from bots.common.health import Condition, Health
from core.conversation.screen import View
from core.outbox import Backlog
from core.signatures.signature import Tally
from core.sources.checks import LinkState

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_LONG_SECONDS = (*_SECONDS, 30.0, 60.0)


class _Requests(Collector):
    """Answered requests as plain numbers: the library's own counters would take a tenth of a request's time."""

    def __init__(self, to: CollectorRegistry) -> None:
        self._totals = defaultdict[tuple[str, int], int](int)
        self._seconds = defaultdict[str, list[int]](lambda: [0] * (len(_SECONDS) + 1))
        self._sums = defaultdict[str, float](float)
        to.register(self)

    def add(self, route: str, status: int, seconds: float) -> None:
        """Count a request; `route` names what answered, and is never the address."""
        self._totals[route, status] += 1
        self._seconds[route][bisect_left(_SECONDS, seconds)] += 1
        self._sums[route] += seconds

    def collect(self) -> Iterator[Metric]:
        """The metrics, for every scrape of the registry."""
        totals = CounterMetricFamily("undersign_http_requests", "requests answered", labels=("route", "status"))
        for (route, status), count in self._totals.items():
            totals.add_metric((route, str(status)), count)
        yield totals
        seconds = HistogramMetricFamily("undersign_http_seconds", "time to answer", labels=("route",))
        bounds = [*map(floatToGoString, _SECONDS), "+Inf"]
        for route, counts in self._seconds.items():
            seconds.add_metric((route,), list(zip(bounds, accumulate(counts), strict=True)), self._sums[route])
        yield seconds


class _Components(Collector):
    """The state of the process's components, read at every scrape."""

    def __init__(self, to: CollectorRegistry) -> None:
        self.health = Health()
        to.register(self)

    def collect(self) -> Iterator[Metric]:
        """The figures, for every scrape of the registry."""
        up = GaugeMetricFamily("undersign_component_up", "whether a component works", labels=("component",))
        failures = CounterMetricFamily("undersign_component_failures", "failures of it", labels=("component",))
        for name, component in self.health.components.items():
            working = (Condition.UP,) if component.essential else (Condition.UP, Condition.STARTING)
            up.add_metric((name,), float(component.state in working))
            failures.add_metric((name,), component.failures)
        yield up
        yield failures


class Metrics:
    """The metrics of one process, in their own registry."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._chats(registry)
        self._web(registry)
        self._stores(registry)
        self._checks = Counter("undersign_source_checks_total", "looks at sources", ("state",), registry=registry)
        self._components = _Components(registry)

    def _chats(self, to: CollectorRegistry) -> None:
        self._updates = Counter("undersign_updates_total", "updates taken", ("platform", "kind"), registry=to)
        self._update = Histogram(
            "undersign_update_seconds", "time to handle an update, until its effect is on disk", ("platform",),
            buckets=_SECONDS, registry=to,
        )  # fmt: skip
        self._outcomes = Counter(
            "undersign_outcomes_total", "outcomes of signing and withdrawing", ("platform", "outcome"), registry=to
        )
        self._errors = Counter(
            "undersign_api_errors_total", "calls that a platform refused or did not answer",
            ("platform", "method", "code"), registry=to,
        )  # fmt: skip
        self._waits = Histogram(
            "undersign_limiter_wait_seconds", "how long calls were held back to stay within a platform's limits",
            ("platform",), buckets=_LONG_SECONDS, registry=to,
        )  # fmt: skip

    def _web(self, to: CollectorRegistry) -> None:
        self.count_request = _Requests(to).add
        self._listeners = Gauge("undersign_live_listeners", "open pages with a live count", registry=to)

    def _stores(self, to: CollectorRegistry) -> None:
        self._database = Gauge("undersign_database_up", "whether the database answered the last query", registry=to)
        self._signatures = Gauge("undersign_signatures", "signatures kept", ("petition", "status"), registry=to)
        self._days = Gauge(
            "undersign_signatures_by_day",
            "signatures by the day of signing, in the petition's time zone, with the status they have now",
            ("petition", "day", "status"), registry=to,
        )  # fmt: skip
        self._log_size = Gauge(
            "undersign_log_entries", "published entries of the public log", ("petition",), registry=to
        )
        self._log_works = Gauge(
            "undersign_log_up", "whether the sum of the public log was the count when it last tried to publish",
            ("petition",), registry=to,
        )  # fmt: skip
        self._depth = Gauge("undersign_outbox_depth", "entries that are due", ("topic",), registry=to)
        self._oldest = Gauge(
            "undersign_outbox_oldest_seconds", "how long the oldest of them has been due", ("topic",), registry=to
        )

    @contextmanager
    def measure_update(self, platform: str, kind: str) -> Iterator[None]:
        """Count and time the update or interaction in the block."""
        self._updates.labels(platform, kind).inc()
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._update.labels(platform).observe(time.perf_counter() - begun)

    def count_outcome(self, result: object) -> None:
        """Count the outcome of a service call, if its result has one."""
        if isinstance(result, View) and result.outcome:
            self._outcomes.labels(result.outcome.platform, result.outcome.outcome.value).inc()

    def count_failure(self, platform: str, method: str, code: str) -> None:
        """Count a call that a platform refused; `method` names the kind of call, and is never an address."""
        self._errors.labels(platform, method, code).inc()

    def observe_wait(self, platform: str, seconds: float) -> None:
        """Record for how many seconds a call was held back, or 0."""
        self._waits.labels(platform).observe(seconds)

    def count_check(self, state: LinkState) -> None:
        """Count a look at a source by what it found."""
        self._checks.labels(state.value).inc()

    def watch_listeners(self, count: Callable[[], int]) -> None:
        """Call `count` for the number of listeners at every scrape."""
        self._listeners.set_function(count)

    def watch_health(self, health: Health) -> None:
        """Show the state of these components at every scrape."""
        self._components.health = health

    def watch_folder(self, folder: Path) -> None:
        """Show the room on the disk of the data folder and the time of the last backup; call it once."""
        DataFolderCollector(folder, self._registry)

    def set_stored(
        self, tallies: Mapping[str, Tally], days: Mapping[str, Mapping[dt.date, Tally]], backlog: Mapping[str, Backlog]
    ) -> None:
        """Set the metrics that come from the database; `days` are the last ones of each petition."""
        self._database.set(1)
        self._days.clear()
        for petition, tallies_of_days in days.items():
            for day, tally in tallies_of_days.items():
                for status, total in tally.totals.items():
                    self._days.labels(petition, day.isoformat(), status.value).set(total)
        for petition, tally in tallies.items():
            for status, total in tally.totals.items():
                self._signatures.labels(petition, status.value).set(total)
        self._depth.clear()
        self._oldest.clear()
        for topic, waiting in backlog.items():
            self._depth.labels(topic).set(waiting.depth)
            self._oldest.labels(topic).set(waiting.oldest.total_seconds())

    def set_logs(self, logs: Mapping[str, tuple[int, bool]]) -> None:
        """Set the metrics of the public logs: the size of each, and whether it works."""
        for petition, (size, works) in logs.items():
            self._log_size.labels(petition).set(size)
            self._log_works.labels(petition).set(works)

    def set_unreachable(self) -> None:
        """Mark the database as unreachable; its last metrics stay."""
        self._database.set(0)

    def text(self) -> bytes:
        """All metrics, in Prometheus' text format."""
        return generate_latest(self._registry)
