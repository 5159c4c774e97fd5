"""Maintainers log in by a link that works once."""

import re
from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from deliberation.db.base import now
from tests.logging_in import log_in, login_path


def test_a_link_logs_in_once(app: Flask, runner: FlaskCliRunner) -> None:
    path = login_path(runner)
    first, second = app.test_client(), app.test_client()

    log_in(first, path)
    log_in(second, path)

    assert first.get("/maintain").status_code == 200
    assert second.get("/maintain").status_code == 302


def test_looking_at_a_link_does_not_use_it_up(app: Flask, runner: FlaskCliRunner) -> None:
    path = login_path(runner)
    app.test_client().get(path)
    client = app.test_client()

    log_in(client, path)

    assert client.get("/maintain").status_code == 200


def test_a_link_ends_after_its_hours(app: Flask, runner: FlaskCliRunner) -> None:
    path = login_path(runner)
    client = app.test_client()

    with time_machine.travel(now() + timedelta(hours=25)):
        answer = log_in(client, path)

    assert answer.status_code == 403
    assert client.get("/maintain").status_code == 302


def test_an_unknown_link_is_refused_without_saying_more(client: FlaskClient) -> None:
    assert log_in(client, "/login/made-up").status_code == 403


def test_logging_out_ends_the_session(client: FlaskClient, runner: FlaskCliRunner) -> None:
    log_in(client, login_path(runner))
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/maintain").text)
    assert token

    client.post("/logout", data={"csrf_token": token[1]})

    assert client.get("/maintain").status_code == 302


def test_after_logging_in_nobody_is_sent_to_another_site(client: FlaskClient, runner: FlaskCliRunner) -> None:
    answer = log_in(client, login_path(runner) + "?next=https://example.com/")

    assert answer.headers["Location"] == "/"


def test_creating_an_account_twice_is_one_account_with_a_second_link(runner: FlaskCliRunner) -> None:
    first = runner.invoke(args=["user", "create", "Ada@example.org", "--role", "owner", "--json"])
    second = runner.invoke(args=["user", "create", "ada@example.org", "--role", "owner", "--json"])

    assert first.exit_code == second.exit_code == 0
    assert '"email": "ada@example.org"' in first.stdout
    assert first.stdout != second.stdout


def test_what_is_no_address_is_refused_in_one_line(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["user", "create", "nobody", "--role", "admin"])

    assert result.exit_code == 1
    assert result.stderr.strip() == "'nobody' is not an e-mail address"
