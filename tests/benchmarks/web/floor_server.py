"""`python -m tests.benchmarks.web.floor_server URL PORT`: the floor behind the server that consult has."""

import signal
import sys
from functools import partial

from consult import serving
from consult.config import Config
from consult.keeping import Keeper
from tests.benchmarks.web import floor


def main(url: str, port: int) -> None:
    with serving.listening("127.0.0.1", port) as listener:
        gateway = serving.gateway_to(floor.make(url).wsgi_app, 1_000_000)
        work = partial(serving.answer_requests, gateway, listener)
        keeper = Keeper(Config(), jobs={}, answers=[work] * serving.processes())
        signal.signal(signal.SIGTERM, lambda *_: keeper.end())
        keeper.run()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
