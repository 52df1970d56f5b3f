"""`undersign move` as an operator uses it: the real command, to PostgreSQL and back."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from core.organizer.export import FORMATS
from tests.command import run
from tests.postgres import PostgresServer

pytestmark = pytest.mark.process

SIGNING = "Sign\n{name}\n90210\nConfirm\n"
SLUG = "salesforce-cbp"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of a bot on SQLite that three people signed with."""
    for name in ("Ada Lovelace", "Ben Sims", "Çem Zoë"):
        run(tmp_path / "home", "try", "--signer", name[0], stdin=SIGNING.format(name=name))
    (tmp_path / "home" / f"log-{SLUG}.checkpoint").write_text("a signed note")
    return tmp_path / "home"


def test_there_and_back_with_the_same_exports(home: Path, postgres: PostgresServer, tmp_path: Path) -> None:
    url, back = postgres.new_database(), tmp_path / "back"
    for name in ("log.key", f"log-{SLUG}.checkpoint"):
        shutil.copy(home / name, home / "petition-keys" / name)
    there = run(home, "move", "--to", url)
    assert there.returncode == 0, there.stderr
    assert there.stderr.startswith("Moved ")
    assert there.stderr.endswith(" rows, and compared them. Now change DATABASE_URL and start the bot.\n")
    before = exports(home)
    assert exports(home, DATABASE_URL=url) == before
    returned = run(home, "move", "--to", f"sqlite:///{back}/undersign.sqlite3", DATABASE_URL=url)
    assert returned.returncode == 0, returned.stderr
    assert exports(home, DATABASE_URL=f"sqlite:///{back}/undersign.sqlite3") == before
    assert stat.S_IMODE((back / "undersign.sqlite3").stat().st_mode) == 0o600
    [petition] = json.loads(run(home, "stats", "--json", DATABASE_URL=url).stdout)["petitions"]
    assert petition["counted"] == 3


def exports(home: Path, **settings: str) -> dict[str, object]:
    """The files of each format; of xlsx, the parts, except the one with the time at which it was made."""
    made: dict[str, object] = {}
    for form in FORMATS:
        file = home / f"export.{form}"
        done = run(home, "export", "--petition", SLUG, "--format", form, "--output", str(file), **settings)
        assert done.returncode == 0, done.stderr
        made[form] = file.read_bytes() if form != "xlsx" else parts(file)
        file.unlink()
    return made


def parts(file: Path) -> dict[str, bytes]:
    """The parts of a workbook."""
    with zipfile.ZipFile(file) as workbook:
        return {name: workbook.read(name) for name in workbook.namelist() if name != "docProps/core.xml"}


def test_what_the_bot_could_not_use_later_is_refused(home: Path, postgres: PostgresServer, tmp_path: Path) -> None:
    url = postgres.new_database()
    other_keys = {"DATA_DIR": str(home), "PETITION_KEYS_DIR": str(tmp_path / "elsewhere")}
    for arguments, settings, sentence in (
        (["--to", "mysql://host/name"], {}, "--to is not a valid database URL. Expected format: postgresql://"),
        (["--to", f"{url}x"], {}, "--to can't be used. The database cannot be opened: "),
        (["--to", f"sqlite:///{home}/undersign.sqlite3"], {}, "--to names the database that DATABASE_URL or DATA_DIR"),
        (["--to", url], other_keys, f"The key of the petition {SLUG} is missing in {tmp_path}/elsewhere"),
        (["--to", url], {"SECRET_KEY": "x" * 40}, "The secret key is not the one this database was sealed with"),
        (["--to", url], {"DATA_DIR": str(tmp_path / "none")}, "There's no database at "),
        (["--to", url], {}, f"Copy log.key, log-{SLUG}.checkpoint from {home} to {home}/petition-keys, where"),
    ):
        refused = run(home, "move", *arguments, **settings)
        assert (refused.returncode, refused.stdout) == (2, ""), arguments
        assert refused.stderr.startswith(f"undersign: {sentence}"), refused.stderr
        assert len(refused.stderr.splitlines()) == 1
