"""Where the files that travel with the program are."""

from pathlib import Path


def data_folder(name: str) -> Path:
    """`migrations` or `questionnaires`: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "_data" / name
    return installed if installed.is_dir() else package.parent / name
