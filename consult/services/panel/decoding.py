"""The bytes of a panel file as text."""

from consult.errors import FileProblem, PanelInvalid
from consult.services.panel.panel_row import FILE

LARGEST = 2_000_000
"""Bytes of a file; one of 10,000 experts has less."""

SAVE_AS_UTF8 = "save it as 'CSV UTF-8' (in Excel: Save as; in LibreOffice: character set UTF-8)"


def decoded(data: bytes) -> str:
    if len(data) > LARGEST:
        message = f"the file is larger than {LARGEST // 1_000_000} MB"
        fix = "a panel file has one line for each expert"
        raise PanelInvalid([FileProblem(FILE, 1, message, fix)])
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        problem = FileProblem(FILE, 1, "the file is in UTF-16, not in UTF-8", SAVE_AS_UTF8)
        raise PanelInvalid([problem])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PanelInvalid(
            [FileProblem(FILE, line, "the file is not in UTF-8: letters would be lost", SAVE_AS_UTF8)]
        ) from None
