"""The spec as the public reads it."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from deliberation.db.session import transaction
from deliberation.spec.importing import import_release

TEXT = """# A small spec {#small}

## Be kind {#be_kind authority=user}

Be kind, see [?](#small). <script>alert(1)</script> [click](javascript:alert(1))
"""


def _import(app: Flask, folder: Path) -> bytes:
    file = folder / "model_spec.md"
    file.write_text(TEXT)
    with app.app_context(), transaction() as session:
        import_release(session, file, "one")
    return file.read_bytes()


def test_each_section_has_its_anchor_and_its_authority(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    _import(app, tmp_path)

    page = client.get("/spec/one").text

    assert 'id="be_kind"' in page
    assert "User level" in page


def test_what_a_spec_says_stays_harmless(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    _import(app, tmp_path)

    page = client.get("/spec/one").text

    assert "<script>alert" not in page
    assert 'href="javascript:' not in page


def test_the_text_itself_can_be_fetched(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    data = _import(app, tmp_path)

    assert client.get("/spec/one.md").data == data


def test_the_sections_can_be_fetched(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    _import(app, tmp_path)

    sections = client.get("/spec/one.json").json["sections"]

    assert [section["id"] for section in sections] == ["small", "be_kind"]


def test_a_release_that_is_not_there_is_a_clear_404(client: FlaskClient) -> None:
    answer = client.get("/spec/none")

    assert answer.status_code == 404
    assert "no release" in answer.text
