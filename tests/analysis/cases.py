"""Golden cases: where they are, what they hold, and when a figure counts as reproduced."""

import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.statistics import agreement, association, concordance
from analysis.statistics.agreement import Units
from analysis.statistics.association import Joint
from analysis.tables.histograms import Codes

GOLDEN = Path(os.environ.get("CONSULT_GOLDEN", Path(__file__).parent / "golden"))
NOT_CASES = {"traps.json"}


@dataclass(frozen=True)
class Case:
    """One case of a file, with its inputs in the shapes the statistics take."""

    file: str
    content: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.content["name"])

    @property
    def inputs(self) -> dict[str, Any]:
        found: dict[str, Any] = self.content["inputs"]
        return found

    def tolerance(self, statistic: str) -> float:
        own = self.content.get("tolerance_by", {})
        return float(own.get(statistic, self.content["tolerance"]))

    @cached_property
    def lo(self) -> int:
        scale = self.inputs.get("scale")
        return int(scale[0]) if scale else 1

    @cached_property
    def hi(self) -> int:
        scale = self.inputs.get("scale")
        if scale:
            return int(scale[1])
        if "counts" in self.inputs:
            return self.lo + len(self.inputs["counts"]) - 1
        return int(np.nanmax(np.hstack([part.ravel() for part in self._given()])))

    def _given(self) -> list[npt.NDArray[np.float64]]:
        """Every rating of the case, where it declares no scale."""
        groups = self.inputs.get("groups", {})
        named = [self.inputs[key] for key in ("matrix", "ratings", "r1", "r2") if key in self.inputs]
        return [np.asarray(part, dtype=np.float64) for part in (*named, *groups.values())]

    def counts_of(self, ratings: list[float]) -> npt.NDArray[np.int64]:
        held = np.asarray([rating for rating in ratings if rating is not None], dtype=np.float64)
        held = held[~np.isnan(held)].astype(np.int64)
        return np.bincount(held - self.lo, minlength=self.hi - self.lo + 1)

    @cached_property
    def counts(self) -> Any:
        if "counts" in self.inputs:
            return np.asarray(self.inputs["counts"], dtype=np.int64)
        if "weights" in self.inputs:
            return np.asarray(self.inputs["weights"], dtype=np.float64)
        return self.counts_of(self.inputs["ratings"])

    @cached_property
    def matrix(self) -> npt.NDArray[np.float64]:
        held = np.asarray(self.inputs["matrix"], dtype=np.float64)
        measures_first = str(self.inputs.get("orientation", "")).startswith(("rows=item", "rows=unit"))
        return held.T if measures_first else held

    @cached_property
    def ranked(self) -> npt.NDArray[np.float64]:
        """The matrix without missing ratings, by the policy the case states."""
        items = "item" in str(self.inputs.get("policy", ""))
        return concordance.complete(self.matrix, "drop_items" if items else "drop_experts")

    @cached_property
    def measures(self) -> list[npt.NDArray[np.int64]]:
        complete = self.matrix[~np.isnan(self.matrix).any(axis=1)]
        return [self.counts_of(column) for column in complete.T.tolist()]

    @cached_property
    def pairs(self) -> tuple[list[float], list[float]]:
        both = zip(self.inputs["r1"], self.inputs["r2"], strict=True)
        held = [(a, b) for a, b in both if a is not None and b is not None]
        return [a for a, _ in held], [b for _, b in held]

    @cached_property
    def table(self) -> Any:
        for name in ("table", "proportions"):
            if name in self.inputs:
                return np.asarray(self.inputs[name])
        side = self.hi - self.lo + 1
        cells = np.zeros((side, side), np.int64)
        for first, second in zip(*self.pairs, strict=True):
            cells[int(first) - self.lo, int(second) - self.lo] += 1
        return cells

    @cached_property
    def joint(self) -> Joint:
        if "r1" in self.inputs:
            return _joint_of(*self.pairs)
        return association.joint(self.table)

    @cached_property
    def units(self) -> Units:
        if "unit_category_counts" in self.inputs:
            return np.asarray(self.inputs["unit_category_counts"], dtype=np.float64)
        if "matrix" in self.inputs:
            return agreement.units_of(self.matrix, self.lo, self.hi)
        return _units_of_table(self.table)

    @cached_property
    def groups(self) -> list[npt.NDArray[np.int64]]:
        return [self.counts_of(ratings) for ratings in self.inputs["groups"].values()]

    @cached_property
    def ranks(self) -> Codes:
        """Items x experts: the place given to each item, 0 the first."""
        if "ranks" in self.inputs:
            return np.asarray(self.inputs["ranks"], dtype=np.int8).T - 1
        items = self.inputs["items"]
        rows = [[order.index(item) for item in items] for n, order in self.inputs["ballots"] for _ in range(n)]
        return np.asarray(rows, dtype=np.int8).T


def _joint_of(earlier: npt.ArrayLike, later: npt.ArrayLike) -> Joint:
    """The table of two equally long lists of numbers, scored with their values."""
    rows, r = np.unique(np.asarray(earlier, dtype=np.float64), return_inverse=True)
    columns, c = np.unique(np.asarray(later, dtype=np.float64), return_inverse=True)
    cells = np.zeros((rows.size, columns.size))
    np.add.at(cells, (r, c), 1.0)
    return Joint(cells, rows, columns)


def _units_of_table(table: npt.NDArray[np.int64]) -> Units:
    """Unit by category counts of a table of two raters."""
    q = table.shape[0]
    pairs = np.eye(q)[:, None, :] + np.eye(q)[None, :, :]
    return np.asarray(np.repeat(pairs.reshape(-1, q), table.reshape(-1), axis=0))


def load() -> list[Case]:
    """Every case of every file of the folder but the traps."""
    return [
        Case(path.name, content)
        for path in sorted(GOLDEN.glob("*.json"))
        if path.name not in NOT_CASES
        for content in json.loads(path.read_text(encoding="utf-8"))
    ]


def traps() -> dict[str, Any]:
    """Where well-known implementations disagree."""
    found: dict[str, Any] = json.loads((GOLDEN / "traps.json").read_text(encoding="utf-8"))
    return found


def matches(got: Any, want: Any, tolerance: float) -> bool:
    """Same structure, and every number within ``tolerance * max(1, |want|)``."""
    if want is None or isinstance(want, bool | str):
        return bool(got == want) and (want is None) == (got is None)
    if isinstance(want, dict):
        same = isinstance(got, dict) and {str(key) for key in got} == set(want)
        return same and all(matches(got[key], want[str(key)], tolerance) for key in got)
    if isinstance(want, list):
        values = list(got) if got is not None else []
        return len(values) == len(want) and all(matches(g, w, tolerance) for g, w in zip(values, want, strict=True))
    return got is not None and abs(float(got) - want) <= tolerance * max(1.0, abs(want))
