"""Ways a connection is cut: the browser knows it, or says all the while that it is online."""

from collections.abc import Callable, Mapping

from playwright.sync_api import BrowserContext, Page, Route

PORTAL = "<html><body><h1>Welcome to the hotel</h1></body></html>"
EVERYTHING = "**/*"
Lie = Callable[[Route], None]


def dead(route: Route) -> None:
    route.abort("connectionfailed")


def portal(route: Route) -> None:
    """A network that wants to be paid first answers everything itself."""
    route.fulfill(status=200, content_type="text/html", body=PORTAL)


LIES: Mapping[str, Lie] = {"dead": dead, "portal": portal}
OFFLINE, WELL = "offline", ""
CUTS = (OFFLINE, *LIES)
"""Offline is the only one of which the browser is told."""


def mend(context: BrowserContext, cut: str) -> None:
    """Undo one of `CUTS`."""
    if cut == OFFLINE:
        context.set_offline(False)
    elif cut:
        context.unroute(EVERYTHING, LIES[cut])


def pull(context: BrowserContext, cut: str) -> None:
    """Cut a connection that is well, for every window of this browser."""
    if cut == OFFLINE:
        context.set_offline(True)
    elif cut:
        context.route(EVERYTHING, LIES[cut])


class Slow:
    """A connection on which nothing comes back before it is let go."""

    def __init__(self, page: Page) -> None:
        self.page, self.waiting = page, list[Route]()

    def _hold(self, route: Route) -> None:
        self.waiting.append(route)

    def __enter__(self) -> "Slow":
        self.page.route(EVERYTHING, self._hold)
        return self

    def __exit__(self, *_: object) -> None:
        for route in self.waiting:  # grows while it is let go
            route.continue_()
        self.page.unroute(EVERYTHING, self._hold)
