"""flask analyse prints the stored bytes, or a few lines for people."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from analysis.simulation import one_axis
from deliberation.db.base import now
from deliberation.db.session import transaction
from deliberation.participants.models import Participant
from deliberation.voting.models import Source, Vote
from tests.builders import a_deliberation, a_statement
from tests.results.deliberated import TEXTS, as_published, decline, stored_runs


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
    assert "structure: groups, set apart from one another" in result.stderr
    assert "groups: A 40, B 30 (0 in none, 0 stand between groups)" in result.stderr
    assert "3 contested" in result.stderr
    assert "(judged by groups)" in result.stderr
    assert "weighted" not in result.stderr


def cast_along_an_axis(session: Session) -> str:
    """The slug of a deliberation on which opinions differ by degrees."""
    votes = one_axis(np.random.default_rng(2), participants=150, statements=30, presence=0.7).votes
    deliberation = a_deliberation(session, slug="by-degrees")
    keys = enumerate(votes.statements)
    statements = [a_statement(session, deliberation, key=key, position=at, text=f"Number {key}") for at, key in keys]
    people = [Participant(deliberation_id=deliberation.id, key=key) for key in votes.participants]
    session.add_all(people)
    session.flush()
    rows = zip(votes.rows.tolist(), votes.columns.tolist(), votes.values.tolist(), strict=True)
    session.execute(
        sa.insert(Vote),
        [
            {
                "participant_id": people[who].id,
                "statement_id": statements[what].id,
                "choice": said,
                "cast_at": now(),
                "source": Source.IMPORTED.value,
                "important": False,
            }
            for who, what, said in rows
        ],
    )
    return deliberation.slug


def test_gradual_differences_are_said_to_be_cuts(app: Flask, runner: FlaskCliRunner) -> None:
    with app.app_context(), transaction() as session:
        slug = cast_along_an_axis(session)

    result = runner.invoke(args=["analyse", slug])

    assert "structure: gradual; opinions differ by degrees, and the groups are cuts" in result.stderr
    assert re.search(r"^cuts: A \d+, B \d+ \(\d+ in none, \d+ stand between cuts\)$", result.stderr, re.MULTILINE)
    assert "(judged by cuts)" in result.stderr


def test_without_structure_no_groups_are_named(app: Flask, runner: FlaskCliRunner, deliberated: str) -> None:
    for key in "345":
        decline(app, key)

    result = runner.invoke(args=["analyse", deliberated])

    assert "structure: none; these votes are no sign of groups" in result.stderr
    assert "groups: none (70 in none)" in result.stderr
    assert "(judged by everybody)" in result.stderr


def test_the_classic_method_lists_its_own_consensus_too(runner: FlaskCliRunner, deliberated: str) -> None:
    result = runner.invoke(args=["analyse", deliberated, "--method", "classic"])

    assert "method classic" in result.stderr
    assert "structure: not tested" in result.stderr
    assert "Polis's own consensus: agree 1 (63 of 70)" in result.stderr
    assert "disagree 2 (63 of 70)" in result.stderr


@pytest.mark.parametrize("method", ["latent", "classic"])
def test_a_statement_is_explained_number_by_number(runner: FlaskCliRunner, deliberated: str, method: str) -> None:
    result = runner.invoke(args=["analyse", deliberated, "--method", method, "--explain", "1"])

    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith(f"Statement 1: {TEXTS['1']}\nClass: consensus for it\n")
    assert "everybody: 70 = 63 + 0 + 7" in result.stdout
    assert "everybody: lower end of 63 of 70 = (63 + 1.959964²/2" in result.stdout
    assert "Robustness: coordinated participants who would take its consensus away" in result.stdout


def test_an_explanation_as_json_is_its_lines(runner: FlaskCliRunner, deliberated: str) -> None:
    text = runner.invoke(args=["analyse", deliberated, "--explain", "1"]).stdout

    answer = json.loads(runner.invoke(args=["analyse", deliberated, "--explain", "1", "--json"]).stdout)

    assert answer == {"statement": "1", "explanation": text.splitlines()}


def test_what_is_shown_is_explained_and_nothing_else(app: Flask, runner: FlaskCliRunner, deliberated: str) -> None:
    unknown = runner.invoke(args=["analyse", deliberated, "--explain", "99"])
    decline(app, "3")
    declined = runner.invoke(args=["analyse", deliberated, "--explain", "3"])

    assert (unknown.exit_code, declined.exit_code) == (1, 1)
    assert (unknown.stdout, declined.stdout) == ("", "")
    assert unknown.stderr.strip() == "the results of 'candour' list no statement '99'"
    assert declined.stderr.strip() == "the results of 'candour' list no statement '3'"


@pytest.fixture
def population(tmp_path: Path) -> list[str]:
    """Options: three quarters of the population are old, half of the participants are; the last ten said nothing."""
    margins, answers = tmp_path / "margins.csv", tmp_path / "answers.csv"
    margins.write_text("question,answer,share\nage,young,0.25\nage,old,0.75\n")
    said = (f"{person},age,{'old' if person % 2 else 'young'}" for person in range(60))
    answers.write_text("\n".join(["participant,question,answer", *said, ""]))
    return ["--margins", str(margins), "--answers", str(answers)]


def test_weighted_shares_stand_beside_the_plain_ones(
    app: Flask, runner: FlaskCliRunner, deliberated: str, population: list[str]
) -> None:
    plain = json.loads(runner.invoke(args=["analyse", deliberated, "--json"]).stdout)

    weighted = json.loads(runner.invoke(args=["analyse", deliberated, "--json", *population]).stdout)

    assert len(stored_runs(app)) == 2
    assert weighted["weighting"]["answered"] == 60
    for before, after in zip(plain["statements"], weighted["statements"], strict=True):
        own = after.pop("weighted")
        del after["weighted_by_group"]
        assert before == after
        assert 0 < own["effective_votes"] < own["votes"] == before["votes"]


def test_the_summary_says_what_the_weighting_costs(
    app: Flask, runner: FlaskCliRunner, deliberated: str, population: list[str]
) -> None:
    first = runner.invoke(args=["analyse", deliberated, *population])
    runner.invoke(args=["analyse", deliberated, *population])

    # 30 people weigh 1.5, 30 weigh 0.5 and 10 weigh 1: 70² / (30 x 2.25 + 30 x 0.25 + 10).
    assert "also weighted to the margins: 60 of 70 answered" in first.stderr
    assert "effective sample size 57.6, design effect 1.21, 0 at the cap" in first.stderr
    assert len(stored_runs(app)) == 1


def test_margins_without_answers_are_refused(runner: FlaskCliRunner, deliberated: str, population: list[str]) -> None:
    result = runner.invoke(args=["analyse", deliberated, *population[:2]])

    assert result.exit_code == 1
    assert result.stderr.startswith("--margins and --answers belong together")


@pytest.mark.parametrize(
    ("margins", "told"),
    [
        ("age,young,0.25\nage,old,three quarters\n", ":3: the share 'three quarters' is no number"),
        ("age,young,0.25\nage,old,0.25\n", ":2: 'age': the shares add up to 0.5"),
        ("age,young,0.25\nage,ancient,0.75\n", ": 'age': nobody who took part answered 'ancient'"),
    ],
)
def test_margins_that_cannot_be_met_are_an_error_of_one_line_in_their_file(
    app: Flask, runner: FlaskCliRunner, deliberated: str, population: list[str], margins: str, told: str
) -> None:
    Path(population[1]).write_text("question,answer,share\n" + margins)

    result = runner.invoke(args=["analyse", deliberated, *population])

    assert result.exit_code == 1
    assert result.stderr.startswith(population[1] + told)
    assert result.stderr.count("\n") == 1
    assert stored_runs(app) == []


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
