"""`python -m tests.mutants [--size 200] [--seed 1] [ROOM ...]`: which mutants the tests let live.

Ends with 1 where the tests of a room kill too few, and with 2 where the killing itself is broken.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from tests.mutants.judged import JUDGED
from tests.mutants.rooms import LEAST_KILLED, ROOMS, Room, files_for, written
from tests.mutants.running import Copy, Ended
from tests.mutants.sampling import Mutant, drawn

PATIENCE = 3.0
"""Tests that take so many times what they take unmutated hang."""


class Tally(NamedTuple):
    """What became of the mutants of one room."""

    killed: int
    survived: list[Mutant]
    equivalent: int

    @property
    def share(self) -> float:
        """Share killed of those that are not equivalent; 1 of none."""
        judged = self.killed + len(self.survived)
        return self.killed / judged if judged else 1.0


def main() -> int:
    """Mutate each room named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("rooms", nargs="*", help="folders of rooms; all by default")
    parser.add_argument("--size", type=int, help="mutants of each room (by default each room's own number)")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chosen = [room for room in ROOMS if not asked.rooms or str(room.folder) in asked.rooms]
    enough = True
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # and the copy goes with it
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Copy(Path(folder))
        for room in chosen:
            limit = _time_limit(copy, room)
            if limit is None:
                return 2
            tally = _try(copy, room, asked.size or room.size, asked.seed, limit)
            enough &= tally.share >= LEAST_KILLED
            print(
                f"{room.folder}: {tally.share:.1%} killed ({tally.killed} killed, {len(tally.survived)} survived, "
                f"{tally.equivalent} equivalent), seed {asked.seed}",
                flush=True,
            )
    return 0 if enough else 1


def _time_limit(copy: Copy, room: Room) -> float | None:
    """Seconds for the tests of one mutant; None where they cannot tell a bug from the same said otherwise."""
    tests = files_for(room.bug.module)
    limit: float | None = None
    for change, wanted in ((room.same, Ended.SURVIVED), (room.bug, Ended.KILLED)):
        ended, took = copy.run(change.module, written(change), tests, limit)
        if ended is not wanted:
            print(copy.said())
            print(f"{change.module}: {change.line!r} as {change.mutant!r} should be {wanted.name}, is {ended.name}")
            return None
        limit = limit or PATIENCE * took + 10
    return limit


def _try(copy: Copy, room: Room, size: int, seed: int, limit: float) -> Tally:
    killed, equivalent = 0, 0
    survived: list[Mutant] = []
    for mutant in drawn(room, seed):
        if killed + equivalent + len(survived) == size:
            break
        if mutant.change in JUDGED:
            equivalent += 1
            continue
        ended, _ = copy.run(mutant.module, mutant.mutated, files_for(mutant.module), limit)
        print(ended.name.lower(), mutant.module, mutant.change.mutant, file=sys.stderr, flush=True)
        if ended in (Ended.KILLED, Ended.TOO_LONG):
            killed += 1
        elif ended is Ended.SURVIVED:
            survived.append(mutant)
            print(mutant.diff(), flush=True)
        elif ended is Ended.UNTESTED:
            raise RuntimeError(f"no test runs on {mutant.module}")
    return Tally(killed, survived, equivalent)


if __name__ == "__main__":
    sys.exit(main())
