"""citation-js, the library that many websites cite with, reads the page's data over HTTP and prints the sources."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from babel.dates import format_date

from core.petition.date_parts import date_parts
from tests.bots.web.site import Site
from tests.tools.debian import TOOLS
from tests.world import SALESFORCE, petitions

TEXT = petitions()[SALESFORCE].text("en")
SCRIPT = """
const { Cite } = require("@citation-js/core");
require("@citation-js/plugin-csl");
fetch(process.argv[1])
  .then((answer) => answer.json())
  .then((items) => console.log(new Cite(items).format("bibliography", { template: "apa", format: "text" })));
"""

pytestmark = [pytest.mark.server, pytest.mark.process, pytest.mark.tool("citation-js")]


async def test_citation_js_prints_the_shipped_sources_as_the_petition_does(site: Site) -> None:
    folder = TOOLS["citation-js"].find()
    assert folder
    node = await asyncio.create_subprocess_exec(
        str(TOOLS["node"].find()), "-e", SCRIPT, f"{site.root}/p/{SALESFORCE}/sources.json",
        cwd=folder.parent, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, errors = await node.communicate()
    assert node.returncode == 0, errors.decode()
    lines = [line.replace("’", "'") for line in printed.decode().splitlines() if line]
    assert len(lines) == len(TEXT.sources)
    for source in TEXT.sources:
        (line,) = [line for line in lines if source.title in line]
        day = dt.date(*date_parts(source.date, "en"))
        assert source.publication in line
        assert format_date(day, "y, MMMM d", "en") in line
