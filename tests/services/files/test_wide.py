"""The wide files say what the long ones say."""

from pathlib import Path

from consult.services.files.wide import STATE
from tests.services.conftest import World
from tests.services.files.opening import made, opened


def test_wide_says_what_long_says(played: World, tmp_path: Path) -> None:
    for kind, variable in (("ratings", None), ("answers", "variable")):
        long = opened(made(played, f"{kind}-long.csv", "csv"), "csv", tmp_path)
        wide = opened(made(played, f"{kind}-wide.csv", "csv"), "csv", tmp_path)
        assert not wide.duplicated(["pseudonym", "stage"]).any()
        assert len(wide) == len(long[["pseudonym", "stage"]].drop_duplicates())
        cells = {(row["pseudonym"], row["stage"]): row for _, row in wide.iterrows()}
        for _, row in long.iterrows():
            key = row[variable] if variable else f"{row['measure']}.{row['criterion']}"
            value = row["value" if variable else "rating"]
            found = cells[row["pseudonym"], row["stage"]]
            assert (found[key], found[key + STATE]) == (value, row["state"])
        order = list(dict.fromkeys(long["pseudonym"]))
        assert list(dict.fromkeys(wide["pseudonym"])) == order
