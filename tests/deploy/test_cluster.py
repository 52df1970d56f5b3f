"""deploy/cluster: the Compose file on top of the profile, and configuration that the programs accept."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.deploy.files import ROOT, mounts, services

FOLDER = ROOT / "deploy" / "cluster"
TEXT = (FOLDER / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSED: dict[str, Any] = yaml.safe_load(re.sub(r"\$\{\w+:-\}", "10.0.0.1", TEXT))
OWN = {name: service for name, service in COMPOSED["services"].items() if "image" in service}
PATRONI = yaml.safe_load((FOLDER / "patroni.yml").read_text(encoding="utf-8"))
PORTS = {"etcd": {"2379", "2380"}, "postgres": {"5432", "8008"}}


def test_it_keeps_to_the_compose_specification() -> None:
    schema = json.loads((Path(__file__).parent / "compose-spec.json").read_text(encoding="utf-8"))
    specified = {key: value for key, value in COMPOSED.items() if not key.startswith("x-")}
    errors = jsonschema.Draft202012Validator(schema).iter_errors(specified)
    assert [error.message for error in errors] == []


@pytest.mark.parametrize("name", OWN)
def test_no_service_has_more_rights_than_it_needs(name: str) -> None:
    service = OWN[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["user"] == "10002:10002"
    assert service["init"] is True, "what Patroni leaves ends with its container"
    assert set(service["deploy"]["resources"]["limits"]) == {"memory", "pids"}
    inside = {port.rpartition(":")[2] for port in service.get("ports", [])}
    assert inside == PORTS.get(name, set())
    assert all(port.startswith("10.0.0.1:") for port in service.get("ports", [])), "only the private address"


def test_volumes_are_there() -> None:
    known = {*COMPOSED["volumes"], *(source for source, _ in mounts(services("scale")["postgres"]))}
    for service in OWN.values():
        assert {source for source, _ in mounts(service)} <= known


def test_the_example_of_env_has_every_variable() -> None:
    named = set(re.findall(r"^([A-Z_0-9]+)=", (FOLDER / "example.env").read_text(encoding="utf-8"), re.MULTILINE))
    variables = set(re.findall(r"\$\{(\w+)", TEXT))
    assert variables - named == {"POSTGRES_PASSWORD"}, "which the profile has already"
    assert named - variables == {"COMPOSE_FILE", "DATABASE_URL"}


def test_every_file_of_the_image_is_there() -> None:
    [copied] = re.findall(r"^COPY (.*) /etc/undersign/$", (FOLDER / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert all((FOLDER / name).exists() for name in copied.split())
    assert set(re.findall(r"/etc/undersign/([\w.]+)", f"{TEXT}{PATRONI}")) == set(copied.split())
    assert os.access(FOLDER / "create_database.sh", os.X_OK)


def test_a_commit_is_on_two_machines_and_the_times_keep_to_patronis_rule() -> None:
    settings = PATRONI["bootstrap"]["dcs"]
    assert settings["synchronous_mode"] is True
    assert settings["synchronous_mode_strict"] is True
    assert settings["loop_wait"] + 2 * settings["retry_timeout"] <= settings["ttl"] >= 20


@pytest.mark.process
@pytest.mark.tool("cluster")
def test_haproxy_accepts_its_configuration() -> None:
    environ = {"PATH": os.environ["PATH"] + ":/usr/sbin", **OWN["haproxy"]["environment"]}
    command: list[str | Path] = ["haproxy", "-c", "-f", FOLDER / "haproxy.cfg"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.process
@pytest.mark.tool("cluster")
def test_patroni_accepts_its_configuration() -> None:
    environ = {"PATH": os.environ["PATH"], **OWN["postgres"]["environment"]}
    environ["PATRONI_POSTGRESQL_BIN_DIR"] = ""  # that of another version may be installed here
    command: list[str | Path] = ["patroni", "--validate-config", FOLDER / "patroni.yml"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    complaints = [line for line in (done.stdout + done.stderr).splitlines() if "not reachable" not in line]
    assert complaints == []
