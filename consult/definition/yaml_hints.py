"""What a YAML parser's complaint most often means, in words for who typed the file."""

import re

from ruamel.yaml.error import MarkedYAMLError

QUOTE_IT = "put the text in double quotes"
UNFINISHED = re.compile(r"^\s*(- )?[\w.-]+:\s+(?P<text>\S.*)$")


def hint_for(error: MarkedYAMLError, lines: list[str], line: int) -> tuple[str, str, int]:
    """What is wrong, how to fix it, and the line (counted from 0) to look at."""
    problem = str(error.problem or "")
    here = lines[line] if line < len(lines) else ""
    if "'\\t'" in problem:
        return "the line is indented with a tab", "use spaces", line
    if "cannot start any token" in problem:
        sign = problem.split("'")[1] if "'" in problem else "this sign"
        return f"a text cannot begin with {sign}", QUOTE_IT, line
    if "unexpected end of stream" in problem and "quoted" in str(error.context):
        begun = error.context_mark.line if error.context_mark else line
        return "a quotation mark is opened here and never closed", "close the quotation", begun
    if "could not find expected ':'" in problem:
        begun = error.context_mark.line if error.context_mark else line
        return "there is no colon after the key in this line", "write 'key: value'", begun
    if "mapping values are not allowed" in problem:
        return _colon(here, line)
    if "sequence entries are not allowed" in problem:
        return "a list begins in the middle of a line", "start the list on the next line", line
    return _structure(error, problem, here, line)


def _colon(here: str, line: int) -> tuple[str, str, int]:
    found = UNFINISHED.match(here)
    if found and ": " in found["text"]:
        return "there is a second ': ' in the text of this line", QUOTE_IT, line
    fix = "indent the line like its neighbours, and quote texts that contain ': '"
    return "the line is indented as if it continued the one before", fix, line


def _structure(error: MarkedYAMLError, problem: str, here: str, line: int) -> tuple[str, str, int]:
    begun = error.context_mark.line if error.context_mark else line
    found = UNFINISHED.match(here)
    text = found["text"] if found else ""
    if "flow" in str(error.context):
        bracket = "{" if "mapping" in str(error.context) else "["
        fix = "close the bracket; quote texts that contain , : { } [ ] or #"
        return f"something is wrong inside the bracket {bracket} opened here", fix, begun
    if text.startswith("{"):
        return "a text cannot begin with {", QUOTE_IT, line
    if text[:1] in ("'", '"'):
        inside = "an apostrophe inside '…' ends the text" if text[0] == "'" else 'a " ends the text'
        return f"text goes on after the closing quotation mark ({inside})", QUOTE_IT, line
    if "<block end>" in problem or "block" in str(error.context):
        fix = "indent keys of one block alike; begin list items with '- '"
        return "the line does not fit the block it stands in", fix, line
    return f"the file's syntax is broken here ({problem})", "compare with the README", line
