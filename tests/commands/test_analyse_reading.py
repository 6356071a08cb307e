"""What `consult analyse` takes of a file from elsewhere, and what it says of how it took it."""

import json
import zipfile
from pathlib import Path

import pytest

from analysis.ratings_file.assumed import Assumed
from consult.commands.protocol_file import read_protocol
from tests.commands.conftest import CommandLine
from tests.commands.test_analyse import write
from tests.commands.test_documents import EXAMPLE
from tests.sources import ROOT

HEAD = "round,expert,item,rating"


def moved(names: tuple[str, str]) -> list[str]:
    """Twelve experts of whom nobody agrees in the first round and all do in the second."""
    return [f"{name},e{expert},M1,{rating}" for name, rating in zip(names, (5, 8), strict=True) for expert in range(12)]


def last(document: dict[str, object]) -> tuple[str, str]:
    stages = document["stages"]
    assert isinstance(stages, list)
    verdict = stages[-1]["measures"]["M1"]["criteria"]["rating"]["verdict"]["verdict"]
    return stages[-1]["stage"], verdict


@pytest.mark.parametrize("names", [("pre", "post"), ("Round One", "Round Two"), ("V", "IX")])
def test_the_last_round_is_the_last_held(nothing: CommandLine, names: tuple[str, str]) -> None:
    file = write(nothing.folder / "r.csv", *moved(names))
    assert last(json.loads(nothing.out("analyse", file, "--json"))) == (names[1], "in")
    assert f": {names[0]}, {names[1]}." in nothing.out("analyse", file)


def test_an_order_that_is_not_clear_is_asked_for(nothing: CommandLine) -> None:
    file = write(nothing.folder / "r.csv", *moved(("pre", "post"))[::-1])
    assert "give their order with --rounds" in nothing.refused("analyse", file)
    told = nothing.out("analyse", file, "--rounds", "pre,post", "--json")
    assert last(json.loads(told)) == ("post", "in")
    protocol = nothing.folder / "p.yaml"
    protocol.write_text("round_order: [pre, post]\n")
    told = nothing.out("analyse", file, "--protocol", protocol, "--json")
    assert last(json.loads(told)) == ("post", "in")


def test_spellings_that_look_the_same_are_one_and_it_is_said(nothing: CommandLine) -> None:
    rows = [f"1,e{expert},M\u00e91,8" for expert in range(11)]
    file = write(nothing.folder / "r.csv", *rows, "1\u00a0,e11\u200b,Me\u03011,8")
    result = nothing("analyse", file, "--json")
    document = json.loads(result.stdout)
    assert document["experts"] == 12 and document["rounds"] == ["1"]
    assert document["stages"][0]["measures"].keys() == {"M\u00e91"}
    assert "r.csv:13: item 'M\u00e91' is written with signs that cannot be seen" in result.stderr
    assert "r.csv:13: expert 'e11'" in result.stderr


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("1,E3,M1,8", "expert 'E3', on line 5 'e3': alike"),
        ("1,e20,m1,8", "item 'm1', on line 2 'M1': alike"),
        ("1.0,e20,M1,8", "round '1.0', on line 2 '1': alike"),
        ("01,e20,M1,8", "round '01', on line 2 '1': alike"),
        ("1,e03,M1,8", "expert 'e03', on line 5 'e3': alike"),
    ],
)
def test_twins_are_refused_with_both_lines(nothing: CommandLine, row: str, told: str) -> None:
    file = write(nothing.folder / "r.csv", *[f"1,e{one},M1,8" for one in range(12)], row)
    assert f"r.csv:14: {told}" in nothing.refused("analyse", file)


def test_twins_far_apart_are_found_too(nothing: CommandLine) -> None:
    """Rows are read in parts; an expert of an earlier part is still known."""
    rows = (f"1,e{one},M1,8" for one in range(70_000))
    file = write(nothing.folder / "r.csv", *rows, "1,E3,M2,8")
    refused = nothing.refused("analyse", file)
    assert "r.csv:70002: expert 'E3', otherwise on line 5: alike but for case" in refused


def test_what_was_assumed_is_said_and_doubted(nothing: CommandLine) -> None:
    file = write(nothing.folder / "r.csv", *[f"1,e{one},M1,{one % 5 + 1}" for one in range(12)])
    shown = nothing.out("analyse", file)
    assert "Assumed, for nobody declared it: the scale, 1 to 9" in shown
    assert "the rule, in with high >= 75 % and low < 15 %" in shown
    assert "Warning: no rating is above 5." in shown
    protocol = nothing.folder / "p.yaml"
    protocol.write_text("preset: default\nscales: {l: {min: 1, max: 5}}\n")
    shown = nothing.out("analyse", file, "--protocol", protocol)
    assert "bands in thirds, 1 to 5 (low 1-1, middle 2-4, high 5-5)" in shown
    assert "Warning" not in shown and "the rule" not in shown


@pytest.mark.parametrize(
    ("text", "bands"),
    [
        ("scales: {l: {min: 1, max: 7}}", [("low", 1, 2), ("middle", 3, 5), ("high", 6, 7)]),
        ("scales: {l: {min: 0, max: 1}}", [("low", 0, 0), ("high", 1, 1)]),
        ("scales: {l: {min: 1, max: 3}}", [("low", 1, 1), ("middle", 2, 2), ("high", 3, 3)]),
    ],
)
def test_a_protocol_that_leaves_bands_out_gets_thirds(
    tmp_path: Path, text: str, bands: list[tuple[str, int, int]]
) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(text + "\n")
    reading = read_protocol(path)
    (scale,) = reading.protocol.scales
    assert [(band.key, band.lo, band.hi) for band in scale.bands] == bands
    assert Assumed.BANDS in reading.assumed


def test_a_rule_that_does_not_fit_the_scale_is_told_in_words(nothing: CommandLine) -> None:
    file = write(nothing.folder / "r.csv", "1,e1,M1,5")
    protocol = nothing.folder / "p.yaml"
    protocol.write_text("scales: {l: {min: 1, max: 2, bands: [{key: a, from: 1, to: 2}]}}\n")
    refused = nothing.refused("analyse", file, "--protocol", protocol)
    assert "p.yaml:1: scale l has no band" in refused


def test_words_for_no_rating_are_advised_and_taken(nothing: CommandLine) -> None:
    rows = [f"1,e{one},M1,8" for one in range(12)]
    file = write(nothing.folder / "r.csv", *rows, *[f"1,x{one},M1,NA" for one in range(40)])
    refused = nothing.refused("analyse", file)
    assert "if NA means no rating, say so: --missing NA" in refused
    assert len(refused.splitlines()) < 30 and "in 20 more rows" in refused
    document = json.loads(nothing.out("analyse", file, "--missing", "NA", "--json"))
    block = document["stages"][0]["measures"]["M1"]["criteria"]["rating"]
    assert (block["n"], block["no_answer"]["blank"]) == (12, 40)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("marked", [False, True])
def test_files_as_programs_write_them(nothing: CommandLine, separator: str, marked: bool) -> None:
    rows = [HEAD, *[f"1,e{one},M1,8" for one in range(12)], ",,,", "  ,,,", ""]
    text = "\r\n".join(row.replace(",", separator) for row in rows)
    file = nothing.folder / "r.csv"
    file.write_text(f"sep={separator}\n{text}" if marked else text, "utf-16" if marked else "utf-8")
    document = json.loads(nothing.out("analyse", file, "--json"))
    assert (document["experts"], document["rounds"]) == (12, ["1"])


def test_a_name_full_of_semicolons_does_not_hide_the_separator(nothing: CommandLine) -> None:
    file = write(nothing.folder / "r.csv", *[f"1,e{one},M1,8,x" for one in range(12)], head=HEAD + ',"a;b;c;d;e;f"')
    assert "12 experts" in nothing.out("analyse", file)


def test_json_goes_into_a_file_where_one_is_named(nothing: CommandLine) -> None:
    file = write(nothing.folder / "r.csv", *[f"1,e{one},M1,8" for one in range(12)])
    report = nothing.folder / "report.json"
    assert "12 experts" in nothing.out("analyse", file, "--json", report)
    assert json.loads(report.read_text()) == json.loads(nothing.out("analyse", file, "--json"))


def test_our_own_row_file_is_taken_back(rated: CommandLine, tmp_path: Path) -> None:
    """What the package's ratings give, its `ratings-long.csv` alone gives too."""
    package = tmp_path / "package.zip"
    rated.out("package", "town-library", "--out", package)
    with zipfile.ZipFile(package) as archive:
        (tmp_path / "ratings-long.csv").write_bytes(archive.read("data/ratings-long.csv"))
    whole = json.loads(rated.out("analyse", package, "--json"))
    protocol = tmp_path / "p.yaml"
    (scale,) = whole["protocol"]["scales"]
    bands = ", ".join(f"{{key: {one['key']}, from: {one['lo']}, to: {one['hi']}}}" for one in scale["bands"])
    protocol.write_text(f"scales: {{s: {{min: {scale['lo']}, max: {scale['hi']}, bands: [{bands}]}}}}\n")
    alone = json.loads(rated.out("analyse", tmp_path / "ratings-long.csv", "--protocol", protocol, "--json"))
    assert alone["rounds"] == whole["rounds"] and alone["experts"] == whole["experts"]
    counts = [
        {
            (item, name): block["counts"]
            for item, measure in document["stages"][-1]["measures"].items()
            for name, block in measure["criteria"].items()
        }
        for document in (alone, whole)
    ]
    assert counts[0] == counts[1] and len(counts[0]) > 3


def test_the_worked_example_of_a_protocol_file(nothing: CommandLine) -> None:
    for name, text in EXAMPLE.findall((ROOT / "analysis" / "README.md").read_text("utf-8")):
        (nothing.folder / name).write_text(text, "utf-8")
    reading = read_protocol(nothing.folder / "protocol.yaml")
    assert reading.assumed == () and reading.rounds and reading.missing
    shown = nothing.out("analyse", nothing.folder / "ratings.csv", "--protocol", nothing.folder / "protocol.yaml")
    assert "Rounds in the order declared: before, after." in shown and "Assumed" not in shown
