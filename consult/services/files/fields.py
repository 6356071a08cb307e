"""What each column of a file holds: its kind, a title, and labels for its values.

CSV has no types; spreadsheets, SPSS, Parquet and the data package need them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from analysis.protocol.protocol import NO_ANSWER
from consult.services.files.table_source import TableSource
from consult.services.files.wide import STATE
from consult.services.frozen.codebook import CodebookVariable
from consult.services.frozen.k_anonymity import SUPPRESSED

Kind = Literal["string", "integer", "number", "boolean"]

STATE_LABELS: Mapping[str, str] = {
    "dont_know": "do not know",
    "not_my_field": "not my field",
    "not_in_my_country": "not in my country",
    "abstained": "abstained",
    "skipped": "skipped, the question did not apply",
    "blank": "left blank",
    "not_reached": "not reached",
    SUPPRESSED: "suppressed, too few share the answer",
}
"""Why there is no answer: the kinds of missing, in the order of their codes."""
assert tuple(STATE_LABELS)[: len(NO_ANSWER)] == NO_ANSWER

TITLES: Mapping[Kind, Mapping[str, str]] = {
    "integer": {
        "round": "number of the rating round",
        "wording": "number of the measure's wording that was rated",
        "respondents": "how many submitted the round",
        "n": "how many chose a point",
        "answered": "how many chose a point or withheld an opinion",
        **{name: f"how many: {STATE_LABELS[name]}" for name in NO_ANSWER},
        "quartile_type": "quantile type after Hyndman and Fan (1996)",
        "margin": "how many ratings the verdict is away from another one",
        "pairs": "how many rated in this round and in the one before",
        "count": "how many gave this value",
        "up": "how many went up",
        "same": "how many stayed",
        "down": "how many went down",
        "only_earlier": "how many answered the earlier question only",
        "only_later": "how many answered the later question only",
        "invited": "how many were invited",
        "consented": "how many agreed to take part",
        "started": "how many started",
        "submitted": "how many submitted",
        "number": "place in the list as it was released",
        "rating": "the point chosen; empty where `state` says why there is none",
    },
    "number": {
        "median": "median",
        "q1": "first quartile",
        "q3": "third quartile",
        "unchanged": "how many of the pairs kept their rating",
        "within_one": "how many of the pairs moved by one point at most",
        "share": "share of those who chose a value",
        "median_earlier": "median of the earlier answers",
        "median_later": "median of the later answers",
        "p": "p of Wilcoxon's signed-rank test",
        "p_holm": "the same, adjusted after Holm (1979)",
    },
    "boolean": {
        "decides": "whether this criterion decides what becomes of the measure",
        "flips_with_no_opinions": "whether counting withheld opinions would change the verdict",
        "settled": "whether the measure is settled",
        "frozen": "whether the stage is frozen",
    },
    "string": {
        "pseudonym": "random name of an expert, the same in all row files",
        "reporting_group": "reporting group, or `suppressed` where too few share it",
        "stage": "key of the stage",
        "measure": "key of the measure",
        "criterion": "key of the criterion",
        "theme": "theme of the measure",
        "title": "title of the measure",
        "variable": "key of the variable, see the codebook",
        "value": "the answer: the key of an option or a number",
        "state": "why there is no value",
        "kind": "kind",
        "question": "the question",
        "question_text": "text of the question",
        "item": "the row, option or measure asked about",
        "scale": "key of the scale",
        "label": "label of the value",
        "suppressed": "why figures are left out",
        "margin_towards": "the verdict that is nearest",
        "verdict": "verdict: in, out, none or not_judged",
        "verdict_code": "why, as a code",
        "verdict_reason": "why, in a sentence",
        "stability": "whether ratings were stable",
        "stability_code": "why, as a code",
        "stability_reason": "why, in a sentence",
        "outcome": "outcome of the criterion",
        "class": "outcome of the measure",
        "earlier_stage": "stage of the earlier question",
        "earlier_variable": "key of the earlier variable",
        "earlier_question": "text of the earlier question",
        "compared": "what is set side by side",
        "stages": "the stages that asked it",
        "text": "text",
        "level": "level of measurement",
        "values": "values with their labels",
        "no_answer": "states in which no value was given",
        "disclosure": "who may see it: open, grouped or never",
        "file": "the row file it is in",
        "asked_before_as": "the earlier variable it repeats",
        "side": "side of the scale the reason speaks for",
        "reason": "the reason, as released to the panel",
        "name": "name",
        "answer": "the answer",
    },
}
_KINDS: dict[str, Kind] = {name: kind for kind, titles in TITLES.items() for name in titles}
_PREFIXES: tuple[tuple[str, Kind, str], ...] = (
    ("count_", "integer", "how many ratings: {}"),
    ("share_", "number", "share of the ratings: {}"),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a file.

    `labels`: value as files show it -> its label, in order. `is_closed`: no other value occurs.
    `states`: the column that says why a value is missing, if there is one.
    """

    name: str
    kind: Kind
    title: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    is_closed: bool = False
    is_ordered: bool = False
    states: str | None = None


def fields_of(source: TableSource, header: Sequence[str]) -> list[Field]:
    """The columns of a table of this consultation."""
    rating = _shared_labels(source) if "rating" in header else {}
    found = []
    for name in header:
        variable = name.removesuffix(STATE)
        if variable in source.variables and f"{variable}{STATE}" in header:
            found.append(_of_variable(source, name, source.variables[variable]))
        elif name == "rating":
            title = TITLES["integer"][name]
            found.append(Field(name, "integer", title, rating, is_ordered=True, states="state"))
        elif name == "state":
            found.append(Field(name, "string", TITLES["string"][name], STATE_LABELS, True))
        else:
            found.append(_by_name(name))
    return found


def _by_name(name: str) -> Field:
    if name in _KINDS:
        kind = _KINDS[name]
        return Field(name, kind, TITLES[kind][name])
    for prefix, kind, title in _PREFIXES:
        if name.startswith(prefix):
            return Field(name, kind, title.format(name.removeprefix(prefix)))
    return Field(name, "string", name)


def _of_variable(source: TableSource, name: str, column: CodebookVariable) -> Field:
    """A variable of a wide file, or the column of its states."""
    text, item = source.read(column.text), source.read(column.item)
    title = f"{item} – {text}" if item else text
    if name != column.key:
        return Field(name, "string", f"why there is no value: {title}", STATE_LABELS, True)
    labels = {value: source.read(words) for value, words in column.values.items()}
    is_text = bool(column.codes)
    return Field(
        name,
        "string" if is_text else "integer",
        title,
        labels if is_text else {value: label for value, label in labels.items() if label},
        is_closed=is_text,
        is_ordered=column.level in ("ordinal", "rank"),
        states=name + STATE,
    )


def _shared_labels(source: TableSource) -> dict[str, str]:
    """Labels of the ratings, if all criteria share one scale."""
    scales: Iterable[CodebookVariable] = (item for item in source.variables.values() if item.is_rating)
    found = {tuple((value, source.read(words)) for value, words in column.values.items()) for column in scales}
    return {value: label for value, label in found.pop() if label} if len(found) == 1 else {}
