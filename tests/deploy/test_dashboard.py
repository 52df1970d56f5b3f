"""The dashboard asks for what is measured, from where it is, and can be read."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
from functools import cache

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bots.common.metrics import Metrics
from core.conversation.screen import OutcomeEvent, Screen, View
from core.outbox import Backlog
from core.signatures.signature import Outcome, SignatureStatus, Tally
from tests.deploy.files import ROOT, mounts, services

FROM_PROMETHEUS = {"process", "job"}
"""Labels that Prometheus adds: the service, and the job that asks it."""

GRAFANA = ROOT / "deploy" / "grafana"
BOARD = json.loads((GRAFANA / "dashboards" / "undersign.json").read_text(encoding="utf-8"))
QUERIES = [(panel["title"], target["expr"]) for panel in BOARD["panels"] for target in panel["targets"]]


@cache
def measured() -> dict[str, set[str]]:
    """Every figure that a process may have, with what it is counted under."""
    metrics = Metrics()
    with metrics.measure_update("telegram", "message"):
        metrics.count_outcome(View(Screen(()), "en", outcome=OutcomeEvent("telegram", Outcome.SIGNED)))
    metrics.count_failure("telegram", "sendMessage", "403")
    metrics.observe_wait("telegram", 0.0)
    metrics.count_request("petition", 200, 0.1)
    metrics.set_stored({"trees": Tally({SignatureStatus.COUNTED: 1})}, {"files": Backlog(1, dt.timedelta())})
    families = text_string_to_metric_families(metrics.text().decode())
    return {sample.name: set(sample.labels) for family in families for sample in family.samples}


@pytest.mark.parametrize(("title", "query"), QUERIES)
def test_it_asks_for_what_is_measured(title: str, query: str) -> None:
    names = re.findall(r"\bundersign_\w+", query)
    assert all(name in measured() for name in names), title
    known = set().union(*(measured()[name] for name in names)) | FROM_PROMETHEUS
    grouped = (word for labels in re.findall(r"by \(([^)]*)\)", query) for word in labels.split(", "))
    assert {*grouped, *re.findall(r"(\w+)!?=~?\"", query)} <= known, title


def test_every_metric_is_shown() -> None:
    queried = {stem(name) for _, query in QUERIES for name in re.findall(r"\bundersign_\w+", query)}
    kept = {stem(name) for name in measured() if name.startswith("undersign_")}
    assert kept - queried == {"undersign_database_up", "undersign_live_listeners"}, "those are for closer looks"


def stem(name: str) -> str:
    """A figure's name without what its kind adds."""
    return re.sub("_(total|bucket|count|sum|created)$", "", name)


@pytest.mark.parametrize(("title", "query"), QUERIES)
def test_the_queries_are_well_formed(title: str, query: str) -> None:
    assert all(query.count(opening) == query.count(other) for opening, other in ("()", "{}", "[]")), title
    for name in re.findall(r"undersign_\w+", query):
        counts = name.endswith(("_total", "_bucket"))
        assert (re.search(rf"(rate|increase)\({name}(\{{[^}}]*\}})?\[", query) is not None) == counts, title


def test_the_panels_lie_side_by_side() -> None:
    ids = [panel["id"] for panel in BOARD["panels"]]
    assert len(set(ids)) == len(ids)
    places = [panel["gridPos"] for panel in BOARD["panels"]]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for panel, other in itertools.combinations(places, 2):
        apart = (
            panel["x"] + panel["w"] <= other["x"] or other["x"] + other["w"] <= panel["x"]
            or panel["y"] + panel["h"] <= other["y"] or other["y"] + other["h"] <= panel["y"]
        )  # fmt: skip
        assert apart, (panel, other)


def test_grafana_finds_it_and_prometheus() -> None:
    [source] = yaml.safe_load((GRAFANA / "datasources" / "prometheus.yml").read_text())["datasources"]
    assert {panel["datasource"]["uid"] for panel in BOARD["panels"]} == {source["uid"]}
    published = services("scale")["prometheus"]["ports"][0].rpartition(":")[2]
    assert source["url"] == f"http://prometheus:{published}"
    [provider] = yaml.safe_load((GRAFANA / "dashboards" / "dashboards.yml").read_text())["providers"]
    folder = provider["options"]["path"]
    assert ("./deploy/grafana/dashboards", folder) in mounts(services("scale")["grafana"])
    home = services("scale")["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home == f"{folder}/undersign.json"
