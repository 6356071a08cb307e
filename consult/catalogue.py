"""What a database really holds, read from its own catalogue, and differences in words.

Alembic's comparison sees neither CHECKs nor triggers; these are where the promises stand.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, text


class Part(NamedTuple):
    """One thing in a database; `kind` is table, column, constraint, index or trigger."""

    table: str
    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}" + (f" of {self.table}" if self.kind != "table" else "")


Catalogue = dict[Part, str]
"""Each part and its definition, in the database's own words, spacing and quotes evened out."""


def read(connection: Connection) -> Catalogue:
    """The catalogue of a SQLite database, or of the current schema of a PostgreSQL one."""
    parts = _read_sqlite if connection.dialect.name == "sqlite" else _read_postgresql
    return dict(parts(connection))


def differences(expected: Catalogue, found: Catalogue) -> list[str]:
    """One sentence for each part that is missing, unknown or otherwise than expected."""
    whole = {part.table for part in expected.keys() ^ found.keys() if part.kind == "table"}
    sentences = []
    for part in sorted(expected.keys() | found.keys()):
        if part.table in whole and part.kind != "table":
            continue
        if part not in found:
            sentences.append(f"{part} is missing")
        elif part not in expected:
            sentences.append(f"{part} is there but unknown to this program")
        elif expected[part] != found[part]:
            sentences.append(f"{part} is <{found[part]}> and should be <{expected[part]}>")
    return sentences


# SQLite keeps the statements themselves; a table is taken apart at its outer commas.

TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|[^\s\w]""")
UNNAMED = ("PRIMARY", "UNIQUE", "CHECK", "FOREIGN")


def _read_sqlite(connection: Connection) -> Iterator[tuple[Part, str]]:
    # The automatic indexes of constraints and other tables of SQLite's own are named sqlite_*.
    rows = connection.execute(
        text("SELECT tbl_name, type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'")
    )
    for table, kind, name, sql in rows:
        tokens = [token.strip('"') for token in TOKEN.findall(sql)]
        if kind == "table":
            yield from _table_parts(table, tokens)
        else:
            yield Part(table, kind, name), _spaced(tokens)


def _table_parts(table: str, tokens: list[str]) -> Iterator[tuple[Part, str]]:
    clauses: list[list[str]] = [[]]
    options: list[str] = []
    depth = 0
    for token in tokens[tokens.index("(") :]:
        depth -= token == ")"
        if depth == 1 and token == ",":
            clauses.append([])
        elif depth >= 1:
            clauses[-1].append(token)
        elif token not in "()":
            options.append(token)
        depth += token == "("
    yield Part(table, "table", table), _spaced(options)
    for clause in clauses:
        if clause[0] == "CONSTRAINT":
            yield Part(table, "constraint", clause[1]), _spaced(clause[2:])
        elif clause[0] in UNNAMED:
            yield Part(table, "constraint", _spaced(clause)), ""
        else:
            yield Part(table, "column", clause[0]), _spaced(clause[1:])


def _spaced(tokens: list[str]) -> str:
    return " ".join(tokens).replace("( ", "(").replace(" )", ")").replace(" ,", ",")


# PostgreSQL prints definitions from what it has understood, unqualified for the current schema.

HERE = "JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()"
POSTGRESQL = {
    "table": f"""
        SELECT c.relname, c.relname, '' FROM pg_class c {HERE} WHERE c.relkind IN ('r', 'p')""",
    "column": f"""
        SELECT c.relname, a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attnotnull THEN 'NOT NULL' END,
            'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid {HERE}
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped""",
    # NOT NULL is told with the column; since version 18 it is a constraint as well.
    "constraint": f"""
        SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid {HERE}
        WHERE k.contype <> 'n'""",
    # Indexes that serve a constraint are told with it.
    "index": f"""
        SELECT c.relname, i.relname, pg_get_indexdef(x.indexrelid, 0, true)
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        JOIN pg_class c ON c.oid = x.indrelid {HERE}
        WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid
            AND k.contype IN ('p', 'u', 'x'))""",
    # A trigger may be there and switched off, or there and its function hollow.
    "trigger": f"""
        SELECT c.relname, t.tgname, concat_ws(' ', pg_get_triggerdef(t.oid, true),
            CASE WHEN t.tgenabled <> 'O' THEN 'not always enabled' END, p.prosrc)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid {HERE}
        JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal""",
}


def _read_postgresql(connection: Connection) -> Iterator[tuple[Part, str]]:
    for kind, query in POSTGRESQL.items():
        for table, name, definition in connection.execute(text(query)):
            yield Part(table, kind, name), definition
