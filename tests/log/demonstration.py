"""A log with everything that can happen in one, downloaded from the product's own pages; and ways to tamper with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from core.conversation import state as ev
from core.conversation.state import Overlay
from core.conversation.typed import SendProof
from core.log.log_entry import entry_bytes
from core.log.proof import InclusionProof
from core.log.signed_note import SignerKey
from core.log.tiles import entries_in, tiles_of
from core.services.ledger import Ledger
from core.signatures.review import Query
from tests.bots.web.site import Site
from tests.log.publishing import KEY, SITE, publish, verifier_key
from tests.log.sample import SampleLog, received
from tests.world import SALESFORCE, Talker, World

ACCEPTED = Path(__file__).with_name("accepted")
LOG = f"/p/{SALESFORCE}/log"
OURS = SignerKey(f"{SITE}/p/{SALESFORCE}", KEY)
STRANGER = SignerKey(OURS.name, bytes(32))


@dataclass(frozen=True)
class Demonstration:
    """The files of a log in a folder: `log/...`, an earlier checkpoint, and proofs."""

    folder: Path
    key: str

    @property
    def tamperings(self) -> Mapping[str, Callable[[Path], object]]:
        """Changes that an organizer might try, by name; each changes a copy of the folder."""
        return {
            "another text was put into an entry": lambda folder: _write(folder, _altered(folder)),
            "two entries changed places": lambda folder: _write(folder, _swapped(folder)),
            "an entry was removed, and the log signed again": lambda folder: _sign_again(folder, _removed(folder)),
            "the log was forked at an entry, and signed again": lambda folder: _sign_again(folder, _altered(folder)),
            "the log went back to the earlier checkpoint": _shrink,
            "someone without the key signed": lambda folder: _sign_again(folder, _entries(folder), STRANGER),
            "a proof was changed to other words": _alter_proof,
        }


async def demonstrate(site: Site, folder: Path, people: int) -> Demonstration:
    """Let people sign, sign twice, and withdraw, and organizers decide; publish in two batches, and download it all."""
    world, half = site.world, people // 2
    for number in range(half):
        _signs(site, number, number % (half - 2))  # the last two are second accounts of the first two people
    _decide(world, "invalidate", 4, 5)
    publish(world)
    await site.surface.counts.refresh()
    _write_file(folder / "earlier", await _get(site, f"{LOG}/checkpoint"))
    for number in range(half, people):
        _signs(site, number, number)
    _decide(world, "restore", 5)
    for number in range(6, people, 9):
        _account(world, number, number).does(ev.Show(Overlay.WITHDRAW), ev.Withdraw())
    publish(world)
    await site.surface.counts.refresh()
    await _download(site, folder / "log")
    for number in (1, half - 1, people - 1):  # one counts, one is a duplicate, one came later: all look alike
        signer = _account(world, number, number).signer
        proof = world.signing.handle(signer, SendProof(), SALESFORCE).data
        assert isinstance(proof, InclusionProof)
        _write_file(folder / f"{proof.opened.receipt}.tlog-proof", str(proof).encode())
    return Demonstration(folder, verifier_key())


def _account(world: World, number: int, person: int) -> Talker:
    """An account of a person, whose name has letters only, as every signer's."""
    name = "Ada " + "".join(chr(ord("a") + int(digit)) for digit in f"{person:03}")
    return world.person(name, user_id=str(number))


def _signs(site: Site, number: int, person: int) -> None:
    address = f"{person}@example.org"
    _account(site.world, number, person).does(
        ev.Begin(), ev.Reply("90210"), ev.Edit("email"), ev.Reply(address), ev.Confirm()
    )


def _decide(world: World, decision: str, *numbers: int) -> None:
    """Let organizers decide about the signatures with these numbers."""
    for number in numbers:
        with world.work() as work:
            getattr(Ledger(work, world.now), decision)(Query(SALESFORCE, receipt=f"0000-0000-{number:04}"))
            work.commit()


async def _download(site: Site, folder: Path) -> None:
    """Download all files of the log, as c2sp.org/tlog-tiles names them."""
    checkpoint = await _get(site, f"{LOG}/checkpoint")
    size = int(checkpoint.split(b"\n")[1])
    for path in ("checkpoint", *(f"tile/{tile.path}" for tile in tiles_of(size))):
        _write_file(folder / path, await _get(site, f"{LOG}/{path}"))


def _write_file(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


async def _get(site: Site, path: str) -> bytes:
    async with site.session.get(site.root + path) as response:
        assert response.status == 200, path
        return await response.read()


def _entries(folder: Path) -> list[bytes]:
    """All entries of a downloaded log, in order."""
    files = sorted((folder / "log/tile/entries").rglob("[0-9]*"))
    whole = [file for file in files if file.is_file()]
    return [entry for file in whole for entry in entries_in(file.read_bytes())]


def _altered(folder: Path) -> list[bytes]:
    return [entry_bytes(received(3, "0" * 64)) if at == 3 else entry for at, entry in enumerate(_entries(folder))]


def _swapped(folder: Path) -> list[bytes]:
    entries = _entries(folder)
    return [*entries[:3], entries[4], entries[3], *entries[5:]]


def _removed(folder: Path) -> list[bytes]:
    entries = _entries(folder)
    return [*entries[:3], *entries[4:-5], *[entry for entry in entries[-5:] if b"withdrawn" not in entry]]


def _write(folder: Path, entries: list[bytes]) -> None:
    """Put a log of other entries there, with its own tiles, under the same checkpoint."""
    before = (folder / "log/checkpoint").read_bytes()
    _sign_again(folder, entries)
    (folder / "log/checkpoint").write_bytes(before)


def _sign_again(folder: Path, entries: list[bytes], key: SignerKey = OURS) -> None:
    """Put a log of other entries there, signed by someone who has a key."""
    SampleLog.of(entries, key).write(folder / "log")


def _shrink(folder: Path) -> None:
    """Put the earlier log there, after its readers have seen the later checkpoint."""
    later, earlier = (folder / "log/checkpoint").read_bytes(), (folder / "earlier").read_bytes()
    _sign_again(folder, _entries(folder)[: int(earlier.split(b"\n")[1])])
    (folder / "earlier").write_bytes(later)


def _alter_proof(folder: Path) -> None:
    file = min(folder.glob("*.tlog-proof"))
    proof = InclusionProof.parse(file.read_text(encoding="utf-8"))
    changed = replace(proof, opened=replace(proof.opened, text="0" * 64))
    file.write_text(str(changed), encoding="utf-8")
