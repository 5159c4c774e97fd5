"""flask analyse prints the stored bytes, or a few lines for people."""

import json

from flask import Flask
from flask.testing import FlaskCliRunner

from tests.results.deliberated import as_published, decline, stored_runs


def test_json_is_the_canonical_bytes_and_nothing_else(app: Flask, runner: FlaskCliRunner, deliberated: str) -> None:
    result = runner.invoke(args=["analyse", deliberated, "--json"])

    assert result.exit_code == 0, result.stderr
    assert result.stdout_bytes == as_published(stored_runs(app)[0])
    assert json.loads(result.stdout)["schema"] == "analysis/1"


def test_a_second_time_gives_the_same_bytes(app: Flask, runner: FlaskCliRunner, deliberated: str) -> None:
    first = runner.invoke(args=["analyse", deliberated, "--json"])

    second = runner.invoke(args=["analyse", deliberated, "--method", "latent", "--json"])

    assert second.stdout_bytes == first.stdout_bytes
    assert len(stored_runs(app)) == 1


def test_the_summary_goes_to_standard_error(runner: FlaskCliRunner, deliberated: str) -> None:
    result = runner.invoke(args=["analyse", deliberated])

    assert result.exit_code == 0
    assert result.stdout == ""
    assert "70 participants" in result.stderr
    assert "A 40, B 30" in result.stderr
    assert "3 contested" in result.stderr


def test_a_statement_declined_before_is_not_in_the_answer(app: Flask, runner: FlaskCliRunner, deliberated: str) -> None:
    decline(app, "3")

    answer = json.loads(runner.invoke(args=["analyse", deliberated, "--json"]).stdout)

    assert "3" not in [statement["id"] for statement in answer["statements"]]


def test_an_unknown_method_is_one_line_and_no_success(runner: FlaskCliRunner, deliberated: str) -> None:
    result = runner.invoke(args=["analyse", deliberated, "--method", "magic"])

    assert result.exit_code == 1
    assert result.stderr.strip() == "unknown method 'magic'; known: latent, classic"


def test_an_unknown_deliberation_is_one_line_and_no_success(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["analyse", "nowhere", "--json"])

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.strip() == "there is no deliberation 'nowhere'"
