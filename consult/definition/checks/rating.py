"""Rounds, criteria and the protocol: that the rules can be applied to what is rated."""

from collections.abc import Iterator

from consult.definition.checks.content import Content
from consult.definition.checks.finding import Finding, Place
from consult.definition.question import Multi
from consult.definition.rules import ClauseText, ConsensusText, PrioritiesText

Clauses = tuple[Place, tuple[ClauseText, ...]]


def rounds_need_measures(content: Content) -> Iterator[Finding]:
    """A consultation with rounds has measures, and one with measures rounds."""
    definition = content.definition
    rounds = [at for at, stage in enumerate(definition.stages) if stage.kind == "round"]
    if rounds and (definition.measures is None or not definition.measures.measures):
        message = "there is a round but nothing to rate"
        yield Finding(("stages", rounds[0]), message, "write a file measures.yaml")


def one_criterion_decides(content: Content) -> Iterator[Finding]:
    """Measures are rated on criteria, of which exactly one decides."""
    measures = content.definition.measures
    if measures is None:
        return
    deciding = [at for at, item in enumerate(measures.criteria) if item.decides]
    place: Place = ("measures", "criteria")
    if not measures.criteria:
        yield Finding(place, "there is no criterion", "say what a measure is rated on")
    elif not deciding:
        message = "no criterion decides"
        yield Finding(place, message, "write 'decides: true' at one of them")
    for at in deciding[1:]:
        message = "a second criterion decides"
        yield Finding((*place, at, "decides"), message, "keep 'decides: true' at one of them")


def bands_for_clauses(content: Content) -> Iterator[Finding]:
    """The scales of all criteria have the bands that the protocol names."""
    definition = content.definition
    named: list[tuple[Place, str]] = [
        ((*place, at, "band"), clause.band)
        for place, clauses in clause_sets(definition.protocol.consensus)
        for at, clause in enumerate(clauses)
        if clause.band is not None
    ]
    dissent = definition.protocol.dissent.bands
    named += [(("protocol", "dissent", "bands", at), band) for at, band in enumerate(dissent)]
    for item in definition.measures.criteria if definition.measures else ():
        scale = definition.scales.get(item.scale)
        known = [band.key for band in scale.bands] if scale else None
        reported: set[str] = set()
        for place, band in named:
            if known is not None and band not in known and band not in reported:
                reported.add(band)
                message = f"the scale '{item.scale}' of '{item.key}' has no band '{band}'"
                yield Finding(place, message, f"its bands: {', '.join(known) or 'none'}")


def clause_sets(consensus: ConsensusText) -> Iterator[Clauses]:
    """The clause sets of the rule, those of single rounds included."""
    place: Place = ("protocol", "consensus")
    yield (*place, "in"), consensus.into
    yield (*place, "out"), consensus.out
    for number, own in consensus.rounds.items():
        yield (*place, "rounds", str(number), "in"), own.into
        yield (*place, "rounds", str(number), "out"), own.out


def rounds_of_protocol(content: Content) -> Iterator[Finding]:
    """The protocol counts the rounds that the stages have."""
    definition = content.definition
    numbers = [stage.round for stage in definition.stages if stage.kind == "round"]
    if not numbers:
        return
    protocol = definition.protocol
    if protocol.stopping.rounds != len(numbers):
        message = f"the protocol has {protocol.stopping.rounds} rounds, the stages {len(numbers)}"
        fix = f"write 'stopping: {{rounds: {len(numbers)}}}' in the protocol"
        yield Finding(("protocol", "stopping", "rounds"), message, fix)
    for number in protocol.consensus.rounds:
        if number not in numbers:
            place: Place = ("protocol", "consensus", "rounds", str(number))
            yield Finding(place, f"there is no round {number}", "correct the number")


def priorities_question(content: Content) -> Iterator[Finding]:
    """Priorities are picked in a round that exists, in a question made for it."""
    priorities = content.definition.protocol.priorities
    rounds = {stage.round: stage for stage in content.definition.stages if stage.round}
    place: Place = ("protocol", "priorities")
    if priorities is None:
        return
    if priorities.round not in rounds:
        message = f"priorities are picked in round {priorities.round}, which there is not"
        yield Finding((*place, "round"), message, "name a round of the stages")
        return
    problem = _unfit_for_picking(content, priorities, rounds[priorities.round].questionnaire)
    if problem:
        fix = f"let that round have a multi question of measures with 'max: {priorities.pick}'"
        yield Finding((*place, "question"), problem, fix)


def _unfit_for_picking(content: Content, priorities: PrioritiesText, here: str | None) -> str:
    named = priorities.question or _picking_question(content, here)
    if named is None:
        return f"no measures are ticked in round {priorities.round}"
    spot = content.by_key.get(named)
    if spot is None:
        return f"there is no question '{priorities.question}'"
    question = spot.question
    if spot.questionnaire != here:
        return f"'{spot.key}' is not asked in round {priorities.round}"
    if not isinstance(question, Multi) or question.options.measures is None:
        return f"in '{spot.key}' no measures are ticked"
    if question.max != priorities.pick:
        return f"in '{spot.key}' one picks {question.max or 'any number'}, not {priorities.pick}"
    return ""


def _picking_question(content: Content, questionnaire: str | None) -> str | None:
    """The first question of a questionnaire in which measures are ticked."""
    for spot in content.spots:
        question = spot.question
        here = spot.questionnaire == questionnaire and spot.group is None
        if here and isinstance(question, Multi) and question.options.measures is not None:
            return question.key
    return None


def priorities_of_round(content: Content) -> Iterator[Finding]:
    """Rows taken from priorities need a protocol in which that round picks them."""
    priorities = content.definition.protocol.priorities
    numbers = {stage.key: stage.round for stage in content.definition.stages}
    for spot in content.spots:
        for where in ("rows", "options"):
            source = getattr(spot.question, where, None)
            name = source.priorities if source is not None else None
            if name in numbers and (priorities is None or numbers[name] != priorities.round):
                message = f"no priorities are picked in '{name}'"
                fix = "write 'priorities: {pick: …, round: …}' in the protocol"
                yield Finding((*spot.place, where, "priorities"), message, fix)
