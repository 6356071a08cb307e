"""Measures, their themes and the criteria they are rated on."""

from typing import Literal

from pydantic import Field

from consult.definition.text import Strict, Text


class Criterion(Strict):
    """What a measure is rated on.

    `short`: what stands beside the label once the question was read in full; without it the
    question stands there every time. `agreed`, `agreed_low`: in words of its own, what agreement
    on a high or a low rating means, such as "important"; without them the label stands there
    with "agreed".
    """

    key: str
    label: Text
    question: Text
    short: Text | None = None
    scale: str
    decides: bool = False
    agreed: Text | None = None
    agreed_low: Text | None = None


class CommentPrompt(Strict):
    text: Text
    hint: Text | None = None
    max_length: int = Field(default=600, le=5000)


class Theme(Strict):
    key: str
    title: Text


class Evidence(Strict):
    """A dated piece of evidence; shown only when not later than the nominal date."""

    date: str = Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")
    text: Text
    sources: tuple[str, ...] = ()

    @property
    def last_day(self) -> str:
        """The last day that a date can mean which is a year or a month."""
        return self.date + "9999-12-31"[len(self.date) :]


class Measure(Strict):
    """A proposed support measure."""

    key: str
    theme: str
    title: Text
    text: Text
    actors: tuple[str, ...] = ()
    barriers: tuple[str, ...] = ()
    instrument: Literal["money", "rule", "service"] | None = None
    late: bool = False
    evidence: tuple[Evidence, ...] = ()


class Measures(Strict):
    """The content of `measures.yaml`."""

    criteria: tuple[Criterion, ...]
    comment: CommentPrompt | None = None
    remark: CommentPrompt | None = None
    unclear: CommentPrompt | None = None
    why_changed: bool | None = None
    """From the second round on, whether it is asked what played a part in changing a rating."""
    themes: tuple[Theme, ...]
    measures: tuple[Measure, ...]

    @property
    def deciding(self) -> Criterion:
        """The criterion that decides: the checks see to it that there is one."""
        return next(item for item in self.criteria if item.decides)

    @property
    def sorting(self) -> Criterion | None:
        """The first criterion beside it, if there is one: it sorts what is agreed."""
        return next((item for item in self.criteria if not item.decides), None)
