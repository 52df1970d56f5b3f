"""The `undersign` command."""

from __future__ import annotations

import gc
import os
import signal
import sys
from importlib import import_module
from types import FrameType
from typing import Any

from core.errors import ConfigurationError, UndersignError


def main() -> None:
    """Run the command; exits with 0, with 2 for usage or configuration errors, or with 1 for any other error."""
    if sys.argv[1:2] == ["run"]:
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, _stop)
    try:
        _command_line().main(prog_name="undersign", standalone_mode=True)
    except ConfigurationError as error:
        for line in str(error).splitlines():
            print(f"undersign: {line}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"undersign: {error.filename or 'the output'}: {error.strerror}", file=sys.stderr)
        sys.exit(1)
    except UndersignError as error:
        print(f"undersign: {error}", file=sys.stderr)
        sys.exit(1)


def _command_line() -> Any:
    """Import the commands without a search for garbage, which would take a quarter of the time and find none."""
    gc.disable()
    commands = import_module("bots.app.cli").cli
    gc.freeze()
    gc.enable()
    return commands


def _stop(_: int, __: FrameType | None) -> None:
    """End before there is anything in hand: importing and opening take a second, in which nothing else listens.

    An exception would be lost wherever an import catches everything, and then nobody could stop the process.
    """
    os._exit(0)


if __name__ == "__main__":
    main()
