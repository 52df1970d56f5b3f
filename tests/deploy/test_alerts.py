"""The alerts ask for what is measured, fire when they should, and say what to do."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.deploy.alert_cases import ALERTS, CASES, RULES, Case, as_promtool
from tests.deploy.exported import exported
from tests.deploy.files import ROOT, mounts, services

FROM_PROMETHEUS = {"job", "process"}
MANUAL = (ROOT / "docs" / "production.md").read_text(encoding="utf-8")


def played(case: Case, folder: Path) -> tuple[int, str]:
    """The exit code of `promtool test rules` and what it printed."""
    file = folder / "case.yml"
    file.write_text(yaml.safe_dump(as_promtool(case)), encoding="utf-8")
    done = subprocess.run(["promtool", "test", "rules", str(file)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.tool("promtool")
@pytest.mark.process
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.alert}-{case.story}")
def test_it_fires_when_it_should(case: Case, tmp_path: Path) -> None:
    code, printed = played(case, tmp_path)
    assert code == 0, printed


@pytest.mark.tool("promtool")
@pytest.mark.process
def test_a_story_with_another_end_fails(tmp_path: Path) -> None:
    away = next(case for case in CASES if case.story == "the database is away")
    assert played(Case(away.story, away.alert, away.series, away.at), tmp_path)[0] != 0


@pytest.mark.parametrize("name", ALERTS)
def test_there_is_a_story_in_which_it_fires_and_one_in_which_it_does_not(name: str) -> None:
    assert {bool(case.firing) for case in CASES if case.alert == name} == {True, False}


@pytest.mark.parametrize("name", ALERTS)
def test_it_asks_for_what_is_exported(name: str) -> None:
    query = ALERTS[name]["expr"]
    names = re.findall(r"\bundersign_\w+", query)
    assert names or "up{" in query
    assert set(names) <= set(exported())
    known = set().union(*(exported()[metric] for metric in names)) | FROM_PROMETHEUS
    grouped = {word for labels in re.findall(r"(?:by|on) \(([^)]*)\) \(", query) for word in labels.split(", ")}
    assert {*grouped, *re.findall(r"(\w+)!?=~?\"", query)} <= known


@pytest.mark.parametrize("name", ALERTS)
def test_it_says_what_to_do_and_where_to_read_more(name: str) -> None:
    rule = ALERTS[name]
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert set(rule["annotations"]) == {"summary", "action", "runbook"}
    assert f"\n| `{name}` | " in MANUAL
    path, _, anchor = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^#+ (.*)$", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    assert anchor in {heading.lower().replace(" ", "-") for heading in headings}
    for service in re.findall(r"docker compose (?:ps|logs)(?: -\w)* (\w+)", rule["annotations"]["action"]):
        assert service in services("scale")


def test_the_manual_names_no_other_alert() -> None:
    assert set(re.findall(r"`(Undersign\w+)`", MANUAL)) == set(ALERTS)


def test_prometheus_loads_them() -> None:
    config = yaml.safe_load((ROOT / "deploy" / "prometheus.yml").read_text(encoding="utf-8"))
    assert config["rule_files"] == [RULES.name]
    assert ("./deploy/alerts.yml", "/etc/prometheus/alerts.yml") in mounts(services("scale")["prometheus"])
