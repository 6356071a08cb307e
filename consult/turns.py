"""Whose turn it is to write to a SQLite file: one at a time, among threads and among processes.

SQLite itself lets those who wait sleep up to a tenth of a second after another has finished.
"""

import fcntl
import os
import threading
import time
from pathlib import Path

PATIENCE = 10.0
"""Seconds to wait for one's turn."""
FIRST_LOOK, LONGEST_LOOK = 0.0003, 0.003
"""Seconds between two looks whether another process has finished: ever longer, up to the longest."""


class Turns:
    """The turns at one file; a lock file beside it is held by the process whose turn it is."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(f"{path.name}.lock")
        self._renew()

    def _renew(self) -> None:
        self._process = os.getpid()
        self._threads = threading.Lock()
        self._file: int | None = None

    def take(self) -> bool:
        """Wait for the turn; False when it does not come in time."""
        if self._process != os.getpid():
            self._renew()  # a copy of the process has waiting threads and a lock file of its own
        until = time.monotonic() + PATIENCE
        if not self._threads.acquire(timeout=PATIENCE):
            return False
        if self._is_ours(until):
            return True
        self._threads.release()
        return False

    def _is_ours(self, until: float) -> bool:
        try:
            if self._file is None:
                self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return True  # no place to write to: SQLite will say so
        pause = FIRST_LOOK
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                if time.monotonic() > until:
                    return False
            time.sleep(pause)
            pause = min(1.5 * pause, LONGEST_LOOK)

    def end(self) -> None:
        """Let the next one write."""
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()
