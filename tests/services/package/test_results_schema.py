"""Results are as their schema says."""

import json

import jsonschema

from tests.services.conftest import World
from tests.services.package.packing import contents, packed


def test_results_are_as_their_schema_says(played: World, careful: World) -> None:
    for world in (played, careful):
        files = contents(packed(world))
        schema = json.loads(files["results.schema.json"])
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(json.loads(files["results.json"]), schema)
