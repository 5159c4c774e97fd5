"""Errors say what happened and what to do, as page, fragment or JSON, and never show a traceback."""

import re

from flask import Flask
from flask.testing import FlaskClient


def test_a_page_that_is_not_there(client: FlaskClient) -> None:
    answer = client.get("/nothing")

    assert answer.status_code == 404
    assert answer.text.count("<h1") == 1


def test_the_same_as_a_fragment_for_htmx(client: FlaskClient) -> None:
    answer = client.get("/nothing", headers={"HX-Request": "true"})

    assert "<html" not in answer.text
    assert "HX-Request" in answer.headers["Vary"]


def test_the_same_as_problem_details_where_json_was_asked_for(client: FlaskClient) -> None:
    answer = client.get("/spec/nothing.json")

    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == 404


def test_an_unexpected_error_shows_no_traceback(app: Flask) -> None:
    from deliberation.web.permissions import Permission, requires

    @requires(Permission.PUBLIC)
    def broken() -> str:
        raise ZeroDivisionError("secret detail")

    app.add_url_rule("/broken", "broken", broken)

    answer = app.test_client().get("/broken")

    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text


def test_a_form_without_its_hidden_fields_says_that_nothing_was_saved(client: FlaskClient) -> None:
    answer = client.post("/preferences/theme", data={"theme": "dark"})

    assert answer.status_code == 400
    assert "What you sent was not saved" in answer.text


def test_a_known_error_is_a_sentence_with_its_hint_once(client: FlaskClient) -> None:
    form = client.get("/login/unknown").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)[1]

    answer = client.post("/login/unknown", data={"csrf_token": token})

    assert answer.status_code == 403
    assert "This login link was used already, has ended, or never existed." in answer.text
    assert answer.text.count("ask for a new one") == 1


def test_a_page_that_is_not_there_says_so_in_our_words(client: FlaskClient) -> None:
    answer = client.get("/nothing")

    assert "There is nothing here" in answer.text
    assert "requested URL" not in answer.text
