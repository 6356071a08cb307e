"""The checklist has its 35 lines, filled from the data where it can be, open where it cannot."""

from collections import Counter
from dataclasses import replace

from consult.briefing.accord import LINES
from consult.briefing.contents import build
from consult.briefing.model import Briefing, Table
from consult.statuses import Ending
from consult.words.catalogues import catalogue
from tests.briefing.made import made


def rows(found: Briefing) -> dict[str, tuple[str, str]]:
    annex = next(section for section in found.sections if section.key == "annex")
    table = next(one for one in annex.blocks if isinstance(one, Table) and one.rows[0][0].text.startswith("T1"))
    return {first.text.split()[0]: (state.text, answer.text) for first, state, answer in table.rows}


def test_the_lines_are_those_of_the_guideline() -> None:
    parts = Counter(line.key[0] for line in LINES)
    assert parts == {"T": 1, "I": 3, "M": 21, "R": 5, "D": 2, "O": 3}
    assert len({line.key for line in LINES}) == 35


def test_lines_for_people_are_shown_open() -> None:
    found = rows(build(made("ndpc-2020")))
    assert len(found) == 35
    for key in ("I1", "I3", "M7", "M16", "M20", "D2", "O1", "O2"):
        state, answer = found[key]
        assert "open" in state and "to be written by the authors" in answer, key
    for key in ("M1", "M9", "M10", "M13", "M17", "M18", "R1", "R2", "R5"):
        assert found[key][0] == "from the data", key
    assert found["M12"][1].endswith("The rest is open.")


def test_answers_are_the_datas() -> None:
    given = made("ndpc-2020")
    found = rows(build(given))
    assert "8 July 2020" in found["M1"][1] and "modified Delphi" in found["M9"][1]
    assert "23 experts" in found["M4"][1] and "18 of 23" in found["R3"][1]
    assert "1 departure" in found["R2"][1] and "1 close was moved" in found["R1"][1]
    bare = rows(build(replace(given, registration=None, deviations=())))
    assert bare["M1"][1] == "Not registered." and "0 departures" in bare["R2"][1]


def test_the_editors_words_close_a_line() -> None:
    found = rows(build(made("ndpc-2020"), "## accord\nI1: Because.\n\nM12: As usual in the field."))
    assert found["I1"] == ("by the authors", "Because.")
    assert found["M12"][1].endswith("As usual in the field.")


def test_a_consultation_without_rounds_of_its_own_has_the_checklist_too() -> None:
    given = made("town-library")
    bare = tuple(replace(one, numbers=None, texts={}, participation=None) for one in given.stages)
    assert len(rows(build(replace(given, stages=bare)))) == 35


def test_what_was_dropped_is_said_in_the_readers_language() -> None:
    """One measure of seven, counted beside the classes of the others."""
    given = made("town-library", language="ru")
    assert given.statuses is not None
    measures = dict(given.statuses.measures)
    measures["L1"] = replace(measures["L1"], code=Ending.DROPPED)
    found = rows(build(replace(given, statuses=replace(given.statuses, measures=measures))))
    assert any(f"{catalogue('ru').gettext('not taken further')}: 1" in answer for _, answer in found.values())
    assert not any("dropped" in answer for _, answer in found.values())
