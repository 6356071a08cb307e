from tests.commands.conftest import CommandLine

SLUG = "town-library"
WHY = ("--reason", "a good thought")


def only(rated: CommandLine) -> str:
    """The handle of the one proposal there is."""
    return rated.out("proposals", "list", SLUG).split("  ")[0]


def test_the_list_cannot_steer_a_terminal(rated: CommandLine) -> None:
    shown = rated.out("proposals", "list", SLUG)
    assert shown == f"{only(rated)}  waiting  (en)  A seed library\n    Lend seeds[2J.\n"


def test_nothing_was_put_forward(library: CommandLine) -> None:
    assert library.out("proposals", "list", SLUG) == "there is no proposal\n"
    assert "no proposal waiting" in library.out("proposals", "list", SLUG, "--waiting")


def test_accepting_makes_a_measure(rated: CommandLine) -> None:
    accept = ("proposals", "accept", SLUG, only(rated), "--theme", "service", *WHY)
    text = ("--text", "Lend seeds and take some back.")
    assert rated.out(*accept, *text) == f"proposal {only(rated)} is M08 and goes into the next round\n"
    assert "A seed library" in rated.out("measures", "show", SLUG, "M08")
    assert "was accepted before" in rated.refused(*accept)
    assert "accepted: a good thought" in rated.out("proposals", "list", SLUG)
    assert "no proposal waiting" in rated.out("proposals", "list", SLUG, "--waiting")


def test_a_proposal_contained_in_a_measure(rated: CommandLine) -> None:
    assert "no measure" in rated.refused("proposals", "merge", SLUG, only(rated), "L99", *WHY)
    said = rated.out("proposals", "merge", SLUG, only(rated), "L7", *WHY)
    assert said == f"proposal {only(rated)} is contained in L7\n"


def test_leaving_one_out(rated: CommandLine) -> None:
    empty = rated("proposals", "withhold", SLUG, only(rated), "--reason", "", code=2)
    assert "--reason: no words in 'en'" in empty.stderr
    assert "is left out" in rated.out("proposals", "withhold", SLUG, only(rated), *WHY)
    assert "no proposal '7'" in rated.refused("proposals", "withhold", SLUG, 7, *WHY)


def test_a_title_for_readers(rated: CommandLine) -> None:
    assert "a title needs words" in rated.refused("proposals", "title", SLUG, only(rated))
    assert "has a title for readers" in rated.out("proposals", "title", SLUG, only(rated), "--title", "Seeds")
    assert "A seed library" in rated.out("proposals", "list", SLUG)
