"""The descriptor of a package (Data Package, Frictionless Data) and its list of checksums."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consult.services.files.fields import VARIABLE
from consult.services.files.table_column import Field

DIALECT = {"delimiter": ",", "doubleQuote": True, "header": True, "lineTerminator": "\r\n"}


@dataclass(frozen=True, slots=True)
class Packed:
    """One file in a package: where it is, its digest and its size in bytes."""

    path: str
    sha256: str
    bytes: int


def resource(name: str, packed: Packed, title: str, fields: Sequence[Field]) -> dict[str, Any]:
    """One table of the package."""
    schema: dict[str, Any] = {"fields": [_field(one) for one in fields], "missingValues": [""]}
    if keys := [one.name for one in fields if one.is_key]:
        schema["primaryKey"] = keys
    if codes := [one.name for one in fields if one.in_codebook]:
        schema["foreignKeys"] = [
            {"fields": [code], "reference": {"resource": "codebook", "fields": [VARIABLE.name]}} for code in codes
        ]
    return {
        "name": name.removesuffix(".csv"),
        "path": packed.path,
        "profile": "tabular-data-resource",
        "title": title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": packed.bytes,
        "hash": f"sha256:{packed.sha256}",
        "dialect": DIALECT,
        "schema": schema,
    }


def descriptor(results: Mapping[str, Any], title: str, resources: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """`datapackage.json`: the tables, and with which code they were made."""
    about = results["consultation"]
    return {
        "profile": "tabular-data-package",
        "name": about["slug"],
        "title": title,
        "consult": {
            "code": results["code"],
            "definition_digest": about["definition_digest"],
            "language": about["language"],
            "protocol_digest": results["registration"] and results["registration"]["digest"],
        },
        "resources": list(resources),
    }


def checksums(files: Iterable[Packed]) -> str:
    """One line a file, as `sha256sum --check` reads it."""
    return "".join(f"{one.sha256}  {one.path}\n" for one in files)


def _field(one: Field) -> dict[str, Any]:
    found: dict[str, Any] = {"name": one.name, "type": one.kind, "title": one.title}
    if one.labels:
        found["categories"] = [
            {"value": int(value) if one.kind == "integer" else value, "label": label or value}
            for value, label in one.labels.items()
        ]
    if one.is_closed:
        found["constraints"] = {"enum": list(one.labels)}
    return found
