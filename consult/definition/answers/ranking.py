"""Options put into an order."""

from collections.abc import Iterator, Mapping

from consult.definition.answers.base import NothingType, Stored, Variable, variable
from consult.definition.asked import AskedQuestion, Inputs, Problem, first
from consult.definition.question import Rank

OWN = "own"


class RankType(NothingType):
    """Options put into places 1 to k; per option its place, or k + 1 for "not in the top k"."""

    def places(self, asked: AskedQuestion) -> int:
        question = asked.question
        assert isinstance(question, Rank)
        offered = len(asked.options) + int(question.own)
        return min(question.top or offered, offered)

    def names(self, asked: AskedQuestion) -> list[str]:
        question = asked.question
        assert isinstance(question, Rank)
        names = [f"{asked.key}.{place}" for place in range(1, self.places(asked) + 1)]
        return [*names, f"{asked.key}.own"] if question.own else names

    def check(self, asked: AskedQuestion, inputs: Inputs) -> Iterator[Problem]:
        question = asked.question
        assert isinstance(question, Rank)
        places = [f"{asked.key}.{place}" for place in range(1, self.places(asked) + 1)]
        typed = {name: first(inputs, name) for name in places}
        known = {option.key for option in asked.options} | ({OWN} if question.own else set())
        seen: set[str] = set()
        for name, value in typed.items():
            if value and value not in known:
                yield Problem(name, "not_an_option")
            elif value and value in seen:
                yield Problem(name, "ranked_twice")
            seen.add(value)
        filled = [value for value in typed.values() if value]
        if filled and len(filled) < len(places):
            missing = next(name for name, value in typed.items() if not value)
            yield Problem(missing, "rank_incomplete", {"places": len(places)})
        if OWN in seen and not first(inputs, f"{asked.key}.own"):
            yield Problem(f"{asked.key}.own", "other_needs_text")
        if len(first(inputs, f"{asked.key}.own")) > 200:
            yield Problem(f"{asked.key}.own", "too_long", {"max": 200})

    def store(self, asked: AskedQuestion, inputs: Inputs) -> dict[str, Stored]:
        question = asked.question
        assert isinstance(question, Rank)
        count = self.places(asked)
        places = {first(inputs, f"{asked.key}.{place}"): place for place in range(1, count + 1)}
        places.pop("", None)
        if not places:
            return {}
        keys = [option.key for option in asked.options] + ([OWN] if question.own else [])
        found = {f"{asked.key}.{key}": Stored(value=places.get(key, count + 1)) for key in keys}
        if OWN in places and question.own:
            found[f"{asked.key}.other"] = Stored(text=first(inputs, f"{asked.key}.own"))
        return found

    def read(self, asked: AskedQuestion, stored: Mapping[str, Stored]) -> dict[str, list[str]]:
        count = self.places(asked)
        found = {}
        for key in (*(option.key for option in asked.options), OWN):
            known = stored.get(f"{asked.key}.{key}")
            if known is not None and known.value is not None and known.value <= count:
                found[f"{asked.key}.{known.value}"] = [key]
        if (words := stored.get(f"{asked.key}.other")) is not None and words.text:
            found[f"{asked.key}.own"] = [words.text]
        return found

    def variables(self, asked: AskedQuestion) -> Iterator[Variable]:
        question = asked.question
        assert isinstance(question, Rank)
        places = tuple(str(place) for place in range(1, self.places(asked) + 2))
        for option in asked.options:
            key = f"{asked.key}.{option.key}"
            yield variable(asked, key, "rank", labels=places, text=option.label)
        if question.own:
            yield variable(asked, f"{asked.key}.{OWN}", "rank", labels=places)
            yield variable(asked, f"{asked.key}.other", "text")
