"""SPSS: labels, and every kind of missing."""

import re
from collections.abc import Sequence
from pathlib import Path

import pyreadstat

from consult.characters import readable
from consult.services.files.fields import STATE_LABELS, Field
from consult.services.files.savfile import MISSING, variable_names
from consult.services.files.tableformats import encoded
from consult.services.frozen.codebook import Cell
from tests.services.conftest import World
from tests.services.files.opening import FIELDS, MANY, hostile, hostile_rows, made, opened, sav


def test_sav_labels_and_kinds_of_missing_come_back(tmp_path: Path) -> None:
    labels = {"1": "Not at all", "5": "Very much"}
    fields = [
        Field("pseudonym", "string", "who"),
        Field("M01.use", "integer", "Use – how much?", labels=labels, is_ordered=True, states="M01.use.s"),
        Field("M01.use.s", "string", "why not", labels=STATE_LABELS, is_closed=True),
        Field("pick", "string", "Which?", labels={"a_b": "The first", "c": ""}, is_closed=True, states="pick.s"),
        Field("pick.s", "string", "why not", labels=STATE_LABELS, is_closed=True),
    ]
    rows: list[Sequence[Cell]] = [["P-1", 5, None, "c", None], ["P-2", 1, None, "a_b", None]]
    rows += [[f"P-{state}", None, state, None, state] for state in STATE_LABELS]
    rows += [["P-none", None, None, None, None]]
    frame, about = sav(b"".join(encoded("sav", "ratings", fields, rows)), tmp_path)
    assert list(frame["M01.use"][:2]) == [5, 1] and list(frame["pick"][:2]) == [2, 1]
    assert list(frame["M01.use"][2:-1]) == [MISSING[state] for state in STATE_LABELS]
    assert list(frame["pick"][2:-1]) == list(range(-1, -9, -1))
    assert frame["M01.use"].isna().tolist() == [False] * (len(rows) - 1) + [True]
    told = about.variable_value_labels["M01.use"]
    assert told[1] == "Not at all" and told[5] == "Very much"
    assert {told[code] for code in MISSING.values()} == set(STATE_LABELS.values())
    assert about.variable_value_labels["pick"][1] == "a_b – The first"
    assert about.column_names_to_labels["M01.use"] == "M01.use: Use – how much?"
    assert about.missing_ranges["M01.use"] == [{"lo": -8.0, "hi": -1.0}]
    assert about.variable_measure["M01.use"] == "ordinal"
    hidden, _ = pyreadstat.read_sav(tmp_path / "table.sav", user_missing=False)
    assert hidden["M01.use"].count() == 2


def test_sav_of_a_consultation(played: World, tmp_path: Path) -> None:
    frame, about = sav(made(played, "ratings-wide.csv", "sav"), tmp_path)
    csv = opened(made(played, "ratings-wide.csv", "csv"), "csv", tmp_path)
    assert [str(int(value)) for value in frame["L1.wish"]] == list(csv["L1.wish"])
    assert about.variable_value_labels["L1.wish"][1] == "Not at all"
    frame, about = sav(made(played, "answers-wide.csv", "sav"), tmp_path)
    csv = opened(made(played, "answers-wide.csv", "csv"), "csv", tmp_path)
    told = about.variable_value_labels["visits"]
    assert [told[code].split(" – ")[0] for code in frame["visits"]] == list(csv["visits"])


def test_names_that_spss_takes() -> None:
    names = variable_names(["PRE-15.a", "PRE_15.a", "1st", "with", "ТЕМА", "x" * 90, "x" * 91, "a."])
    assert len({name.upper() for name in names}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]{0,62}[A-Za-z0-9_]|[A-Za-z]", name) for name in names), names
    assert "WITH" not in {name.upper() for name in names}


def test_sav_keeps_texts_as_texts(tmp_path: Path) -> None:
    frame, about = sav(b"".join(encoded("sav", "hostile", FIELDS, hostile_rows())), tmp_path)
    assert len(frame) == MANY and about.readstat_variable_types["text"] == "string"
    for found, text in zip(frame["text"], hostile(), strict=True):
        assert found.rstrip() == readable(text).rstrip()
