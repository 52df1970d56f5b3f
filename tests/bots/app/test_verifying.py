"""`undersign verify` checks proofs without a network, and whole logs of sites that may be hostile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bots.app.log_site import LARGEST_TEXT, log_address
from bots.app.verifying import verify
from core.errors import LogError
from core.log.signed_note import SignerKey, sign_note
from tests.command import run
from tests.log.go_code import serving
from tests.log.sample import ORIGIN, SampleLog, small

SMALL = SampleLog.of(small())
SHOWN = {"size": 623, "root": SMALL.checkpoint.text.split("\n")[2], "count": 555, "keys": [SMALL.verifier_key]}


def verified(*arguments: object) -> tuple[int, str]:
    """The exit code, and what is printed or why it failed."""
    done = CliRunner().invoke(verify, [str(each) for each in arguments])
    if isinstance(done.exception, LogError):
        return 1, str(done.exception)
    return done.exit_code, done.output


def write(folder: Path, log: SampleLog = SMALL, shown: dict[str, Any] | None = None) -> None:
    """Put a page with its log into a folder, as a site serves it."""
    log.write(folder / "p/elms/log")
    content = {} if shown == {} else {"log": shown or SHOWN}
    (folder / "p/elms/count.json").write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    """The file that a signer got."""
    file = tmp_path / "0000-0000-0003.tlog-proof"
    file.write_text(SMALL.proof(3, 3), encoding="utf-8")
    return file


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of the page; `write` puts it there."""
    folder = tmp_path / "site"
    write(folder)
    with serving(folder) as url:
        yield f"{url}/p/elms"


def test_a_signer_checks_a_proof_offline(proof: Path) -> None:
    code, said = verified(proof, "--key", SMALL.verifier_key)
    assert code == 0
    assert said.startswith("Valid: the signature with the receipt 0000-0000-0003 is entry 3 of 623 in the log of ")
    assert "doesn't prove whether this signature is left out" in said


@pytest.mark.process
def test_the_command_itself_ends_with_a_sentence_and_a_code(tmp_path: Path, proof: Path) -> None:
    assert run(tmp_path, "verify", str(proof), "--key", SMALL.verifier_key).returncode == 0
    proof.write_text(SMALL.proof(3, 4), encoding="utf-8")
    wrong = run(tmp_path, "verify", str(proof), "--key", SMALL.verifier_key)
    assert (wrong.returncode, wrong.stderr.count("\n"), wrong.stdout) == (1, 1, "")
    assert wrong.stderr.startswith("undersign: The log that was signed doesn't have this signature")


def test_without_anything_to_trust_it_asks(proof: Path) -> None:
    for arguments, words in (
        ((), "name the file"),
        ((proof,), "say whose signature you trust"),
        ((proof, "--key", SMALL.verifier_key, "--checkpoint", proof), "--checkpoint needs --log URL"),
    ):
        code, said = verified(*arguments)
        assert (code, words in said) == (2, True), said


def test_hostile_files_are_one_sentence(tmp_path: Path) -> None:
    file, good = tmp_path / "any", SMALL.proof(3, 3).encode()
    for content in (b"", b"\0" * 10, b"\xff\xfe", b"x" * 1_000_000, good[:-1], good[: len(good) // 2], b"\n\n" + good):
        file.write_bytes(content)
        code, said = verified(file, "--key", SMALL.verifier_key)
        assert (code, said.startswith(str(file)), "\n" in said) == (1, True, False), said


def test_a_wrong_key_is_a_sentence(proof: Path) -> None:
    other = str(SampleLog.of([]).key.verifier).replace("elms", "oaks")
    for key, words in ((other, "id doesn't match"), ("", "three parts"), ("a+b", "three parts")):
        code, said = verified(proof, "--key", key)
        assert (code, words in said) == (1, True), said


@pytest.mark.server
def test_a_journalist_recomputes_the_number(server: str, proof: Path) -> None:
    for address in (server, f"{server}/", f"{server}/log", f"{server}/log/checkpoint", f"{server}?lang=es"):
        code, said = verified("--log", address)
        assert code == 0, said
        assert f"Trusting what the site itself shows as its key: {SMALL.verifier_key}" in said
        assert f"The entries of {ORIGIN}, 0 to 622, add up to 555, as the site says: 600 received, 20 withd" in said
        assert "25 left out (10 duplicates, 15 held back)." in said
    code, said = verified(proof, "--log", server, "--key", SMALL.verifier_key)
    assert (code, "Valid: " in said, "add up to 555" in said, "Trusting" in said) == (0, True, True, False)


@pytest.mark.process
@pytest.mark.server
def test_the_command_follows_a_replaced_key(server: str, tmp_path: Path) -> None:
    old, new = SMALL.checkpoint, SignerKey(ORIGIN, b"n" * 32)
    both = replace(old, signatures=(*old.signatures, new.sign(old.text)))
    keys = {"old": SMALL.verifier_key, "new": str(new.verifier)}
    for note, trusted in ((both, ("old", "new")), (sign_note(old.text, [new]), ("new",))):
        (tmp_path / "site/p/elms/log/checkpoint").write_text(str(note), encoding="utf-8")
        for name, key in keys.items():
            done = run(tmp_path, "verify", "--log", server, "--key", key)
            assert done.returncode == (0 if name in trusted else 1), done.stderr
            assert ("add up to 555" in done.stdout) == (name in trusted)
            assert ("isn't signed with the key that you trust" in done.stderr) == (name not in trusted)
        done = run(tmp_path, "verify", "--log", server, "--key", keys["old"], "--key", keys["new"])
        assert (done.returncode, "add up to 555" in done.stdout) == (0, True)


@pytest.mark.server
def test_a_log_that_changed_is_noticed(server: str, tmp_path: Path, proof: Path) -> None:
    old = tmp_path / "old"
    old.write_text(str(SMALL.checkpoint), encoding="utf-8")
    code, said = verified("--log", server, "--checkpoint", old)
    assert (code, "The log still has everything it had then." in said) == (0, True)
    changed = SampleLog.of([*small()[:3], *small()[4:599], *small()[3:4], *small()[599:], *small()[:1]])
    write(tmp_path / "site", changed, SHOWN)
    for arguments in (("--checkpoint", old), (proof,)):
        code, said = verified("--log", server, *arguments)
        assert (code, "changed its past" in said) == (1, True), said


@pytest.mark.server
@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (SHOWN | {"count": 1234}, "add up to 555, but the site says 1234"),
        (SHOWN | {"count": None}, "but the site says None"),
        (SHOWN | {"size": 5}, "shows a number for another checkpoint, of size 5"),
        (SHOWN | {"root": "x"}, "shows a number for another checkpoint"),
        (SHOWN | {"keys": ["nonsense"]}, "three parts"),
        (SHOWN | {"keys": []}, "name the key with --key KEY"),
    ],
)
def test_a_site_that_shows_something_else_is_noticed(
    server: str, tmp_path: Path, shown: dict[str, Any], words: str
) -> None:
    write(tmp_path / "site", SMALL, shown)
    code, said = verified("--log", server)
    assert (code, words in said) == (1, True), said


@pytest.mark.server
def test_a_site_without_a_log_or_with_a_hostile_one_is_a_sentence(server: str, tmp_path: Path) -> None:
    log, key = tmp_path / "site/p/elms/log", ("--key", SMALL.verifier_key)
    assert verified("--log", "ftp://example.org") == (1, _no_address("ftp://example.org"))
    assert verified("--log", "http://127.0.0.1:1/p/elms")[1].endswith("can't be read: nothing answers there.")
    assert "add up to 555" not in verified("--log", server.replace("elms", "oaks"))[1]
    for path, content, words in (
        ("tile/entries/001", b"\xff\xffabc", "cut off"),
        ("tile/entries/001", b"", "has 0 of 256"),
        ("tile/entries/002.p/111", None, "has 0 of 111"),
        ("checkpoint", b"x" * (LARGEST_TEXT + 1), "larger than anything"),
        ("checkpoint", b"\xff", "isn't text"),
        ("checkpoint", None, "Nothing has been published at "),
    ):
        write(tmp_path / "site")
        (log / path).write_bytes(content) if content is not None else (log / path).unlink()
        code, said = verified("--log", server, *key)
        assert (code, words in said, "\n" in said) == (1, True, False), said
    write(tmp_path / "site", SMALL, {})
    assert "no number to compare it with" in verified("--log", server, *key)[1]


def _no_address(address: str) -> str:
    return f"{address} isn't the address of a petition's page: it has to begin with https://."


def test_a_log_has_one_address() -> None:
    for address in ("https://a.example/p/elms", "https://a.example/p/elms/log/", "https://a.example/p/elms?x=1#y"):
        assert log_address(address) == "https://a.example/p/elms/log"


@pytest.mark.server
def test_a_partial_bundle_may_be_gone_once_it_is_full(server: str, tmp_path: Path) -> None:
    log = tmp_path / "site/p/elms/log/tile/entries"
    full = SampleLog.of([*small(), *small()[:200]]).files["tile/entries/002"]
    (log / "002.p/111").unlink()
    (log / "002.p").rmdir()
    (log / "002").write_bytes(full)
    assert verified("--log", server)[0] == 0
