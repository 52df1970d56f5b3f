"""Install the programs that some tests need, and run those tests; `--install NAME ...` only installs."""

from __future__ import annotations

import argparse
import subprocess
import sys

from tests.tools.debian import TOOLS, Tool, install


def main() -> int:
    """Return 0 if every tool was there and its tests passed; a missing tool counts as a failure at the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools", description=__doc__)
    parser.add_argument("tools", nargs="*", help=f"Only these: {', '.join(TOOLS)}.")
    parser.add_argument("--without", action="append", default=[], help="Leave this one out.", metavar="TOOL")
    parser.add_argument("--install", action="store_true", help="Run no tests.")
    arguments = parser.parse_args()
    wanted = set(arguments.tools or TOOLS) - set(arguments.without)
    chosen = [tool for name, tool in TOOLS.items() if name in wanted]
    problems = list(filter(None, (_run(tool, tests=not arguments.install) for tool in chosen)))
    print("\n".join(problems) or "Every tool was there.", flush=True)
    return 1 if problems else 0


def _run(tool: Tool, *, tests: bool) -> str:
    print(f"{tool.name} ...", flush=True)
    if (problem := install(tool)) or not tests:
        return problem
    program = tool.find()
    assert program
    command = [sys.executable, "-m", "pytest", "-n", "auto", *tool.tests, *tool.options(program)]
    code = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode
    return f"The tests with {tool.name} failed." if code else ""


if __name__ == "__main__":
    sys.exit(main())
