"""A cell is of the kind that its column says."""

from consult.services.files import downloads
from consult.services.files.table_source import TableSource
from tests.services.conftest import World


def test_a_cell_is_of_the_kind_its_column_says(played: World, careful: World) -> None:
    kinds = {"integer": int, "boolean": bool, "string": str}
    for world in (played, careful):
        source = TableSource(world.session, world.consultation, None)
        for spec in downloads.FILES.values():
            table = spec.table(source)
            assert all(one.title for one in table.fields), spec.name
            for row in table.rows:
                for one, cell in zip(table.fields, row, strict=True):
                    if cell is None or (one.name == "value" and "variable" in table.header):
                        continue
                    if one.kind == "number":
                        assert type(cell) in (int, float), (spec.name, one.name, cell)
                    else:
                        assert type(cell) is kinds[one.kind], (spec.name, one.name, cell)
