from pathlib import Path

from tests.commands.conftest import TOWN_LIBRARY, CommandLine

SLUG = "town-library"
WHY = ("--reason", "asked for twice")


def test_the_list(library: CommandLine) -> None:
    lines = library.out("measures", "list", SLUG).splitlines()
    assert len(lines) == 8 and lines[1].startswith("L1       house")
    assert "live" in lines[1] and "A quiet reading room" in lines[1]


def test_a_new_measure(rated: CommandLine) -> None:
    words = ("--title", "A garden", "--text", "en=With benches = and trees.")
    assert "Missing option" in rated("measures", "add", SLUG, *words, *WHY, code=2).stderr
    said = rated.refused("measures", "add", SLUG, "--theme", "sky", *words, *WHY)
    assert said == "there is no theme 'sky'; there are: house, service\n"
    said = rated.out("measures", "add", SLUG, "--theme", "house", *words, *WHY)
    assert said == "M08 goes into the next round\n"
    shown = rated.out("measures", "show", SLUG, "M08")
    assert "en: A garden" in shown and "    With benches = and trees." in shown
    assert "added" in shown and "asked for twice" in shown
    theme = ("--theme", "house")
    assert "--text" in rated("measures", "add", SLUG, *theme, *words[:2], *WHY, code=2).stderr
    twice = (*theme, *words, "--title", "Again", *WHY)
    assert "given twice" in rated("measures", "add", SLUG, *twice, code=2).stderr
    actor = (*theme, *words, "--actor", "nobody", *WHY)
    assert "no actor 'nobody'" in rated.refused("measures", "add", SLUG, *actor)


def test_a_new_wording(rated: CommandLine) -> None:
    reword = ("measures", "reword", SLUG, "L1", "--title", "A silent reading room", *WHY)
    assert "--meaning" in rated(*reword, code=2).stderr
    assert rated.out(*reword, "--meaning", "same") == "L1 has wording 2\n"
    assert "same as before" in rated.refused(*reword, "--meaning", "changed")
    assert "no measure 'L99'" in rated.refused(*reword[:3], "L99", *reword[4:], "--meaning", "same")
    shown = rated.out("measures", "show", SLUG, "L1")
    assert shown.index("wording 1") < shown.index("wording 2")
    assert "A room of forty seats" in shown and "not compared" not in shown
    rated("measures", "reword", SLUG, "L1", "--text", "Fifty seats.", "--meaning", "changed", *WHY)
    assert "not compared" in rated.out("measures", "show", SLUG, "L1")


def test_merging(rated: CommandLine) -> None:
    said = rated.out("measures", "merge", SLUG, "L2", "L7", "--title", "A place to learn", *WHY)
    assert said == "L2 is merged into L7\n"
    lines = {line[:2]: line for line in rated.out("measures", "list", SLUG).splitlines()}
    assert "merged" in lines["L2"] and "A place to learn" in lines["L7"]
    assert "cannot be changed any more" in rated.refused("measures", "merge", SLUG, "L2", "L7", *WHY)
    assert "not compared" in rated.out("measures", "show", SLUG, "L7")
    assert "merged into L7" in rated.out("measures", "show", SLUG, "L2")


def test_dropping(library: CommandLine) -> None:
    assert library.out("measures", "drop", SLUG, "L3", *WHY) == "L3 is dropped\n"
    assert "cannot be changed" in library.refused("measures", "drop", SLUG, "L3", *WHY)


def test_nothing_is_dropped_after_one_rating(rated: CommandLine) -> None:
    assert "never dropped after one rating" in rated.refused("measures", "drop", SLUG, "L3", *WHY)


def test_languages(consult: CommandLine, folder: Path) -> None:
    main = folder / "consultation.yaml"
    main.write_text(main.read_text().replace("languages: [en]", "languages: [en, lv]"))
    consult("publish", folder)
    words = (
        "--title",
        "A garden",
        "--title",
        "lv=Dārzs",
        "--text",
        "lv=Ar kokiem.",
        "--text",
        "fr=is no language here",
    )
    consult("measures", "add", SLUG, "--theme", "house", *words, *WHY)
    shown = consult.out("measures", "show", SLUG, "M08")
    assert "lv: Dārzs" in shown and "fr=is no language here" in shown
    rewording = ("measures", "reword", SLUG, "M08", "--title", "A park", "--meaning", "same")
    only = consult(*rewording, "--reason", "lv=Tā ir labāk", code=2)
    assert "say it in 'en' too" in only.stderr
    consult(*rewording, "--reason", "lv=Tā ir labāk", "--reason", "It is better so")
    assert "It is better so" in consult.out("measures", "show", SLUG, "M08")
    empty = ("--title", "lv= ", "--text", "x", "--theme", "house", *WHY)
    assert "no words in 'lv'" in consult("measures", "add", SLUG, *empty, code=2).stderr


def test_no_consultation(consult: CommandLine) -> None:
    for words in (("measures", "list"), ("proposals", "list"), ("comments", "list")):
        assert "no consultation" in consult.refused(*words, TOWN_LIBRARY.name)
