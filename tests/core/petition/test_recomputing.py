"""Anyone can compute a version's digest: the lines in docs/design/versions.md do, in two languages."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.petition.petition import PetitionText
from core.petition.versions import first_envelope
from tests.tools.debian import TOOLS
from tests.world import petitions

PAGE = (Path(__file__).parents[3] / "docs" / "design" / "versions.md").read_text(encoding="utf-8")
TEXTS = [text for petition in petitions().values() for text in petition.texts.values()]


def lines_of(language: str) -> str:
    (lines,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert lines.count("\n") <= 12
    return str(lines)


def output_of(command: list[str], content: bytes) -> str:
    return subprocess.run(command, input=content, capture_output=True, check=True, timeout=60).stdout.decode().strip()


def assert_computed(command: list[str], text: PetitionText) -> None:
    """The digest of an envelope whose names are in another order, and that of the first form."""
    shuffled = json.dumps(dict(reversed(json.loads(text.envelope).items())), indent=2)
    assert output_of(command, shuffled.encode()) == text.digest
    assert text.first_form
    assert output_of(command, json.dumps(first_envelope(text)).encode()) == text.first_form.digest


@pytest.mark.process
@pytest.mark.tool("node")
def test_the_lines_of_javascript_compute_the_digests(tmp_path: Path) -> None:
    script = tmp_path / "digest.js"
    script.write_text(lines_of("js"), encoding="utf-8")
    for text in TEXTS:
        assert_computed([str(TOOLS["node"].find()), str(script)], text)


@pytest.mark.process
def test_the_lines_of_python_compute_the_digests(tmp_path: Path) -> None:
    script = tmp_path / "digest.py"
    script.write_text(lines_of("python"), encoding="utf-8")
    assert_computed([sys.executable, "-S", str(script)], TEXTS[0])
