"""E-mail addresses, of the panel, of staff and of whoever is to be asked."""

from email_validator import EmailNotValidError, validate_email

EMAIL_LENGTH = 254


def is_address(text: str) -> bool:
    """Whether mail servers everywhere take this for an address; nobody is asked (RFC 5321, 6761).

    Latin letters only: a domain in other letters is offered as the network writes it, not taken.
    """
    if len(text) > EMAIL_LENGTH or not text.isascii():
        return False
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return False
    return True
