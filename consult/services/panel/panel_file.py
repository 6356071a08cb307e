"""The panel file: a CSV with one line per expert, read whole, every mistake reported at once."""

import csv
import difflib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from consult.characters import plain_name
from consult.definition.consultation import Definition
from consult.definition.parts import Attribute, ReportingGroup
from consult.errors import FileProblem, PanelInvalid
from consult.services.panel.addresses import name_refusal, refusal
from consult.services.panel.decoding import decoded
from consult.services.panel.panel_row import (
    FILE,
    GROUP,
    PERSON,
    Named,
    PanelRow,
    columns,
    derived_group,
    folded,
    listed_keys,
    shown_cell,
)

NAME_LENGTH = 200


def read_panel(definition: Definition, data: bytes) -> list[PanelRow]:
    """The experts of a panel file, in its order.

    Accepts `,` or `;` between the cells, a byte order mark, and for an attribute or a group its
    key or its label in any language. E-mail addresses come back in lower case.

    Raises PanelInvalid with one `FileProblem` for each mistake, in order of lines.
    """
    reading = _Reading(definition)
    rows = list(reading.rows(decoded(data)))
    if not rows and not reading.problems:
        reading.refuse(1, "there is no expert in the file", "write one line for each expert")
    if reading.problems:
        raise PanelInvalid(sorted(reading.problems, key=lambda problem: problem.line))
    return rows


@dataclass(slots=True)
class _Reading:
    """One reading of one file, and the problems found so far."""

    definition: Definition
    problems: list[FileProblem] = field(default_factory=list)
    line_of: dict[str, int] = field(default_factory=dict)

    def refuse(self, line: int, message: str, fix: str = "") -> None:
        self.problems.append(FileProblem(FILE, line, message, fix))

    def rows(self, text: str) -> Iterator[PanelRow]:
        records = self._records(text)
        line, header = next(records, (1, []))
        if not header:
            fix = f"the first line names the columns: {','.join(columns(self.definition))}"
            self.refuse(line, "the file is empty", fix)
            return
        places = self._places(line, header)
        if not places:
            return
        for line, cells in records:
            if any(cells[len(header) :]):
                message = f"the line has {len(cells)} cells, the first line has {len(header)}"
                self.refuse(line, message, "put a cell that holds a comma or semicolon in quotes")
                continue
            row = self._row(line, {key: cells[place] for key, place in places.items() if place < len(cells)}, places)
            if row is not None:
                yield row

    def _records(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """The lines that hold anything, with their numbers; cells stripped."""
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter(text), strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = [cell.strip() for cell in next(reader)]
            except StopIteration:
                return
            except csv.Error as error:
                fix = "look for a quotation mark that is not closed or stands inside a cell"
                self.refuse(line, f"the line cannot be read ({error})", fix)
                continue
            if any(cells):
                yield line, cells

    def _delimiter(self, text: str) -> str:
        """The one that finds more of the known columns in the first line."""
        known = set(columns(self.definition))
        first = text.lstrip().partition("\n")[0]
        return max(
            ",;", key=lambda sign: sum(cell.strip().strip('"').casefold() in known for cell in first.split(sign))
        )

    def _places(self, line: int, header: list[str]) -> dict[str, int]:
        """Where each known column stands."""
        known = columns(self.definition)
        names = [name.casefold() for name in header]
        while names and not names[-1]:
            names.pop()
        places: dict[str, int] = {}
        for place, name in enumerate(names):
            if name in places:
                self.refuse(line, f"the column '{name}' stands twice", "leave one of them out")
            elif name in known:
                places[name] = place
            else:
                near = difflib.get_close_matches(name, known, 1, 0.6)
                fix = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(known)}"
                words = (
                    f"the column {shown_cell(header[place])} is unknown"
                    if name
                    else (f"column {place + 1} has no name")
                )
                self.refuse(line, words, fix)
        for name in [*PERSON, *(item.key for item in self._attributes() if item.required)]:
            if name not in places:
                fix = f"add it to the first line; all columns are: {', '.join(known)}"
                self.refuse(line, f"the column '{name}' is missing", fix)
        return places

    def _attributes(self) -> tuple[Attribute, ...]:
        return self.definition.panel.attributes

    def _row(self, line: int, cells: Mapping[str, str], places: Mapping[str, int]) -> PanelRow | None:
        """The expert on one line, or None when something is wrong with it."""
        before = len(self.problems)
        for key, cell in cells.items():
            found = name_refusal(cell)
            if found is not None:
                message = f"'{key}' holds {found}: {shown_cell(cell)}"
                self.refuse(line, message, "type it again by hand, on one line")
        required = [*PERSON, *(item.key for item in self._attributes() if item.required)]
        for key in required:
            if key in places and not cells.get(key):
                self.refuse(line, f"'{key}' is empty", "every expert needs it")
        name = self._name(line, cells.get("name", ""))
        email = self._email(line, cells.get("email", ""))
        language = self._language(line, cells.get("language", ""))
        attributes = {}
        for attribute in self._attributes():
            value = self._attribute(line, attribute, cells.get(attribute.key, ""))
            if value is not None:
                attributes[attribute.key] = value
        is_sound = len(self.problems) == before
        group = self._group(line, cells, attributes)
        if not is_sound or len(self.problems) != before:
            return None
        return PanelRow(line, name, email, language, attributes, group)

    def _name(self, line: int, cell: str) -> str:
        if len(cell) > NAME_LENGTH:
            self.refuse(line, f"the name has more than {NAME_LENGTH} letters", "shorten it")
        return plain_name(cell)

    def _email(self, line: int, cell: str) -> str:
        email = cell.lower()
        if not cell or name_refusal(cell):  # said already
            return email
        why = refusal(cell)
        if why is not None:
            self.refuse(line, f"{shown_cell(cell)} {why[0]}", why[1])
        elif email in self.line_of:
            message = f"{shown_cell(cell)} stands on line {self.line_of[email]} and on line {line}"
            self.refuse(line, message, "each expert has an address of their own")
        self.line_of.setdefault(email, line)
        return email

    def _language(self, line: int, cell: str) -> str:
        offered = {language.casefold(): language for language in self.definition.languages}
        if cell and cell.casefold() not in offered:
            fix = f"write one of: {', '.join(self.definition.languages)}"
            self.refuse(line, f"the language {shown_cell(cell)} is not offered", fix)
        return offered.get(cell.casefold(), "")

    def _attribute(self, line: int, attribute: Attribute, cell: str) -> str | None:
        if not cell:
            return None
        options = self.definition.lists[attribute.list_]
        return self._choice(line, attribute.key, cell, [(o.key, o.label) for o in options])

    def _choice(self, line: int, column: str, cell: str, found: Named) -> str | None:
        """The key that a cell means, by its key or by a label; a problem when there is none."""
        wanted = folded(cell)
        exact = [key for key, _ in found if key == cell]
        keys = exact or [
            key for key, label in found if wanted in (folded(key), *(folded(words) for words in label.values()))
        ]
        if len(keys) == 1:
            return keys[0]
        if keys:
            message = f"'{column}' is {shown_cell(cell)}, which is several: {', '.join(keys)}"
            self.refuse(line, message, "write the key")
            return None
        by_words = {folded(words): words for key, label in found for words in label.values()}
        by_words |= {folded(key): key for key, _ in found}
        near = difflib.get_close_matches(wanted, by_words, 1, 0.6)
        fix = f"did you mean '{by_words[near[0]]}'?" if near else f"there are: {listed_keys(found)}"
        self.refuse(line, f"{shown_cell(cell)} is not known as '{column}'", fix)
        return None

    def _group(self, line: int, cells: Mapping[str, str], attributes: Mapping[str, str]) -> str | None:
        """The reporting group that follows from the attributes; a cell may only confirm it."""
        declared = self.definition.panel.reporting_groups
        groups: tuple[ReportingGroup, ...] = declared.groups if declared is not None else ()
        value = attributes.get(declared.attribute) if declared is not None else None
        derived = derived_group(self.definition, value)
        cell = cells.get(GROUP, "")
        if not cell or any(attribute.key == GROUP for attribute in self._attributes()):
            return derived
        if declared is None:
            self.refuse(line, "this consultation has no reporting groups", "leave 'group' empty")
            return None
        said = self._choice(line, GROUP, cell, [(group.key, group.label) for group in groups])
        if said is not None and said != derived and (derived or not cells.get(declared.attribute)):
            source = f"'{declared.attribute}' says '{derived}'" if derived else (f"'{declared.attribute}' is empty")
            fix = f"leave 'group' empty or fix '{declared.attribute}'"
            self.refuse(line, f"'group' says '{said}', but {source}", fix)
        return derived
