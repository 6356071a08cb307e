"""Statistics of a Delphi consultation as pure functions of additive count tables."""

__version__ = "1.2.0"
