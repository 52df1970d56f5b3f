"""Each page may do only what it needs."""

from __future__ import annotations

import pytest

from tests.bots.web.site import Site
from tests.bots.web.test_log import grown
from tests.world import SALESFORCE

NONE, OWN = ["'none'"], ["'self'"]
USUAL = {
    "default-src": NONE, "base-uri": NONE, "form-action": NONE, "frame-ancestors": NONE,
    "style-src": OWN, "script-src": OWN, "img-src": OWN, "connect-src": OWN,
}  # fmt: skip
PROTECTING = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PATH = f"/p/{SALESFORCE}"


@pytest.mark.parametrize(
    ("path", "differences"),
    [
        ("/", {}),
        (PATH, {}),
        ("/nothing", {}),
        (f"{PATH}/verify", {"connect-src": NONE}),
        (f"{PATH}/embed", {"frame-ancestors": ["*"]}),
    ],
    ids=["list", "petition", "missing", "proofs", "counter"],
)
async def test_a_page_may_do_only_what_it_needs(site: Site, path: str, differences: dict[str, list[str]]) -> None:
    await grown(site, "Ada")  # the page that checks proofs is there once something is published
    _, _, response = await site.get(path)
    policy = [directive.split() for directive in response.headers["Content-Security-Policy"].split(";")]
    assert {name: sources for name, *sources in policy} == USUAL | differences
    assert len(policy) == len(USUAL), "of two directives, browsers ignore the second"


@pytest.mark.parametrize(
    ("path", "differences"),
    [
        ("/", {}),
        (PATH, {}),
        ("/nothing", {}),
        (f"{PATH}/verify", {}),
        (f"{PATH}/embed", {"Cross-Origin-Resource-Policy": "cross-origin"}),
    ],
    ids=["list", "petition", "missing", "proofs", "counter"],
)
async def test_a_page_protects_its_reader(site: Site, path: str, differences: dict[str, str]) -> None:
    await grown(site, "Ada")  # the page that checks proofs is there once something is published
    _, _, response = await site.get(path)
    assert {name: response.headers.get(name) for name in PROTECTING} == PROTECTING | differences
