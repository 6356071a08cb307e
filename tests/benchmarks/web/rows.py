"""The promises W: full ways and bare journeys beside the floor and the peers, 1 to 300 at a time.

Every cell is served on a fresh database, every accepted answer is looked for there, and the programs
take turns, the order reversed every second round. A figure is the median over rounds.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from tests.benchmarks.measuring import Row
from tests.benchmarks.web import client
from tests.benchmarks.web.client import Load
from tests.benchmarks.web.programs import Program, consult, least, others

PEOPLE = {1: 40, 16: 320, 64: 320, 300: 600}
"""Journeys of a cell, by how many go at once."""
OF_PEERS = {16: 96, 64: 96}
"""Peers are slow: fewer journeys tell as much."""
Cells = dict[tuple[str, int], list[Load]]


def rows(small: bool) -> Iterator[Row]:
    """Every promise of the web; `small` goes through one round, of 16 and 64 at a time."""
    crowds = (16, 64) if small else (1, 16, 64, 300)
    cells: Cells = {}
    for turn in range(1 if small else 3):
        _one_round(cells, crowds, is_reversed=turn % 2 == 1)
    for at_once in crowds:
        yield _told(cells, at_once)
    for at_once in (16, 64):
        yield from _throughput(cells, at_once)
    yield from _waiting(cells, crowds)
    yield _nothing_wrong(cells)


def programs(at_once: int) -> Mapping[str, Program]:
    """What is measured with so many at a time."""
    ours = {
        "consult bare": consult("bare"),
        "floor bare": least("bare"),
        "consult whole": consult("whole"),
        "floor whole": least("whole"),
        "consult rated": consult("rated"),
    }
    return ours | others() if at_once in OF_PEERS else ours


def _one_round(cells: Cells, crowds: Sequence[int], *, is_reversed: bool) -> None:
    for at_once in crowds:
        several = list(programs(at_once).items())
        for name, program in reversed(several) if is_reversed else several:
            is_ours = name.startswith(("consult", "floor"))
            people = PEOPLE[at_once] if is_ours else OF_PEERS[at_once]
            cells.setdefault((name, at_once), []).append(measure(program, people, at_once))


def measure(program: Program, people: int, at_once: int) -> Load:
    """One cell. What is not in the database afterwards counts as wrong."""
    with tempfile.TemporaryDirectory() as folder, program(Path(folder), people) as running:
        load = client.run(running.port, at_once, running.journeys)
        lost = load.journeys - running.stored()
        if lost > 0:
            load.wrong["accepted and not in the database"] += lost
    return load


def _per_second(cells: Cells, name: str, at_once: int) -> float:
    return median(load.per_second for load in cells[name, at_once])


def _requests(cells: Cells, name: str, at_once: int) -> float:
    return median(load.requests_per_second for load in cells[name, at_once])


def _slowest(cells: Cells, name: str, at_once: int) -> float:
    return median(load.quantile(0.99) for load in cells[name, at_once])


def _told(cells: Cells, at_once: int) -> Row:
    """Figures of every program; a report, no promise."""
    detail = {
        name: {
            "journeys/s": round(_per_second(cells, name, at_once), 1),
            "requests/s": round(_requests(cells, name, at_once)),
            "p50 ms": round(1000 * median(load.quantile(0.5) for load in loads), 1),
            "p99 ms": round(1000 * _slowest(cells, name, at_once), 1),
            "bytes": {kind: size for kind, size in loads[0].sizes.items() if size},
        }
        for (name, crowd), loads in cells.items()
        if crowd == at_once
    }
    return Row(f"web, {at_once} at a time", None, "reported", True, detail)


def _throughput(cells: Cells, at_once: int) -> Iterator[Row]:
    at = f"{at_once} at a time"
    bare, whole = (_per_second(cells, f"consult {kind}", at_once) for kind in ("bare", "whole"))
    of_floor = bare / _per_second(cells, "floor bare", at_once)
    yield Row(f"W bare journey over the floor, {at}", of_floor, ">= 0.6", of_floor >= 0.6)
    requests = _requests(cells, "consult whole", at_once) / _requests(cells, "floor whole", at_once)
    yield Row(f"W requests of whole ways over the floor, {at}", requests, ">= 0.5", requests >= 0.5)
    otree = _per_second(cells, "oTree", at_once)
    yield Row(f"W bare journey over oTree, {at}", bare / otree, ">= 5", bare >= 5 * otree)
    yield Row(f"W whole way over oTree, {at}", whole / otree, ">= 2.5", whole >= 2.5 * otree)
    rated = _requests(cells, "consult rated", at_once) / _requests(cells, "consult bare", at_once)
    yield Row(f"W4 requests of a second round over the bare journey's, {at}", rated, ">= 0.5", rated >= 0.5)


def _waiting(cells: Cells, crowds: Sequence[int]) -> Iterator[Row]:
    best = min(_slowest(cells, name, 64) for name in others())
    ours = _slowest(cells, "consult bare", 64)
    yield Row("W p99 of a request over the best peer's, 64 at a time", ours / best, "<= 0.2", ours <= 0.2 * best)
    if 300 in crowds:
        over = _slowest(cells, "consult bare", 300) / _slowest(cells, "floor bare", 300)
        yield Row("W p99 of a request over the floor's, 300 at a time", over, "<= 2.5", over <= 2.5)


def _nothing_wrong(cells: Cells) -> Row:
    """Errors, resets and lost answers of consult, over all cells."""
    wrong = {
        f"{name}, {at_once}": dict(load.wrong)
        for (name, at_once), loads in cells.items()
        for load in loads
        if load.wrong and name.startswith("consult")
    }
    number = sum(sum(some.values()) for some in wrong.values())
    return Row("W errors, resets and answers lost", float(number), "= 0", number == 0, wrong)
