"""The clock of the stages and the post: what they do, each in a process of its own."""

import logging
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import parent_process

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.config import Config
from consult.database import Database
from consult.errors import ConsultError
from consult.models import Consultation
from consult.services.answering import held_forms
from consult.services.definitions import consultation_by_slug, definition_of
from consult.services.mail import delivering, outbox
from consult.services.mail.stopping import Interrupted, Stop
from consult.services.rounds import stages
from consult.services.rounds.stages import StageState
from consult.services.running import beats, schedule
from consult.words.refusals import in_english

EVERY = 20.0
"""Seconds between two looks at the clock, and between two at the outbox."""

log = logging.getLogger("consult")


@dataclass(slots=True)
class Ticked:
    """What the clock did, and what it could not do, one line each."""

    done: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def _forget_held_forms(database: Database) -> None:
    """Those too old; nothing is written while there are none."""
    with database.reading() as session:
        is_stale = held_forms.has_expired(session)
    if is_stale:
        with database.writing() as session:
            held_forms.forget_expired(session)


def tick_all(database: Database, config: Config) -> Ticked:
    """Let every consultation do what its schedule asks for, each in a transaction of its own;
    forget held forms that are too old.

    A consultation that refuses does not keep the others from going on.
    """
    ticked = Ticked()
    with database.reading() as session:
        found = session.scalars(select(Consultation).order_by(Consultation.slug))
        slugs = [item.slug for item in found.all() if _is_due(session, item)]
    _forget_held_forms(database)
    for slug in slugs:
        try:
            with database.writing() as session:
                consultation = consultation_by_slug(session, slug)
                definition = definition_of(session, consultation.id)
                done = schedule.tick_and_tell(session, consultation, definition, config)
        except ConsultError as refusal:
            ticked.refused.append(f"{slug}: {in_english(refusal)}")
        else:
            ticked.done += [f"{slug}: {line}" for line in done]
    with database.writing() as session:
        beats.beat(session, beats.CLOCK)
    return ticked


def _is_due(session: Session, consultation: Consultation) -> bool:
    """Whether there is anything to do: a look that finds nothing keeps nobody from writing."""
    grace = definition_of(session, consultation.id).grace
    return any(
        stages.state(stage, grace) in (StageState.DUE, StageState.ENDED)
        for stage in stages.stages_of(session, consultation.id)
    )


class Worker:
    """Looks, and looks again, until told to stop. What goes wrong is logged once, then retried."""

    def __init__(self, look: Callable[[], list[str]]) -> None:
        self._look = look
        self._known: set[str] = set()

    def look(self) -> None:
        """Look once."""
        try:
            troubles = set(self._look())
        except Exception as error:
            troubles = {_place(error)}
        for trouble in sorted(troubles - self._known):
            log.warning("%s", trouble)
        self._known = troubles


def _place(error: Exception) -> str:
    """Kind and place of an error, never its text: that may hold a name or an answer."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {os.path.basename(frame.filename)}:{frame.lineno}"


class Post:
    """Delivers, and sees to it that no sent link stays in the log of a SQLite file."""

    def __init__(self, database: Database, config: Config, stop: Stop) -> None:
        self.database = database
        self.config = config
        self.stop = stop
        self._has_traces = False

    def look(self) -> list[str]:
        """Look at the outbox once; there is nothing to tell."""
        counts = delivering.deliver(self.database, self.config, self.stop)
        self._has_traces |= outbox.SENT in counts
        if self._has_traces:  # others may have been reading just after the delivery
            self._has_traces = not self.database.fold_log()
        return []


def keep_time(config: Config, every: float) -> None:
    """The process of the clock. A signal ends it at once: an unfinished act never happened."""
    ignore_the_terminal()
    database = Database(config.database_url)
    worker = Worker(lambda: tick_all(database, config).refused)
    while True:
        worker.look()
        if _is_left_alone(every):
            return


def carry_post(config: Config, every: float) -> None:
    """The process of the post. Told to end, it first notes what became of the mail in hand."""
    stop = Stop()
    signal.signal(signal.SIGTERM, stop.ask)
    ignore_the_terminal()
    database = Database(config.database_url)
    worker = Worker(Post(database, config, stop).look)
    with suppress(Interrupted):
        while not stop.is_asked:
            worker.look()
            with stop.breaking_off():
                if _is_left_alone(every):
                    break
    database.dispose()
    sys.stdout.flush()
    os._exit(0)  # everything is settled: unloading the libraries takes longer than all of this


def ignore_the_terminal() -> None:
    """Ctrl+C reaches every process of a terminal; it is the server that ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _is_left_alone(seconds: float) -> bool:
    """Wait; True when the server that started this process is gone meanwhile."""
    server = parent_process()
    if server is None:
        return True
    server.join(seconds)
    return not server.is_alive()
