"""The theme works without JavaScript and is kept in a cookie."""

import pytest
from flask.testing import FlaskClient

from deliberation.web.preferences import local_path
from tests.logging_in import csrf_token


def test_the_chosen_theme_is_in_the_next_page(client: FlaskClient) -> None:
    data = {"csrf_token": csrf_token(client, "/"), "theme": "dark", "next": "/method"}

    answer = client.post("/preferences/theme", data=data)

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/method"
    assert 'data-theme="dark"' in client.get("/").text


def test_an_unknown_theme_is_refused(client: FlaskClient) -> None:
    data = {"csrf_token": csrf_token(client, "/"), "theme": "pink"}

    assert client.post("/preferences/theme", data=data).status_code == 400


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "", None]
)
def test_no_address_of_another_site_is_followed(path: str | None) -> None:
    assert local_path(path) == "/"


def test_a_path_of_this_site_is_followed() -> None:
    assert local_path("/d/candour/vote") == "/d/candour/vote"
