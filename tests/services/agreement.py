"""Random consultations, and their figures: counted again from the rows, and read back from files.

What is counted here uses numpy, scipy and whole numbers; nothing of the analysis.
"""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from flask import Flask
from scipy import stats
from sqlalchemy import select, text

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.models import Consultation, Expert
from consult.schema import upgrade
from consult.services.panel import importing
from consult.services.rounds.stages import find_stage
from consult.services.running import publishing
from consult.services.staff import accounts
from consult.web.application import make_app
from tests.services import playing
from tests.services.conftest import BEFORE, panel_file, town_library

SLUG = "town-library"
MEASURES = tuple(f"L{number}" for number in range(1, 8))
ROUNDS = ("round-1", "round-2")
DISTRIBUTION, MEDIAN, MINIMUM = 8, 5, 8
"""Floors for a distribution and a median, and the least ratings of a verdict."""
RATED = """
    SELECT answer.value FROM answer
    JOIN submission ON submission.id = answer.submission_id
    JOIN stage ON stage.id = submission.stage_id
    JOIN variable ON variable.id = answer.variable_id
    WHERE stage.key = :stage AND variable.key = :key AND answer.value IS NOT NULL
"""


@dataclass(frozen=True)
class Held:
    """A finished consultation and an application that serves it."""

    app: Flask
    database: Database


@dataclass(frozen=True)
class Figures:
    """One measure in one round. ``None`` is a figure that must not be told."""

    n: int
    median: float | None
    half: tuple[float, float] | None
    context: str | None
    high: int | None
    interval: tuple[float, float] | None
    verdict: str
    margin: int | None


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "consult.db"
        database = Database(f"sqlite:///{path}")
        upgrade(database)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.dispose()
        return path.read_bytes()


@contextmanager
def random_consultation(folder: Path, seed: int) -> Iterator[Held]:
    """A panel of 10 to 40, opinions of every shape, some without one, some who do not come back."""
    path = folder / "consult.db"
    path.write_bytes(_empty())
    app = make_app(Config(database_url=f"sqlite:///{path}", rate_limit="1000 per minute"))
    app.testing = True
    database: Database = app.extensions["consult_database"]
    chance = random.Random(seed)
    with database.writing() as session, clock.set_to(BEFORE):
        held = publishing.publish(session, town_library(), actor="test")
        size = chance.randint(10, 40)
        importing.import_panel(session, held, town_library(), panel_file(size), "test")
        experts = list(session.scalars(select(Expert).order_by(Expert.id)))
        for expert in experts:
            playing.agree(session, town_library(), expert)
        shapes = {key: _shape(chance) for key in MEASURES}

        def rate(key: str, own: random.Random) -> str:
            return own.choices(_POINTS, shapes[key.partition(".")[0]])[0]

        for key in ("first-look", *ROUNDS):
            come = [one for one in experts if chance.random() < chance.choice((0.5, 0.9, 1.0))]
            playing.play(
                session,
                town_library(),
                held,
                come or experts[:1],
                find_stage(session, held.id, key),
                rate=rate,
                seed=seed,
            )
        account = accounts.add(session, "analyst@staff.example.org", "Analyst", None)
        accounts.grant(session, account, held, "analyst")
    yield Held(app, database)
    database.dispose()


_POINTS = ("1", "2", "3", "4", "5", "no:dont_know")
_SHAPES = (
    (0, 0, 0, 1, 9, 0),
    (9, 1, 0, 0, 0, 0),
    (5, 0, 0, 0, 5, 0),
    (1, 1, 1, 1, 1, 1),
    (0, 1, 2, 6, 1, 1),
    (1, 0, 0, 4, 4, 1),
    (1, 0, 0, 0, 1, 8),
    (0, 0, 5, 5, 0, 1),
)


def _shape(chance: random.Random) -> tuple[float, ...]:
    """Agreement, refusal, two camps, no pattern, nearly nobody with an opinion."""
    return tuple(weight + 0.01 for weight in chance.choice(_SHAPES))


def counted_again(held: Held) -> dict[tuple[str, str], Figures]:
    """The figures of every measure and round, from the rows alone."""
    found = {}
    with held.database.reading() as session:
        for stage in ROUNDS:
            sent = session.execute(
                text("SELECT count(*) FROM submission JOIN stage ON stage.id = stage_id WHERE stage.key = :stage"),
                {"stage": stage},
            ).scalar_one()
            for key in MEASURES:
                rows = session.execute(text(RATED), {"stage": stage, "key": f"{key}.wish"})
                found[stage, key] = _figures([int(value) for (value,) in rows], sent)
    return found


def _figures(ratings: list[int], submitted: int) -> Figures:
    n = len(ratings)
    high, low = (sum(one in band for one in ratings) for band in ((4, 5), (1, 2)))
    is_judged = n >= MINIMUM and 3 * n >= 2 * submitted
    verdict = "not_judged"
    if is_judged:
        verdict = "in" if 5 * high >= 4 * n else "out" if 5 * low >= 4 * n else "none"
    if n < MEDIAN:
        return Figures(n, None, None, None, None, None, verdict, None)
    median = float(np.median(ratings))
    if n < DISTRIBUTION:
        return Figures(n, median, None, None, None, None, verdict, None)
    ends = np.percentile(ratings, [25, 75])
    share = stats.binomtest(high, n).proportion_ci(method="wilson")
    margin = _margin(high, low, n, verdict) if is_judged else None
    return Figures(
        n,
        median,
        (float(ends[0]), float(ends[1])),
        _around(ratings, *ends),
        high,
        (float(share.low), float(share.high)),
        verdict,
        margin,
    )


def _around(ratings: list[int], first: float, third: float) -> str:
    """Who rated at the points around the middle half, and at which: `5 of 9 at 3–4`."""
    close = [one for one in ratings if int(first) <= one and one - 1 < third]
    where = str(min(close)) if len(set(close)) == 1 else f"{min(close)}–{max(close)}"
    return f"{len(close)} of {len(ratings)} at {where}"


def _margin(high: int, low: int, n: int, verdict: str) -> int:
    """The fewest experts who, by changing their rating, change the verdict; tried one by one."""
    for moved in range(n + 1):
        if verdict == "in" and 5 * (high - moved) < 4 * n:
            return moved
        if verdict == "out" and 5 * (low - moved) < 4 * n:
            return moved
        if verdict == "none" and max(5 * (high + moved), 5 * (low + moved)) >= 4 * n:
            return moved
    raise AssertionError("a verdict that nothing changes")


def newest(held: Held) -> Consultation:
    with held.database.reading() as session:
        return session.scalars(select(Consultation)).one()


def differing(told: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """What a form tells otherwise, in words."""
    return [f"{name}: {told[name]!r} is told, {wanted[name]!r} counted" for name in told if told[name] != wanted[name]]
