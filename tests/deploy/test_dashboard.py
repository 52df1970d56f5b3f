"""The dashboard asks for what is measured, from where it is, and can be read."""

from __future__ import annotations

import itertools
import json
import re

import pytest
import yaml

from tests.deploy.exported import exported
from tests.deploy.files import ROOT, mounts, services

FROM_PROMETHEUS = {"process", "job", "alertname", "alertstate"}
"""Labels that Prometheus adds: the service, the job that asks it, and an alert with its state."""

GRAFANA = ROOT / "deploy" / "grafana"
BOARD = json.loads((GRAFANA / "dashboards" / "undersign.json").read_text(encoding="utf-8"))
QUERIES = [(panel["title"], target["expr"]) for panel in BOARD["panels"] for target in panel["targets"]]


@pytest.mark.parametrize(("title", "query"), QUERIES)
def test_it_asks_for_what_is_measured(title: str, query: str) -> None:
    names = re.findall(r"\bundersign_\w+", query)
    assert all(name in exported() for name in names), title
    known = set().union(*(exported()[name] for name in names)) | FROM_PROMETHEUS
    grouped = (word for labels in re.findall(r"by \(([^)]*)\)", query) for word in labels.split(", "))
    assert {*grouped, *re.findall(r"(\w+)!?=~?\"", query)} <= known, title


def test_every_metric_is_shown() -> None:
    queried = {stem(name) for _, query in QUERIES for name in re.findall(r"\bundersign_\w+", query)}
    kept = {stem(name) for name in exported() if name.startswith("undersign_")}
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
