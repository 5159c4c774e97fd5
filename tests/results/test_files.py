"""The same results as files."""

import csv
import io
import json

from flask import Flask
from flask.testing import FlaskClient

from deliberation.db.session import transaction
from deliberation.results.running import run
from deliberation.voting.models import Choice
from tests.builders import a_deliberation, a_participant, a_statement, a_vote
from tests.results.deliberated import CLASSES, TEXTS, as_published, decline, stored_runs


def _rows(client: FlaskClient, slug: str) -> list[dict[str, str]]:
    answer = client.get(f"/d/{slug}/results.csv")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_json_is_the_stored_analysis(app: Flask, client: FlaskClient, analysed: str) -> None:
    answer = client.get(f"/d/{analysed}/results.json")

    assert answer.mimetype == "application/json"
    assert answer.data == as_published(stored_runs(app)[0])


def test_the_json_loses_what_was_declined_since(app: Flask, client: FlaskClient, analysed: str) -> None:
    decline(app, "3")

    answer = client.get(f"/d/{analysed}/results.json")

    assert TEXTS["3"] not in answer.text
    assert TEXTS["4"] in answer.text
    assert "3" not in [each["statement"] for group in answer.json["groups"] for each in group["representative"]]


def test_the_table_has_a_row_for_each_statement(app: Flask, client: FlaskClient, analysed: str) -> None:
    result = json.loads(stored_runs(app)[0].result)

    rows = _rows(client, analysed)

    assert {row["statement"]: row["class"] for row in rows} == CLASSES
    assert {row["statement"]: row["text"] for row in rows} == TEXTS
    first = result["statements"][0]
    assert rows[0]["votes"] == str(first["votes"])
    assert rows[0]["A_disagree"] == str(first["by_group"]["A"]["disagree"])
    assert rows[0]["section"] == "candour"
    assert [float(rows[0][name]) for name in ("agree_share_low", "agree_share_high")] == first["agree_share_interval"]


def test_a_statement_is_no_formula(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        with transaction() as session:
            deliberation = a_deliberation(session, slug="sums")
            statement = a_statement(session, deliberation, key="-1", text='=HYPERLINK("http://example.org")')
            a_vote(session, a_participant(session, deliberation), statement, Choice.AGREE)
        run("sums")

    (row,) = _rows(client, "sums")

    assert row["text"] == '\'=HYPERLINK("http://example.org")'
    assert row["statement"] == "'-1"


def test_without_a_run_there_are_no_files(client: FlaskClient, deliberated: str) -> None:
    for ending in ("csv", "json"):
        assert client.get(f"/d/{deliberated}/results.{ending}").status_code == 404
