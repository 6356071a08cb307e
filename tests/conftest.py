"""For all tests: how long an example takes is no verdict on a busy machine; who runs which test."""

import pytest
from hypothesis import Phase, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

settings.register_profile("here", deadline=None)
# Of a mutant it is enough to know that it fails, and the next run must find the same.
settings.register_profile(
    "mutants", deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("here")


TOGETHER = "tests/demo/"
"""Where all tests look at one thing that takes long to make: the demonstration, played once."""


class Scheduling(LoadScopeScheduling):
    """Each test by itself to whichever process is free, but those of `TOGETHER` all to one.

    The marks of pytest-xdist 3.8 for it have no effect from pytest 9.2 on: they write to a name
    that pytest reads no more.
    """

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER if nodeid.startswith(TOGETHER) else nodeid


@pytest.hookimpl(optionalhook=True)  # the tests of mutants run without xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    return Scheduling(config, log)
