"""Run by its path: starts a command, and prints its peak memory in bytes and its seconds.

A process of its own, small and short-lived, since Linux counts what a parent held at the start of a child into the
child's peak.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time


def main() -> None:
    """Run the command of the arguments; its exit code is passed on."""
    start = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - start
    print(peak_bytes(used), elapsed)
    sys.exit(os.waitstatus_to_exitcode(status))


def peak_bytes(used: resource.struct_rusage) -> int:
    """The peak of the resident memory; Linux counts it in KiB, macOS in bytes."""
    return used.ru_maxrss if sys.platform == "darwin" else used.ru_maxrss * 1024


if __name__ == "__main__":
    main()
