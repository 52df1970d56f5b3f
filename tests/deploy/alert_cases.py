"""Stories for the alerts: what Prometheus measures, and what is firing at a moment. `promtool` plays them.

Values are in promtool's notation, a minute or `interval` apart: `1x5 0x10` is six times 1, then eleven times 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from tests.deploy.files import ROOT

RULES = ROOT / "deploy" / "alerts.yml"
ALERTS: Mapping[str, dict[str, Any]] = {
    rule["alert"]: rule
    for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
}
Labels: TypeAlias = dict[str, str]
_CALLS = 'undersign_api_errors_total{{platform="telegram",method="sendMessage",code="{}"}}'
_UPDATES = 'undersign_updates_total{platform="telegram",kind="tap"}'
_BACKUP = "undersign_last_backup_timestamp_seconds"
_OLDEST, _DEPTH = (
    f'undersign_outbox_{name}{{topic="announcement",process="web"}}' for name in ("oldest_seconds", "depth")
)
_SIZE, _FREE = (f'undersign_disk_{name}_bytes{{process="undersign"}}' for name in ("size", "free"))


@dataclass(frozen=True)
class Case:
    """A story for one alert: its series, a moment and the labels of each alert that fires then."""

    story: str
    alert: str
    series: Mapping[str, str]
    at: str
    firing: Sequence[Labels] = ()
    interval: str = field(default="1m", kw_only=True)


def _up(process: str, instance: str) -> str:
    return f'up{{job="undersign",process="{process}",instance="{instance}"}}'


def _of(name: str, process: str, instance: str, **more: str) -> str:
    labels = {"process": process, "instance": instance, **more}
    written = ",".join(f'{key}="{value}"' for key, value in labels.items())
    return f"{name}{{{written}}}"


_HUNG = {_up("web", "a"): "1x30", _up("telegram", "b"): "1x5 0x30", _up("telegram", "c"): "1x30"}
_GONE = {_up("web", "a"): "1x2000", _up("telegram", "b"): "1x5 stale"}
_AWAY = {_of("undersign_database_up", "telegram", name): "1x5 0x30" for name in ("a", "b")}
_DOWN = {
    _of("undersign_component_up", "telegram", "a", component="telegram"): "1x5 0x30",
    _of("undersign_component_up", "telegram", "b", component="telegram"): "1x30",
    _of("undersign_component_up", "undersign", "c", component="worker-discord"): "1x5 0x2 1x30",
}
_FAILURES = _of("undersign_component_failures_total", "web", "a", component="web")
_ONE_BACKUP = {f'{_BACKUP}{{process="undersign"}}': "36000x600", f'{_BACKUP}{{process="web"}}': "0x600"}
_LOGS = {
    'undersign_log_up{process="undersign",petition="elms"}': "1x5 0x30",
    'undersign_log_up{process="undersign",petition="oaks"}': "1x30",
}

CASES = (
    Case("a log has stopped for a moment", "UndersignLogStopped", _LOGS, "8m"),
    Case("a log has stopped", "UndersignLogStopped", _LOGS, "15m", [{"petition": "elms"}]),
    Case("a replica hangs for a moment", "UndersignProcessDown", _HUNG, "8m"),
    Case(
        "a replica hangs", "UndersignProcessDown", _HUNG, "10m",
        [{"job": "undersign", "process": "telegram", "instance": "b"}],
    ),
    Case("all containers of a service are gone", "UndersignProcessDown", _GONE, "15m", [{"process": "telegram"}]),
    Case("and still are at night", "UndersignProcessDown", _GONE, "23h", [{"process": "telegram"}]),
    Case("a service was removed the day before", "UndersignProcessDown", _GONE, "25h"),
    Case(
        "a container was replaced", "UndersignProcessDown",
        {_up("web", "a"): "1x5 stale", _up("web", "b"): "_x4 1x30"}, "20m",
    ),
    Case("the database misses one scrape", "UndersignDatabaseDown", _AWAY, "6m"),
    Case("the database is away", "UndersignDatabaseDown", _AWAY, "7m", [{"process": "telegram"}]),
    Case("two outages of two minutes", "UndersignComponentDown", _DOWN, "8m"),
    Case(
        "a component stays down, another is back", "UndersignComponentDown", _DOWN, "10m",
        [{"process": "telegram", "component": "telegram"}],
    ),
    Case("three failures in half an hour", "UndersignComponentFailing", {_FAILURES: "0x10 1x5 2x5 3x20"}, "30m"),
    Case(
        "a failure every three minutes", "UndersignComponentFailing", {_FAILURES: "0x2 1x2 2x2 3x2 4x2 5x2 6x2 7x2"},
        "26m", [{"process": "web", "component": "web"}],
    ),
    Case("a long announcement shrinks", "UndersignOutboxStuck", {_OLDEST: "0+60x60", _DEPTH: "9000-100x60"}, "40m"),
    Case("entries wait a little", "UndersignOutboxStuck", {_OLDEST: "300x60", _DEPTH: "10+1x60"}, "40m"),
    Case(
        "nothing is sent", "UndersignOutboxStuck", {_OLDEST: "0+60x60", _DEPTH: "10x60"}, "25m",
        [{"topic": "announcement"}],
    ),
    Case("the worker is paused", "UndersignOutboxStuck", {_OLDEST: "0+60x25 stale", _DEPTH: "10x25 stale"}, "27m"),
    Case("many have blocked the bot", "UndersignPlatformErrors", {_CALLS.format(403): "0+100x30"}, "20m"),
    Case("a quiet hour with an error a minute", "UndersignPlatformErrors", {_CALLS.format(502): "0+1x30"}, "20m"),
    Case(
        "one in fifty calls fails on a busy day", "UndersignPlatformErrors",
        {_CALLS.format(502): "0+10x30", _UPDATES: "0+500x30"}, "20m",
    ),
    Case(
        "one in five calls fails on a busy day", "UndersignPlatformErrors",
        {_CALLS.format(502): "0+100x30", _UPDATES: "0+500x30"}, "20m", [{"platform": "telegram", "code": "502"}],
    ),
    Case(
        "an announcement runs into the limits", "UndersignPlatformErrors", {_CALLS.format(429): "0+10x30"}, "20m",
        [{"platform": "telegram", "code": "429"}],
    ),
    Case("yesterday's backup", "UndersignBackupOld", _ONE_BACKUP, "39h", interval="5m"),
    Case("a backup of the night before last", "UndersignBackupOld", _ONE_BACKUP, "42h", [{}], interval="5m"),
    Case("no backup at all", "UndersignBackupOld", {_BACKUP: "0x600"}, "32h", [{}], interval="5m"),
    Case("a fifth of the disk is free", "UndersignDiskFull", {_SIZE: "1000x60", _FREE: "200x60"}, "40m"),
    Case("the disk fills for a moment", "UndersignDiskFull", {_SIZE: "1000x60", _FREE: "200x30 90x5 200x25"}, "34m"),
    Case(
        "the disk is nearly full", "UndersignDiskFull", {_SIZE: "1000x60", _FREE: "200x10 90x50"}, "40m",
        [{"process": "undersign"}],
    ),
)  # fmt: skip


def as_promtool(case: Case) -> dict[str, Any]:
    """The case as a file for `promtool test rules`, with the labels and sentences that the rule gives."""
    rule = ALERTS[case.alert]
    expected = [
        {"exp_labels": labels | rule["labels"], "exp_annotations": _filled(rule["annotations"], labels)}
        for labels in case.firing
    ]
    return {
        "rule_files": [str(RULES)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": case.interval,
                "input_series": [{"series": name, "values": values} for name, values in case.series.items()],
                "alert_rule_test": [{"eval_time": case.at, "alertname": case.alert, "exp_alerts": expected}],
            }
        ],
    }


def _filled(annotations: Mapping[str, str], labels: Labels) -> Labels:
    return {
        name: re.sub(r"\{\{ \$labels\.(\w+) \}\}", lambda match: labels[match[1]], text)
        for name, text in annotations.items()
    }
