"""Renews tests/core/export/csl: `python -m tests.renewal.csl_schema [FOLDER]`.

The file is the schema of CSL-JSON by the Citation Style Language project, from
github.com/citation-style-language/schema. FOLDER is a clone that is there already.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

from tests.renewal.clones import commit_of, renew_from

SOURCE = "https://github.com/citation-style-language/schema"
MEMBER, LICENCE = "schemas/input/csl-data.json", "LICENSE.txt"
FOLDER = Path(__file__).parents[1] / "core" / "export" / "csl"


def main() -> None:
    """Write the newest schema and its licence."""
    renew_from(SOURCE, renew)


def renew(clone: Path) -> None:
    """Rewrite the files from a clone, with or without a work tree."""
    git = ["git", "-C", str(clone)]
    schema, licence = (
        subprocess.run([*git, "show", f"HEAD:{path}"], check=True, capture_output=True).stdout
        for path in (MEMBER, LICENCE)
    )
    facts = {
        "x-source": f"{MEMBER} of {SOURCE}, commit {commit_of(clone)}",
        "x-source-sha256": hashlib.sha256(schema).hexdigest(),
    }
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps(facts | json.loads(schema), indent=1, ensure_ascii=False)
    (FOLDER / "csl-data.json").write_text(f"{text}\n", encoding="utf-8")
    (FOLDER / "LICENSE").write_bytes(licence)


if __name__ == "__main__":
    main()
