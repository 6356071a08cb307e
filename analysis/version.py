"""The version of the numbers: it stands in every frozen result."""

__version__ = "1.2.0"
