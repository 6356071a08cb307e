"""Settings that cannot work are refused at the start, in words that say how to fix them."""

from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consult.config import SENDER, Config, from_env
from consult.errors import ConfigInvalid

HTTPS: dict[str, Any] = {"public_url": "https://consult.example.org", "secret_key": "k" * 48}


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"public_url": "https://a.example/consult"}, "scheme, name and port only, such as https"),
        ({"public_url": "https://a.example?x=1"}, "such as https://a.example"),
        ({"public_url": "https://a.example/#top"}, "such as https://a.example"),
        ({"public_url": "https://me:pw@a.example"}, "such as https://a.example"),
        ({"public_url": "https://a.example "}, "such as https://a.example"),
        ({"public_url": "https://a_b..example"}, "scheme, name and port"),
        ({"public_url": "https://a.example:99999"}, "a number from 1 to 65535"),
        ({"public_url": "https://a.example:0"}, "write it as https"),
        ({"public_url": "https://h\u00f6st.example"}, "ASCII letters: xn--hst-sna.example"),
        ({"public_url": "consult.example"}, "write it as https"),
        ({"public_url": "http://a.example"}, "use https"),
        ({"mail_from": "consult"}, "one e-mail address"),
        ({"mail_from": ""}, "one e-mail address"),
        ({"mail_from": "a@b.example, c@d.example"}, "one e-mail address"),
        ({"mail_from": "a@b.example\nBcc: c@d.example"}, "one e-mail address"),
        ({"mail_from": "Office <office@>"}, "one e-mail address"),
        ({"mail_from": "office@exa mple.org"}, "one e-mail address"),
        ({"database_url": "postgres://me:secret@host/name"}, "postgresql://user@host/name"),
        ({"database_url": "mysql://host/name"}, "'mysql' is no database known here"),
        ({"database_url": "sqlite://"}, "names no file"),
        ({"database_url": "sqlite:///:memory:"}, "names no file"),
        ({"smtp_port": 0}, "CONSULT_SMTP_PORT is 0; write a number from 1 to 65535"),
        ({"smtp_port": 70_000}, "from 1 to 65535"),
        ({"session_days": 0}, "CONSULT_SESSION_DAYS"),
        ({"staff_session_hours": 0}, "CONSULT_STAFF_SESSION_HOURS"),
        ({"upload_limit": 10}, "CONSULT_UPLOAD_LIMIT"),
    ],
)
def test_what_cannot_work_is_refused_in_words(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigInvalid) as refused:
        Config(**{**HTTPS, **settings})
    assert says in str(refused.value) and "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "settings",
    [
        {"public_url": "https://consult.example.org/"},
        {"public_url": "https://consult.example.org:8443"},
        {"public_url": "https://xn--hst-sna.example"},
        {"public_url": "https://[2001:db8::1]:8443"},
        {"public_url": "HTTPS://Consult.Example.ORG"},
        {"public_url": "http://[::1]:8000"},
        {"public_url": "http://127.0.0.1:8000"},
        {"mail_from": "consult@localhost"},
        {"mail_from": "Our Office <office@example.org>"},
        {"mail_from": '"Office, the one" <office@example.org>'},
        {"mail_from": "Stra\N{LATIN SMALL LETTER SHARP S}e <o.ne+two@example.org>"},
        {"database_url": "postgresql+psycopg://me@/name?host=/run/postgresql"},
        {"database_url": "sqlite:////srv/consult.db"},
    ],
)
def test_what_can_work_is_taken(settings: dict[str, Any]) -> None:
    made = Config(**{**HTTPS, **settings})
    assert {name: getattr(made, name) for name in settings} == settings


@given(st.from_regex(SENDER, fullmatch=True))
@example("\x85 <0@0>")
@example("Office\u2028 <office@example.org>")
def test_a_sender_that_is_taken_can_be_written_into_a_mail(text: str) -> None:
    try:
        Config(**{**HTTPS, "mail_from": text})
    except ConfigInvalid:
        return
    mail = EmailMessage()
    mail["From"] = text
    assert len(mail["From"].addresses) == 1 and "@" in mail.as_string()


@given(st.text(max_size=60))
@example("<")
@example(".:")
def test_no_text_makes_it_fail_otherwise(text: str) -> None:
    for name in ("public_url", "mail_from", "database_url", "rate_limit", "trusted_proxies"):
        try:
            taken = getattr(Config(**{**HTTPS, name: text}), name)
        except ConfigInvalid as refused:
            assert f"CONSULT_{name.upper()}" in str(refused)
        else:
            assert taken == text


def test_a_digit_of_another_kind_is_no_number() -> None:
    with pytest.raises(ConfigInvalid, match="whole number"):
        from_env({"CONSULT_SMTP_PORT": "\N{SUPERSCRIPT TWO}"})


def test_settings_shown_by_accident_hold_no_secret() -> None:
    shown = repr(Config(**{**HTTPS, "secret_key": "s" * 48, "smtp_password": "pass-7c1"}))
    assert "s" * 48 not in shown and "pass-7c1" not in shown
