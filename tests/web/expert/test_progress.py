"""How far one is never jumps: the total stays, what is left falls, whatever answers open or skip."""

import random
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from consult import clock
from consult.definition.consultation import Definition
from consult.definition.loader import load
from consult.demo.people import panel_file as panel_of_2020
from consult.models import Expert
from consult.services.answering.responding import find_respondent
from consult.services.answering.saving import marks, save
from consult.services.panel import importing
from consult.services.rounds import stages
from consult.services.running import publishing, stage_acts
from consult.web.expert.progress import progress
from tests.services import playing
from tests.services.conftest import BEFORE, panel_file, reworked
from tests.services.samples import every_type
from tests.sources import ROOT
from tests.web.visiting import Library, open_library

WALKS = 12


def walked(library: Library, definition: Definition, stage_key: str, panel: Any) -> list[list[tuple[int, ...]]]:
    """Of some people who answer at random: page by page the part, the bar, and the minutes left."""
    with library.database.writing() as session:
        with clock.set_to(BEFORE):
            made = publishing.publish(session, definition, actor="t", slug="walked")
            importing.import_panel(session, made, definition, panel, "t")
        stage = stages.find_stage(session, made.id, stage_key)
        ctx = cast(Any, SimpleNamespace(definition=definition, slug="walked"))
        found = []
        with clock.set_to(stage.opens_at), library.app.test_request_context("/"):
            stage_acts.open_stage(session, made, stage, actor="t")
            for expert in session.query(Expert).filter_by(consultation_id=made.id).order_by(Expert.id):
                chance, seen, done = random.Random(expert.id), list[tuple[int, ...]](), set[str]()
                while True:
                    given = find_respondent(session, made, definition, expert, stage)
                    todo = [step for step in given.steps() if step.key not in done]
                    if not todo:
                        break
                    told = progress(ctx, given, todo[0])
                    seen.append((told.current, told.total, told.done, told.most, told.minutes or 0))
                    inputs = {
                        name: values
                        for asked in todo[0].asked
                        for name, values in playing.typed(asked, playing.any_point, playing.TEXT, chance)
                    }
                    save(session, given, todo[0].asked, inputs, marks(given, inputs))
                    done.add(todo[0].key)
                found.append(seen)
        return found


def holds(seen: list[tuple[int, ...]]) -> bool:
    """Totals stay; the place and the bar never go back, and the minutes never rise."""
    totals = {(total, most) for _current, total, _done, most, _minutes in seen}
    steps = list(pairwise(seen))
    return len(totals) == 1 and all(
        after[0] >= before[0] and after[2] > before[2] and after[4] <= before[4] for before, after in steps
    )


def test_in_the_questionnaire_of_2020(tmp_path: Path) -> None:
    definition = load(ROOT / "questionnaires" / "ndpc-2020")
    with open_library(tmp_path, "first-look") as library:
        ways = walked(library, definition, "pre-event", panel_of_2020())
    assert len(ways) >= WALKS and len({len(way) for way in ways}) > 1, "ways differ in length"
    assert all(holds(way) for way in ways), ways
    assert {way[0][1] for way in ways} == {5}, "five parts"


def test_with_every_type_of_question(tmp_path: Path) -> None:
    definition = reworked(every_type(), stages=_with_minutes(every_type()))
    with open_library(tmp_path, "first-look") as library:
        ways = walked(library, definition, "first-look", panel_file(WALKS))
    assert len(ways) == WALKS
    assert all(holds(way) for way in ways), ways
    assert any(way[0][4] > 1 for way in ways)


def test_a_jump_would_be_seen() -> None:
    assert not holds([(1, 15, 0, 15, 30), (2, 18, 1, 18, 31)])
    assert not holds([(1, 5, 0, 9, 30), (1, 5, 0, 9, 30)])


def _with_minutes(definition: Definition) -> list[dict[str, Any]]:
    content = definition.model_dump(mode="json", by_alias=True, exclude_none=True)["stages"]
    return [{**stage, "minutes": 20} for stage in content]
