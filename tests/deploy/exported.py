"""The metrics that our processes export."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from bots.common.health import Health
from bots.common.metrics import Metrics
from core.conversation.screen import OutcomeEvent, Screen, View
from core.outbox import Backlog
from core.signatures.signature import Outcome, SignatureStatus, Tally


@cache
def exported() -> dict[str, set[str]]:
    """Every metric that a process may export, with its labels."""
    metrics, health = Metrics(), Health()
    health.add("telegram")
    metrics.watch_health(health)
    metrics.watch_folder(Path(__file__).parent)
    with metrics.measure_update("telegram", "message"):
        metrics.count_outcome(View(Screen(()), "en", outcome=OutcomeEvent("telegram", Outcome.SIGNED)))
    metrics.count_failure("telegram", "sendMessage", "403")
    metrics.observe_wait("telegram", 0.0)
    metrics.count_request("petition", 200, 0.1)
    one = Tally({SignatureStatus.COUNTED: 1})
    days = {"trees": {dt.date(2026, 11, 23): one}}
    metrics.set_stored({"trees": one}, days, {"files": Backlog(1, dt.timedelta())})
    metrics.set_logs({"trees": (1, True)})
    families = text_string_to_metric_families(metrics.text().decode())
    return {sample.name: set(sample.labels) for family in families for sample in family.samples}
