"""The demonstration: the NDPC consultation run with a synthetic panel, through its own pages."""

from consult.demo.run import run

__all__ = ["run"]
