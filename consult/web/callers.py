"""Who calls: the address that the nearest trusted proxies name, and nobody else."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

from consult.config import Network

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def behind(app: "WSGIApplication", proxies: int | tuple[Network, ...]) -> "WSGIApplication":
    """That application behind so many proxies, or behind proxies at these addresses."""
    if isinstance(proxies, int):
        return _fixed(app, proxies)

    def asked(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return _fixed(app, _hops(environ, proxies))(environ, start_response)

    return asked


def _fixed(app: "WSGIApplication", hops: int) -> "WSGIApplication":
    if hops == 0:
        return app
    return ProxyFix(app, x_for=hops, x_proto=1, x_host=0)


def _hops(environ: "WSGIEnvironment", proxies: tuple[Network, ...]) -> int:
    """How many proxies in a row, from here outwards, stand at trusted addresses."""
    named = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
    hops = 0
    for address in (environ.get("REMOTE_ADDR", ""), *reversed(named)):
        if not _is_within(address.strip(), proxies):
            break
        hops += 1
    return min(hops, len(named))


def _is_within(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in ip_network(network) for network in networks)
