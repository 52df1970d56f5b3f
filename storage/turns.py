"""Turns at writing: one at a time, in the order in which they were asked for."""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """A lock that goes to the thread that waits longest.

    With `threading.Lock`, a thread that works through page after page takes it again before any other wakes up.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._is_taken = False
        self._waiting = deque[threading.Event]()

    def take(self, patience: float) -> bool:
        """Wait for the turn; False after `patience` seconds."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        try:
            return mine.wait(patience) or not self._has_left(mine)
        except BaseException:  # such as Ctrl+C
            if not self._has_left(mine):
                self.pass_on()
            raise

    def pass_on(self) -> None:
        """End the turn, which is now that of the next one who waits."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False

    def _has_left(self, mine: threading.Event) -> bool:
        """Stop waiting, unless the turn has come meanwhile."""
        with self._guard:
            if not mine.is_set():
                self._waiting.remove(mine)
            return not mine.is_set()
