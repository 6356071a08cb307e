"""`consult measures`: the list between rounds, each change with a reason."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from consult.commands import context
from consult.commands.context import CommandContext
from consult.commands.wording import read_reason, read_texts, reason_option, texts_option
from consult.definition.checks.content import ACTORS
from consult.errors import NotPossible
from consult.fates import noted
from consult.models import MeasureFate, MeasureVersion
from consult.services.measures import fates, measures, revising
from consult.services.measures.measures import Wording
from consult.services.measures.revising import Content
from consult.services.rounds.statuses import statuses_of
from consult.words import catalogues
from consult.words.fates import fate_reason
from consult.words.readings import standing_sentence

title_option = texts_option("title", "The title.")
text_option = texts_option("text", "The text.")
theme_option = click.option("--theme", required=True, help="The key of its theme.")
actor_option = click.option(
    "--actor", "actors", multiple=True, metavar="KEY", help="Who would act; may be given again."
)
key_argument = click.argument("key")


@click.group()
def measures_command() -> None:
    """The list of measures between rounds. Every change has a reason and is printed later."""


def _why(fate: MeasureFate) -> str | None:
    """A person's reason, or what the program noted, with keys as they are typed."""
    found = noted(fate.code, fate.facts)
    english = catalogues.catalogue(catalogues.ENGLISH)
    return fate.reason if found is None else fate_reason(found, english, str, {})


@measures_command.command("list")
@context.slug_argument
def list_(slug: str) -> None:
    """List all measures, with the number of their wording and what became of them."""
    with context.reading(slug) as here:
        newest = measures.newest_fates(here.session, here.consultation.id)
        known = statuses_of(here.session, here.consultation)
        rows = []
        for wording in measures.newest_wordings(here.session, here.consultation.id):
            fate = newest.get(wording.measure.id)
            rows.append(
                (
                    wording.key,
                    wording.measure.theme,
                    wording.version.number,
                    fate.fate if fate is not None else "live",
                    known.measures[wording.key].code if known is not None else "-",
                    here.words(wording.title),
                    _why(fate) if fate is not None else "",
                )
            )
    if not rows:
        click.echo("there is no measure")
        return
    click.echo(context.table(("measure", "theme", "wording", "fate", "status", "title", "reason"), rows))
    if known is not None:
        click.echo(standing_sentence(known, catalogues.catalogue(catalogues.ENGLISH)))


@measures_command.command()
@context.slug_argument
@key_argument
def show(slug: str, key: str) -> None:
    """Print every wording of the measure KEY, and what became of it and why."""
    with context.reading(slug) as here:
        wording = measures.find_measure(here.session, here.consultation.id, key)
        parts = [_wording(here, version) for version in reversed(fates.versions(here.session, wording))]
        happened = [
            (
                here.time(item.fate.decided_at),
                item.stage,
                item.fate.fate + (f" into {item.into}" if item.into else ""),
                _why(item.fate),
            )
            for item in fates.fates(here.session, wording)
        ]
    if happened:
        parts.append(context.table(("decided", "after", "fate", "reason"), happened))
    click.echo("\n\n".join(parts))


def _wording(here: CommandContext, version: MeasureVersion) -> str:
    pairs = "" if version.is_pairable else ", not compared with ratings before"
    lines = [f"wording {version.number}, {here.time(version.made_at)}{pairs}"]
    for language, title in version.content["title"].items():
        lines.append(f"    {language}: {context.visible(title)}")
        lines.append(context.paragraph(version.content["text"].get(language, "")))
    return "\n".join(line for line in lines if line)


@measures_command.command()
@context.slug_argument
@theme_option
@title_option
@text_option
@actor_option
@reason_option
def add(
    slug: str, theme: str, title: Sequence[str], text: Sequence[str], actors: Sequence[str], reason: Sequence[str]
) -> None:
    """Add a measure for the next round."""
    with context.writing(slug) as here:
        require_theme(here, theme)
        words = {"title": read_texts(here, title, "title"), "text": read_texts(here, text, "text")}
        wording = revising.add_measure(
            here.session,
            here.consultation,
            new_content(here, words, actors),
            theme=theme,
            reason=read_reason(here, reason),
            actor=context.actor(),
        )
        told = f"{wording.key} goes into the next round"
    click.echo(told)


def new_content(here: CommandContext, words: Mapping[str, Mapping[str, str]], actors: Sequence[str]) -> Content:
    """A new measure as versions keep it. Raises MissingParameter, NotPossible."""
    for name, given in words.items():
        if not given:
            raise click.MissingParameter(param_hint=f"--{name}", param_type="option")
    known = [option.key for option in here.definition.lists.get(ACTORS, ())]
    for actor in actors:
        if actor not in known:
            raise NotPossible(f"there is no actor '{actor}'; there are: {', '.join(known)}")
    others = {"actors": list(actors), "barriers": [], "instrument": None, "late": False}
    return {**words, **others}


def require_theme(here: CommandContext, theme: str) -> None:
    """Raise NotPossible, naming the themes, unless this is one of them."""
    themes = here.definition.measures.themes if here.definition.measures else ()
    known = [item.key for item in themes]
    if theme not in known:
        raise NotPossible(f"there is no theme '{theme}'; there are: {', '.join(known)}")


@measures_command.command()
@context.slug_argument
@key_argument
@title_option
@text_option
@click.option(
    "--meaning",
    type=click.Choice(("same", "changed")),
    required=True,
    help="If changed, ratings of the old wording are not compared with those of the new one.",
)
@reason_option
def reword(slug: str, key: str, title: Sequence[str], text: Sequence[str], meaning: str, reason: Sequence[str]) -> None:
    """Give the measure KEY a new wording; languages not given keep theirs."""
    with context.writing(slug) as here:
        wording = measures.find_measure(here.session, here.consultation.id, key)
        content = _changed(here, wording, title, text)
        changed = revising.reword_measure(
            here.session,
            here.consultation,
            wording,
            content,
            is_substantive=meaning == "changed",
            reason=read_reason(here, reason),
            actor=context.actor(),
        )
        told = f"{key} has wording {changed.version.number}"
    click.echo(told)


def _changed(here: CommandContext, wording: Wording, title: Sequence[str], text: Sequence[str]) -> dict[str, Any]:
    """The parts of a wording that the options change."""
    given: dict[str, Mapping[str, str]] = {
        "title": read_texts(here, title, "title"),
        "text": read_texts(here, text, "text"),
    }
    return {name: {**wording.version.content[name], **words} for name, words in given.items() if words}


@measures_command.command()
@context.slug_argument
@key_argument
@click.argument("into")
@title_option
@text_option
@reason_option
def merge(slug: str, key: str, into: str, title: Sequence[str], text: Sequence[str], reason: Sequence[str]) -> None:
    """Merge the measure KEY into INTO, which gets a new wording and inherits no ratings."""
    with context.writing(slug) as here:
        target = measures.find_measure(here.session, here.consultation.id, into)
        revising.merge_measure(
            here.session,
            here.consultation,
            measures.find_measure(here.session, here.consultation.id, key),
            target,
            reason=read_reason(here, reason),
            actor=context.actor(),
            content=_changed(here, target, title, text),
        )
    click.echo(f"{key} is merged into {into}")


@measures_command.command()
@context.slug_argument
@key_argument
@reason_option
def drop(slug: str, key: str, reason: Sequence[str]) -> None:
    """Take the measure KEY out; never after a single rating."""
    with context.writing(slug) as here:
        revising.drop_measure(
            here.session,
            here.consultation,
            measures.find_measure(here.session, here.consultation.id, key),
            reason=read_reason(here, reason),
            actor=context.actor(),
        )
    click.echo(f"{key} is dropped")
