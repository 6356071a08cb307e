"""Whole ways through the consultation of 2020, its pages in both sizes and both colours.

One person goes from the invitation to the receipt of round 3; others, with and without scripts, in
two languages, begin the first questionnaire and round 2, and one does so with the keyboard alone.
Every page and every state on the way is held against the same rules: nothing inaccessible, nothing
said on the console, nothing from elsewhere. Sizes and colours change from page to page.
TEST_WALKS=1 sends everyone all the way and looks at each page in all of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select, update

from consult import clock
from consult.demo.people import panel as people
from consult.demo.walk import MAX_PAGES
from consult.models import Draft, LoginSession, Submission
from tests.browser.holding import OTHERS, SLUG, WALKERS, WAY, Held, experts, held_at
from tests.browser.readers import SIZES, reading, serving, words_box
from tests.browser.walking import Typist, Walker
from tests.sizes import size

PHONE, DESK = SIZES
SOME = 3
"""Pages of a stage that a partial walk answers in the browser; a questionnaire has fewer."""
LEAST = {"pre-event": 15, "round-2": 30}
"""Pages of a questionnaire and of a round, at least."""
CONFLICT = {"en": "Changed on two devices", "ru": "Изменено на двух устройствах"}
IS_WHOLE = size("WALKS") > 0
WAYS = (
    (PHONE, "dark", "ru", False),
    (DESK, "dark", "en", True),
    (PHONE, "light", "en", False),
    (DESK, "light", "ru", True),
)
"""Both languages, with and without scripts; sizes and colours change from page to page."""
FULL = WAYS if IS_WHOLE else WAYS[1:2]
PARTIAL = [way for way in WAYS if way not in FULL] or WAYS[2:]
BY_KEYS = ("pre-event", "post-event", "round-1", "round-2", "round-3") if IS_WHOLE else ("pre-event", "round-2")


@contextmanager
def _walker(
    browser: Browser,
    held: Held,
    size: tuple[int, int],
    scheme: str,
    language: str,
    has_scripts: bool,
    kind: type[Walker] = Walker,
) -> Iterator[Walker]:
    options = {
        "viewport": {"width": size[0], "height": size[1]},
        "color_scheme": scheme,
        "java_script_enabled": has_scripts,
        "has_touch": size == PHONE,
    }
    with serving(held) as address, reading(browser, address, **options) as reader:
        # The keys' pages are those of the others: where they lead is what counts there.
        yield kind(reader, people()[WALKERS[language] - 1], (size, scheme) if kind is Walker else None, IS_WHOLE)


def _stage(walker: Walker, held: Held, key: str, pages: int = MAX_PAGES) -> int:
    """Come in by a fresh link, answer, review, submit, read the receipt.

    With `pages` the rest is answered without the browser.
    """
    with held.during(key) as stage:
        walker.come_in(held.link(walker.person.number))
        count = walker.stage(f"/c/{SLUG}/stage/{key}/", stage.round_number, pages)
        if not walker.address.endswith("/review"):
            held.fill_in(key, walker.person.number)
            walker.goto(f"/c/{SLUG}/stage/{key}/review")
        walker.press()
        assert walker.address.endswith(f"/stage/{key}/receipt")
        expert = _number(held, walker)
        with held.database.reading() as session:
            found = session.scalars(select(Submission).filter_by(expert_id=expert, stage_id=stage.id)).all()
        assert found[-1].receipt in walker.text
    return count


def _number(held: Held, walker: Walker) -> int:
    with held.database.reading() as session:
        return experts(session)[walker.person.number].id


def _states(walker: Walker, held: Held, key: str, page: str, name: str) -> None:
    """An answer changed elsewhere meanwhile, a session that ended, a page sent after the close."""
    path = f"/c/{SLUG}/stage/{key}/{page}"
    with held.during(key) as stage:
        walker.goto(path)
        _change_elsewhere(held, walker, stage.id, name)
        words_box(walker.reader.page, f"item-{name}").fill("Typed here")
        walker.press()
        assert CONFLICT[walker.person.language] in walker.text
        assert "Typed here" in walker.text and "Written elsewhere" in walker.text
        walker.reader.page.locator("main input[value=yours]").first.check()
        walker.press()
        walker.goto(path)
        words_box(walker.reader.page, f"item-{name}").fill("Typed for too long")
        _expire(held, walker)
        walker.press()
        assert "Typed for too long" in walker.text and "item-" not in "".join(walker.form.controls)
        walker.come_in(held.link(walker.person.number))
        walker.goto(path)
        words_box(walker.reader.page, f"item-{name}").fill("Typed too late")
        with held.after(key):
            walker.press()
            assert "Typed too late" in walker.text and "M01.importance.reason" not in walker.form.controls
            assert walker.reader.page.locator(f"textarea[name='item-{name}']").count() == 0
            for rest in ("", "my-data", "help", "privacy", "accessibility"):
                walker.goto(f"/c/{SLUG}/{rest}")


def _change_elsewhere(held: Held, walker: Walker, stage: int, name: str) -> None:
    expert = _number(held, walker)
    with held.database.writing() as session:
        known = session.scalars(select(Draft).filter_by(expert_id=expert, stage_id=stage, name=name)).one_or_none()
        if known is None:
            consultation = session.get_one(type(experts(session)[1]), expert).consultation_id
            known = Draft(
                consultation_id=consultation, stage_id=stage, expert_id=expert, name=name, values=[], revision=0
            )
            session.add(known)
        known.values, known.revision = ["Written elsewhere"], known.revision + 1


def _expire(held: Held, walker: Walker) -> None:
    with held.database.writing() as session:
        session.execute(
            update(LoginSession)
            .where(LoginSession.expert_id == experts(session)[walker.person.number].id)
            .values(revoked_at=clock.utc_now())
        )


def _error(walker: Walker, held: Held) -> None:
    """A page sent with what is no answer: told beside the field and above, nothing lost."""
    with held.during("pre-event"):
        walker.goto(f"/c/{SLUG}/stage/pre-event/PRE-32")
        for box in walker.reader.page.locator("main input.short").all():
            box.fill("7")
        walker.press()
        assert walker.reader.page.locator("#errors").is_visible()
        assert walker.reader.page.locator("main input.short").first.input_value() == "7"


def _feedback(walker: Walker, held: Held, key: str) -> None:
    """The pages of a round show bars, the own former rating, and reasons the panel gave."""
    with held.during(key):
        bars = reasons = mine = 0
        for path in [path for path in walker.seen if f"/stage/{key}/M" in path]:
            walker.reader.goto(path)
            bars += walker.reader.page.locator(".col svg").count() > 0
            reasons += walker.reader.page.locator(".sides dd .pre").count()
            mine += walker.reader.page.locator(".mine").count() > 0
            if bars >= 8 and mine >= 8 and reasons:
                break  # the measures stand in an order of this expert's own
    assert bars >= 8 and mine >= 8 and reasons >= 1


@pytest.mark.parametrize(("size", "scheme", "language", "has_scripts"), FULL)
def test_from_the_invitation_to_the_last_receipt(
    tmp_path: Path, browser: Browser, size: tuple[int, int], scheme: str, language: str, has_scripts: bool
) -> None:
    with held_at(tmp_path, WAY[0]) as held, _walker(browser, held, size, scheme, language, has_scripts) as walker:
        pages = {}
        for key in WAY:
            if key != "event":
                pages[key] = _stage(walker, held, key)
            held.answer(key, OTHERS if key != "event" else ())
            if key == "pre-event":
                _error(walker, held)
            if key == "round-2":
                _feedback(walker, held, key)
            if key == "round-1":
                _states(walker, held, key, "M01", "M01.importance.reason")
            held.close(key)
    assert pages["pre-event"] >= 15 and pages["post-event"] >= 5
    assert pages["round-1"] >= 32 and pages["round-2"] >= 20


@pytest.mark.parametrize(("size", "scheme", "language", "has_scripts"), PARTIAL)
def test_the_first_questionnaire_and_the_second_round(
    tmp_path: Path, browser: Browser, size: tuple[int, int], scheme: str, language: str, has_scripts: bool
) -> None:
    for key in ("pre-event", "round-2"):
        folder = tmp_path / key
        folder.mkdir()
        with held_at(folder, key) as held, _walker(browser, held, size, scheme, language, has_scripts) as walker:
            assert _stage(walker, held, key, SOME) >= min(LEAST[key], SOME)
            if key == "pre-event":
                _error(walker, held)
            else:
                _states(walker, held, key, "M01", "M01.importance.reason")


@pytest.mark.parametrize("key", BY_KEYS)
def test_with_the_keyboard_alone(tmp_path: Path, browser: Browser, key: str) -> None:
    with held_at(tmp_path, key) as held, _walker(browser, held, DESK, "light", "en", True, Typist) as walker:
        assert _stage(walker, held, key) >= LEAST.get(key, 5)
