"""What the synthetic panel thinks of the measures. Invented, seeded, marked as a demonstration.

The shapes that a real panel shows are all there: clear agreement, important but hard, split
between the two groups, low priority, converging, moving to and fro, and not the panel's field.
"""

import random
from dataclasses import dataclass

from analysis.protocol.protocol import NO_OPINIONS
from consult.definition.asked import NO
from consult.demo.people import Person

SEED = "northern-dimension"


@dataclass(frozen=True, slots=True)
class Shape:
    """Where ratings lie: mean and spread, by group if they differ, and how they move."""

    importance: float
    feasibility: float
    spread: float = 1.0
    policy_shift: float = 0.0
    converging: bool = False
    swing: float = 0.0
    unknown: float = 0.03


SHAPES: dict[str, Shape] = {
    "M01": Shape(7.7, 7.4, 0.9),
    "M02": Shape(7.6, 6.0, 1.0),
    "M03": Shape(7.8, 6.2, 2.0, converging=True),
    "M04": Shape(8.0, 3.4, 0.9),
    "M05": Shape(7.6, 3.2, 1.0, unknown=0.22),
    "M06": Shape(8.3, 7.5, 0.7),
    "M07": Shape(7.4, 7.7, 1.1),
    "M08": Shape(8.4, 8.2, 0.6),
    "M09": Shape(7.1, 6.4, 1.4),
    "M10": Shape(7.5, 7.3, 1.0),
    "M11": Shape(6.9, 5.6, 1.4),
    "M12": Shape(7.6, 6.9, 1.0),
    "M13": Shape(5.6, 5.0, 1.3),
    "M14": Shape(6.6, 4.2, 1.6),
    "M15": Shape(7.0, 6.2, 1.3),
    "M16": Shape(7.6, 5.2, 0.6, policy_shift=-5.4, unknown=0.0),
    "M17": Shape(6.4, 6.3, 1.3),
    "M18": Shape(5.6, 6.6, 1.2, swing=2.2),
    "M19": Shape(5.8, 5.9, 1.4),
    "M20": Shape(7.5, 6.7, 1.1),
    "M21": Shape(6.5, 6.8, 1.2),
    "M22": Shape(7.3, 5.7, 1.2),
    "M23": Shape(6.7, 6.3, 1.3),
    "M24": Shape(2.6, 4.8, 0.6, policy_shift=5.8, unknown=0.0),
    "M25": Shape(6.0, 6.9, 1.3),
    "M26": Shape(6.9, 6.2, 1.2, unknown=0.55),
    "M27": Shape(7.6, 7.0, 1.0),
    "M28": Shape(7.2, 6.0, 1.2),
    "M29": Shape(2.0, 3.4, 0.9),
    "M30": Shape(7.9, 5.2, 1.0),
    "M31": Shape(6.2, 5.5, 1.4),
    "M32": Shape(6.8, 5.9, 1.2),
}
OTHER = Shape(7.3, 6.4, 1.2)
"""For a measure that came in on the way."""


def chance(person: Person, *words: str | int) -> random.Random:
    """A random source of this person and matter: the same in every run."""
    return random.Random("|".join(map(str, (SEED, person.number, *words))))


def _centre(shape: Shape, criterion: str, person: Person, round_number: int) -> float:
    if criterion == "feasibility":
        return shape.feasibility
    centre = shape.importance
    if shape.policy_shift:
        centre += shape.policy_shift if person.group == "policy" else -0.1 * shape.policy_shift
    direction = 1 if person.number % 2 else -1
    return centre + direction * shape.swing * (-1) ** round_number


def rating(measure: str, criterion: str, person: Person, round_number: int, former: int | None) -> str:
    """A rating from 1 to 9 or a kind of no-answer, as the form's value.

    Most keep their former rating; some move a point towards the middle of the panel.
    """
    shape = SHAPES.get(measure, OTHER)
    source = chance(person, measure, criterion, "first")
    if source.random() < shape.unknown:
        kinds = [NO + kind for kind in NO_OPINIONS]
        return source.choices(kinds, weights=(4, 4, 2, 1))[0]
    centre = _centre(shape, criterion, person, round_number)
    spread = shape.spread * (0.35 if shape.converging and round_number > 1 else 1.0)
    again = chance(person, measure, criterion, round_number)
    if former is None or (shape.swing and criterion == "importance"):
        return str(_point(again.gauss(centre, spread)))
    if shape.converging:
        return str(_point(again.gauss(centre, spread)))
    if again.random() < 0.72:
        return str(former)
    step = 1 if centre > former else -1
    return str(_point(former + step))


def _point(value: float) -> int:
    return max(1, min(9, round(value)))


REASONS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "M03": (
        ("high", "en", "Pilots die after twelve months because nobody pays for the second step."),
        ("low", "en", "A reserved share ties the hands of small programmes."),
    ),
    "M04": (
        ("high", "en", "Only money from health and education makes cooperation last."),
        ("high", "ru", "Без бюджетов других ведомств проекты остаются разовыми."),
        ("low", "en", "Other ministries will defend their budgets; four years are not enough."),
    ),
    "M06": (
        ("high", "en", "Every good project I know began with one person who spoke both languages."),
        ("high", "ru", "Посредник экономит месяцы поиска партнёра."),
    ),
    "M08": (
        ("high", "en", "We are asked for examples every week and have none at hand."),
        ("high", "en", "Failed cases teach most; nobody publishes them."),
    ),
    "M16": (
        ("high", "en", "Design and services are refused today because they are not technology."),
        ("high", "en", "The rules decide what is called innovation; change the rules first."),
        ("low", "en", "A wider definition lets everything in and dilutes scarce money."),
        ("low", "ru", "Широкое определение невозможно проверить при аудите."),
    ),
    "M18": (
        ("high", "en", "We worked online all spring and it went better than expected."),
        ("low", "en", "There are enough platforms; another one stays empty."),
    ),
    "M24": (
        ("high", "en", "We should not extend what nobody has tested."),
        ("high", "ru", "Сравнение с контрольной группой убедит министерство финансов."),
        ("low", "en", "With thirty projects a comparison group proves nothing and costs a year."),
        ("low", "en", "Artists are not guinea pigs; learning by doing is quicker."),
    ),
    "M29": (
        ("low", "en", "Clusters exist already and are run by those who know the industry."),
        ("low", "en", "This serves regions that need it least."),
    ),
    "M30": (
        ("high", "en", "The recovery money is decided this year or never."),
        ("low", "en", "Plans are written already; a share for culture will be symbolic."),
    ),
}
"""Reasons by measure: side, language, words."""

TRANSLATED = {
    "Без бюджетов других ведомств проекты остаются разовыми.": "Without the budgets of other ministries projects remain one-off.",
    "Посредник экономит месяцы поиска партнёра.": "A broker saves months of looking for a partner.",
    "Широкое определение невозможно проверить при аудите.": "A wide definition cannot be checked in an audit.",
    "Сравнение с контрольной группой убедит министерство финансов.": "A comparison group will convince the ministry of finance.",
    "Пилотные проекты умирают через год: второй шаг никто не оплачивает.": "Pilots die after twelve months because nobody pays for the second step.",
    "Закреплённая доля связывает руки небольшим программам.": "A reserved share ties the hands of small programmes.",
    "Только деньги здравоохранения и образования делают сотрудничество прочным.": "Only money from health and education makes cooperation last.",
    "Другие ведомства будут защищать свои бюджеты; четырёх лет не хватит.": "Other ministries will defend their budgets; four years are not enough.",
    "Каждый хороший проект, который я знаю, начинался с человека, говорившего на обоих языках.": "Every good project I know began with one person who spoke both languages.",
    "Примеры у нас просят каждую неделю, а под рукой их нет.": "We are asked for examples every week and have none at hand.",
    "Больше всего учат неудачи, но их никто не публикует.": "Failed cases teach most; nobody publishes them.",
    "Дизайну и услугам сегодня отказывают, потому что это не технологии.": "Design and services are refused today because they are not technology.",
    "Что называть инновацией, решают правила; сначала измените правила.": "The rules decide what is called innovation; change the rules first.",
    "Широкое определение впускает всё подряд и распыляет скудные средства.": "A wider definition lets everything in and dilutes scarce money.",
    "Всю весну мы работали онлайн, и вышло лучше, чем ожидалось.": "We worked online all spring and it went better than expected.",
    "Платформ хватает; ещё одна останется пустой.": "There are enough platforms; another one stays empty.",
    "Не стоит расширять то, что никто не проверил.": "We should not extend what nobody has tested.",
    "При тридцати проектах группа сравнения ничего не докажет и отнимет год.": "With thirty projects a comparison group proves nothing and costs a year.",
    "Художники не подопытные; на практике учишься быстрее.": "Artists are not guinea pigs; learning by doing is quicker.",
    "Кластеры уже есть, и ими управляют те, кто знает отрасль.": "Clusters exist already and are run by those who know the industry.",
    "Это помогает регионам, которым нужно меньше всего.": "This serves regions that need it least.",
    "Деньги на восстановление распределят в этом году или никогда.": "The recovery money is decided this year or never.",
    "Планы уже написаны; доля культуры будет символической.": "Plans are written already; a share for culture will be symbolic.",
}
"""Russian and English of every reason: the facilitator writes the one that was not given."""

NAMES_SOMEONE = "My colleague at the ministry told me that this was promised to one institute."
"""A comment that the facilitator withholds."""


def reason(person: Person, measure: str, importance: str) -> str:
    """The comment this person writes with a rating, or an empty string."""
    if measure == "M14" and person.number == 6:
        return NAMES_SOMEONE
    if not importance.isdigit():
        return ""
    side = "high" if int(importance) >= 7 else "low" if int(importance) <= 3 else ""
    language = person.language
    words = [text for kind, spoken, text in REASONS.get(measure, ()) if kind == side and spoken == language]
    source = chance(person, measure, "reason")
    if not words or source.random() > 0.45:
        return ""
    return source.choice(words)


def played(person: Person, measure: str, *, has_changed: bool) -> list[str]:
    """What this person names as having played a part; often nothing, for it is optional."""
    source = chance(person, measure, "why", int(has_changed))
    if source.random() > (0.7 if has_changed else 0.5):
        return []
    codes = ["reason_read", "panel_ratings", "event_or_colleague", "new_information", "rather_not_say"]
    weights = (5, 4, 2, 1, 1)
    return sorted(set(source.choices([*codes], weights, k=source.choice((1, 1, 2)))))
