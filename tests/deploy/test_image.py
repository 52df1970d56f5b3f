"""The Dockerfile without a Docker: what it copies is there, it installs what is locked, and its health check works."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bots.telegram.webhook import PATH
from tests.deploy.files import ROOT, dockerfile, last_stage, processes, services

pytestmark = pytest.mark.process


class Alive(BaseHTTPRequestHandler):
    """A process that says whether it is alive."""

    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (as above)
        """Nothing is written."""


def test_copied_files_exist_and_are_not_ignored() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert lines[1] == "*", "all is kept out that is not named"
    allowed = {line[1:] for line in lines if line.startswith("!")}
    copied = [words.split()[:-1] for word, words in dockerfile() if word == "COPY" and "--from" not in words]
    sources = {source for sources in copied for source in sources}
    assert sources == allowed
    assert all((ROOT / source).exists() for source in sources)
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(packages["packages"]) <= sources


def test_only_locked_wheels_are_installed() -> None:
    locked, own = [words for word, words in dockerfile() if word == "RUN" and " install" in words and "pip " in words]
    for option in ("--require-hashes", "--only-binary=:all:", "--requirement requirements.lock"):
        assert option in locked
    assert "--no-deps --no-build-isolation ." in re.sub(r" +", " ", own)
    assert not [words for _, words in dockerfile() if "://" in words and "127.0.0.1" not in words]


def test_it_runs_undersign_as_a_user_without_rights() -> None:
    stage = last_stage()
    assert stage["USER"] == processes()["web"]["user"] == services("scale")["proxy"]["user"]
    [command] = json.loads(stage["ENTRYPOINT"])
    assert command in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert (stage["CMD"], stage["VOLUME"]) == ('["run"]', "/data")
    for name, value in re.findall(r"(\w+)=(\S+)", stage["ENV"]):
        if name in processes()["web"]["environment"]:
            assert processes()["web"]["environment"][name] == value


def test_it_brings_the_programs_of_the_postgresql_that_runs_beside_it() -> None:
    [version] = re.findall(r"postgresql-client-(\d+)", last_stage()["RUN"])
    assert services("scale")["postgres"]["image"].startswith(f"postgres:{version}-")


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_asks_whether_the_process_lives(status: int, code: int) -> None:
    [python, *arguments] = json.loads(last_stage()["HEALTHCHECK"].partition("CMD ")[2])
    assert python == "python"
    with HTTPServer(("127.0.0.1", 0), type("Answering", (Alive,), {"status": status})) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = {**os.environ, "METRICS_PORT": str(server.server_port)}
        done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, check=False)
        server.shutdown()
    assert done.returncode == code


def test_the_proxy_knows_where_telegram_posts() -> None:
    assert f"handle {PATH} {{" in (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
