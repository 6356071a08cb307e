"""Scripts and sheets are sent as they were written, but smaller; their address is that of one content."""

import gzip
import hashlib
import re

import brotli
import pytest

from consult.web.assets import FOLDER, JOINED, asset
from tests.web.visiting import SLUG, Library

DECODE = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}
each = pytest.mark.parametrize("name", sorted(JOINED))


def test_every_file_of_the_folder_is_sent_with_some_page() -> None:
    assert {part for parts in JOINED.values() for part in parts} == {path.name for path in FOLDER.iterdir()}


@each
def test_nothing_but_comments_and_space_is_left_out(name: str) -> None:
    whole = "\n".join((FOLDER / part).read_text("utf-8") for part in JOINED[name])
    bare = re.sub(r"/\*.*?\*/|^\s*//[^\n]*$", "", whole, flags=re.DOTALL | re.MULTILINE)
    sent = asset(name).encoded["identity"].decode()
    if name.endswith(".js"):
        assert re.sub(r"\s+", "", sent) == re.sub(r"\s+", "", bare)
    else:
        assert re.sub(r"[\s;]+", "", sent) == re.sub(r"[\s;]+", "", bare)
    assert len(sent) < len(whole)


@each
@pytest.mark.parametrize("encoding", sorted(DECODE))
def test_each_encoding_is_of_the_same_content(first_look: Library, name: str, encoding: str) -> None:
    client = first_look.app.test_client()
    address = f"/assets/{asset(name).digest}/{name}"
    with client.get(address, headers={"Accept-Encoding": encoding}) as answer:
        assert answer.status_code == 200 and answer.headers.get("Content-Encoding", "identity") == encoding
        plain = DECODE[encoding](answer.data)
        assert "immutable" in answer.headers["Cache-Control"] and "Accept-Encoding" in answer.headers["Vary"]
    assert plain == asset(name).encoded["identity"]
    assert hashlib.sha256(plain).hexdigest().startswith(asset(name).digest)


@pytest.mark.parametrize("address", ["/assets/0000000000000000/consult.css", "/assets/{digest}/nothing.css"])
def test_another_content_is_not_here(first_look: Library, address: str) -> None:
    found = first_look.app.test_client().get(address.format(digest=asset("consult.css").digest))
    assert found.status_code == 404 and "immutable" not in found.headers["Cache-Control"]


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_a_page_is_compressed_for_who_takes_it(first_look: Library, encoding: str) -> None:
    client = first_look.app.test_client()
    plain = client.get(f"/c/{SLUG}/help")
    with client.get(f"/c/{SLUG}/help", headers={"Accept-Encoding": encoding}) as packed:
        assert packed.headers["Content-Encoding"] == encoding and "Accept-Encoding" in packed.headers["Vary"]
        assert DECODE[encoding](packed.data) == plain.data
        assert len(packed.data) < len(plain.data) / 2
