"""An archive with any bit changed is refused in one sentence, or still gives back the same database."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import ConfigurationError
from storage.archive import Keys, Manifest, open_archive, write_archive
from tests.effort import scaled
from tests.storage.archives import silent
from tests.world import NOW

DATABASE = b"".join(b"INSERT INTO signatures VALUES (%d, 'Ada');\n" % number for number in range(50))
MANIFEST = Manifest(made_at=NOW, engine="sqlite", revision="0001", mark="", counts={})
KEYS = Keys(["a key"], {"one": b"another key"})


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with everything that one can have."""
    folder = tmp_path_factory.mktemp("archives")
    (folder / "database").write_bytes(DATABASE)
    write_archive(folder / "kept.zip", MANIFEST, folder / "database", KEYS, silent)
    return folder / "kept.zip"


def check(whole: Path, tmp_path: Path, place: int, bit: int) -> None:
    """Read everything in the archive with this bit changed."""
    content = bytearray(whole.read_bytes())
    content[place] ^= 1 << bit
    (tmp_path / "changed.zip").write_bytes(content)
    refusal = ""
    try:
        with open_archive(tmp_path / "changed.zip") as archive:
            archive.extract(tmp_path / "database", silent)
            assert (tmp_path / "database").read_bytes() == DATABASE, (place, bit)
            assert archive.manifest == MANIFEST
            assert archive.keys in ([], KEYS.installation)
            assert archive.petition_keys in ({}, KEYS.petitions)
    except ConfigurationError as error:
        refusal = str(error)
    assert re.fullmatch("(The archive (is damaged or incomplete: nothing was changed|was not made by .*)[.])?", refusal)


@settings(max_examples=scaled(1000), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_changed_bit_restores_nothing_else(whole: Path, tmp_path: Path, place: float, bit: int) -> None:
    check(whole, tmp_path, int(place * whole.stat().st_size), bit)


@pytest.mark.parametrize("bit", range(8))
def test_nor_does_one_in_the_directory_at_the_end(whole: Path, tmp_path: Path, bit: int) -> None:
    """It may seem to have a member less, another compression, a password, or an offset below 0."""
    content = whole.read_bytes()
    for place in range(content.index(b"PK\1\2"), len(content)):
        check(whole, tmp_path, place, bit)
