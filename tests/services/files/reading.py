"""Files of a consultation half way, read back."""

import csv
import io

from hypothesis import strategies as st

from consult.definition.consultation import Definition
from consult.services.files import downloads
from tests.services.conftest import World, town_library

ROW_FILES = {f"{kind}-{form}.csv" for kind in ("ratings", "answers") for form in ("long", "wide")}


TEXT = "=1+1 Nobody else writes like this; =2"


def guarded() -> Definition:
    """The town library with a question for the secretariat, a grouped one and a hidden one."""
    content = town_library().model_dump(mode="json", by_alias=True, exclude_none=True)
    first = content["questionnaires"]["first-look"]["sections"][0]["questions"]
    for question in first:
        question["disclosure"] = {"visits": "grouped", "satisfied": "never"}.get(question["key"], "open")
    first.append(
        {
            "key": "help",
            "type": "text",
            "text": {"en": "Do you need help?"},
            "recipient": "secretariat",
            "disclosure": "never",
        }
    )
    return Definition.model_validate(content)


def read(world: World, name: str) -> list[dict[str, str]]:
    text = "".join(downloads.write(world.session, world.consultation, name, "analyst", "en"))
    return list(csv.DictReader(io.StringIO(text, newline="")))


def everything(world: World) -> dict[str, str]:
    return {
        name: "".join(downloads.write(world.session, world.consultation, name, sorted(spec.roles)[0]))
        for name, spec in downloads.FILES.items()
    }


STARTS = st.sampled_from(
    [*"=+-@＝＋－＠", "\t", "\r", "\n", "\0", " =", "\ufeff=", "\u200b+", '"=', ";=", "a;=", "a\n=", 'a;"=', "a\t@"]
)


HOSTILE = st.builds(lambda start, rest: start + rest, STARTS, st.text(max_size=20)) | st.text()


DANGEROUS = tuple("=+-@\t\r\0＝＋－＠")
