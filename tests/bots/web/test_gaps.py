"""A page whose gaps are filled with a label is the page drawn again with that label."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.common.links import Links
from bots.common.service_threads import ServiceThreads
from bots.web.assets import Assets
from bots.web.content import GAP
from bots.web.counts import Counts, Snapshot
from bots.web.pages import Pages, Visit
from core.petition.label import LABEL, valid_label
from core.petition.phase import Phase
from storage.engine import Database
from storage.vault import Vault
from tests.bots.web.site import PUBLIC, Site
from tests.world import NOW, SALESFORCE, World, services_of

LABELS = st.from_regex(LABEL, fullmatch=True).filter(lambda label: len(label) <= 32)
VISITS = st.builds(
    Visit, st.sampled_from(["en", "es"]), st.sampled_from(["", "es"]), LABELS, st.sampled_from(["", "dark"])
)
PATH = f"/p/{SALESFORCE}"


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    world, threads = World(), ServiceThreads(1)
    services = services_of(world, Database("sqlite://"), Vault(["k" * 32]), PUBLIC)
    counts = Counts(services, threads)
    counts.snapshots = {SALESFORCE: Snapshot(world.petitions[SALESFORCE], 1234, Phase.OPEN, NOW, version=1)}
    pages = Pages(services, counts, PUBLIC, Assets())
    pages.links = Links(PUBLIC, "undersignbot", 123456789012345678)
    yield pages
    threads.close()


@settings(max_examples=20)  # each draws three pages
@given(VISITS)
def test_a_filled_page_is_the_page_drawn_anew(pages: Pages, visit: Visit) -> None:
    filled = {"petition.html": pages.petition, "embed.html": pages.embed}
    for template, page in filled.items():
        drawn = pages._draw_petition(template, SALESFORCE, visit, 1, pages.links)
        assert page(SALESFORCE, visit).body == drawn.body
    assert pages.home(visit).body == pages._draw_home(visit, ()).body


def test_the_placeholder_is_a_label_as_long_as_any() -> None:
    assert valid_label(GAP) == GAP
    assert len(GAP) == 32


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_each_link_gets_its_own_label(site: Site, encoding: str) -> None:
    one, other = [
        await site.page(f"{PATH}?source={label}", **{"Accept-Encoding": encoding}) for label in ("poster", "a")
    ]
    assert f"{PUBLIC}{PATH}?source=poster" in one
    assert one.replace("poster", "a") == other.replace("poster", "a")
    assert GAP not in one + other


async def test_a_browser_that_has_the_page_gets_no_other(site: Site) -> None:
    _, _, response = await site.get(f"{PATH}?source=poster")
    status, text, _ = await site.get(f"{PATH}?source=poster", **{"If-None-Match": response.headers["ETag"]})
    assert (status, text) == (304, "")


@pytest.mark.parametrize("path", [PATH, f"{PATH}?source=poster", f"{PATH}/count.json", f"{PATH}/qr.svg?source=a"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_head_and_a_last_request_have_the_headers_of_any_other(site: Site, path: str, encoding: str) -> None:
    accepted = {"Accept-Encoding": encoding}
    (_, text, usual), (_, nothing, head), (_, last_text, last) = [
        await site.get(path, **accepted),
        await site.get(path, "HEAD", **accepted),
        await site.get(path, **accepted, Connection="close"),
    ]
    own = {"Date", "Connection"}
    assert {name: value for name, value in head.headers.items() if name not in own} == {
        name: value for name, value in usual.headers.items() if name not in own
    }
    assert set(last.headers) - {"Connection"} == set(usual.headers)
    assert last.headers["Connection"] == "close"
    assert (nothing, last_text) == ("", text)
