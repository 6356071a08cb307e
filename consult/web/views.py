"""Views that pages of every room share. A view is what a template reads, whole and unchanging."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consult.definition.text import Shown

Words = str | Shown
"""Words on a page: in the page's language, or with the language they are in."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link; `current` when it leads to the page it stands on."""

    href: str
    label: Words
    current: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """A short state in words; `kind` is its colour, a class of the style sheet."""

    label: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One line at the top of a refused page: what is wrong, and where it is mended.

    `anchor` is an id on this page, `href` an address elsewhere; both may be empty.
    """

    text: str
    anchor: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """What a form is about, in somebody's words."""

    text: Words
    title: Words | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """A way on from a message: a link, or a button of a form of its own.

    `hidden` is sent again with a form; `mark` is that of its first page, where it had one.
    """

    href: str
    label: Words
    is_post: bool = False
    kind: str = ""
    hidden: Mapping[str, Sequence[str]] | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class TypedLine:
    """Something that was typed on a page that was refused, and the field it stood in."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class TextBlock:
    """One paragraph of a longer text, or several lines of it, with a heading where it has one."""

    heading: Shown | None
    body: Shown


@dataclass(frozen=True, slots=True)
class Message:
    """A page that only says something, and leads on.

    `over_for` names whose unsent text the device is to drop.
    """

    heading: str
    paragraphs: Sequence[Words]
    actions: Sequence[Action] = ()
    typed: Sequence[TypedLine] = ()
    over_for: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer in words; `missing` where one is wanted and there is none."""

    label: Shown | None
    value: str
    missing: bool
    change_href: str | None


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """The answers of one page, under the title of its section or measure."""

    title: Shown | None
    answers: Sequence[AnswerRow]
