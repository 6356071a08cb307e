"""The numbers for other programs: frames in, frames and figures out."""

import doctest
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import analysis
from analysis.plots import FIGURES
from analysis.protocol.protocol import Protocol
from analysis.registry.catalogue import COMPUTED
from tests.sources import ROOT, modules

EXAMPLES = [module.name for module in modules("analysis") if any(">>> " in line for line in module.lines)]


def ratings() -> pd.DataFrame:
    rows = [
        (str(number), f"e{expert}", f"M{item}", 1 + (expert * item + number) % 9)
        for number in (1, 2)
        for expert in range(12)
        for item in (1, 2, 3)
    ]
    return pd.DataFrame(rows, columns=["round", "expert", "item", "rating"])


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_in_docstrings_are_true(name: str) -> None:
    found = doctest.testmod(import_module(name))
    assert found.attempted and not found.failed


def test_there_are_examples() -> None:
    assert "analysis.frames" in EXAMPLES


@pytest.mark.parametrize("program", ["import analysis", "import analysis.protocol.protocol"])
def test_the_door_loads_nothing_before_it_is_asked(program: str) -> None:
    code = f"{program}\nimport sys\nprint(*{{'pandas', 'scipy', 'plotly', 'numpy'}} & set(sys.modules))"
    finished = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert finished.stdout.split() == []


def test_every_name_is_there() -> None:
    for name in analysis.__all__:
        assert getattr(analysis, name).__doc__ or name == "__version__"
    with pytest.raises(AttributeError, match="nothing"):
        _ = analysis.nothing


def test_a_file_a_frame_and_coded_ratings_give_the_same(tmp_path: Path) -> None:
    """UTF-8 and UTF-16, as spreadsheets write it; missing values are no ratings."""
    frame = ratings()
    frame.loc[3, "rating"] = None
    whole = analysis.results(frame)
    assert whole.set_index(["round", "item"]).loc[("1", "M1"), "n"] == 11
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        path = tmp_path / f"{encoding}.csv"
        frame.to_csv(path, index=False, encoding=encoding)
        assert_frame_equal(analysis.results(path), whole)
        assert_frame_equal(analysis.results(str(path)), whole)
    assert_frame_equal(analysis.results(analysis.read_ratings(frame)), whole)


def test_counts_are_those_of_pandas() -> None:
    counts = analysis.read_ratings(ratings()).counts()
    peer = ratings().groupby(["round", "item", "rating"]).size()
    held = counts[counts["count"] > 0]
    assert len(held) == len(peer)
    for row in held.itertuples():
        assert peer[row.round, row.item, int(str(row.value))] == row.count


def test_medians_are_those_of_pandas() -> None:
    found = analysis.results(ratings()).set_index(["round", "item"])["median"]
    peer = ratings().groupby(["round", "item"])["rating"].median()
    assert found.sort_index().tolist() == peer.sort_index().tolist()


def test_bad_rows_are_told_with_their_lines() -> None:
    frame = ratings()
    frame.loc[4, "rating"] = 12
    frame.loc[6, "expert"] = ""
    with pytest.raises(analysis.RatingsRefused) as refused:
        analysis.read_ratings(frame)
    assert [(row.line, row.code) for row in refused.value.rows] == [(6, "not_on_scale"), (8, "empty")]
    again = pd.concat([ratings(), ratings().head(1)])
    with pytest.raises(analysis.RatingsRefused, match="line 74: repeated"):
        analysis.read_ratings(again)


def test_a_scale_or_a_protocol_is_taken() -> None:
    five = ratings().assign(rating=lambda frame: 1 + frame["rating"] % 5)
    short = analysis.read_ratings(five, scale=(1, 5))
    assert short.protocol.scales[0].hi == 5
    registered = Protocol.from_dict(short.protocol.to_dict())
    assert_frame_equal(analysis.results(five, registered), analysis.results(short))
    assert_frame_equal(analysis.results(five, registered.to_dict()), analysis.results(short))


def test_statistics_come_as_rows() -> None:
    rows = analysis.statistic(["mean", "kappa"], ratings())
    assert set(rows["statistic"]) == {"mean", "kappa"} and len(rows) == 6 * 3 + 3 * 3
    means = rows[rows["figure"] == "mean"].set_index(["round", "item"])["value"].astype(float)
    peer = ratings().groupby(["round", "item"])["rating"].mean()
    assert means.sort_index().tolist() == pytest.approx(peer.sort_index().tolist())
    assert analysis.catalogue()["name"].tolist() == list(COMPUTED)


@pytest.mark.parametrize("kind", FIGURES)
def test_every_figure_is_plotlys(kind: str) -> None:
    """Plotly checks every key and value of what it is given."""
    frame = ratings().replace({"item": {"M1": "<b>M1"}})
    both = pd.concat([frame.assign(criterion="importance"), frame.assign(criterion="use")])
    found = analysis.figure(kind, both, criterion="use")
    assert found.data and "<b>" not in found.to_json()


def test_a_round_that_is_not_there_has_no_figure() -> None:
    with pytest.raises(KeyError):
        analysis.figure("diverging_bars", ratings(), round="7")
    with pytest.raises(ValueError, match="no round before"):
        analysis.figure("dumbbells", ratings(), round="1")
