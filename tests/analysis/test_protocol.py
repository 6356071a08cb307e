"""The protocol is light, exact, comes back from its dict, and refuses what cannot be meant."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from analysis.protocol.protocol import (
    Band,
    ConsensusRule,
    Criterion,
    DisagreementClause,
    FeedbackRule,
    IqrClause,
    MedianClause,
    PrioritiesRule,
    Protocol,
    Quantiles,
    RoundClauses,
    Scale,
    ShareClause,
    StabilityRule,
    presets,
)
from tests.analysis.consultation import BANDS, NINE, PROTOCOL


def test_importing_the_protocol_loads_no_numbers() -> None:
    code = "import sys, analysis.protocol.protocol\nprint('numpy' in sys.modules or 'scipy' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_importing_the_seam_loads_neither_scipy_nor_pandas() -> None:
    code = (
        "import sys, analysis.result.stage, analysis.disclosure.floors, analysis.figures.drawing\n"
        "print(sorted({'scipy', 'pandas', 'plotly'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("name", sorted(presets()))
def test_protocol_comes_back_from_json(name: str) -> None:
    protocol = replace(PROTOCOL, consensus=presets()[name])
    form = json.loads(json.dumps(protocol.to_dict()))
    assert Protocol.from_dict(form) == protocol
    assert Protocol.from_dict(form).digest() == protocol.digest()


def test_every_kind_of_clause_comes_back() -> None:
    clauses = (ShareClause("high", ">=", 2, 3), MedianClause(">=", 13), IqrClause("<=", 5, 2), DisagreementClause())
    rule = ConsensusRule(rounds=(RoundClauses(1, clauses, clauses),))
    protocol = replace(PROTOCOL, consensus=rule, priorities=None)
    assert Protocol.from_dict(protocol.to_dict()) == protocol
    assert rule.clauses(1) == (clauses, clauses)
    assert rule.clauses(2) == (rule.into, rule.out)


def test_digest_tells_rules_apart() -> None:
    digests = {replace(PROTOCOL, consensus=rule).digest() for rule in presets().values()}
    digests.add(replace(PROTOCOL, priorities=PrioritiesRule(pick=6)).digest())
    assert len(digests) == 5
    assert all(len(digest) == 64 for digest in digests)


def test_bands_are_found_by_code() -> None:
    assert [NINE.band(code) for code in (0, 2, 3, 8)] == ["low", "low", "middle", "high"]
    assert Scale("S", 0, 4, (Band("top", 3, 4),)).band(0) is None
    assert NINE.k == 9
    with pytest.raises(KeyError):
        NINE.named_band("top")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Scale("S", 5, 1),
        lambda: Scale("S", 1, 5, (Band("low", 1, 3), Band("high", 3, 5))),
        lambda: Scale("S", 1, 5, no_answer=("no_idea",)),
        lambda: Scale("S", 1, 5, level="nominal"),
        lambda: ShareClause("high", ">", 3, 4),
        lambda: ShareClause("high", ">=", 5, 4),
        lambda: MedianClause("<", 14),
        lambda: IqrClause("<=", -1),
        lambda: DisagreementClause(method="madm"),
        lambda: ConsensusRule(into=()),
        lambda: ConsensusRule(denominator="invited"),
        lambda: ConsensusRule(minimum_share=(3, 2)),
        lambda: Quantiles(quartile_type=10),
        lambda: StabilityRule(share_within=(5, 4)),
        lambda: replace(PROTOCOL, criteria=(Criterion("importance", NINE.key),)),
        lambda: replace(PROTOCOL, criteria=(Criterion("importance", "S_OTHER", True),)),
        lambda: replace(PROTOCOL, scales=(Scale(NINE.key, 1, 9, BANDS[:2]),)),
    ],
)
def test_what_cannot_be_meant_is_refused(make: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        make()  # type: ignore[operator]


def test_a_rule_added_later_leaves_the_digests_of_before() -> None:
    """At its default it stands in no written form; otherwise it does, and comes back."""
    plain, shown = Protocol(), Protocol(feedback=FeedbackRule(evidence="on_request"))
    assert "evidence" not in plain.to_dict()["feedback"]
    assert shown.to_dict()["feedback"]["evidence"] == "on_request"
    assert plain.digest() != shown.digest()
    assert [Protocol.from_dict(one.to_dict()) for one in (plain, shown)] == [plain, shown]


def test_evidence_is_shown_by_a_known_rule_only() -> None:
    with pytest.raises(ValueError, match="evidence is shown 'always'"):
        FeedbackRule(evidence="always")
