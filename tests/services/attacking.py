"""Who holds all files of all moments, and knows people by name, against those who left.

The analyst's files and what the secretariat knows are joined: who is in which group, who answered
which stage, who left and when. Two things are tried. *Answers*: whatever tables, texts or counts
say beyond the rows of those who may be seen in them. *Names*: which pseudonym is the leaver's.
"""

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from analysis.model.criterion import CriterionResult
from analysis.model.stage import ReleasedStage
from consult.services.frozen.k_anonymity import SUPPRESSED
from tests.services.leaving import Story, Taken

Cells = Counter[str]
Tables = dict[tuple[str, str], Cells]
"""By stage and variable: how many gave each value or state."""
Rows = dict[str, dict[str, dict[str, str]]]
"""By stage and pseudonym: value or state of each variable."""


@dataclass
class Files:
    """What can be read off the files of one moment."""

    taken: Taken
    tables: Tables = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    texts: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in _read(self.taken, "distributions.csv"):
            if row["count"]:
                cells = self.tables.setdefault((row["stage"], row["variable"]), Counter())
                cells[row["value"]] += int(row["count"])
        for name in ("ratings-long.csv", "answers-long.csv"):
            for row in _read(self.taken, name):
                key = row.get("variable") or f"{row['measure']}.{row['criterion']}"
                said = row.get("value") or row.get("rating") or row["state"]
                self.rows.setdefault(row["stage"], {}).setdefault(row["pseudonym"], {})[key] = said
                self.groups.setdefault(row["stage"], {})[row["pseudonym"]] = row["reporting_group"]
        for name in ("ratings-wide.csv", "answers-wide.csv"):
            for row in _read(self.taken, name):
                self.rows.setdefault(row["stage"], {}).setdefault(row["pseudonym"], {})
                self.groups.setdefault(row["stage"], {})[row["pseudonym"]] = row["reporting_group"]
        for row in _read(self.taken, "free-texts.csv"):
            self.texts.setdefault(row["stage"], Counter())[row["question"], row["text"]] += 1


def _read(taken: Taken, name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(taken.files[name], newline=""))


@dataclass
class Found:
    """What one attack yields. `named`: of each leaver how sure the best guess is that it is right,
    of how many people it could rightly be, and how many pseudonyms are absent from all later files.
    """

    answers: int = 0
    texts: int = 0
    figures: int = 0
    named: list[tuple[float, int, int]] = field(default_factory=list)

    def add(self, other: "Found") -> None:
        """Sum up over stories."""
        self.answers += other.answers
        self.texts += other.texts
        self.figures += other.figures
        self.named += other.named

    @property
    def excess(self) -> float:
        """How far the surest guess lies above one in those it could be; 1 for a class below 3."""
        return max((sure - 1 / of if of >= 3 else sure for sure, of, _ in self.named), default=0.0)

    @property
    def mean(self) -> float:
        """How often a leaver is named, over all leavers with a row anywhere."""
        return sum(sure for sure, *_ in self.named) / max(1, len(self.named))


def attack(story: Story) -> Found:
    """Everything at once, on one consultation."""
    moments = [Files(taken) for taken in story.taken]
    found = Found()
    found.answers = _answers(moments)
    found.texts = _texts(moments)
    found.figures = _figures(moments)
    found.named = list(_named(story, moments))
    return found


# Answers


def _answers(moments: list[Files]) -> int:
    """Single answers that a table tells beyond the rows of any moment: all alike, or only one."""
    recovered: dict[tuple[str, str], int] = {}
    for here, there in itertools.product(moments, moments):
        for (stage, key), cells in here.tables.items():
            rows = there.rows.get(stage)
            if rows is None or not any(key in said for said in rows.values()):
                continue
            seen = Counter(said[key] for said in rows.values() if key in said)
            if SUPPRESSED in seen:
                continue
            rest = cells - seen
            if rest and len(rest) == 1:
                recovered[stage, key] = max(recovered.get((stage, key), 0), rest.total())
    return sum(recovered.values())


def _texts(moments: list[Files]) -> int:
    """Texts that a file has lost, and texts that a count has lost, from one moment to the next."""
    lost = 0
    for before, after in itertools.pairwise(moments):
        for stage, texts in before.texts.items():
            if stage in after.texts:
                lost += (texts - after.texts[stage]).total()
        if before.taken.texts.keys() <= after.taken.texts.keys():
            lost += (Counter(before.taken.texts) - Counter(after.taken.texts)).total()
    return lost


def _figures(moments: list[Files]) -> int:
    """Figures of pairs and groups, in any files, that are not what the rows of some moment give."""
    odd: set[tuple[str, ...]] = set()
    last = moments[-1].taken.numbers
    for there in moments:
        odd |= set(_odd_pairs(last, there.rows)) | set(_odd_groups(last, there))
    return len(odd)


def _odd_pairs(numbers: Mapping[str, ReleasedStage], rows: Rows) -> Iterator[tuple[str, ...]]:
    for earlier, later, key, told, absent in _compared(numbers):
        if earlier not in rows or later not in rows:
            continue
        then = {one for one, said in rows[earlier].items() if _is_value(said, key[0])}
        now = {one for one, said in rows[later].items() if _is_value(said, key[1])}
        if told is not None and told != len(then & now):
            yield ("both", later, key[1])
        if absent is not None and _missing(rows, earlier, later, *key, absent):
            yield ("absent", later, key[1])


def _compared(
    numbers: Mapping[str, ReleasedStage],
) -> Iterator[tuple[str, str, tuple[str, str], int | None, int | None]]:
    """Earlier and later stage, both variables, and how many are told of both and of one only."""
    rounds = [stage for stage in numbers if stage.startswith("round")]
    for earlier, later in itertools.pairwise(rounds):
        for measure, key, block in _criteria(numbers[later]):
            name = f"{measure}.{key}"
            stability = block.stability.numbers
            pairs = stability.pairs if stability is not None else None
            yield earlier, later, (name, name), pairs, block.sensitivity.leavers
    for later, shown in numbers.items():
        for name, pair in shown.pairs.items():
            yield "first-look", later, (pair.earlier, name), pair.n, pair.n_earlier_only


def _criteria(shown: ReleasedStage) -> Iterator[tuple[str, str, CriterionResult]]:
    for measure, told in shown.measures.items():
        for key, block in told.criteria.items():
            yield measure, key, block


def _is_value(said: Mapping[str, str], key: str) -> bool:
    return said.get(key, "blank") not in ("dont_know", "blank", SUPPRESSED)


def _odd_groups(numbers: Mapping[str, ReleasedStage], there: Files) -> Iterator[tuple[str, ...]]:
    """Figures of groups beside the rows that carry the group's name."""
    for stage, shown in numbers.items():
        labels = there.groups.get(stage, {})
        for group, blocks in shown.groups.items():
            if group not in labels.values():
                continue
            for key, block in blocks.items():
                rows = there.rows[stage]
                n = sum(labels[one] == group and _is_value(rows[one], key) for one in rows)
                if block.n is not None and n != block.n:
                    yield ("group", stage, group, key)


# Names


def _named(story: Story, moments: list[Files]) -> Iterator[tuple[float, int, int]]:
    seen = _seen(moments)
    vanished = _vanished(moments)
    masks = _masks(story, moments)
    for leaver in story.leavers:
        known = story.people[leaver]
        pattern = {stage for stage in seen if leaver in story.counted[stage]}
        if not pattern:
            continue
        here = {one for stage in seen.values() for one in stage}
        candidates = {
            one
            for one in here
            if {stage for stage in seen if one in seen[stage]} == pattern
            and all(_fits(known.group, seen[stage], one) for stage in pattern)
        }
        if gone := vanished.get(leaver):
            candidates &= gone
        if leaver in masks:
            candidates &= masks[leaver]
        truth = story.pseudonyms[leaver]
        sure = 1 / len(candidates) if truth in candidates else 0.0
        yield sure, _alike(story, seen, leaver), _absent(story, seen, leaver)


def _seen(moments: list[Files]) -> dict[str, dict[str, str]]:
    """By stage: every pseudonym that stood in its rows at any moment, with its group as told."""
    seen: dict[str, dict[str, str]] = {}
    for files in moments:
        for stage, people in files.groups.items():
            seen.setdefault(stage, {}).update(people)
    return seen


def _fits(group: str | None, people: Mapping[str, str], one: str) -> bool:
    """Whether a row may be of somebody of this group: shown groups are not suppressed elsewhere."""
    told = people[one]
    return told == group if group in people.values() else told in (SUPPRESSED, "")


def _vanished(moments: list[Files]) -> dict[int, set[str]]:
    """Pseudonyms that a stage's rows lost when somebody left, by who it was."""
    found: dict[int, set[str]] = {}
    for before, after in itertools.pairwise(moments):
        for stage, people in before.rows.items():
            if after.taken.whom is None or stage not in after.rows:
                continue
            if lost := people.keys() - after.rows[stage].keys():
                found.setdefault(after.taken.whom, set()).update(lost)
    return found


def _masks(story: Story, moments: list[Files]) -> dict[int, set[str]]:
    """Where one left between two stages: whom the figures of those absent leave it to be.

    They count the absent without the withdrawn; the rows hold both. Whoever answered just what is
    missing in every figure is the one.
    """
    found: dict[int, set[str]] = {}
    numbers, rows = moments[-1].taken.numbers, _union(moments)
    by_stages: dict[tuple[str, str], list[tuple[str, str, int]]] = {}
    for earlier, later, (then, now), _, absent in _compared(numbers):
        if absent is not None and earlier in rows and later in rows:
            by_stages.setdefault((earlier, later), []).append((then, now, absent))
    for (earlier, later), told in by_stages.items():
        gone = [one for one in story.leavers if one in story.counted[earlier] and one not in story.counted[later]]
        away = [one for one in rows[earlier] if one not in rows[later]]
        for number in (1, 2, 3):
            if number != len(gone):
                continue
            fitting = [
                chosen
                for chosen in itertools.combinations(away, number)
                if all(
                    _missing(rows, earlier, later, then, now, absent)
                    == sum(_is_value(rows[earlier][one], then) for one in chosen)
                    for then, now, absent in told
                )
            ]
            for one in gone if fitting else ():
                people = {name for chosen in fitting for name in chosen}
                found[one] = found.get(one, people) & people
    return found


def _missing(rows: Rows, earlier: str, later: str, then: str, now: str, absent: int) -> int:
    """How many fewer are told absent than the rows give.

    In rounds a withheld opinion is not absence; of questions asked again whoever gave no value is.
    """
    here = ("blank",) if then == now else ("blank", "dont_know")
    first = {one for one, said in rows[earlier].items() if _is_value(said, then)}
    second = {one for one, said in rows[later].items() if said.get(now, "blank") not in here}
    return len(first - second) - absent


def _union(moments: list[Files]) -> Rows:
    rows: Rows = {}
    for files in moments:
        for stage, people in files.rows.items():
            rows.setdefault(stage, {}).update(people)
    return rows


def _alike(story: Story, seen: Mapping[str, Mapping[str, str]], leaver: int) -> int:
    """The truth: of how many people the pseudonym may be, for all that rows are meant to tell."""

    def told(one: int) -> tuple[str | None, ...]:
        return tuple(
            (story.people[one].group if story.people[one].group in seen[stage].values() else "")
            if one in story.counted[stage]
            else None
            for stage in seen
        )

    return sum(told(one) == told(leaver) for one in story.people)


def _absent(story: Story, seen: Mapping[str, Mapping[str, str]], leaver: int) -> int:
    """Pseudonyms that stand in no row of the stages after the leaver's last."""
    order = list(seen)
    last = max(place for place, stage in enumerate(order) if leaver in story.counted[stage])
    later = {one for stage in order[last + 1 :] for one in seen[stage]}
    return len(set(seen[order[last]]) - later)
