"""Names as charts may show them."""

import html
from collections.abc import Iterable

from analysis.model.stage import Stage


def file_labels(stages: Iterable[Stage]) -> dict[str, str]:
    """Charts read markup in names, and a file's names are anybody's: by name, without markup."""
    keys: set[str] = set()
    for stage in stages:
        keys |= {stage.stage, *stage.measures}
        keys |= {name for measure in stage.measures.values() for name in measure.criteria}
    return {key: html.escape(key, quote=False) for key in keys}
