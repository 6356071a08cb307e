"""What a briefing is made of, made up: tables by chance, judged by the analysis itself."""

import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from analysis.disclosure.floors import release
from analysis.protocol.protocol import Protocol, Scale
from analysis.result.stage import stage_result
from analysis.result.stage_input import MeasureInput, PairInput, StageInput, VariableTable
from analysis.tables.histograms import Histogram
from analysis.tables.pairs import PairTable
from analysis.verdict.leaning import measure_class
from consult.briefing.contents import BriefingInput, MeasureGiven, StageGiven
from consult.definition.answers.base import Variable
from consult.definition.consultation import Definition
from consult.definition.loader import load
from consult.definition.rules import build_protocol, build_scale
from consult.definition.variables import questionnaire_variables
from consult.released_texts import MeasureTexts, SidedReasons
from consult.statuses import Status, Statuses

ROOT = Path(__file__).parents[2]
FOLDERS = {
    "ndpc-2020": ROOT / "questionnaires" / "ndpc-2020",
    "town-library": ROOT / "tests" / "consultations" / "town-library",
}


@cache
def definition(name: str) -> Definition:
    return load(FOLDERS[name])


def histogram(k: int, n: int, chance: random.Random, lean: float | None = None) -> Histogram:
    """n answers around a point of their own, some of them without an opinion."""
    centre = chance.random() if lean is None else lean
    counts = [0] * k
    for _ in range(n):
        place = round(chance.gauss(centre, 0.15) * (k - 1))
        counts[min(k - 1, max(0, place))] += 1
    return Histogram.of(counts, {})


def pair_table(scale: Scale, n: int, chance: random.Random) -> PairTable:
    rows: dict[tuple[int, int], int] = {}
    for _ in range(n):
        before = chance.randrange(scale.k)
        after = min(scale.k - 1, max(0, before + chance.choice((-1, 0, 0, 0, 1))))
        rows[before, after] = rows.get((before, after), 0) + 1
    return PairTable.from_rows(((a, b, count) for (a, b), count in rows.items()), scale.k)


def made(name: str, n: int = 18, language: str = "en", seed: int = 7) -> BriefingInput:
    """A finished consultation of that definition, everyone answering everything.

    Measures in turn are agreed, contested, low and unjudged.
    """
    about, chance = definition(name), random.Random(seed)
    criteria = about.measures.criteria if about.measures else ()
    protocol = build_protocol(about.protocol, about.scales, criteria)
    stages = tuple(_stages(about, protocol, n, chance))
    measures = about.measures.measures if about.measures else ()
    rounds = [stage.key for stage in stages if stage.round]
    return BriefingInput(
        definition=about,
        language=language,
        stages=stages,
        measures=tuple(
            MeasureGiven(
                item.key,
                item.theme,
                ({"number": 1, "content": item.model_dump(mode="json"), "is_pairable": True, "reason": None},),
                dict.fromkeys(rounds, 1),
                ({"stage": rounds[-1], "fate": "settled", "reason": "", "into": None},),
            )
            for item in measures
        ),
        proposals=({"title": "A late idea", "text": "", "fate": "waiting", "reason": None, "measure": None},),
        deviations=({"stage": rounds[0], "kind": "close moved", "reason": "The server was down"},),
        registration={"digest": protocol.digest(), "date": "8 July 2020"},
        free_texts={"PRE-23": 5},
        statuses=_statuses(about, stages),
        frozen_on="4 August 2020",
    )


def _statuses(about: Definition, stages: Sequence[StageGiven]) -> Statuses | None:
    """All measures by the class of the last round, provisionally."""
    content, rounds = about.measures, [stage for stage in stages if stage.round]
    if content is None:
        return None
    last, keys = rounds[-1], (content.deciding.key, content.sorting.key if content.sorting else None)
    assert last.numbers is not None
    found = {
        key: Status(measure_class(one.criteria, *keys, about.rules.dissent), last.key, 1)
        for key, one in last.numbers.measures.items()
    }
    return Statuses(len(rounds), found)


def _stages(about: Definition, protocol: Protocol, n: int, chance: random.Random) -> Iterator[StageGiven]:
    for stage in about.stages:
        if stage.kind == "event":
            yield StageGiven(stage.key, "event", None, stage.title, "2 July", "2 July")
            continue
        taken = {"invited": n + 5, "consented": n + 3, "started": n, "submitted": n}
        given = StageInput(
            stage.key,
            stage.kind,
            stage.round,
            taken,
            variables=tuple(_variables(about, stage.key, n, chance)),
            measures=tuple(_measures(about, protocol, n, chance)) if stage.round else (),
            pairs=tuple(_pairs(about, stage.key, n, chance)),
            picks=_picks(about, stage.round, chance),
        )
        numbers = release(stage_result(protocol, given), protocol.disclosure)
        words = {"en": "Because it works", "ru": "Потому что это работает"}
        said = said_of(about, SidedReasons(high=(words,), low=({"en": "It is dear"},)))
        texts = dict.fromkeys(numbers.measures, said)
        yield StageGiven(
            stage.key,
            stage.kind,
            stage.round,
            stage.title,
            "1 July",
            "8 July",
            numbers.participation,
            numbers,
            texts if stage.round else {},
            "ab" * 32,
        )


def said_of(about: Definition, reasons: SidedReasons) -> MeasureTexts:
    """These reasons under the criterion that decides."""
    assert about.measures is not None
    return MeasureTexts({about.measures.deciding.key: reasons})


def _variables(about: Definition, stage: str, n: int, chance: random.Random) -> Iterator[VariableTable]:
    questionnaire = about.questionnaire_of(stage)
    for variable in questionnaire_variables(questionnaire, about) if questionnaire else ():
        if _is_counted(variable):
            scale = build_scale(variable.scale, about.scales[variable.scale]) if variable.scale else None
            labels = () if scale else variable.labels or ("0", "1")
            k = scale.k if scale else len(labels)
            yield VariableTable(variable.key, scale, labels, histogram(k, n, chance))


def _is_counted(variable: Variable) -> bool:
    return variable.recipient == "analysis" and variable.level != "text" and variable.disclosure != "never"


def _measures(about: Definition, protocol: Protocol, n: int, chance: random.Random) -> Iterator[MeasureInput]:
    leans = (0.97, 0.05, 0.5, 0.9)
    for place, measure in enumerate(about.measures.measures if about.measures else ()):
        tables, pairs = {}, {}
        for criterion in protocol.criteria:
            scale = protocol.criterion_scale(criterion.key)
            table = histogram(scale.k, n, chance, leans[place % 4])
            if place % 5 == 4:
                half = histogram(scale.k, n // 2, chance, 0.02).counts
                table = Histogram.of(half + histogram(scale.k, n - n // 2, chance, 0.98).counts, {})
            if place % 7 == 6:
                table = histogram(scale.k, 4, chance)
            tables[criterion.key] = table
            pairs[criterion.key] = PairTable.from_rows(
                ((point, point, int(count)) for point, count in enumerate(table.counts)), scale.k
            )
        yield MeasureInput(measure.key, tables, pairs, None, 2)


def _pairs(about: Definition, stage: str, n: int, chance: random.Random) -> Iterator[PairInput]:
    questionnaire = about.questionnaire_of(stage)
    again = {
        question.key: question.reask
        for question in (questionnaire.questions() if questionnaire else ())
        if question.reask
    }
    for variable in questionnaire_variables(questionnaire, about) if questionnaire else ():
        if variable.question in again and variable.scale is not None:
            earlier = again[variable.question] + variable.key.removeprefix(variable.question)
            scale = build_scale(variable.scale, about.scales[variable.scale])
            yield PairInput(variable.key, earlier, scale, pair_table(scale, n, chance))


def _picks(about: Definition, number: int | None, chance: random.Random) -> tuple[tuple[str, int], ...] | None:
    rule = about.protocol.priorities
    if rule is None or number != rule.round or about.measures is None:
        return None
    return tuple((item.key, chance.randrange(12)) for item in about.measures.measures)
