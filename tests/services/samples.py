"""Variants of the town library: a questionnaire with every type of answer, and three rounds."""

from functools import cache
from typing import Any

from consult.definition.consultation import Definition
from tests.services.conftest import reworked, town_library
from tests.services.playing import Rate


def options(*keys: str, **special: dict[str, Any]) -> list[dict[str, Any]]:
    """Options of these keys, some with more than a label."""
    return [{"key": key, "label": key.title(), **special.get(key, {})} for key in keys]


SECTORS = options("health", "tourism", "schools", "trade", "none", none={"exclusive": True})
QUESTIONS: list[dict[str, Any]] = [
    {"key": "hello", "type": "info", "text": "Welcome."},
    {"key": "agree", "type": "consent", "text": "I read it.", "required": False},
    {
        "key": "role",
        "type": "single",
        "text": "Who are you?",
        "no_answer": ["abstained"],
        "options": options("reader", "teacher", "someone", someone={"other": True}),
    },
    {
        "key": "sectors",
        "type": "multi",
        "text": "With whom do you work?",
        "max": 3,
        "options": {"options": SECTORS},
        "no_answer": ["dont_know"],
    },
    {"key": "closeness", "type": "matrix", "text": "How close?", "scale": "WISH5", "rows": {"question": "sectors"}},
    {"key": "best", "type": "single", "text": "Which is best?", "required": False, "options": {"question": "sectors"}},
    {
        "key": "timing",
        "type": "matrix",
        "text": "Too early, too late?",
        "required": False,
        "rows": options("start", "end"),
        "options": options("early", "right", "late"),
    },
    {
        "key": "fit",
        "type": "matrix",
        "text": "Who fits?",
        "required": False,
        "rows": options("start", "end"),
        "options": {"question": "sectors"},
    },
    {"key": "joined", "type": "single", "text": "A joint project?", "options": options("yes", "no")},
    {
        "key": "projects",
        "type": "number",
        "text": "How many?",
        "min": 1,
        "max": 500,
        "confirm_above": 50,
        "show_if": {"question": "joined", "is": "yes"},
    },
    {
        "key": "tell",
        "type": "text",
        "text": "Tell us.",
        "required": False,
        "min_length": 3,
        "max_length": 200,
        "show_if": {"question": "projects", "at_least": 10},
    },
    {
        "key": "more",
        "type": "multi",
        "text": "What else?",
        "required": False,
        "min": 2,
        "options": options("books", "rooms", "staff", "another", another={"other": True}),
        "detail": {"text": "Say more", "max_length": 60},
        "show_if": {"question": "tell", "answered": True},
    },
    {
        "key": "drivers",
        "type": "rank",
        "text": "The two most important?",
        "top": 2,
        "own": True,
        "options": options("money", "people", "rules"),
        "required": False,
    },
    {
        "key": "order",
        "type": "rank",
        "text": "Put them in order.",
        "required": False,
        "options": options("first", "second", "third"),
    },
    {
        "key": "shares",
        "type": "points",
        "text": "Divide 10 points.",
        "total": 10,
        "dont_know": True,
        "options": options("town", "state", "users"),
    },
    {"key": "mood", "type": "scale", "text": "How do you like it?", "scale": "WISH5"},
    {
        "key": "ideas",
        "type": "group",
        "text": "Ideas?",
        "required": False,
        "repeat": {"min": 0, "max": 2},
        "proposal": {"title": "title", "text": "what"},
        "fields": [
            {"key": "title", "type": "text", "text": "Title", "min_length": 3, "max_length": 80},
            {"key": "what", "type": "text", "text": "What?", "min_length": 5, "max_length": 300},
            {
                "key": "for_whom",
                "type": "multi",
                "text": "For whom?",
                "required": False,
                "options": options("old", "young"),
            },
        ],
    },
    {
        "key": "named",
        "type": "single",
        "text": "May we name you?",
        "recipient": "secretariat",
        "disclosure": "never",
        "options": options("yes", "no"),
    },
    {"key": "last", "type": "text", "text": "Anything else?", "required": False, "new_page": True},
]
GROUP = next(question for question in QUESTIONS if question["key"] == "ideas")


@cache
def every_type() -> Definition:
    """The town library with a first look that asks a question of every type."""
    pages = {
        "key": "first-look",
        "title": "First look",
        "sections": [{"key": "all", "title": "All", "questions": QUESTIONS}],
    }
    return reworked(town_library(), questionnaires={"first-look": pages})


PROTOCOL: dict[str, Any] = {
    "consensus": {
        "in": [{"band": "high", "at_least": "75%"}, {"band": "low", "below": "15%"}],
        "out": [{"band": "low", "at_least": "75%"}, {"band": "high", "below": "15%"}],
        "minimum_n": 8,
    },
    "stability": {"minimum_pairs": 8, "within": 1, "share_within": "75%"},
    "stopping": {"rounds": 3},
    "feedback": {"form": "bars_on_scale", "reasons_each_side": 3},
    "priorities": {"pick": 2, "round": 3},
}


def _asking(key: str, *questions: dict[str, Any]) -> dict[str, Any]:
    section = {"key": "more", "title": "More", "questions": list(questions)}
    return {"key": key, "title": key, "sections": [section]}


@cache
def needing(key: str) -> Definition:
    """The same, with one question that is indispensable."""
    asked = [
        {**question, "required": True, "indispensable": True} if question["key"] == key else question
        for question in QUESTIONS
    ]
    pages = {
        "key": "first-look",
        "title": "First look",
        "sections": [{"key": "all", "title": "All", "questions": asked}],
    }
    return reworked(town_library(), questionnaires={"first-look": pages})


def three_rounds() -> Definition:
    """The town library in three rounds: proposals in the first, picks in the last."""
    picks = {
        "key": "picks",
        "type": "multi",
        "text": "Pick two.",
        "max": 2,
        "required": False,
        "options": {"measures": "surviving"},
    }
    asked = {"round-1": _asking("round-1", GROUP), "round-3": _asking("round-3", picks)}
    stages = [
        {
            "key": f"round-{number}",
            "kind": "round",
            "title": f"Round {number}",
            "round": number,
            **({"questionnaire": f"round-{number}"} if f"round-{number}" in asked else {}),
        }
        for number in (1, 2, 3)
    ]
    windows = {
        f"round-{number}": {"opens": f"2026-{month} 08:00", "closes": f"2026-{end} 20:00"}
        for number, month, end in ((1, "10-05", "10-16"), (2, "11-02", "11-13"), (3, "11-23", "12-04"))
    }
    return reworked(
        town_library(),
        stages=stages,
        schedules={"autumn": {"default": True, "stages": windows}},
        questionnaires=asked,
        protocol=PROTOCOL,
        grace=300,
    )


def rating(points: dict[str, str], otherwise: str = "4") -> Rate:
    """Ratings by measure, the same from everybody."""
    return lambda key, chance: points.get(key.partition(".")[0], otherwise)
