"""`python -m tests.benchmarks.web.peers`: does each peer serve the page, and keep what was answered?

One line per peer; ends with 1 if an answer was wrong or is not in the peer's database.
"""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.web import client
from tests.benchmarks.web.peers.running import PEERS, Peer

PEOPLE = 20
AT_ONCE = 4


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        sound = [_is_sound(peer, Path(folder) / f"peer-{place}") for place, peer in enumerate(PEERS)]
    return 0 if all(sound) else 1


def _is_sound(peer: Peer, folder: Path) -> bool:
    """Let everybody go through the peer, and say what came of it."""
    with peer.serving(folder, PEOPLE) as (port, starts):
        load = client.run(port, AT_ONCE, map(peer.journey, starts))
    stored = peer.stored(folder)
    requests = sum(map(len, load.took.values())) / max(1, load.journeys)
    print(f"{peer.name}: {load.per_second:.2f} journeys/s, {requests:g} requests a journey", end=", ")
    print(f"wrong {dict(load.wrong)}, stored {stored} of {PEOPLE}; bytes {load.sizes}", flush=True)
    return not load.wrong and stored == load.journeys == PEOPLE


if __name__ == "__main__":
    sys.exit(main())
