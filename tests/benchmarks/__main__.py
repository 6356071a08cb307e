"""`python -m tests.benchmarks [--size small] [--part web]`: one line per promise, and the same as JSON.

The JSON goes to the file named by BENCH_OUT (default build/bench.json): a list of objects with
the keys name, ratio, target, holds, detail. Ends with 1 if a promise does not hold.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks import counting
from tests.benchmarks.measuring import Row
from tests.benchmarks.web import rows as web

PARTS: dict[str, Callable[[bool], Iterator[Row]]] = {"counting": counting.rows, "web": web.rows}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default=os.environ.get("SIZE", "full"))
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part; may come several times")
    asked = parser.parse_args()
    size = asked.size
    out = Path(os.environ.get("BENCH_OUT", "build/bench.json"))
    out.parent.mkdir(parents=True, exist_ok=True)
    found = []
    for part in asked.part or PARTS:
        for row in PARTS[part](size == "small"):
            found.append(row)
            print(_line(row), flush=True)
            # Written each time, so that an interrupted run leaves what it knows.
            out.write_text(json.dumps([one.as_dict() for one in found], indent=1, default=_plain) + "\n")
    return 0 if all(row.holds for row in found) else 1


def _plain(value: Any) -> Any:
    """A number of numpy's as one of Python's."""
    return value.item()


def _line(row: Row) -> str:
    ratio = "–" if row.ratio is None else f"{row.ratio:.3g}"
    word = "holds" if row.holds else "FAILS"
    detail = ", ".join(
        f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}"
        for group in row.detail.values()
        for name, value in (group.items() if isinstance(group, dict) else ())
    )
    return f"{word}  {ratio:>8}  {row.target:<9} {row.name}" + (f"  [{detail}]" if detail else "")


if __name__ == "__main__":
    sys.exit(main())
