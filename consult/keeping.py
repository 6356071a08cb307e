"""Keeping the clock and the post running: started again when they die, ended with the server."""

import logging
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from multiprocessing import connection
from multiprocessing.process import BaseProcess

from consult import workers
from consult.config import Config

Job = Callable[[Config, float], None]
JOBS: Mapping[str, Job] = {"clock": workers.keep_time, "post": workers.carry_post}
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a worker that died is started again: doubled each time, up to the longest."""
STEADY = 60.0
"""Seconds after which a worker counts as healthy: its next pause is the first one again."""
PATIENCE = 1
"""Seconds that workers get to end by themselves."""

log = logging.getLogger("consult")
# Not forked: they load what the web server never needs.
_processes = multiprocessing.get_context("spawn")
# Forked, by a process without threads: what is loaded is shared, and a new one is there at once.
_copies = multiprocessing.get_context("fork")


class _Kept:
    """One worker: its process, and when it may be started (again)."""

    def __init__(self, name: str, make: Callable[[str], BaseProcess]) -> None:
        self.name = name
        self.process: BaseProcess | None = None
        self.due = time.monotonic()
        self._make = make
        self._pause = FIRST_PAUSE
        self._started = 0.0

    def tend(self) -> None:
        """Start what is due, note what has ended."""
        now = time.monotonic()
        if self.process is None and now >= self.due:
            self.process, self._started = self._make(f"consult-{self.name}"), now
            self.process.start()
        elif self.process is not None and not self.process.is_alive():
            if now - self._started >= STEADY:
                self._pause = FIRST_PAUSE
            log.warning(
                "the %s ended (%s); it is started again in %g s", self.name, _ending(self.process.exitcode), self._pause
            )
            self.process.close()
            self.process, self.due = None, now + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)


def _ending(code: int | None) -> str:
    return signal.Signals(-code).name if code is not None and code < 0 else f"code {code}"


def _fresh(job: Job, config: Config, every: float, name: str) -> BaseProcess:
    return _processes.Process(target=job, args=(config, every), name=name, daemon=True)


def _copied(work: Callable[[], None], name: str) -> BaseProcess:
    return _copies.Process(target=work, name=name, daemon=True)


class Keeper(threading.Thread):
    """Tends the workers until told to stop.

    `answers`: what each process of the web server does. With any, `run` it in a process that has
    no other thread.
    """

    def __init__(
        self,
        config: Config,
        every: float = workers.EVERY,
        jobs: Mapping[str, Job] = JOBS,
        answers: Sequence[Callable[[], None]] = (),
    ) -> None:
        super().__init__(name="consult-keeper", daemon=True)
        self.kept = [
            *(_Kept(f"web {number}", partial(_copied, one)) for number, one in enumerate(answers, start=1)),
            *(_Kept(name, partial(_fresh, job, config, every)) for name, job in jobs.items()),
        ]
        self._hear, self._tell = _processes.Pipe(duplex=False)

    def run(self) -> None:
        while not self._hear.poll():
            for kept in self.kept:
                kept.tend()
            running = [kept.process.sentinel for kept in self.kept if kept.process is not None]
            waits = [kept.due - time.monotonic() for kept in self.kept if kept.process is None]
            connection.wait([self._hear, *running], max(0.0, min(waits)) if waits else None)
        self._end()

    def end(self) -> None:
        """Begin to end the workers; returns at once."""
        self._tell.send(None)

    def stop(self) -> None:
        """End the workers, and wait until they have ended."""
        self.end()
        self.join()
        self._tell.close()
        self._hear.close()

    def _end(self) -> None:
        processes = [kept.process for kept in self.kept if kept.process is not None]
        for process in processes:
            process.terminate()
        until = time.monotonic() + PATIENCE
        for process in processes:
            process.join(max(0.0, until - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()
            process.close()
