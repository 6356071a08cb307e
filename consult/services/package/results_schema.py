"""The JSON Schema of a package's `results.json`: what every key means."""

from analysis.model.stage import ReleasedStage
from analysis.schemas.models import definitions
from analysis.schemas.words import COUNT, TEXT, TRUTH, WHOLE, WORD, Node, by_key, ref, thing, told
from consult import statuses
from consult.fates import FateCode
from consult.services.frozen.row_files import Withheld
from consult.services.package.results_document import FORMAT
from consult.services.rounds import releasing

MOMENT: Node = {"type": ["string", "null"], "description": "A moment in UTC, ISO 8601."}
WORDS = by_key(WORD)
CODE: Node = {"enum": [None, *FateCode], "description": "What the program noted by itself."}
FACTS: Node = {"type": "object", "description": "What the code is about."}


def _in_languages(*names: str) -> dict[str, Node]:
    """The siblings of words that were given in more than one language."""
    told_in = "`{}` by language, where it was given in more than one."
    return {f"{name}_in": told(by_key(WORD, nullable=True), told_in.format(name)) for name in names}


def package_schema() -> Node:
    """One schema of the whole document (JSON Schema 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Results of a consultation",
        "description": "results.json in the package that `consult package` writes.",
        **_document(),
        "$defs": {**definitions(ReleasedStage), "package_stage": _stage(), "result": _result(), "measure": _measure()},
    }


def _document() -> Node:
    about = thing(
        slug=WORD,
        zone=told(WORD, "Time zone of the schedule."),
        schedule=WORD,
        language=told(WORD, "Of the tables in this package."),
        definition_digest=told(WORD, "SHA-256 of definition.json."),
    )
    registered = thing(nullable=True, digest=told(WORD, "SHA-256 of the protocol's canonical JSON."), locked_at=MOMENT)
    variable = thing(
        key=WORD,
        question=WORD,
        level=WORD,
        scale=TEXT,
        labels={"type": "array", "items": WORD},
        text=WORDS,
        disclosure={"enum": ["open", "grouped", "never"]},
    )
    return thing(
        format={"const": FORMAT},
        code=told(thing(consult=WORD, analysis=WORD), "Versions of the program."),
        consultation=about,
        registration=told(registered, "The protocol as locked; null before the first round."),
        erased=told(COUNT, "Experts erased: their answers are in no row any more."),
        stages={"type": "array", "items": ref("package_stage")},
        variables={"type": "array", "items": variable},
        measures={"type": "array", "items": ref("measure")},
        proposals={"type": "array", "items": _proposal()},
        deviations=told({"type": "array", "items": _deviation()}, "Departures from the protocol."),
        free_texts=told(by_key(COUNT), "How many texts each question got."),
    )


def _proposal() -> Node:
    return thing(title=WORD, text=WORD, fate=WORD, reason=TEXT, measure=TEXT, reserved=_in_languages("title", "reason"))


def _deviation() -> Node:
    return thing(stage=TEXT, kind=WORD, reason=WORD, facts={"type": "object"}, reserved=_in_languages("reason"))


def _stage() -> Node:
    return thing(
        key=WORD,
        kind={"enum": ["survey", "event", "round"]},
        round=WHOLE,
        position=COUNT,
        opens_at=MOMENT,
        closes_at=MOMENT,
        opened_at=MOMENT,
        closed_at=MOMENT,
        result={"anyOf": [ref("result"), {"type": "null"}]},
    )


def _result() -> Node:
    numbers = thing(digest=WORD, content=ref("ReleasedStage"))
    return thing(
        optional="final",
        number=COUNT,
        digest=told(WORD, "SHA-256 of the whole frozen result, with what is never released."),
        protocol_digest=WORD,
        analysis_version=WORD,
        correction=told(TEXT, "Why this result supersedes an earlier one."),
        frozen_at=MOMENT,
        rows_withheld=told({"enum": [None, *Withheld]}, "Why the row files hold no rows of this stage."),
        numbers=told(numbers, "Tables, statistics and verdicts, as released."),
        texts=told(_texts(), "Reasons and fates, as released when the next round opened, or at the finish."),
        final=told(_final(), "What every measure came to, with the result of the last round, once finished."),
    )


def _final() -> Node:
    status = thing(key=WORD, code=WORD, stage=TEXT, wording={"type": ["integer", "null"]}, into=TEXT)
    content = thing(format={"const": statuses.FORMAT}, after_round=COUNT, measures={"type": "array", "items": status})
    return thing(nullable=True, digest=WORD, content=content)


_LISTED: Node = {"type": "array", "items": WORDS}


def _texts() -> Node:
    fate = thing(optional="code facts", fate=WORD, code=CODE, facts=FACTS, reason=TEXT, into=TEXT)
    return thing(
        nullable=True,
        digest=WORD,
        content=thing(
            optional="format remarks",
            format=told({"enum": [2, releasing.FORMAT]}, "Missing where a fate has its reason in words only."),
            reasons=told(
                {"anyOf": [by_key(by_key(by_key(_LISTED))), by_key(by_key(_LISTED))]},
                "By measure, criterion and side; up to format 2 by measure and side.",
            ),
            remarks=told(by_key(_LISTED), "On measures as a whole, from format 3 on."),
            fates=by_key(fate),
        ),
    )


def _measure() -> Node:
    version = thing(
        number=COUNT,
        content=told({"type": "object"}, "The wording in all languages."),
        is_pairable=told(TRUTH, "Whether ratings before and after it compare."),
        reason=TEXT,
        reserved=_in_languages("reason"),
    )
    asked = thing(version=COUNT, position=COUNT)
    fate = thing(
        stage=TEXT,
        fate=WORD,
        code=CODE,
        facts=FACTS,
        into=TEXT,
        reason=told(TEXT, "A person's words."),
        reserved=_in_languages("reason"),
    )
    return thing(
        key=WORD,
        theme=WORD,
        position=COUNT,
        versions={"type": "array", "items": version},
        asked=told(by_key(asked), "By stage: which wording, and where in the list."),
        fates=told({"type": "array", "items": fate}, "What became of it, in order."),
    )
