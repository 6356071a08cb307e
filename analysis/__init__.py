"""Statistics of a Delphi consultation as pure functions of additive count tables.

For other programs: ``read_ratings``, ``results``, ``statistic`` and ``catalogue`` take and give pandas
frames (``analysis.frames``), ``figure`` gives a plotly figure (``analysis.plots``). They are loaded
when first asked for: what needs only a protocol does not load pandas.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from analysis.version import __version__

if TYPE_CHECKING:
    from analysis.frames import CodedRatings, RatingsRefused, catalogue, read_ratings, results, statistic
    from analysis.plots import figure

__all__ = [
    "CodedRatings",
    "RatingsRefused",
    "__version__",
    "catalogue",
    "figure",
    "read_ratings",
    "results",
    "statistic",
]


def __getattr__(name: str) -> object:
    """A name of ``__all__``, from the module that holds it. Raises AttributeError."""
    if name not in __all__:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}")
    return getattr(import_module("analysis.plots" if name == "figure" else "analysis.frames"), name)
