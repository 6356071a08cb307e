"""For all tests: how long an example takes is no verdict on a busy machine."""

from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.load_profile("here")
