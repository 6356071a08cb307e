"""Mutants that make no difference, each with the reason."""

import tomllib
from pathlib import Path

from tests.mutants.rooms import Change

FILE = Path(__file__).with_name("equivalent.toml")


def _read() -> dict[Change, str]:
    """By change, why it is none."""
    with FILE.open("rb") as stream:
        entries = tomllib.load(stream).get("equivalent", [])
    return {Change(Path(one["module"]), one["line"], one["mutant"]): one["why"] for one in entries}


JUDGED = _read()
