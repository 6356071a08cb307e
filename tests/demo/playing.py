"""The command as somebody runs it: begun in a folder of its own, and waited for."""

import os
import subprocess
import sys
import time
from pathlib import Path

CONSULT = str(Path(sys.executable).parent / "consult")


def started(folder: Path, *words: str, **settings: str) -> subprocess.Popen[str]:
    """The command, begun in a folder of its own, with no other settings from outside."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CONSULT_")}
    return subprocess.Popen(
        [CONSULT, *words], cwd=folder, env=environ | settings, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def ended(process: subprocess.Popen[str]) -> str:
    out, errors = process.communicate(timeout=900)
    assert process.returncode == 0, errors[-2000:]
    return out


def consult(folder: Path, *words: str, **settings: str) -> str:
    """Run the command to its end."""
    return ended(started(folder, *words, **settings))


def waited_for(path: Path) -> None:
    for _ in range(600):
        if path.exists():
            return
        time.sleep(0.1)
    raise AssertionError(f"{path} did not come into being")
