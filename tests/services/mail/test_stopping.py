"""A wish to stop breaks off waiting for a mail server, and nothing else."""

import pytest

from consult.services.mail.stopping import Interrupted, Refused, Stop


def test_asked_while_waiting_it_breaks_off() -> None:
    stop = Stop()
    with pytest.raises(Interrupted), stop.breaking_off():
        stop.ask(15, None)
    assert stop.is_asked


def test_asked_at_any_other_time_it_only_notes_the_wish() -> None:
    stop = Stop()
    stop.ask()
    assert stop.is_asked
    entered = False
    with pytest.raises(Interrupted), stop.breaking_off():
        entered = True
    assert not entered, "the next wait does not begin"


def test_after_a_wait_nothing_is_broken_off_any_more() -> None:
    stop = Stop()
    with stop.breaking_off():
        pass
    with pytest.raises(OSError, match="lost"), stop.breaking_off():
        raise OSError("lost")
    stop.ask()
    assert stop.is_asked


@pytest.mark.parametrize(("code", "is_lasting"), [(450, False), (499, False), (500, True), (554, True)])
def test_a_refusal_of_the_500s_is_for_good(code: int, is_lasting: bool) -> None:
    """RFC 5321: 4yz may be tried again, 5yz not. The address is not in its text."""
    found = Refused(code)
    assert (found.is_lasting, str(found)) == (is_lasting, f"refused by the mail server with code {code}")
