"""Results are brought up to date where something happened, and nowhere else."""

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from deliberation.db.base import now
from deliberation.db.session import transaction
from deliberation.deliberations.models import Deliberation
from deliberation.results.jobs import analyse_stale
from deliberation.voting.models import Choice
from tests.builders import a_deliberation, a_participant, a_statement, a_vote
from tests.results.deliberated import decline, deliberate, recast, stored_runs


def test_the_first_look_analyses_all_that_has_votes(app: Flask, deliberated: str) -> None:
    with app.app_context():
        with transaction() as session:
            a_deliberation(session)

        analyse_stale()

    assert len(stored_runs(app)) == 1


def test_the_first_look_analyses_what_is_closed_as_well(app: Flask, client: FlaskClient, deliberated: str) -> None:
    with app.app_context():
        with transaction() as session:
            session.execute(sa.update(Deliberation).values(closed_at=now()))

        analyse_stale()

    assert "Final result" in client.get(f"/d/{deliberated}/results").text


def test_nothing_happens_where_nothing_changed(app: Flask, deliberated: str) -> None:
    with app.app_context():
        mark = analyse_stale()

        again = analyse_stale(mark)

    assert again == mark
    assert len(stored_runs(app)) == 1


def test_another_process_that_starts_later_does_not_run_it_again(app: Flask, deliberated: str) -> None:
    with app.app_context():
        analyse_stale()

        analyse_stale()

    assert len(stored_runs(app)) == 1


def test_a_changed_vote_is_noticed(app: Flask, deliberated: str) -> None:
    with app.app_context():
        mark = analyse_stale()
        recast(app, "0", "3", Choice.PASS)

        analyse_stale(mark)

    first, second = stored_runs(app)
    assert first.digest != second.digest


def test_it_works_on_either_database(any_app: Flask) -> None:
    with any_app.app_context():
        with transaction() as session:
            deliberate(session)
        mark = analyse_stale()
        recast(any_app, "0", "3", Choice.PASS)

        analyse_stale(mark)

    assert len(stored_runs(any_app)) == 2


def test_moderation_is_noticed(app: Flask, deliberated: str) -> None:
    with app.app_context():
        mark = analyse_stale()
        decline(app, "4")

        analyse_stale(mark)

    assert len(stored_runs(app)) == 2


def test_only_the_deliberation_that_was_voted_in_is_run_again(app: Flask, deliberated: str) -> None:
    with app.app_context():
        with transaction() as session:
            other = a_deliberation(session)
            statement = a_statement(session, other)
            a_vote(session, a_participant(session, other), statement, Choice.AGREE)
        mark = analyse_stale()
        with transaction() as session:
            a_vote(session, a_participant(session, other), session.merge(statement, load=False), Choice.AGREE)

        analyse_stale(mark)

    assert [stored.deliberation_id == other.id for stored in stored_runs(app)] == [False, True, True]
