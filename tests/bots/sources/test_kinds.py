"""The checker judges every kind of page in tests/web_archive/kinds.toml."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from _pytest.mark import ParameterSet
from aiohttp import ClientTimeout

from bots.sources.archives import ArchiveAddresses
from bots.sources.checker import Checker, Network
from bots.sources.guard import AddressGuard
from bots.sources.page_reader import PageReader
from bots.sources.polite_rate import PoliteRate
from core.petition.source import Source
from core.sources.checks import LinkState, PassageState, SourceCheck
from tests.bots.sources.conftest import Certificates
from tests.patience import patience
from tests.web_archive.kinds import Kind, kinds
from tests.web_archive.replay import LOCAL, ReplayResolver, ReplayServer, trusting

pytestmark = [pytest.mark.server, pytest.mark.process]

NOW = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)
NO_ARCHIVE = ArchiveAddresses(
    "http://none.missing.example/", "http://none.missing.example/", "http://none.missing.example/"
)
PRIVATE = {
    "inner.example": [["10.0.0.5"]],
    "twofaced.example": [[LOCAL, "192.168.1.1"]],
    "rebinding.example": [[LOCAL], ["169.254.169.254"]],
}


def source(link: str, quote: str = "") -> Source:
    """A source with a link."""
    return Source(1, "The Elm Street Courier", "Forty elms to go by spring", "June 28, 2018", link, "", (), quote)


async def no_pause(_: float) -> None:
    """Don't wait."""


def network(
    server: ReplayServer, certificates: Certificates, times: ClientTimeout, reader: PageReader | None = None
) -> Network:
    """The way to the replayed servers; without limits for reading, unless there is a `reader`."""
    private = {name: list(found) for name, found in PRIVATE.items()}
    resolver = ReplayResolver(server, private)
    return Network(
        AddressGuard([LOCAL]), PoliteRate(sleep=no_pause), resolver, trusting(*certificates), times,
        reader or PageReader(1e6),
    )  # fmt: skip


def first_of_each_result() -> Iterator[ParameterSet]:
    """All kinds; only the first one with its result is tried in `make test`."""
    known = set[tuple[str, str]]()
    for kind in kinds():
        result = (kind.state, kind.passage)
        yield pytest.param(kind, id=kind.name, marks=[pytest.mark.long] if result in known else [])
        known.add(result)


@pytest.mark.parametrize("kind", list(first_of_each_result()))
async def test_a_kind_of_page(
    kind: Kind, server: ReplayServer, certificates: Certificates, caplog: pytest.LogCaptureFixture
) -> None:
    is_endless = any(answer.trouble == "drip" for answer in kind.answers)
    times = ClientTimeout(total=1 if is_endless else None)
    cited = source(kind.link, kind.quote)
    before = SourceCheck(cited.key, kind.link, NOW, LinkState(kind.before)) if kind.before else None
    way = network(server, certificates, times, kind.reader)
    async with patience(), Checker("", lambda: "A1B2", NO_ARCHIVE, way) as checker:
        check = await checker.check(cited, before, NOW)
    found = (check.state, check.passage, check.final_link)
    assert found == (LinkState(kind.state), PassageState(kind.passage), kind.final_link)
    assert {name: getattr(check.facts, name) for name in kind.facts} == kind.facts
    assert check.is_about(cited)
    is_too_much = kind.reader != PageReader(1e6)
    assert ("can't read" in caplog.text) is is_too_much


def test_there_are_fifty_kinds_of_every_state() -> None:
    assert len(kinds()) >= 50
    assert {kind.state for kind in kinds()} == set(LinkState)
    assert len({kind.name for kind in kinds()}) == len(kinds())
