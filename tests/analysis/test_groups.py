"""Groups of opinion against red-dwarf 0.4.0 and scikit-learn 1.9.1, whose figures are in data/."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.clusters import adjusted_rand, silhouette
from analysis.statistics.groups import opinion_groups, project

CASES = json.loads((Path(__file__).parent / "data" / "groups_reddwarf.json").read_text())
VOTE = st.sampled_from([-1.0, 0.0, 1.0, float("nan")])
VOTES = st.tuples(st.integers(1, 9), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(st.lists(VOTE, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0])
)


def votes_of(case: dict[str, Any]) -> Any:
    return np.asarray(case["votes"], dtype=np.float64)


@pytest.mark.parametrize("case", CASES, ids=["two-groups", "three-groups"])
def test_projection_and_groups_are_those_of_polis(case: dict[str, Any]) -> None:
    found = opinion_groups(votes_of(case), stability=False)
    assert np.abs(found.points) == pytest.approx(np.asarray(case["points"]), abs=1e-9)
    assert found.number == case["best"]
    assert found.labels is not None
    assert adjusted_rand(found.labels, np.asarray(case["labels"])) == 1.0
    for k in ("2", "3", "4"):
        assert found.silhouette[int(k)] == pytest.approx(case["silhouette"][k], abs=1e-6)


def test_planted_groups_come_back_when_the_panel_is_drawn_again() -> None:
    stability = opinion_groups(votes_of(CASES[0])).stability
    assert stability.value is not None and stability.value > 0.8


def test_the_order_of_people_does_not_matter() -> None:
    votes = votes_of(CASES[0])
    order = np.random.default_rng(1).permutation(len(votes))
    first, second = opinion_groups(votes, False), opinion_groups(votes[order], False)
    assert first.labels is not None and second.labels is not None
    assert first.labels[order].tolist() == second.labels.tolist()
    assert first.silhouette == second.silhouette


def _silhouette_by_hand(points: Any, labels: Any) -> float:
    """Rousseeuw's definition, one person at a time."""
    scores = []
    for i, point in enumerate(points):
        away = {
            kind: [
                float(np.linalg.norm(point - other)) for j, other in enumerate(points) if labels[j] == kind and i != j
            ]
            for kind in set(labels.tolist())
        }
        own = away.pop(labels[i])
        if not own:
            scores.append(0.0)
            continue
        a, b = np.mean(own), min(np.mean(others) for others in away.values())
        scores.append(0.0 if max(a, b) == 0 else float((b - a) / max(a, b)))
    return float(np.mean(scores))


def test_silhouette_by_its_definition() -> None:
    generator = np.random.default_rng(5)
    points, labels = generator.normal(size=(30, 2)), generator.integers(0, 3, 30)
    assert silhouette(points, labels).value == pytest.approx(_silhouette_by_hand(points, labels))
    assert silhouette(points, np.zeros(30, np.int64)).reason == "no_variation"


def test_adjusted_rand_of_a_textbook_example() -> None:
    """scikit-learn's documentation: 0.57 for 0 0 1 1 against 0 0 1 2; 0.4444 by its function."""
    assert adjusted_rand(np.asarray([0, 0, 1, 1]), np.asarray([0, 0, 1, 2])) == pytest.approx(4 / 7)
    six = np.asarray([0, 0, 1, 1, 2, 2]), np.asarray([0, 0, 1, 2, 2, 2])
    assert adjusted_rand(*six) == pytest.approx(0.4444444444)
    assert adjusted_rand(np.zeros(4, np.int64), np.ones(4, np.int64)) == 1.0


def test_too_few_or_all_alike_have_no_groups() -> None:
    assert opinion_groups(np.ones((5, 3))).reason == "n_below_minimum"
    assert opinion_groups(np.ones((9, 3))).reason == "no_variation"
    assert opinion_groups(np.full((9, 3), np.nan)).reason == "no_data"
    assert opinion_groups(np.ones((10_001, 1))).reason == "too_large"


def test_who_cast_no_vote_is_in_no_group() -> None:
    votes = votes_of(CASES[0])
    votes[3] = np.nan
    found = opinion_groups(votes, stability=False)
    assert found.labels is not None and found.labels[3] == -1
    assert np.isnan(found.points[3]).all()


@settings(max_examples=60, deadline=None)
@given(VOTES)
def test_any_votes_have_groups_or_a_reason(rows: list[list[float]]) -> None:
    votes = np.asarray(rows, dtype=np.float64)
    assert project(votes).points.shape == (len(rows), 2)
    found = opinion_groups(votes, stability=False)
    assert (found.labels is None) == (found.reason is not None)
    if found.labels is not None:
        present = ~np.isnan(votes).all(axis=1)
        assert set(found.labels[present].tolist()) == set(range(found.number))
        assert all(-1 <= score <= 1 for score in found.silhouette.values())
