"""For all tests: how long an example takes is no verdict on a busy machine."""

from hypothesis import Phase, settings

settings.register_profile("here", deadline=None)
# Of a mutant it is enough to know that it fails, and the next run must find the same.
settings.register_profile(
    "mutants", deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("here")
