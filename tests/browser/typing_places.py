"""Where something is typed in random scripts: a page of questions, and pages of ratings of two rounds.

Each page has a library of its own, at its moment, which is made when a script first wants it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import delete, update

from consult import clock
from consult.models import Draft, LoginSession
from tests.browser.readers import UNFOLD, serving
from tests.web.visiting import Library, open_library, page

RATINGS = (("1", "3"), ("2", "no:dont_know"))
"""What each of two devices rates; never what `Keep` fills in."""


@dataclass(frozen=True)
class Leaf:
    """One page of a stage, who answers it, and the inputs that are typed into."""

    stage: str
    key: str
    person: int
    names: tuple[str, ...]

    def values(self, name: str, device: int, count: int) -> Sequence[str]:
        """What a device may type there: never what another device does, and words never twice."""
        if name.endswith(".wish"):
            return RATINGS[device]
        return (str(2 * count + device) if name.startswith("budget") else f"words {count} at {device}",)

    def fill(self, tab: Page, name: str, value: str) -> None:
        tab.evaluate(UNFOLD)
        box = f"main [name='item-{name}']"
        if name.endswith(".wish"):
            tab.locator(f"{box}[value='{value}']").check(force=True, timeout=3_000)
        else:
            tab.locator(box).fill(value, timeout=3_000)


QUESTIONS = Leaf("first-look", "budget", 13, ("missing", "budget.building", "budget.staff"))
RATED = ("L1.wish.reason", "L1.wish", "L1.comment")
LEAVES = (QUESTIONS, Leaf("round-1", "L1", 13, RATED), Leaf("round-2", "L1", 3, RATED))
"""In the second round the third person has a former rating, which a button keeps."""


@dataclass(frozen=True)
class Place:
    """A page on a running server, at the moment at which it is answered."""

    leaf: Leaf
    library: Library
    server: str
    moment: datetime

    @property
    def address(self) -> str:
        return self.server + page(self.leaf.stage, self.leaf.key)

    def link(self, person: int) -> str:
        return self.server + self.library.link(person)

    def stored(self, person: int | None = None) -> dict[str, list[str]]:
        """What the server holds of a person in this stage."""
        expert = self.library.expert(person or self.leaf.person).id
        rows = self.library.rows(Draft, expert_id=expert, stage_id=self.library.stage(self.leaf.stage).id)
        return {row.name: row.values for row in rows}

    def forget(self, person: int | None = None) -> None:
        expert, stage = self.library.expert(person or self.leaf.person), self.library.stage(self.leaf.stage)
        with self.library.database.writing() as session:
            session.execute(delete(Draft).where(Draft.expert_id == expert.id, Draft.stage_id == stage.id))

    def let_in(self, context: BrowserContext) -> None:
        """A session of the person's own for this browser, as by a personal link, in a moment."""
        cookie = self.library.browser(self.leaf.person).client.get_cookie("consult")
        assert cookie is not None
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.server}])

    def end_sessions(self) -> None:
        expert = self.library.expert(self.leaf.person).id
        with self.library.database.writing() as session:
            session.execute(
                update(LoginSession).where(LoginSession.expert_id == expert).values(revoked_at=clock.utc_now())
            )

    @contextmanager
    def closed(self) -> Iterator[None]:
        """The day after the stage's end."""
        with clock.set_to(self.library.stage(self.leaf.stage).closes_at + timedelta(days=1)):
            yield


@dataclass
class Scene:
    """What all scripts of one test share: a browser, and the places that were wanted so far.

    `played`: how many scripts began at each stage, and how many values were typed in all.
    """

    browser: Browser
    folder: Path
    leaves: Sequence[Leaf]
    stack: ExitStack
    places: dict[Leaf, Place] = field(default_factory=dict)
    played: Counter[str] = field(default_factory=Counter)

    def place(self, number: int) -> Place:
        leaf = self.leaves[number % len(self.leaves)]
        if leaf not in self.places:
            folder = self.folder / leaf.stage
            folder.mkdir()
            library = self.stack.enter_context(open_library(folder, leaf.stage))
            server = self.stack.enter_context(serving(library))
            self.places[leaf] = Place(leaf, library, server, clock.utc_now())
        return self.places[leaf]


@contextmanager
def scene_of(browser: Browser, folder: Path, leaves: Sequence[Leaf] = LEAVES) -> Iterator[Scene]:
    with ExitStack() as stack:
        yield Scene(browser, folder, leaves, stack)
