"""Once a consultation is finished, whoever would change its measures is refused."""

import pytest

from consult import clock
from consult.errors import NotPossible
from consult.models import Release, ReleaseKind, Result
from consult.services.measures import finished
from tests.services.conftest import World


def release(world: World, kind: ReleaseKind, number: int = 1) -> None:
    """A release of a made-up result, past the services."""
    stage = world.stage("round-2")
    result = world.session.query(Result).filter_by(stage_id=stage.id).one_or_none() or Result(
        consultation_id=world.consultation.id,
        stage_id=stage.id,
        number=1,
        digest="1" * 64,
        protocol_digest="2" * 64,
        analysis_version="1.2.0",
        content="{}",
        row_seed="3" * 64,
        frozen_at=clock.utc_now(),
    )
    world.session.add(result)
    world.session.flush()
    world.session.add(
        Release(
            consultation_id=world.consultation.id,
            result_id=result.id,
            kind=kind,
            number=number,
            digest="4" * 64,
            content={"told": number},
            released_at=clock.utc_now(),
        )
    )
    world.session.flush()


def test_numbers_and_texts_finish_nothing(world: World) -> None:
    for kind in (ReleaseKind.NUMBERS, ReleaseKind.TEXTS):
        release(world, kind)
    assert finished.final_content(world.session, world.consultation.id) is None
    finished.require_unfinished(world.session, world.consultation.id)


def test_the_newest_final_release_counts_and_refuses(world: World) -> None:
    release(world, ReleaseKind.FINAL)
    release(world, ReleaseKind.FINAL, 2)
    assert finished.final_content(world.session, world.consultation.id) == {"told": 2}
    with pytest.raises(NotPossible, match="finished"):
        finished.require_unfinished(world.session, world.consultation.id)
    assert finished.final_content(world.session, world.consultation.id + 1) is None
