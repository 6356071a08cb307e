"""consult: consultations of expert panels, from invitation to briefing."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from consult.config import Config

__version__ = "0.1.0"


def create_app(config: "Config | None" = None) -> "Flask":
    """The web application. Wires, nothing else."""
    from consult.web.application import make_app

    return make_app(config)
