"""Prometheus's own tool accepts our configuration and our figures."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import pytest

from storage.vault import Vault
from tests.bots.web.site import served
from tests.deploy.files import ROOT
from tests.world import SALESFORCE

pytestmark = [pytest.mark.tool("promtool"), pytest.mark.process, pytest.mark.server]


async def checked(kind: str, *files: str, text: str = "") -> tuple[int, str]:
    """The exit code of `promtool check` and what it printed."""
    process = await asyncio.create_subprocess_exec(
        "promtool", "check", kind, *files, stdin=PIPE, stdout=PIPE, stderr=STDOUT
    )
    printed, _ = await process.communicate(text.encode())
    return await process.wait(), printed.decode()


async def test_it_accepts_the_configuration(tmp_path: Path) -> None:
    config = ROOT / "deploy" / "prometheus.yml"
    code, printed = await checked("config", str(config))
    assert (code, "SUCCESS" in printed) == (0, True), printed
    broken = tmp_path / "prometheus.yml"
    broken.write_text(config.read_text(encoding="utf-8").replace("scrape_interval: 15s", "scrape_interval: often"))
    assert (await checked("config", str(broken)))[0] != 0


async def test_it_accepts_the_alerts(tmp_path: Path) -> None:
    rules = ROOT / "deploy" / "alerts.yml"
    code, printed = await checked("rules", str(rules))
    assert (code, "SUCCESS" in printed) == (0, True), printed
    broken = tmp_path / "alerts.yml"
    broken.write_text(rules.read_text(encoding="utf-8").replace("max by (topic)", "max by topic"))
    assert (await checked("rules", str(broken)))[0] != 0


async def test_it_accepts_the_figures_of_a_running_front(tmp_path: Path, vault: Vault) -> None:
    async with served(tmp_path, vault) as site:
        await site.counts(5)
        await site.get(f"/p/{SALESFORCE}")
        await site.get("/nowhere")
        text = await site.page(f"{site.watch}/metrics")
    assert await checked("metrics", text=text) == (0, "")
    assert (await checked("metrics", text=text.replace("undersign_http_requests_total", "undersign_http_requests")))[
        0
    ] != 0
