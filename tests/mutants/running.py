"""Runs tests on a mutated copy of the project: the tree itself is never touched."""

import importlib
import importlib.util
import multiprocessing
import os
import shutil
import sys
import time
from collections.abc import Sequence
from enum import IntEnum
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from tests.sources import CODE, ROOT

COPIED = (*CODE, "questionnaires", "tests", "pyproject.toml")
LOADED = ("hypothesis", "numpy", "pandas", "pydantic", "pytest", "ruamel.yaml", "scipy.stats", "sqlalchemy.orm")
"""Loaded once and not for every mutant."""
OPTIONS = (
    *("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile=mutants"),
    # Hypothesis is loaded before pytest could rewrite its asserts.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
CHOSEN = ("-k", "not postgresql and not costs")
"""On one database, and without tests of time and memory: those depend on what else runs."""
SAID = "said.txt"
"""In the copy: what pytest said last."""


class Ended(IntEnum):
    """How the tests of a mutant ended."""

    SURVIVED = 0
    KILLED = 1
    STILLBORN = 90  # cannot be imported: no test is needed to see that
    TOO_LONG = 91
    UNTESTED = 92  # no test ran


class Copy:
    """A copy of the project in a folder that is thrown away, mutated one module at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._processes: ForkServerContext = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(list(LOADED))
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(ROOT / name, folder / name)

    def said(self) -> str:
        """What pytest said last."""
        return (self.folder / SAID).read_text(encoding="utf-8", errors="replace")

    def run(self, module: Path, text: str, tests: Sequence[Path], timeout: float | None) -> tuple[Ended, float]:
        """How the tests end with one module written otherwise, and after how many seconds.

        Without ``timeout`` they may take as long as they need, and leave compiled what later runs read.
        """
        path = self.folder / module
        original = path.read_text(encoding="utf-8")
        Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
        path.write_text(text, encoding="utf-8")
        try:
            return self._run(tests, timeout, ".".join(module.with_suffix("").parts))
        finally:
            path.write_text(original, encoding="utf-8")

    def _run(self, tests: Sequence[Path], timeout: float | None, module: str) -> tuple[Ended, float]:
        names = [str(path) for path in tests if (self.folder / path).exists()]
        process = self._processes.Process(target=_in_child, args=(str(self.folder), names, module, timeout is None))
        begun = time.monotonic()
        process.start()
        process.join(timeout)
        took = time.monotonic() - begun
        if process.is_alive():
            process.kill()
            process.join()
            return Ended.TOO_LONG, took
        code = process.exitcode
        return Ended(code) if code in tuple(Ended) else Ended.KILLED, took


def _in_child(folder: str, tests: list[str], module: str, keeps_bytecode: bool) -> None:
    """Ends the process with how pytest ended, everything of the project read from the copy."""
    sys.dont_write_bytecode = not keeps_bytecode
    os.chdir(folder)
    said = os.open(SAID, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    sys.path[:] = [folder, *(path for path in sys.path if Path(path).resolve() != ROOT)]
    for name in [name for name in sys.modules if name.partition(".")[0] in (*CODE, "tests")]:
        del sys.modules[name]
    try:
        importlib.import_module(module)
    except Exception:
        os._exit(Ended.STILLBORN)
    ended = pytest.main([*OPTIONS, *CHOSEN, *tests])
    os._exit(Ended.UNTESTED if ended is pytest.ExitCode.NO_TESTS_COLLECTED else ended)
