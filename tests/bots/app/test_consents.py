"""`undersign consent` proves what a signer agreed to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.command import run

pytestmark = pytest.mark.process


def test_the_proof_has_the_choice_the_time_and_the_words_on_the_screen(tmp_path: Path) -> None:
    signed = run(tmp_path, "try", stdin="Sign\nAda Lovelace\n90210\nConfirm, and hand in my name\n")
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", signed.stdout)
    assert found, signed.stdout
    done = run(tmp_path, "consent", found[0])
    assert done.returncode == 0
    assert "hand_in: name\n" in done.stdout
    assert "updates: no\n" in done.stdout
    assert "UTC, on terminal, in en, shown:" in done.stdout
    assert "| Confirm, and hand in my name\n" in done.stdout
    assert "Ada" not in done.stdout


def test_an_unknown_receipt_has_no_proof(tmp_path: Path) -> None:
    done = run(tmp_path, "consent", "AAAA-AAAA-AAAA")
    assert done.returncode == 1
    assert "no signature has the receipt" in done.stderr
