"""What the tables of a file are made of: read when asked for, and once."""

from consult.services.definitions import definition_of
from consult.services.files.table_source import TableSource
from tests.services.conftest import World


def test_everything_is_of_one_consultation_and_read_once(played: World) -> None:
    source = TableSource(played.session, played.consultation, None)
    assert source.definition is definition_of(played.session, played.consultation.id)
    assert [item.stage.key for item in source.frozen] == ["first-look", "round-1"]
    assert set(source.standings) == {item.result.id for item in source.frozen}
    assert source.frozen is source.frozen and source.variables is source.variables
    assert {"L1.wish", "visits", "missing"} <= set(source.variables)


def test_texts_come_in_the_language_asked_for_or_the_first(played: World) -> None:
    """The town library has English alone: its words stay English in a Russian file, ours do not."""
    first, russian = (TableSource(played.session, played.consultation, language) for language in (None, "ru"))
    assert (first.read.language, russian.read.language) == ("en", "ru")
    assert first.read({"en": "A door"}) == russian.read({"en": "A door"}) == "A door"
    assert first.classes.name("act_now") != russian.classes.name("act_now")
