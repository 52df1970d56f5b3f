"""The page that checks proofs, in a real browser: it accepts ours, refuses every other file, and sends nothing."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from core.conversation.typed import SendProof
from core.log.proof import InclusionProof
from storage.vault import Vault
from tests.bots.browsers import listen
from tests.bots.web.site import Site, served
from tests.bots.web.test_log import grown
from tests.log.publishing import SITE
from tests.log.sample import SampleLog, small
from tests.world import SALESFORCE

PATH = f"/p/{SALESFORCE}/verify"
Checked: TypeAlias = Callable[[str | bytes], Awaitable[str]]


@pytest.fixture
async def site(tmp_path: Path, vault: Vault) -> AsyncIterator[Site]:
    """With five signatures in the log."""
    async with served(tmp_path, vault) as site:
        await grown(site, "Ada", "Ben", "Cem", "Dee", "Eve")
        yield site


@pytest.fixture
async def page(site: Site, browser: Browser, complaints: list[str]) -> Page:
    """The page, open; nothing may be asked of any other site, and nothing at all after it was loaded."""
    page = await browser.new_page(viewport={"width": 320, "height": 700})
    listen(page, complaints, lambda url: url.startswith(site.root))
    await page.goto(site.root + PATH, wait_until="networkidle")
    browsers_own = "/static/icon.svg"  # asked for whenever the browser has time
    page.on("request", lambda request: None if browsers_own in request.url else complaints.append(request.url))
    return page


@pytest.fixture
def checked(page: Page) -> Checked:
    """Chooses a file; gives the name of the verdict."""

    async def choose(content: str | bytes) -> str:
        buffer = content.encode() if isinstance(content, str) else content
        file = {"name": "a.tlog-proof", "mimeType": "text/plain", "buffer": buffer}
        await page.evaluate("document.querySelectorAll('[data-verdict]').forEach(one => { one.hidden = true; })")
        await page.locator("#proof").set_input_files(file)  # type: ignore[arg-type]
        verdict = page.locator("[data-verdict]:not([hidden])")
        await expect(verdict).to_have_count(1)
        return await verdict.get_attribute("data-verdict") or ""

    return choose


def proof_of(site: Site, name: str) -> str:
    """The file that a signer gets."""
    view = site.world.signing.handle(site.world.person(name).signer, SendProof(), SALESFORCE)
    assert isinstance(view.data, InclusionProof)
    return str(view.data)


async def test_it_accepts_each_proof_and_says_what_it_shows(site: Site, page: Page, checked: Checked) -> None:
    for name in ("Ada", "Ben", "Cem", "Dee", "Eve"):
        assert await checked(proof_of(site, name)) == "valid"
    await expect(page.locator("[data-shows=receipt]")).to_have_text("0000-0000-0005")
    await expect(page.locator("[data-shows=place]")).to_contain_text("/ 5")
    await expect(page.get_by_text("It signed today's text.")).to_be_visible()
    await expect(page.get_by_text("It doesn't prove whether this signature is left out")).to_be_visible()
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth") == 320


async def test_it_refuses_every_other_file(site: Site, checked: Checked) -> None:
    ada, ben = proof_of(site, "Ada"), proof_of(site, "Ben")
    lines = ada.split("\n")
    extra = base64.b64encode(base64.b64decode(lines[1][6:]).replace(b'"text":"', b'"text":"0')[:-3] + b'"}').decode()
    other = SampleLog.of(small())
    for content, verdict in (
        ("", "damaged"),
        (b"\xff\xfe\x00", "damaged"),
        ("x" * 70_000, "damaged"),
        (ada[:150], "damaged"),
        (ada.removesuffix("\n"), "damaged"),
        (ada.replace("index ", "index 0"), "damaged"),
        (ada.replace(lines[1], ben.split("\n")[1]), "missing"),
        (ada.replace(lines[1], f"extra {extra}"), "missing"),
        (ada.replace(f"{lines[3]}\n", "", 1), "missing"),
        (ada.replace(f"\n{SITE}/p/{SALESFORCE}\n5\n", f"\n{SITE}/p/{SALESFORCE}\n6\n"), "forged"),
        (other.proof(3, 3), "other"),
    ):
        assert await checked(content) == verdict, content[:300]
    assert await checked(ada) == "valid"


async def test_without_ed25519_it_says_so(site: Site, browser: Browser) -> None:
    page = await browser.new_page()
    refuse = "crypto.subtle.importKey = () => Promise.reject(new DOMException('no', 'NotSupportedError'))"
    await page.add_init_script(refuse)
    await page.goto(site.root + PATH)
    await expect(page.get_by_text("Your browser can't check Ed25519 signatures")).to_be_visible()
    await page.locator("#proof").set_input_files(
        {"name": "a.tlog-proof", "mimeType": "text/plain", "buffer": proof_of(site, "Ada").encode()}
    )
    await expect(page.locator("[data-verdict]:not([hidden])")).to_have_attribute("data-verdict", "unable")
    await page.close()


async def test_without_scripts_it_says_what_to_do(site: Site, browser: Browser) -> None:
    page = await browser.new_page(java_script_enabled=False)
    await page.goto(site.root + PATH)
    await expect(page.get_by_text("your browser has to run JavaScript")).to_be_visible()
    await expect(page.get_by_text("undersign verify FILE.tlog-proof").first).to_be_visible()
    await page.close()
