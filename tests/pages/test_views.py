"""Home, a deliberation's front page, the method, and health."""

import csv
import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.db.base import now
from deliberation.db.session import transaction
from tests.builders import a_deliberation, a_prompt, a_statement
from tests.logging_in import log_in, login_path
from tests.spec_releases import a_release


def _put(app: Flask, **columns: object) -> None:
    with app.app_context(), transaction() as session:
        deliberation = a_deliberation(session, **columns)
        a_prompt(session, deliberation)
        a_statement(session, deliberation)


def test_home_lists_open_deliberations_and_how_to_take_part(app: Flask, client: FlaskClient) -> None:
    _put(app, slug="open", title="Is it open?")

    page = client.get("/").text

    assert "Is it open?" in page
    assert 'href="/d/open/vote"' in page


def test_home_shows_nothing_that_was_never_opened(app: Flask, client: FlaskClient) -> None:
    _put(app, title="Is it ready?", opened_at=None)

    assert "Is it ready?" not in client.get("/").text


def test_a_closed_deliberation_offers_no_vote(app: Flask, client: FlaskClient) -> None:
    _put(app, slug="closed", closed_at=now())

    page = client.get("/d/closed").text

    assert "/d/closed/vote" not in page.split("<main", 1)[1]


def test_an_empty_service_says_what_to_do(client: FlaskClient) -> None:
    assert "No deliberation is open yet" in client.get("/").text


def test_the_front_page_of_nothing_is_a_404(client: FlaskClient) -> None:
    assert client.get("/d/nothing").status_code == 404


def test_the_method_page_lists_the_thresholds_of_the_code(client: FlaskClient) -> None:
    page = client.get("/method").text

    assert "consensus_overall" in page
    assert "veto_share" in page


def test_health_and_readiness(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    ("address", "column"), [("/method", "name"), ("/spec", "label"), ("/deliberations", "slug"), ("/maintain", "title")]
)
def test_every_list_of_pages_says_the_same_in_both_files(
    app: Flask, client: FlaskClient, tmp_path: Path, address: str, column: str
) -> None:
    _put(app, slug="open", title="Is it open?")
    with app.app_context(), transaction() as session:
        a_release(session, tmp_path, "sample")
    log_in(client, login_path(app.test_cli_runner()))

    table, found = client.get(f"{address}.csv"), client.get(f"{address}.json").get_json()

    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert [row[column] for row in rows] == [each[column] for each in found] != []
    assert f'href="{address}.csv"' in client.get("/" if address == "/deliberations" else address).text
