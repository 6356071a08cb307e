import re

from tests.commands.conftest import CommandLine

SLUG = "town-library"


def first(rated: CommandLine) -> str:
    return rated.out("comments", "list", SLUG).split("  ")[0]


def test_comments_of_closed_stages(rated: CommandLine) -> None:
    shown = rated.out("comments", "list", SLUG, "--stage", "round-1", "--state", "waiting")
    assert len(re.findall(r"^[a-z2-7]{16}  round-1  L\d  reason  \(en\)  waiting$", shown, re.M)) == 70
    assert "no such comment" in rated.out("comments", "list", SLUG, "--state", "withheld")
    assert "there is no stage" in rated.refused("comments", "list", SLUG, "--stage", "nowhere")


def test_comments_of_an_open_stage_stay_unseen(library: CommandLine) -> None:
    assert "no such comment in a closed stage" in library.out("comments", "list", SLUG)
    refused = library.refused("comments", "accept", SLUG, "a" * 16)
    assert "no comment 'aaaaaaaaaaaaaaaa' in a closed stage" in refused


def test_accepting_in_other_words(rated: CommandLine) -> None:
    handle = first(rated)
    rated("comments", "accept", SLUG, handle, "--text", "It matters.")
    shown = rated.out("comments", "list", SLUG, "--state", "accepted")
    assert shown.startswith(f"{handle}  ") and "fed back (en): It matters." in shown


def test_withholding(rated: CommandLine) -> None:
    handle = first(rated)
    withhold = ("comments", "withhold", SLUG, handle, "--reason")
    assert "say why" in rated.refused(*withhold, " ")
    assert "is withheld" in rated.out(*withhold, "names a colleague")
    assert "withheld: names a colleague" in rated.out("comments", "list", SLUG)


def test_released_reasons_do_not_change(rated: CommandLine) -> None:
    handle = first(rated)
    rated("open", SLUG, "round-2", "--reason", "ready")
    assert "were released" in rated.refused("comments", "accept", SLUG, handle)
    assert "  passed-over\n" in rated.out("comments", "list", SLUG)
    assert "no such comment" in rated.out("comments", "list", SLUG, "--state", "waiting")
    assert "0 comments, 1 proposal" in rated.out("status", SLUG)
