"""The mails experts get: plain text in their language, one function for each purpose."""

from dataclasses import dataclass
from datetime import datetime

from babel.support import NullTranslations

from consult.definition.consultation import Definition
from consult.definition.text import in_language
from consult.models import Consultation, Expert
from consult.services.panel.zones import other_zone
from consult.words.catalogues import catalogue, spoken
from consult.words.dates import written_in


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says."""

    subject: str
    body: str


def foreign_lines(definition: Definition, language: str) -> dict[str, str]:
    """Lines that the folder brings into a mail in another language than its sentences have."""
    frame = spoken(language)
    texts = (definition.title, definition.purpose, definition.organiser)
    found = [in_language(text, language, definition.languages) for text in texts]
    return {line: shown.lang for shown in found if shown.lang != frame for line in shown.text.split("\n")}


def deadline(consultation: Consultation, definition: Definition, expert: Expert, moment: datetime) -> str:
    """A moment in the consultation's zone, and on the expert's own clock if that differs."""
    language = spoken(expert.language)
    home = written_in(moment, consultation.zone, language)
    own = other_zone(moment, consultation, definition, expert)
    if own is None:
        return home
    # Translators: both are a date, a time, a city and an offset; none of them can be inflected.
    return catalogue(expert.language).gettext("%(deadline)s; on your clock: %(own)s") % {
        "deadline": home,
        "own": written_in(moment, own, language),
    }


def invitation(definition: Definition, language: str, name: str, link: str, deadline: str) -> Mail:
    """The first mail to an expert. `deadline` is written out in both zones, or empty."""
    t = catalogue(language)
    title = title_in(definition, language)
    organiser = in_language(definition.organiser, language, definition.languages).text
    purpose = in_language(definition.purpose, language, definition.languages).text
    return Mail(
        t.gettext("Invitation: %(title)s") % {"title": title},
        letter(
            definition,
            language,
            name,
            # Translators: consultation: one inquiry from invitation to briefing; not a survey, study or project.
            t.gettext("%(organiser)s invites you to take part in a consultation of experts.")
            % {"organiser": organiser},
            f"{_full_title(definition, language)}\n\n{purpose}",
            t.gettext("This is your personal link. Please do not pass it on:") + f"\n{link}",
            _until(t, deadline),
            t.gettext("Taking part is voluntary. What is stored and who can see it is explained on the first page."),
        ),
    )


def reminder(
    definition: Definition,
    language: str,
    name: str,
    stage_title: str,
    link: str,
    deadline: str,
    *,
    has_started: bool,
    counts_saved: bool = False,
) -> Mail:
    """To an expert who has not submitted: has begun, or has not. `counts_saved`: what is saved may count."""
    t = catalogue(language)
    if has_started and counts_saved:
        # Translators: the first sentence after “Dear …,”: a capital where the language wants one there.
        words = t.gettext(
            "you have begun \u201c%(stage)s\u201d but not submitted it yet. Pages you went on from count when it "
            "closes, once half of the ratings are there. If you do not want that, press \u201cDo not count "
            "these\u201d on any page of it."
        )
    elif has_started:
        # Translators: the first sentence after “Dear …,”: a capital where the language wants one there.
        words = t.gettext(
            "you have begun \u201c%(stage)s\u201d but not submitted it yet. What you "
            "typed is stored; only what is submitted counts."
        )
    else:
        # Translators: the first sentence after “Dear …,”: a capital where the language wants one there.
        words = t.gettext("we have no answers from you to \u201c%(stage)s\u201d yet. We would like to hear your view.")
    return Mail(
        t.gettext("Reminder: %(title)s") % {"title": title_in(definition, language)},
        letter(
            definition,
            language,
            name,
            words % {"stage": stage_title},
            _way_in(t, link),
            _until(t, deadline),
            t.gettext(
                "If you want no more reminders, press \u201cUnsubscribe\u201d in your mail "
                "program or write to the e-mail address below. You stay in the panel."
            ),
        ),
    )


def next_round(definition: Definition, language: str, name: str, stage_title: str, link: str, deadline: str) -> Mail:
    """The next stage is open."""
    t = catalogue(language)
    return Mail(
        t.gettext("%(stage)s is open: %(title)s") % {"stage": stage_title, "title": title_in(definition, language)},
        letter(
            definition,
            language,
            name,
            t.gettext("\u201c%(stage)s\u201d is open now. Please take part also if you missed an earlier stage.")
            % {"stage": stage_title},
            _way_in(t, link),
            _until(t, deadline),
        ),
    )


def moved(definition: Definition, language: str, name: str, stage_title: str, link: str, deadline: str) -> Mail:
    """A stage closes at another time than was announced."""
    t = catalogue(language)
    return Mail(
        t.gettext("New deadline for %(stage)s: %(title)s")
        % {"stage": stage_title, "title": title_in(definition, language)},
        letter(
            definition,
            language,
            name,
            t.gettext("the deadline of \u201c%(stage)s\u201d has changed. What you typed is kept.")
            % {"stage": stage_title},
            _way_in(t, link),
            _until(t, deadline),
        ),
    )


def new_link(
    definition: Definition,
    language: str,
    name: str,
    link: str,
    stage_title: str = "",
    deadline: str = "",
    until: str = "",
) -> Mail:
    """A new personal link, to be used until a moment. Names the stage that is open, if any is."""
    t = catalogue(language)
    return Mail(
        t.gettext("Your new link: %(title)s") % {"title": title_in(definition, language)},
        letter(
            definition,
            language,
            name,
            t.gettext(
                "here is your new personal link. Your earlier links keep working until you "
                "agree or save something through this one; what you typed and submitted is "
                "kept."
            )
            + f"\n{link}",
            t.gettext("Please use it by %(deadline)s.") % {"deadline": until} if until else "",
            t.gettext("If you did not ask for it, you need not do anything: nothing has changed."),
            t.gettext("\u201c%(stage)s\u201d is open until %(deadline)s.")
            % {"stage": stage_title, "deadline": deadline}
            if deadline
            else "",
        ),
    )


def receipt(
    definition: Definition, language: str, name: str, stage_title: str, number: str, link: str, deadline: str
) -> Mail:
    """Answers were submitted. Holds the receipt's number and no answer."""
    t = catalogue(language)
    change = (
        t.gettext("You can change your answers and submit again until %(deadline)s.") % {"deadline": deadline}
        if deadline
        else ""
    )
    return Mail(
        t.gettext("Received: %(title)s") % {"title": title_in(definition, language)},
        letter(
            definition,
            language,
            name,
            # Translators: the first sentence after “Dear …,”: a capital where the language wants one there.
            t.gettext("thank you, your answers to \u201c%(stage)s\u201d have arrived.") % {"stage": stage_title},
            # Translators: receipt: the acknowledgement that answers arrived; nobody paid anything.
            t.gettext("Receipt: %(number)s") % {"number": number},
            _way_in(t, link),
            change,
        ),
    )


def title_in(definition: Definition, language: str) -> str:
    """The consultation's short title, for a subject."""
    return in_language(definition.short_title, language, definition.languages).text


def _full_title(definition: Definition, language: str) -> str:
    return in_language(definition.title, language, definition.languages).text


def _way_in(t: NullTranslations, link: str) -> str:
    """The link on a line of its own: only so is it made a link in the HTML."""
    return t.gettext("Your personal link:") + f"\n{link}"


def _until(t: NullTranslations, deadline: str) -> str:
    return t.gettext("Please answer by %(deadline)s.") % {"deadline": deadline} if deadline else ""


def letter(definition: Definition, language: str, name: str, *paragraphs: str) -> str:
    """Greeting, the paragraphs that are not empty, and whom to ask."""
    t = catalogue(language)
    contact = definition.contact
    closing = t.gettext("Questions: %(name)s, %(email)s") % {
        "name": in_language(contact.name, language, definition.languages).text,
        "email": contact.email,
    }
    organiser = in_language(definition.organiser, language, definition.languages).text
    # Translators: a name that cannot be inflected; leave out the comma where a mail has none.
    parts = [t.gettext("Dear %(name)s,") % {"name": name}, *paragraphs, f"{closing}\n{organiser}"]
    return "\n\n".join(part for part in parts if part) + "\n"
