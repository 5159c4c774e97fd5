"""The sentences under the heading of the results, and the page before there are any."""

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from deliberation.db.session import transaction
from deliberation.results.running import run
from deliberation.voting.models import Choice, Vote
from tests.results.deliberated import decline, recast, words


def test_votes_on_declined_statements_are_named_beside_the_total(
    app: Flask, client: FlaskClient, deliberated: str
) -> None:
    before = _votes_on(app, "1")
    decline(app, "1")
    with app.app_context():
        run(deliberated)

    said = words(client.get(f"/d/{deliberated}/results").text)

    assert f"{before} further votes do not count." in said
    assert f"{before} votes are on statements that moderation declined." in said


def test_votes_on_statements_declined_after_the_run_are_named_too(
    app: Flask, client: FlaskClient, analysed: str
) -> None:
    before = _votes_on(app, "1")
    decline(app, "1")

    said = words(client.get(f"/d/{analysed}/results").text)

    assert f"{before} further votes do not count." in said
    assert f"{before} votes are on statements that moderation declined." in said


def test_votes_that_nobody_offered_are_named_too(app: Flask, client: FlaskClient, deliberated: str) -> None:
    with app.app_context():
        with transaction() as session:
            some = session.scalars(sa.select(Vote)).first()
            assert some is not None
            some.source = None
        run(deliberated)

    said = words(client.get(f"/d/{deliberated}/results").text)

    assert "One further vote does not count." in said
    assert "One vote is on a statement that its sender had not been offered" in said


def test_where_all_votes_count_nothing_is_said_of_others(client: FlaskClient, analysed: str) -> None:
    assert "not count" not in words(client.get(f"/d/{analysed}/results").text)


def test_people_in_no_group_are_named_beside_the_number_of_groups(
    app: Flask, client: FlaskClient, deliberated: str
) -> None:
    with app.app_context():
        with transaction() as session:
            # Whoever casts one vote is too little known for the classic method.
            person = session.scalars(sa.select(Vote.participant_id)).first()
            votes = session.scalars(sa.select(Vote).where(Vote.participant_id == person)).all()
            for vote in votes[1:]:
                session.delete(vote)
        run(deliberated)

    said = words(client.get(f"/d/{deliberated}/results").text)

    assert "They form two opinion groups. One person is in no group." in said


def test_a_vote_that_was_changed_waits_once(app: Flask, client: FlaskClient, deliberated: str) -> None:
    with app.app_context(), transaction() as session:
        votes = session.scalar(sa.select(sa.func.count()).select_from(Vote))
    recast(app, "7", "3", Choice.DISAGREE)
    recast(app, "7", "3", Choice.PASS)

    assert f"{votes} votes wait to be analysed" in words(client.get(f"/d/{deliberated}/results").text)


def test_a_vote_changed_twice_since_the_run_is_one_vote(app: Flask, client: FlaskClient, analysed: str) -> None:
    recast(app, "7", "3", Choice.DISAGREE)
    recast(app, "7", "3", Choice.PASS)

    assert "One vote was cast or changed since." in words(client.get(f"/d/{analysed}/results").text)


def _votes_on(app: Flask, key: str) -> int:
    with app.app_context(), transaction() as session:
        query = "SELECT count(*) FROM vote JOIN statement ON statement.id = statement_id WHERE key = :key"
        return int(session.execute(sa.text(query), {"key": key}).scalar_one())
