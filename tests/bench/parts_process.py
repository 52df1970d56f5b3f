"""Run by its name: people of one process who confirm at the same time; see tests.bench.parts."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from bots.app.bootstrap import build
from bots.common.settings import Settings
from core.conversation.state import Begin, Confirm, Reply
from core.signatures import parts
from core.signatures.signature import Signer
from tests.bench.people import PLATFORM
from tests.bench.workbench import CROWD, SLUG

THREADS = 8


def main() -> None:
    """Let people come to the review, say so, and confirm after a line from the standard input."""
    url, folder, petitions, number, process, people = sys.argv[1:]
    parts.PARTS = int(number)  # where a signer's part is found
    settings = Settings(
        _env_file=None, data_dir=Path(folder), database_url=url, secret_key=None, petitions_dir=Path(petitions),
        petition_keys_dir=Path(folder) / "petition-keys",
    )  # fmt: skip
    with closing(build(settings, CROWD)) as services, ThreadPoolExecutor(THREADS) as pool:
        handle = services.signing.handle
        signers = [Signer(PLATFORM, f"{process}-{who}", "Ada Lovelace", "en") for who in range(int(people))]

        def come(signer: Signer) -> None:
            handle(signer, Begin(), SLUG)
            handle(signer, Reply("90210"), SLUG)

        list(pool.map(come, signers))
        print("ready", flush=True)
        sys.stdin.readline()
        list(pool.map(lambda signer: handle(signer, Confirm(), SLUG), signers))
        print("signed", flush=True)


if __name__ == "__main__":
    main()
