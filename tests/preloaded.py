"""A rehearsal by the server that tests fork commands off: it runs the commonest ones once.

Whatever they fork off has then read the petitions and languages, compiled the statements of the migrations, and built
the parser of dates, each of which takes a command longer than its own work.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import chdir
from pathlib import Path

from click.testing import CliRunner

from bots.app.cli import cli
from tests.command import environment

_SIGNING = "Sign\nAda Lovelace\n90210\nConfirm\n"


def rehearse() -> None:
    """Run them in a folder and an environment of their own. The tests notice if they fail, and say more about it."""
    with tempfile.TemporaryDirectory() as name, chdir(name):
        clean = environment(Path(name))
        variables = dict.fromkeys(os.environ.keys() - clean.keys()) | clean
        for arguments, typed in (("check", ""), ("try --petition salesforce-cbp", _SIGNING), ("stats", "")):
            CliRunner().invoke(cli, arguments, input=typed, env=variables)


rehearse()
