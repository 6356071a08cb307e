"""How often one may try: by the caller's address, and by the account or address that is named."""

from collections.abc import Callable
from functools import wraps
from ipaddress import IPv6Address, ip_address
from typing import ParamSpec

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from consult.config import Rate
from consult.database import get_database
from consult.services.staff import attempts
from consult.web.access import config

P = ParamSpec("P")
PASSWORDS = Rate(10, 15 * 60)
"""Wrong passwords for one account, from whatever address."""
NEW_LINKS = Rate(5, 60 * 60)
"""New links asked for one address: its owner's mailbox is not to be filled."""


def limited(door: str) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Count what one caller sends to a view, before anything else is done for it."""

    def decorate(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def wrapper(*args: P.args, **values: P.kwargs) -> ResponseReturnValue:
            if request.method == "POST":
                count(f"{door} by caller", _caller(), config().rate)
            return view(*args, **values)

        return wrapper

    return decorate


def count(door: str, who: str, rate: Rate) -> None:
    """Count an attempt in a transaction of its own. Raises TooManyRequests."""
    with get_database().writing() as session:
        wait = attempts.count(session, config().secret_key, door, who, rate)
    if wait:
        raise TooManyRequests(retry_after=wait)


def forget(door: str, who: str) -> None:
    """Forget the attempts of somebody who has got in."""
    with get_database().writing() as session:
        attempts.forget(session, config().secret_key, door, who)


def _caller() -> str:
    """The address of the caller; of IPv6 the network, within which one has addresses at will."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or int(address) >> 64)
    return str(address)
