"""What presenters draw with: language, dates, what was typed, problems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consult.definition.asked import Inputs, Problem
from consult.definition.text import Shown, in_language
from consult.web.forms.words import problem_text
from consult.words.dates import Windows, fill_dates


@dataclass(frozen=True, slots=True)
class RenderContext:
    """Everything a presenter needs beside the question: language, dates, answers, problems."""

    language: str
    order: Sequence[str]
    zone: str
    windows: Windows
    inputs: Inputs
    problems: Sequence[Problem] = ()
    attributes: Mapping[str, str] | None = None
    shown_instances: Mapping[str, int] | None = None

    def text(self, text: Mapping[str, str] | None) -> Shown | None:
        """A text in the reader's language, its dates filled in; None when there is none."""
        if not text:
            return None
        shown = in_language(text, self.language, self.order)
        return Shown(shown.lang, fill_dates(shown.text, self.windows, self.zone, shown.lang))

    def errors(self, *names: str) -> list[str]:
        """Messages for these inputs, each once."""
        found = [problem_text(item) for item in self.problems if item.name in names]
        return list(dict.fromkeys(found))
