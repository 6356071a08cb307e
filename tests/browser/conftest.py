"""One Chromium per test process, the system's own, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

expect.set_options(timeout=30_000)  # a busy machine answers late, and all the same

NAMES = ("chromium", "chromium-browser", "google-chrome")

# Nothing that reaches out by itself: what goes over the wire in a test is what the page asked for.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def _executable() -> str:
    for name in NAMES:
        if found := shutil.which(name):
            return found
    pytest.fail(
        "Chromium is missing; `make test` as root installs it, else: sudo apt-get install chromium", pytrace=False
    )


def _arguments() -> list[str]:
    # Chromium's sandbox refuses to run as root.
    return [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless Chromium."""
    executable = _executable()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=_arguments())
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium; a test makes its own context from it (`browser.new_context()`)."""
    with launched() as chromium:
        yield chromium
