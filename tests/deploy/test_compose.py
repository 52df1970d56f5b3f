"""docker-compose.yml without a Docker: the specification's own schema, and our rules for every service."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from bots.app.cli import cli
from bots.app.components import COMPONENTS
from bots.common.settings import Settings
from tests.deploy.files import COMPOSE, ROOT, SCALE, compose, dockerfile, mounts, processes, services

SCHEMA = json.loads((Path(__file__).parent / "compose-spec.json").read_text(encoding="utf-8"))
ALL = {**services("scale"), **{f"{name} alone": service for name, service in services().items()}}
OURS = {name.upper() for name in Settings.model_fields}
PREFIXES = {"postgres": "POSTGRES_", "grafana": "GF_"}
"""Images with variables of their own, which all begin alike."""
LASTING = [name for name in ALL if name != "migrate"]


@pytest.mark.parametrize("variables", [{}, SCALE])
def test_it_keeps_to_the_compose_specification(variables: dict[str, str]) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    specified = {key: value for key, value in compose(variables).items() if not key.startswith("x-")}
    assert [error.message for error in validator.iter_errors(specified)] == []
    broken = {**specified, "services": {"undersign": {"comand": "run"}}}
    assert list(validator.iter_errors(broken)), "the schema checks nothing"


def test_up_is_one_service_on_sqlite_with_a_volume() -> None:
    [(name, service)] = services().items()
    assert (name, service["command"].split(), service["environment"]["DATABASE_URL"]) == ("undersign", ["run"], "")
    assert ("data", service["environment"]["DATA_DIR"]) in mounts(service)


@pytest.mark.parametrize("name", [*processes(), "undersign alone"])
def test_all_processes_share_the_petitions_keys(name: str) -> None:
    assert ("keys", ALL[name]["environment"]["PETITION_KEYS_DIR"]) in mounts(ALL[name])


def test_an_own_database_takes_precedence() -> None:
    own = {**SCALE, "DATABASE_URL": "postgresql://elsewhere/name"}
    addresses = {
        service["environment"].get("DATABASE_URL")
        for service in compose(own)["services"].values()
        if "build" in service
    }
    assert addresses == {"postgresql://elsewhere/name", None}  # and the proxy, which has none


def test_the_profile_is_everything_on_postgresql() -> None:
    scaled = services("scale")
    assert set(scaled) == {
        "undersign", "migrate", "telegram", "discord", "web", "sources", "proxy", "postgres", "prometheus", "grafana",
    }  # fmt: skip
    assert scaled["telegram"]["deploy"]["replicas"] == 2
    commands = {name: service["command"] for name, service in processes().items()}
    assert commands == {
        "undersign": "run worker", "migrate": "migrate", "telegram": "run telegram", "discord": "run discord",
        "web": "run web", "sources": "run sources",
    }  # fmt: skip
    assert {service["environment"]["DATABASE_URL"] for service in processes().values()} == {
        "postgresql://undersign:secret@postgres/undersign"
    }


@pytest.mark.parametrize("name", ALL)
def test_no_service_has_more_rights_than_it_needs(name: str) -> None:
    service = ALL[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    user, _, group = service["user"].partition(":")
    assert int(user) > 0
    assert int(group) > 0
    public = {"80", "443"} if name == "proxy" else set()
    for port in service.get("ports", []):
        assert port.startswith("127.0.0.1:") or port.split(":")[0] in public


@pytest.mark.parametrize("name", LASTING)
def test_every_lasting_service_is_kept_running_within_limits(name: str) -> None:
    service = ALL[name]
    assert service["restart"] == "unless-stopped"
    assert re.fullmatch(r"\d+[sm]", service["stop_grace_period"])
    assert set(service["deploy"]["resources"]["limits"]) == {"memory", "pids"}
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}
    assert "healthcheck" in service or service["image"] == "undersign", "our image brings its own"


@pytest.mark.parametrize("name", ALL)
def test_a_service_waits_only_for_what_tells_when_it_is_ready(name: str) -> None:
    for other, how in ALL[name].get("depends_on", {}).items():
        alone = name.endswith("alone")
        assert (other in services("scale")) if not alone else how["required"] is False
        if how["condition"] == "service_healthy":
            awaited = ALL[other]
            assert awaited.get("healthcheck", {}).get("test") or awaited["image"] == "undersign"


@pytest.mark.parametrize("name", [*processes(), "undersign alone"])
def test_every_command_is_one_of_ours(name: str) -> None:
    words = ALL[name]["command"].split()
    done = CliRunner().invoke(cli, [*words, "--help"])
    assert done.exit_code == 0, done.output
    assert f"{words[0]} [OPTIONS]" in done.output
    assert set(words[1:]) <= set(COMPONENTS)


@pytest.mark.parametrize("name", ALL)
def test_every_variable_means_something(name: str) -> None:
    service = name.split(maxsplit=1)[0]
    for variable in ALL[name].get("environment", {}):
        prefix = PREFIXES.get(service)
        assert variable.startswith(prefix) if prefix else variable in OURS, variable


def test_the_example_of_env_is_complete_and_means_something() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE))
    variables = set(re.findall(r"\$\{(\w+)", COMPOSE))
    assert variables <= named
    assert named - variables - OURS == {"COMPOSE_PROFILES"}
    assert not re.search(r"^(POSTGRES_PASSWORD|SECRET_KEY|PUBLIC_URL)=", text, re.MULTILINE), "alone, it is SQLite"


@pytest.mark.process
@pytest.mark.parametrize("missing", ["", "PUBLIC_URL", "SECRET_KEY"])
def test_the_profile_does_not_start_before_env_is_complete(missing: str, tmp_path: Path) -> None:
    (tmp_path / "undersign").write_text('#!/bin/sh\necho "undersign $*"\n')
    (tmp_path / "undersign").chmod(0o755)
    settings = {"PUBLIC_URL": "https://sign.example.org", "SECRET_KEY": "k" * 32, "PATH": f"{tmp_path}:/usr/bin:/bin"}
    migrate = ALL["migrate"]
    done = subprocess.run(
        [*migrate["entrypoint"], migrate["command"]], env=settings | ({missing: ""} if missing else {}),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode == 0) is (done.stdout == "undersign migrate\n") is (not missing)
    assert not missing or f"{missing}: is not set in .env" in done.stderr
    waiting = {name for name in processes() if "migrate" in ALL[name].get("depends_on", {})}
    assert waiting == set(processes()) - {"migrate"}


def test_the_block_of_the_profile_has_what_it_needs() -> None:
    block = (ROOT / ".env.example").read_text(encoding="utf-8").partition('the profile "scale"')[2]
    named = set(re.findall(r"^# ([A-Z_]+)=", block, re.MULTILINE))
    assert named == {"COMPOSE_PROFILES", "PUBLIC_URL", "SECRET_KEY", "POSTGRES_PASSWORD", "GRAFANA_PASSWORD"}


def test_the_nightly_backup_goes_where_a_step_put_undersign() -> None:
    page = (ROOT / "docs/production.md").read_text(encoding="utf-8")
    [folder] = re.findall(r"^git clone \S+ (/\S+)$", page, re.MULTILINE)
    assert f"\ncd {folder}\n" in page[page.index("## Backups") :]


@pytest.mark.parametrize("name", ALL)
def test_everything_mounted_is_there(name: str) -> None:
    volumes = compose(SCALE)["volumes"]
    for source, target in mounts(ALL[name]):
        assert (ROOT / source).exists() if source.startswith("./") else source in volumes, source
        assert target.startswith("/")


def test_every_volume_and_network_is_used() -> None:
    composed = compose(SCALE)
    used = {source for service in composed["services"].values() for source, _ in mounts(service)}
    assert set(composed["volumes"]) == {source for source in used if not source.startswith("./")}
    named = {network for service in composed["services"].values() for network in service.get("networks", ["default"])}
    assert set(composed["networks"]) == named
    assert composed["networks"]["database"]["internal"] is True
    assert composed["services"]["postgres"]["networks"] == ["database"]


def test_prometheus_asks_every_process_at_its_port() -> None:
    [job] = yaml.safe_load((ROOT / "deploy/prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    [discovered] = job["dns_sd_configs"]
    assert set(discovered["names"]) == set(processes()) - {"migrate"}
    for name in discovered["names"]:
        assert processes()[name]["environment"]["METRICS_PORT"] == str(discovered["port"])
        assert processes()[name]["environment"]["METRICS_HOST"] == processes()[name]["environment"]["WEB_HOST"]
        assert set(processes()[name]["networks"]) & {"default"}, "Prometheus is in this one"


def test_the_proxy_hands_over_to_services_that_listen() -> None:
    text = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
    backends: list[Any] = re.findall(r"name (\w+)\s+port (\d+)", text)
    assert {name for name, _ in backends} == {"telegram", "web"}
    for name, port in backends:
        assert processes()[name]["environment"]["WEB_PORT"] == port
    ports = dict(re.findall(r"(https?)_port (\d+)", text))
    inside = [published.split(":")[1] for published in services("scale")["proxy"]["ports"]]
    assert inside == [ports["http"], ports["https"]]
    assert "{$PUBLIC_URL}" in text
    assert ("COPY", "deploy/Caddyfile /etc/caddy/Caddyfile") in dockerfile()


def test_the_proxy_bounds_connections_and_the_time_for_a_request() -> None:
    text = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
    [options] = re.findall(r"^\tservers \{\n(.*?)^\t\}", text, re.MULTILINE | re.DOTALL)
    assert re.findall(r"(?:read_header|read_body|idle|max_header_size) \d+\w+|protocols .*", options) == [
        "protocols h1 h2", "read_header 10s", "read_body 30s", "idle 1m", "max_header_size 16KB",
    ]  # fmt: skip
    assert "\nhttp:// {\n" in text, "Caddy's own server for redirects would have none of these"
    proxy = services("scale")["proxy"]
    assert proxy["ulimits"] == {"nofile": 8192}
    assert not [port for port in proxy["ports"] if port.endswith("/udp")], "HTTP/3 takes no files"
