"""How much of what is drawn at random is tried: little in every run, all of it before a release.

`make prove` sets TEST_SIZE=full. One of them alone: TEST_SCRIPTS=500 pytest tests/web.
"""

import os
from collections.abc import Mapping
from typing import NamedTuple

PREFIX = "TEST_"
"""Settings of the tests; those of the program begin with CONSULT_."""


class Size(NamedTuple):
    """How many are tried in every run, and before a release."""

    everyday: int
    full: int


KNOWN = {
    "AGREEMENT": Size(3, 200),
    "AUTHORS": Size(4, 200),
    "DEMOS": Size(1, 2),
    "HISTORIES": Size(150, 10_000),
    "LEAVERS": Size(10, 500),
    "MARGINS": Size(2_000, 20_000),
    "SCRIPTS": Size(60, 200),
    "SCRIPTS_IN_BROWSER": Size(3, 500),
    "TWO_PEOPLE": Size(40, 500),
    "TWO_PEOPLE_IN_BROWSER": Size(2, 500),
    "WALKS": Size(0, 1),
}
"""Consultations whose files are held against each other and in which authors of comments are
looked for, demonstrations side by side, histories of releases, consultations that people leave,
rules whose margin is held against every panel, random scripts against the pages and in two real
browsers, scripts of two people at one browser, whole ways (0: parts)."""


def size(name: str, environ: Mapping[str, str] = os.environ) -> int:
    """How many to try now. Raises ValueError when the environment says what nobody can read."""
    alone, everything = environ.get(PREFIX + name), environ.get(PREFIX + "SIZE", "everyday")
    if alone is not None and not alone.isdecimal():
        raise ValueError(f"{PREFIX}{name} is '{alone}'; write a whole number")
    if everything not in Size._fields:
        raise ValueError(f"{PREFIX}SIZE is '{everything}'; write one of {', '.join(Size._fields)}")
    return int(alone) if alone is not None else int(getattr(KNOWN[name], everything))
