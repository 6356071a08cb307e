"""What Word needs and python-docx has no call for: fields, bookmarks, links, alt texts, styles."""

import io
import zipfile
from itertools import count
from typing import Any

from docx.document import Document as Paper
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row
from docx.oxml.text.parfmt import CT_PPr
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

BLUE, NOTE = RGBColor(0x14, 0x36, 0x5C), RGBColor(0x4A, 0x52, 0x63)
SOFT, RULE = "F4F2EC", "B9C0CC"
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""Entries of the file say nothing about when it was made."""

STYLES: dict[str, tuple[str, float, RGBColor | None, float]] = {
    # name: based on, size, colour, space behind (points)
    "Lead": ("Normal", 11.5, None, 6),
    "Note": ("Normal", 9, NOTE, 4),
    "Box": ("Normal", 10, None, 6),
    "Editor": ("Normal", 10, None, 6),
    "Reasons": ("Normal", 9.5, NOTE, 2),
    "Table Text": ("Normal", 8, None, 0),
    "Table Text Dense": ("Normal", 7, None, 0),
    "Source Entry": ("Normal", 7.5, None, 1),
    "Contents Entry": ("Normal", 10, None, 1),
}


def ensure_styles(paper: Paper) -> None:
    """The styles of a briefing where the template has none of that name."""
    known = {style.name for style in paper.styles}
    for name, (base, size, colour, after) in STYLES.items():
        if name in known:
            continue
        style: Any = paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = paper.styles[base]
        style.font.size = Pt(size)
        style.paragraph_format.space_after = Pt(after)
        if colour is not None:
            style.font.color.rgb = colour
        if name.startswith("Table"):
            style.paragraph_format.line_spacing = 1.0
        if name == "Box":
            _shade(style.element.get_or_add_pPr())
        if name == "Reasons":
            style.paragraph_format.left_indent = Cm(0.6)
    if "Source Mark" not in known:
        mark: Any = paper.styles.add_style("Source Mark", WD_STYLE_TYPE.CHARACTER)
        mark.font.superscript = True
        mark.font.color.rgb = RGBColor(0x0B, 0x4F, 0x9E)


def own_look(paper: Paper) -> None:
    """The look without a template: sizes, colours and margins of an A4 page."""
    normal: Any = paper.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10)
    normal.paragraph_format.space_after = Pt(4)
    sizes = {"Title": 22, "Heading 1": 15, "Heading 2": 12, "Heading 3": 10.5, "Caption": 9}
    for name, size in sizes.items():
        style: Any = paper.styles[name]
        style.font.size, style.font.color.rgb = Pt(size), BLUE
        style.font.name = "Calibri"
        fonts = style.element.rPr.rFonts
        for key in list(fonts.attrib):  # the theme's font would win over the name
            if key.endswith("Theme"):
                del fonts.attrib[key]
        fonts.set(qn("w:cs"), "Calibri")
        style.paragraph_format.keep_with_next = name != "Caption"
        if name == "Caption":
            style.font.bold, style.font.color.rgb = False, NOTE
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin = section.bottom_margin = Cm(1.8)


def _shade(properties: CT_PPr) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", SOFT)):
        shade.set(qn(f"w:{name}"), value)
    # Their order is fixed by the schema: the shade stands before spacing and indents.
    successors = [qn(f"w:{name}") for name in ("tabs", "spacing", "ind", "jc", "outlineLvl", "rPr")]
    later = [child for child in properties if child.tag in successors]
    if later:
        later[0].addprevious(shade)
    else:
        properties.append(shade)


def field(paragraph: Paragraph, code: str, shown: str, *, bold: bool | None = None) -> None:
    """A field with the words it shows until Word counts anew."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), (None, shown), ("end", "")):
        run = paragraph.add_run()
        run.bold = bold
        if kind is None:
            run.text = text
        elif kind:
            _field_char(run, kind)
        else:
            words = OxmlElement("w:instrText")
            words.set(qn("xml:space"), "preserve")
            words.text = f" {text} "
            run._r.append(words)


def _field_char(run: Run, kind: str) -> None:
    char = OxmlElement("w:fldChar")
    char.set(qn("w:fldCharType"), kind)
    run._r.append(char)


def open_field(paragraph: Paragraph, code: str) -> None:
    """The beginning of a field that goes on over several paragraphs; Word fills it on opening."""
    run = paragraph.add_run()
    _field_char(run, "begin")
    run._r[-1].set(qn("w:dirty"), "true")
    words = OxmlElement("w:instrText")
    words.set(qn("xml:space"), "preserve")
    words.text = f" {code} "
    paragraph.add_run()._r.append(words)
    _field_char(paragraph.add_run(), "separate")


def close_field(paragraph: Paragraph) -> None:
    """The end of that field."""
    _field_char(paragraph.add_run(), "end")


class Bookmarks:
    """Bookmarks need numbers of their own."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def context(self, paragraph: Paragraph, name: str) -> None:
        """A bookmark around everything in a paragraph."""
        number = str(next(self._numbers))
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(qn("w:id"), number)
        start.set(qn("w:name"), name)
        end.set(qn("w:id"), number)
        properties = paragraph._p.pPr
        if properties is not None:
            properties.addnext(start)
        else:
            paragraph._p.insert(0, start)
        paragraph._p.append(end)


def link(paragraph: Paragraph, anchor: str, text: str, style_id: str | None = None) -> None:
    """A link to a bookmark."""
    found = OxmlElement("w:hyperlink")
    found.set(qn("w:anchor"), anchor)
    found.set(qn("w:history"), "1")
    run = paragraph.add_run(text)
    run._r.style = style_id
    found.append(run._r)
    paragraph._p.append(found)


def describe_picture(run: Run, title: str, description: str) -> None:
    """The alt text of the picture in a run."""
    for properties in run._r.iter(qn("wp:docPr")):
        properties.set("title", title)
        properties.set("descr", description)


def describe_table(table: Table, title: str, description: str) -> None:
    """The alt text of a table; its first row is repeated on each page, no row is torn."""
    properties = table._tbl.tblPr
    for name, text in (("w:tblCaption", title), ("w:tblDescription", description)):
        found = OxmlElement(name)
        found.set(qn("w:val"), text)
        properties.append(found)
    for place, row in enumerate(table.rows):
        own = row._tr.get_or_add_trPr()
        own.append(OxmlElement("w:cantSplit"))
        if place == 0:
            own.append(OxmlElement("w:tblHeader"))


def rules(table: Table) -> None:
    """Thin lines between rows, none between columns, and little room beside the words."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", RULE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        room = OxmlElement(f"w:{side}")
        room.set(qn("w:w"), "50")
        room.set(qn("w:type"), "dxa")
        margins.append(room)
    layout = table._tbl.tblPr.find(qn("w:tblLayout"))
    layout.addprevious(borders)
    layout.addnext(margins)


def page_number(paper: Paper, words: str) -> None:
    """The short title and the number of the page at the foot."""
    paragraph = paper.sections[0].footer.paragraphs[0]
    paragraph.add_run(f"{words} · ")
    field(paragraph, "PAGE", "1")


def break_page(paper: Paper) -> None:
    paper.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def same_each_time(made: bytes) -> bytes:
    """The same file with its entries in order and without the time of its making."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w") as new:
        names = sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(name))
    return out.getvalue()


def cell_at(row: CT_Row, place: int, table: Table) -> _Cell:
    """A cell by its row's element: python-docx would look through the whole table for it."""
    return _Cell(row.tc_lst[place], table)
