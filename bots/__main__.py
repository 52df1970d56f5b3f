"""The `undersign` command."""

from __future__ import annotations

import sys

from bots.app.cli import cli
from core.errors import ConfigurationError, UndersignError


def main() -> None:
    """Run the command; exits with 0, with 2 for usage or configuration errors, or with 1 for any other error."""
    try:
        cli.main(prog_name="undersign", standalone_mode=True)
    except ConfigurationError as error:
        print(f"undersign: {error}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"undersign: {error.filename or 'the output'}: {error.strerror}", file=sys.stderr)
        sys.exit(1)
    except UndersignError as error:
        print(f"undersign: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
