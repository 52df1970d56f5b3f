"""Go's own code accepts our log and our proofs, and refuses what was tampered with, as our verifier does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.log.go_code import GoVerifier, serving
from tests.log.sample import SampleLog, small
from tests.log.test_verifier import SMALL, altered_leaf, altered_order, cut, without

pytestmark = [pytest.mark.tool("go"), pytest.mark.process, pytest.mark.server]


@pytest.fixture(scope="module")
def go(tmp_path_factory: pytest.TempPathFactory) -> GoVerifier:
    """The program, built once."""
    return GoVerifier.build(tmp_path_factory.mktemp("go"))


def verified(go: GoVerifier, log: SampleLog, folder: Path, *options: str) -> tuple[int, str]:
    """The exit code and the words of Go about a log."""
    log.write(folder)
    with serving(folder) as url:
        return go.run(url, SMALL.verifier_key, *options)


def test_it_accepts_every_entry_a_proof_and_growth(go: GoVerifier, tmp_path: Path) -> None:
    earlier, proof = tmp_path / "earlier", tmp_path / "0.tlog-proof"
    earlier.write_bytes(SampleLog.of(small()[:300]).files["checkpoint"])
    proof.write_text(SMALL.proof(256, 256), encoding="utf-8")
    code, said = verified(go, SMALL, tmp_path / "log", "-old", str(earlier), "-proof", str(proof))
    assert code == 0, said
    for words in (
        "all 623 entries are the ones under that root",
        "600 received - 20 withdrawn - 10 duplicate - 15 held back - 0 invalidated = 555",
        "the first 300 entries are the same as before",
        "the receipt 0000-0000-0256 is entry 256 of 623",
        "ACCEPTED",
    ):
        assert words in said


@pytest.mark.parametrize("tampered", [altered_leaf, altered_order], ids=["leaf", "order"])
def test_it_refuses_altered_entries(go: GoVerifier, tmp_path: Path, tampered: object) -> None:
    assert callable(tampered)
    code, said = verified(go, tampered(), tmp_path / "log")
    assert code == 1, said
    assert "REFUSED" in said


def test_it_refuses_what_is_lost_shrunk_or_forked(go: GoVerifier, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier"
    earlier.write_bytes(SMALL.files["checkpoint"])
    forked = [*small()[:100], small()[101], *small()[100:]]
    for number, (log, why) in enumerate(
        (
            (without("tile/0/001"), "404"),
            (cut("tile/entries/000"), "a bundle"),
            (SampleLog.of(small()[:600]), "the log shrank"),
            (SampleLog.of(forked), "CheckTree"),
        )
    ):
        code, said = verified(go, log, tmp_path / str(number), "-old", str(earlier))
        assert (code, why in said) == (1, True), said
