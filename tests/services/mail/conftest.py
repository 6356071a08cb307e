"""Somebody who notes mails instead of sending them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from consult.config import Config
from consult.services.mail import delivering
from tests.services.conftest import MakeWorld, World
from tests.services.mail.sending import Recorder
from tests.services.mail.telling import make_invited


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    made = Recorder()

    @contextmanager
    def open_mailer(config: Config, stop: object = None) -> Iterator[Recorder]:
        yield made

    monkeypatch.setattr(delivering, "open_mailer", open_mailer)
    return made


@pytest.fixture
def invited(make_world: MakeWorld, config: Config) -> World:
    """Five experts with links; the first has declined, the second has left."""
    return make_invited(make_world, config)
