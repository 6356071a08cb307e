"""`consult analyse` on files from anywhere."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from analysis.canonical import digest
from analysis.ratings_file import coded_ratings
from analysis.schemas.results import results_schema
from consult.commands import analyse_reading
from tests.commands.conftest import CommandLine
from tests.sources import ROOT

UTAF = ROOT / "tests" / "analysis" / "golden" / "real"
FIVE = """\
preset: share-80
scales:
  five: {min: 1, max: 5, bands: [{key: low, from: 1, to: 2}, {key: middle, from: 3, to: 3},
         {key: high, from: 4, to: 5}]}
criteria:
  - {key: use, scale: five}
"""


def write(path: Path, *rows: str, head: str = "round,expert,item,rating") -> Path:
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return path


def rated(seed: int = 3, experts: int = 16) -> list[str]:
    generator = np.random.default_rng(seed)
    rows = []
    for number in (1, 2):
        for expert in range(experts):
            for item in range(4):
                point = int(np.clip(np.rint(generator.normal(3 + 1.6 * item, 1)), 1, 9))
                rows.append(f"{number},e{expert},<b>M{item},{point}")
    return rows


def test_a_file_is_judged_by_the_default(nothing: CommandLine) -> None:
    file = write(nothing.folder / "r.csv", *[f"1,e{i},M1,{8 if i < 15 else 5}" for i in range(20)])
    shown = nothing.out("analyse", file).replace("\N{NO-BREAK SPACE}", " ")
    assert "20 experts, 1 round" in shown
    assert "M1 rating: In: 15 of 20 (75 %) rated it 7–9 (15 needed)" in shown
    assert "Without any one of 15 of the 20 it would be another verdict." in shown
    assert re.search(r"Chance alone gives this verdict once in \d+\.", shown)
    assert re.search(r"results digest [0-9a-f]{64}", shown)


def test_each_round_begins_with_what_came_of_it(nothing: CommandLine) -> None:
    """Three items: all high, all low, half and half."""
    points = {"M1": (9, 9), "M2": (1, 1), "M3": (1, 9)}
    file = write(
        nothing.folder / "r.csv",
        *[f"{n},e{i},{key},{pair[i % 2]}" for n in (1, 2) for key, pair in points.items() for i in range(12)],
    )
    page = nothing.folder / "page.html"
    shown = nothing.out("analyse", file, "--html", page)
    assert "Round 1: 12 took part; rating: 3 stability not known" in shown
    last = "12 took part; rating: 1 agreed, 1 lasting disagreement, 1 not prioritised"
    assert f"Round 2: {last}" in shown and f"<p>{last}</p>" in page.read_text(encoding="utf-8")


def test_json_is_as_the_printed_schema_says(nothing: CommandLine) -> None:
    schema = json.loads(nothing.out("schema", "results"))
    assert schema == results_schema()
    file = write(nothing.folder / "r.csv", *rated())
    for more in ((), ("--released",)):
        document = json.loads(nothing.out("analyse", file, "--json", *more))
        jsonschema.validate(document, schema)
        told = document.pop("digest")
        assert digest(document) == told
    assert "hidden" not in document["stages"][0]
    assert document["ranking"] is None


def test_a_protocol_of_ones_own(nothing: CommandLine) -> None:
    protocol = nothing.folder / "p.yaml"
    protocol.write_text(FIVE)
    rows = [f"1,e{i},M1,{5 if i < 8 else 3}" for i in range(10)]
    file = write(nothing.folder / "r.csv", *rows)
    document = json.loads(nothing.out("analyse", file, "--protocol", protocol, "--json"))
    verdict = document["stages"][0]["measures"]["M1"]["criteria"]["use"]["verdict"]
    assert (verdict["verdict"], verdict["margin"]) == ("in", 1)
    assert document["protocol"]["consensus"]["into"][0]["num"] == 4


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("presett: x\n", "p.yaml:1: 'presett' is no key here; known: consensus, criteria"),
        ("preset: x\n", "there is no preset 'x'; there are default, comet-70-15"),
        ("preset: default\nconsensus: {minimum_n: 3}\n", "either 'preset' or 'consensus'"),
        ("criteria:\n  - {key: a, scale: five}\n", "there is no scale 'five'"),
        ("consensus: {minimum_n: 0}\n", "p.yaml:1: 'minimum_n' cannot be '0'"),
        ("a: [\n", "p.yaml:"),
    ],
)
def test_a_protocol_that_does_not_work(nothing: CommandLine, text: str, told: str) -> None:
    protocol = nothing.folder / "p.yaml"
    protocol.write_text(text)
    file = write(nothing.folder / "r.csv", "1,e1,M1,5")
    assert told in nothing.refused("analyse", file, "--protocol", protocol)


def test_bad_rows_are_all_told_and_nothing_is_analysed(nothing: CommandLine) -> None:
    file = write(nothing.folder / "r.csv", "1,e1,M1,10", "1,e1,M2,5", "1,e2,M2,high", "1,e1,M2,5", "1,,M2,5")
    lines = nothing.refused("analyse", file).splitlines()
    assert sorted(lines) == sorted(
        [
            "r.csv:2: '10' is not on the scale",
            "r.csv:4: 'high' is not on the scale",
            "r.csv:5: this expert has rated this already (1, M2, rating)",
            "r.csv:6: no expert",
            "4 rows were refused; nothing was analysed; the scale 1 to 9 was assumed, --protocol names another",
        ]
    )


def test_every_kind_of_bad_row_has_words() -> None:
    codes = re.findall(r"``(\w+)``", coded_ratings.BadRow.__doc__ or "")
    assert set(codes) == set(analyse_reading.BAD_ROWS)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no column round, expert, item, rating"),
        (b"round,expert,item\n", "no column rating"),
        (b"round,expert,item,rating,rating\n", "named twice: rating"),
        (b"round,expert,item,rating\n", "holds no rating"),
        (b"round,expert,item,rating\n1,\xff,M1,5\n", "is not UTF-8 text"),
    ],
)
def test_a_file_that_is_none(nothing: CommandLine, content: bytes, told: str) -> None:
    file = nothing.folder / "r.csv"
    file.write_bytes(content)
    assert told in nothing.refused("analyse", file)


def test_no_file(nothing: CommandLine) -> None:
    assert "cannot be read" in nothing.refused("analyse", nothing.folder / "none.csv")


def test_standard_input_and_columns_that_are_not_read(nothing: CommandLine) -> None:
    rows = "round,expert,item,rating,mood\n1,e1,M1,5,fine\n"
    result = nothing("analyse", "-", input=rows)
    assert "1 expert, 1 round" in result.stdout
    assert result.stderr == "columns not looked at: mood\n"


def test_progress_is_told_of_long_files(nothing: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyse_reading, "TELL_EVERY", 20)
    file = write(nothing.folder / "r.csv", *rated())
    assert "128 rows read" in nothing("analyse", file, "--json").stderr


def test_the_page_is_whole_and_calls_nobody(nothing: CommandLine) -> None:
    file = write(nothing.folder / "<i>r.csv", *rated())
    page = nothing.folder / "page.html"
    nothing.out("analyse", file, "--html", page)
    text = page.read_text(encoding="utf-8")
    own = re.sub(r"<script>/\*\*.*?</script>", "", text, flags=re.DOTALL)
    assert len(own) < len(text) / 5 and "Plotly.newPlot" in own
    assert "default-src 'none'" in own
    assert not re.search(r"""(?:src|href|action)\s*=|url\(|@import|https?:""", own)
    assert "<b>" not in own and "&lt;b&gt;M0" in own and "<i>r.csv" not in own
    figures = re.findall(r'<script type="application/json">(.*?)</script>', own)
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", own)
    tables = re.findall(r"<details>", own)
    assert len(figures) == len(captions) == len(tables) > 8
    for figure in figures:
        assert set(json.loads(figure)) == {"data", "layout"}
    assert all(re.search(r"\d", words) for words in captions)
    for kind in ("Who moved", "Participation", "Other thresholds", "Since the round before"):
        assert f"<h3>{kind}" in own


def test_a_released_page_shows_nobody_who_moved(nothing: CommandLine) -> None:
    file = write(nothing.folder / "r.csv", *rated())
    page = nothing.folder / "page.html"
    nothing.out("analyse", file, "--released", "--html", page)
    assert "Who moved" not in page.read_text(encoding="utf-8")


def test_a_folder_of_files(nothing: CommandLine) -> None:
    file = write(nothing.folder / "r.csv", *rated())
    out = nothing.folder / "new" / "out"
    printed = nothing.out("analyse", file, "--out", out, "--json")
    assert (out / "results.json").read_text() == printed
    assert json.loads((out / "protocol.json").read_text())["consensus"]["minimum_n"] == 10
    with (out / "verdicts.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 8 and {row["round"] for row in rows} == {"1", "2"}
    assert (out / "report.html").stat().st_size > 1_000_000


def test_published_medians_of_real_ratings_come_out_of_the_command(nothing: CommandLine) -> None:
    """Berg et al.: the long file as they published it, columns renamed."""
    scores = UTAF / "utaf_final_round_scores.csv"
    protocol = nothing.folder / "p.yaml"
    protocol.write_text(
        "scales:\n  ten: {min: 1, max: 10, bands: [{key: low, from: 1, to: 3}, "
        "{key: middle, from: 4, to: 7}, {key: high, from: 8, to: 10}]}\n"
    )
    wanted = {}
    with (UTAF / "utaf_published_results.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            wanted[f"{row['code']} {row['site']} {row['round']}"] = float(row["median_score"])
    seen: dict[str, int] = {}
    rows = []
    with scores.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            item = f"{row['code']} {row['site']} {row['round']}"
            seen[item] = seen.get(item, 0) + 1
            rows.append(f"1,rater {seen[item]},{item},{row['score']}")
    file = write(nothing.folder / "r.csv", *rows)
    document = json.loads(nothing.out("analyse", file, "--protocol", protocol, "--json"))
    measures = document["stages"][0]["measures"]
    found = {key: measures[key]["criteria"]["rating"]["median"] for key in wanted}
    assert found == wanted


def test_hollow_clauses_are_told(nothing: CommandLine) -> None:
    protocol = nothing.folder / "p.yaml"
    protocol.write_text(
        "consensus:\n  in: [{band: high, at_least: 75%}, {median: true, at_least: 7}]\n"
        "  out: [{band: low, at_least: 75%}, {median: true, at_most: 3}]\n"
    )
    file = write(nothing.folder / "r.csv", *rated())
    shown = nothing.out("analyse", file, "--protocol", protocol)
    assert "Clause 2 of 'in' (median) decides nothing" in shown


def test_help_loads_no_numbers_and_no_database() -> None:
    program = (
        "import sys\nfrom consult.cli import main\n"
        "try: main(['analyse', '--help'])\nexcept SystemExit: pass\n"
        "print(sorted({'pandas', 'plotly', 'scipy'} & set(sys.modules)))\n"
    )
    finished = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert finished.stdout.splitlines()[-1] == "[]"
