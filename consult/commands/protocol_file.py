"""The protocol of a file of ratings, written as YAML, and the one that holds without it.

What may stand in it is shown in `analysis/README.md`. Whatever is left out has the default: the
criteria of the data, on the only scale named or else from 1 to 9; bands in thirds; consensus at
75 % in one band and below 15 % in the other; everything else as in `analysis.protocol.rules`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, model_validator

from analysis.protocol.protocol import Criterion, Protocol, presets
from analysis.ratings_file.assumed import Assumed
from analysis.ratings_file.defaults import DEFAULT_SCALE, RATING, in_thirds, with_criteria
from consult.definition.explaining import explain
from consult.definition.reading import FolderSource, read_text, read_yaml
from consult.definition.rules import ProtocolText, build_protocol, build_scale
from consult.definition.scale import Scale as ScaleText
from consult.definition.text import Strict
from consult.errors import DefinitionInvalid, FileProblem


class CriterionText(Strict):
    """What an item is rated on."""

    key: str
    scale: str
    decides: bool = False


class ProtocolFile(ProtocolText):
    """A protocol that stands alone: with its scales and criteria."""

    preset: str | None = None
    round_order: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    scales: dict[str, ScaleText] = Field(default={})
    criteria: tuple[CriterionText, ...] = ()

    @model_validator(mode="after")
    def _one_rule(self) -> "ProtocolFile":
        known = presets()
        if self.preset is not None and self.preset not in known:
            raise ValueError(f"there is no preset '{self.preset}'; there are {', '.join(known)}")
        if self.preset is not None and "consensus" in self.model_fields_set:
            raise ValueError("write either 'preset' or 'consensus'")
        return self


@dataclass(frozen=True, slots=True)
class FileReading:
    """How a file of ratings is to be taken: its protocol, and what the file alone does not say."""

    protocol: Protocol
    rounds: tuple[str, ...] = ()
    """The rounds in their order, where it is declared."""
    missing: tuple[str, ...] = ()
    """What stands for no rating beside an empty cell."""
    assumed: tuple[Assumed, ...] = ()


def read_protocol(path: Path) -> FileReading:
    """The protocol of a file; without ``criteria`` it has none yet. Raises DefinitionInvalid."""
    source = FolderSource()
    text = read_text(path, source, path.name)
    raw = read_yaml(text, path.name, (), source) if text is not None else None
    built = _built(raw, source) if isinstance(raw, dict) else None
    if source.problems or built is None:
        raise DefinitionInvalid(source.problems)
    return built


def _built(raw: dict[str, Any], source: FolderSource) -> FileReading | None:
    known = ", ".join(sorted(ProtocolFile.model_fields))
    for key in raw.keys() - ProtocolFile.model_fields.keys():
        problem = FileProblem(*source.where((key,)), f"'{key}' is no key here", f"known: {known}")
        source.problems.append(problem)
    if source.problems:
        return None
    try:
        form = ProtocolFile.model_validate(raw)
    except ValidationError as error:
        source.problems.extend(explain(error, raw, source))
        return None
    try:
        protocol = _protocol(form)
        with_criteria(protocol, [RATING])  # whether the rule fits the scale
    except (KeyError, ValueError) as error:
        words = f"there is no scale {error}" if isinstance(error, KeyError) else str(error)
        source.problems.append(FileProblem(*source.where(()), words))
        return None
    return FileReading(protocol, form.round_order, form.missing, tuple(_assumed(form)))


def _assumed(form: ProtocolFile) -> Iterator[Assumed]:
    """What nobody wrote down."""
    if not form.scales:
        yield Assumed.SCALE
    elif not all(scale.bands for scale in form.scales.values()):
        yield Assumed.BANDS
    if form.preset is None and "consensus" not in form.model_fields_set:
        yield Assumed.RULE


def _protocol(form: ProtocolFile) -> Protocol:
    criteria = tuple(Criterion(one.key, one.scale, one.decides) for one in form.criteria)
    if len(criteria) == 1:
        criteria = (replace(criteria[0], decides=True),)
    scales = {key: in_thirds(build_scale(key, scale)) for key, scale in form.scales.items()}
    scales.setdefault(DEFAULT_SCALE.key, DEFAULT_SCALE)
    used = dict.fromkeys(criterion.scale for criterion in criteria)
    if not criteria and len(form.scales) == 1:
        used = dict.fromkeys(form.scales)
    protocol = build_protocol(ProtocolText(**_rules(form)), {}, ())
    if form.preset is not None:
        protocol = replace(protocol, consensus=presets()[form.preset])
    return replace(protocol, scales=tuple(scales[key] for key in used), criteria=criteria)


def _rules(form: ProtocolFile) -> dict[str, Any]:
    return {name: getattr(form, name) for name in ProtocolText.model_fields}
