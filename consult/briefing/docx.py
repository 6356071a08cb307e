"""A briefing as a Word file that an editor can go on with: styles, captions, tables, alt texts."""

import io
from typing import Any

import docx
import docx.table
from docx.document import Document as Paper
from docx.shared import Emu, Pt
from docx.text.paragraph import Paragraph as Written

from consult.briefing import docx_parts as parts
from consult.briefing import figure_images
from consult.briefing.columns import shares
from consult.briefing.docx_names import property_text, section_anchor, sequence_name
from consult.briefing.docx_parts import cell_at
from consult.briefing.folding import folded
from consult.briefing.model import Block, Briefing, Figure, Heading, Line, Listing, Paragraph, Quotes, Section, Table
from consult.briefing.numbering import ANNEX
from consult.errors import NotPossible
from consult.refusals.codes import Code, Refusal
from consult.refusals.file_facts import Failed
from consult.words.catalogues import catalogue

LOCALES = {"en": "en-GB", "ru": "ru-RU"}
KINDS = {"text": "Normal", "lead": "Lead", "note": "Note", "box": "Box", "editor": "Editor"}
QUOTED = {"ru": "«{}»"}


def write(briefing: Briefing, template: bytes | None = None, *, has_pictures: bool = True) -> bytes:
    """The file. `template`: a Word file whose styles, margins and footers are used, not its text.
    Without pictures it holds the same words, for comparing.

    Raises NotPossible when the template is no Word file.
    """
    try:
        paper = docx.Document(io.BytesIO(template) if template is not None else None)
    except Exception as error:  # python-docx lets errors of zip and XML through
        raise NotPossible(Refusal(Code.TEMPLATE_NO_WORD_FILE, Failed(str(error)))) from error
    _emptied(paper)
    parts.ensure_styles(paper)
    if template is None:
        parts.own_look(paper)
    _Writer(paper, folded(briefing), has_pictures).write()
    out = io.BytesIO()
    paper.save(out)
    return parts.same_each_time(out.getvalue())


def _emptied(paper: Paper) -> None:
    """A template's own text goes; the properties of its last section stay."""
    body = paper.element.body
    for child in list(body)[:-1] if len(body) else []:
        body.remove(child)


class _Writer:
    """Writes one briefing into one document."""

    def __init__(self, paper: Paper, briefing: Briefing, has_pictures: bool) -> None:
        self.paper, self.briefing, self.has_pictures = paper, briefing, has_pictures
        self.t = catalogue(briefing.language)
        self.places = {entry.key: place for place, entry in enumerate(briefing.sources, start=1)}
        self.marks = parts.Bookmarks()
        self.counted: dict[str, int] = {}
        # Set by id: python-docx looks through all styles for each paragraph.
        self.ids = {style.name: style.style_id for style in paper.styles}
        section = paper.sections[0]
        width = section.page_width or Emu(7560310)
        self.width = width - (section.left_margin or 0) - (section.right_margin or 0)

    def write(self) -> None:
        self._properties()
        self._front()
        for section in self.briefing.sections:
            self._section(section)
        self._sources()
        front = self.briefing.front
        self._paragraph(front.disclaimer, "Note")
        self._paragraph(f"{self.t.gettext('Contact:')} {front.contact}", "Note")

    def _properties(self) -> None:
        """Dates are those of the results, so that the same results give the same file."""
        own, briefing = self.paper.core_properties, self.briefing
        own.title = property_text(f"{briefing.front.title} – {briefing.front.subtitle}")
        own.author = own.last_modified_by = property_text(briefing.front.organiser)
        own.subject, own.comments, own.keywords = property_text(briefing.front.status), "", ""
        own.language = LOCALES.get(briefing.language, briefing.language)
        own.identifier, own.revision = briefing.slug, 1
        own.created = own.modified = briefing.dated.replace(tzinfo=None, microsecond=0)
        normal: Any = self.paper.styles["Normal"]
        fonts = normal.element.get_or_add_rPr()
        language = fonts.makeelement(parts.qn("w:lang"), {parts.qn("w:val"): own.language})
        fonts.append(language)
        if not self.paper.sections[0].footer.paragraphs[0].text:
            parts.page_number(self.paper, briefing.front.subtitle)

    def _paragraph(self, text: str, style: str = "Normal") -> Written:
        paragraph = self.paper.add_paragraph(text)
        paragraph._p.style = self.ids[style]
        return paragraph

    def _front(self) -> None:
        front = self.briefing.front
        self._paragraph(front.organiser, "Note")
        self._paragraph(front.title, "Title")
        self._paragraph(front.subtitle, "Subtitle" if self._has("Subtitle") else "Lead")
        self._paragraph(front.status, "Box")
        self._paragraph(self.t.gettext("Contents"), "Lead")
        entries = [
            (f"{one.number} {one.title}", one.key, 0 if "." not in one.number else 1) for one in self.briefing.sections
        ]
        entries.append((self.t.gettext("Where each number comes from"), "sources", 0))
        for place, (words, key, depth) in enumerate(entries):
            entry = self._paragraph("", "Contents Entry")
            entry.paragraph_format.left_indent = Pt(14 * depth)
            if place == 0:
                parts.open_field(entry, 'TOC \\o "1-2" \\h \\z \\u')
            parts.link(entry, section_anchor(key), words)
            if place == len(entries) - 1:
                parts.close_field(entry)

    def _has(self, style: str) -> bool:
        return style in self.ids

    def _heading(self, text: str, level: int, anchor: str = "") -> None:
        heading = self.paper.add_heading(text, level)
        if anchor:
            self.marks.context(heading, anchor)

    def _section(self, section: Section) -> None:
        depth = 2 if "." in section.number else 1
        if section.key == ANNEX:
            parts.break_page(self.paper)
        self._heading(f"{section.number} {section.title}", depth, section_anchor(section.key))
        for block in section.blocks:
            self._block(block, depth)

    def _block(self, block: Block, depth: int) -> None:
        match block:
            case Paragraph():
                self._runs(self._paragraph("", KINDS[block.kind]), block.line)
            case Heading():
                self._heading(block.text, 3)
            case Listing():
                for line in block.items:
                    self._runs(self._paragraph("", "List Bullet"), line)
            case Quotes():
                self._paragraph(f"{block.title}:", "Reasons")
                for words in block.items:
                    quoted = QUOTED.get(self.briefing.language, "“{}”").format(words)
                    self._paragraph(quoted, "Reasons")
            case Table():
                self._table(block)
            case Figure():
                self._figure(block)

    def _runs(self, paragraph: Written, line: Line) -> None:
        for run in line:
            paragraph.add_run(run.text)
            if run.source:
                self._mark(paragraph, run.source)

    def _mark(self, paragraph: Written, source: str) -> None:
        place = self.places[source]
        parts.link(paragraph, f"source_{place}", f"[{place}]", self.ids["Source Mark"])

    def _caption(self, key: str, label: str, title: str) -> Written:
        """`Table 3. …`, the number a field of its own, so that Word can count and refer."""
        caption = self._paragraph("", "Caption")
        if label:
            number = key.rpartition("-")[2].removeprefix("a")
            caption.add_run(label.removesuffix(number)).bold = True
            parts.field(caption, self._counting(key, int(number)), number, bold=True)
            caption.add_run(". ").bold = True
        caption.add_run(title)
        return caption

    def _counting(self, key: str, number: int) -> str:
        """The field that counts captions; it is set to its number where a table was left out."""
        series = sequence_name(key)
        follows = self.counted.get(series, 0) + 1 == number
        self.counted[series] = number
        return f"SEQ {series} \\* ARABIC" + ("" if follows else f" \\r {number}")

    def _table(self, item: Table) -> None:
        self._caption(item.key, item.label, item.title).paragraph_format.keep_with_next = True
        table = self.paper.add_table(len(item.rows) + 1, len(item.header))
        table.autofit = False
        parts.rules(table)
        style = "Table Text Dense" if item.is_compact else "Table Text"
        widths = [Emu(int(share * self.width)) for share in shares(item)]
        grid = table._tbl.tr_lst
        for place, name in enumerate(item.header):
            cell = cell_at(grid[0], place, table)
            cell.paragraphs[0]._p.style = self.ids[style]
            cell.paragraphs[0].add_run(name).bold = True
        for row, cells in zip(grid[1:], item.rows, strict=True):
            for place, one in enumerate(cells):
                paragraph = cell_at(row, place, table).paragraphs[0]
                paragraph._p.style = self.ids[style]
                paragraph.add_run(one.text)
                if one.source:
                    self._mark(paragraph, one.source)
        for place, wide in enumerate(widths):
            table.columns[place].width = wide
            for row in grid:
                cell_at(row, place, table).width = wide
        about = f"{item.label}. {item.title}" if item.label else item.title
        parts.describe_table(table, about, item.note or item.title)
        self._paragraph(item.note, "Note")

    def _figure(self, item: Figure) -> None:
        if self.has_pictures:
            self._picture(item)
        self._caption(item.key, item.label, f"{item.title} {item.description}")

    def _picture(self, item: Figure) -> None:
        paragraph = self._paragraph("")
        paragraph.paragraph_format.keep_with_next = True
        run = paragraph.add_run()
        share = 0.72 if item.form == "map" else 0.9
        wide = int(share * min(int(self.width), int(Pt(figure_images.WIDTH_POINTS))))
        run.add_picture(io.BytesIO(figure_images.png(item, self.briefing.language)), width=Emu(wide))
        parts.describe_picture(run, f"{item.label}. {item.title}", item.description)

    def _sources(self) -> None:
        _ = self.t.gettext
        self._heading(_("Where each number comes from"), 1, section_anchor("sources"))
        self._paragraph(
            _(
                "A number in square brackets leads here. A key names the stage, the "
                "question or measure, and how many answered."
            )
        )
        for place, entry in enumerate(self.briefing.sources, start=1):
            words = f"[{place}]\t{entry.key}\t{entry.text}"
            self.marks.context(self._paragraph(words, "Source Entry"), f"source_{place}")
