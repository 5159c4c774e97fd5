"""Maintainers can have the votes analysed at once."""

from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from deliberation.db.session import transaction
from tests.builders import a_deliberation, a_statement
from tests.logging_in import csrf_token, log_in, login_path
from tests.results.deliberated import stored_runs


def test_the_button_analyses_and_leads_to_the_result(
    app: Flask, client: FlaskClient, runner: FlaskCliRunner, deliberated: str
) -> None:
    log_in(client, login_path(runner))
    token = csrf_token(client, f"/d/{deliberated}/results")

    answer = client.post(f"/maintain/d/{deliberated}/runs", data={"csrf_token": token})

    assert answer.status_code == 303
    assert answer.location == f"/d/{deliberated}/results"
    assert len(stored_runs(app)) == 1


def test_the_public_cannot_start_it(app: Flask, client: FlaskClient, deliberated: str) -> None:
    token = csrf_token(client, "/login")

    answer = client.post(f"/maintain/d/{deliberated}/runs", data={"csrf_token": token})

    assert answer.status_code in (302, 303, 401, 403)
    assert stored_runs(app) == []


def test_a_role_that_does_not_run_deliberations_cannot_either(
    app: Flask, client: FlaskClient, runner: FlaskCliRunner, deliberated: str
) -> None:
    log_in(client, login_path(runner, "auditor"))
    token = csrf_token(client, f"/d/{deliberated}/vote")

    answer = client.post(f"/maintain/d/{deliberated}/runs", data={"csrf_token": token})

    assert answer.status_code == 403
    assert stored_runs(app) == []


def test_without_votes_it_says_why_not(app: Flask, client: FlaskClient, runner: FlaskCliRunner) -> None:
    with app.app_context(), transaction() as session:
        deliberation = a_deliberation(session)
        a_statement(session, deliberation)
        slug = deliberation.slug
    log_in(client, login_path(runner))
    token = csrf_token(client, f"/d/{slug}/vote")

    answer = client.post(f"/maintain/d/{slug}/runs", data={"csrf_token": token})

    assert answer.status_code == 409
    assert "has no votes yet" in answer.text
