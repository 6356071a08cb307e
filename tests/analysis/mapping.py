"""Golden statistic name -> our function. A name missing here fails the test that reads it."""

from tests.analysis.mapping_histogram import DESCRIPTIVE, ORDINAL, POLARISATION, PROPORTIONS, QUANTILES, RAM, RWG
from tests.analysis.mapping_panel import AGREEMENT, CONCORDANCE, ICC, OPINIONS, RANKING
from tests.analysis.mapping_rounds import PAIRED, SUBGROUPS
from tests.analysis.shapes import Compute

PARTS = (
    DESCRIPTIVE,
    QUANTILES,
    RAM,
    ORDINAL,
    RWG,
    POLARISATION,
    PROPORTIONS,
    AGREEMENT,
    ICC,
    CONCORDANCE,
    PAIRED,
    SUBGROUPS,
    RANKING,
    OPINIONS,
)
COMPUTE: dict[str, Compute] = {name: compute for part in PARTS for name, compute in part.items()}
