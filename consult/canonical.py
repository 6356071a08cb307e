"""JSON in one form only, and its digest: for what is stored, signed for or chained.

Frozen numbers have a form of their own (`analysis.canonical`), in which floats are rounded.
"""

import hashlib
import json


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spaces. Raises TypeError for what JSON cannot hold."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON, 64 hex digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()
