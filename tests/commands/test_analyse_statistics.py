"""`consult analyse --statistics`: any statistic of the registry beside the results."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from analysis.canonical import digest
from analysis.registry.catalogue import COMPUTED, LINES
from analysis.registry.entry import Needs
from analysis.schemas.results import results_schema
from analysis.statistics import value
from analysis.statistics.agreement import fleiss
from consult.commands.analyse_statistics import NEEDS, REASONS
from tests.commands.conftest import CommandLine


def ratings(folder: Path, head: str = "round,expert,item,rating", rows: tuple[str, ...] = ()) -> Path:
    file = folder / "r.csv"
    points = rows or tuple(f"{n},e{e},M{i},{1 + (e * i + n) % 9}" for n in (1, 2) for e in range(12) for i in (1, 2, 3))
    file.write_text("\n".join((head, *points)) + "\n", encoding="utf-8")
    return file


def test_the_list_names_all_with_their_needs(nothing: CommandLine) -> None:
    shown = nothing.out("analyse", "--statistics", "list")
    assert [line.split()[0] for line in shown.splitlines()[1:]] == list(COMPUTED)
    assert "two rounds (column round)" in next(line for line in shown.splitlines() if line.startswith("kappa "))


def test_everything_has_words() -> None:
    assert set(NEEDS) == set(Needs)
    assert set(REASONS) == {word for name, word in vars(value).items() if name.isupper()}


def test_text_json_and_page_say_the_same(nothing: CommandLine) -> None:
    file = ratings(nothing.folder)
    page, out = nothing.folder / "page.html", nothing.folder / "out.json"
    asked = ("--statistics", "kappa, gwet", "--json", out, "--html", page)
    shown = nothing.out("analyse", file, *asked)
    document = json.loads(out.read_text(encoding="utf-8"))
    jsonschema.validate(document, results_schema())
    told = document.pop("digest")
    assert digest(document) == told and told in shown
    rows = document["statistics"]
    assert [row["statistic"] for row in rows] == ["kappa"] * 9 + ["gwet"] * 20
    html = page.read_text(encoding="utf-8")
    for row in rows:
        assert f"{row['value']:.4g}" in shown and f"<td>{row['value']:.4g}</td>" in html
    for line in LINES:
        assert (f"Source: {line.statistic.source}." in shown) == (line.statistic.name in ("kappa", "gwet"))


def test_undefined_figures_say_why(nothing: CommandLine) -> None:
    file = ratings(nothing.folder, rows=tuple(f"1,e{e},M{i},5" for e in range(4) for i in (1, 2)))
    shown = nothing.out("analyse", file, "--statistics", "fleiss")
    assert fleiss.__doc__ is not None and "Undefined without variation" in fleiss.__doc__
    assert len(re.findall(r"Fleiss kappa, \w+ weights +– +nothing varies", shown)) == 4


def test_a_probability_is_never_certain(nothing: CommandLine) -> None:
    file = ratings(nothing.folder, rows=tuple(f"1,e{e},M1,9" for e in range(60)))
    shown = nothing.out("analyse", file, "--statistics", "posterior")
    assert re.search(r"P\(share of high at least 75 %\) +> 99 %", shown)
    assert re.search(r"P\(share of low at least 15 %\) +< 1 %", shown)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("kappa", "'kappa' needs the same experts rating the same item in two rounds (column round)"),
        ("mann-whitney", "'mann-whitney' needs two groups of experts who rated the same item (column group)"),
        ("quadrants", "'quadrants' needs ratings of an item under two criteria (column criterion)"),
        ("alpha", "'alpha' needs two items under one criterion"),
        (
            "kapa",
            "there is no statistic 'kapa'; did you mean kappa or alpha or apmo?; --statistics list names them all",
        ),
        ("mean,xyzzy", "there is no statistic 'xyzzy'; --statistics list names them all"),
        ("rule", "'rule' stands in every result and need not be asked for"),
        (" , ", "--statistics names no statistic; --statistics list names them all"),
    ],
)
def test_what_cannot_be_computed_is_refused(nothing: CommandLine, asked: str, told: str) -> None:
    file = ratings(nothing.folder, rows=("1,e1,M1,5", "1,e2,M1,6"))
    assert told in nothing.refused("analyse", file, "--statistics", asked)


def test_released_statistics_rest_on_released_tables(nothing: CommandLine) -> None:
    """Nothing from pairs of rounds or rows, and of withheld tables nothing at all."""
    file = ratings(nothing.folder)
    refused = nothing.refused("analyse", file, "--released", "--statistics", "kappa")
    assert "'kappa' needs" in refused
    document = json.loads(nothing.out("analyse", file, "--released", "--statistics", "mean,gwet", "--json"))
    shown = {
        (stage["stage"], key)
        for stage in document["stages"]
        for key, measure in stage["measures"].items()
        if measure["criteria"]["rating"]["counts"] is not None
    }
    told = {(row["round"], row["item"]) for row in document["statistics"] if row["statistic"] == "mean"}
    assert told == shown
    whole = json.loads(nothing.out("analyse", file, "--statistics", "mean,gwet", "--json"))
    assert all(row in whole["statistics"] for row in document["statistics"])


def test_p_values_are_adjusted_as_asked(nothing: CommandLine) -> None:
    file = ratings(nothing.folder)
    for method, factor in (("bonferroni", 3), ("by", 1 + 1 / 2 + 1 / 3)):
        asked = ("--statistics", "bowker", "--adjust", method, "--json")
        rows = [row for row in json.loads(nothing.out("analyse", file, *asked))["statistics"] if row["p"] is not None]
        largest = max(rows, key=lambda row: row["p"])
        assert largest["p_adjusted"] == pytest.approx(min(1, largest["p"] * factor))
