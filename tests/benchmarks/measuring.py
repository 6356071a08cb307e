"""Timing in turns, and the memory a piece of work needs above what it is given."""

import contextlib
import ctypes
import gc
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

Work = Callable[[], Any]
_MIB = 1024 * 1024


@dataclass(frozen=True)
class Row:
    """One promise: the ratio found, the target in words, and whether it holds."""

    name: str
    ratio: float | None
    target: str
    holds: bool
    detail: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def in_turns(works: Mapping[str, Work], rounds: int, at_least: float = 0.02) -> dict[str, float]:
    """Least seconds per call of each, in turns, the order reversed every second round.

    A call shorter than ``at_least`` is repeated until that much time has passed.
    """
    best: dict[str, float] = {}
    times: dict[str, int] = {}
    for turn in range(rounds):
        names = list(works) if turn % 2 == 0 else list(reversed(works))
        for name in names:
            gc.collect()
            calls = times.get(name, 1)
            start = perf_counter()
            for _ in range(calls):
                works[name]()
            took = (perf_counter() - start) / calls
            best[name] = min(took, best.get(name, took))
            times[name] = max(1, min(10_000, int(at_least / max(took, 1e-7))))
    return best


def peak_mib(name: str, experts: int, measures: int) -> float:
    """Extra memory of a piece of work of ``tests.benchmarks.works``, in a process of its own."""
    finished = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.measuring", name, str(experts), str(measures)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return float(finished.stdout)


def _status(name: str) -> int | None:
    """A figure of this process in bytes, where the kernel tells."""
    path = Path("/proc/self/status")
    if not path.exists():
        return None
    for line in path.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return None


def _give_back() -> None:
    """Let the C library return freed memory, so that it is not taken for the work's own."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _main(name: str, experts: int, measures: int) -> None:
    from tests.benchmarks.works import WORKS

    WORKS[name](25, 30)()  # imports and small tables are not the question
    work = WORKS[name](experts, measures)
    gc.collect()
    _give_back()
    try:
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        before = _status("VmRSS") or 0
        work()
        peak = (_status("VmHWM") or 0) - before
    except OSError:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        work()
        peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    print(f"{max(0, peak) / _MIB:.1f}")


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
