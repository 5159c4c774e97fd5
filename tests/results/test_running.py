"""A run is stored once for the same input, and follows the run before it."""

import json

import pytest
from flask import Flask

from analysis.result import Analysis
from deliberation.db.session import db, transaction
from deliberation.deliberations.reading import deliberation_named
from deliberation.errors import Conflict, DeliberationError, NotFound
from deliberation.results.models import Run
from deliberation.results.running import code_version, latest, run, store
from deliberation.voting.models import Choice
from tests.builders import a_deliberation
from tests.results.deliberated import CLASSES, decline, deliberate, recast, stored_runs


def test_a_run_holds_the_analysis_and_what_it_was_made_of(app: Flask, analysed: str) -> None:
    (stored,) = stored_runs(app)

    result = Analysis.from_json(stored.result)

    assert {each.id: each.kind.value for each in result.statements} == CLASSES
    assert stored.digest == result.digest
    assert stored.method == result.method
    assert stored.code_version == code_version()
    assert stored.last_event_id > 0


def test_the_same_input_is_not_run_twice(app: Flask, analysed: str) -> None:
    with app.app_context():
        again = run(analysed)

    assert [stored.id for stored in stored_runs(app)] == [again.id]


def test_a_changed_vote_makes_another_run_that_keeps_the_letters(app: Flask, analysed: str) -> None:
    recast(app, "0", "3", Choice.PASS)

    with app.app_context():
        run(analysed)

    first, second = (Analysis.from_json(stored.result) for stored in stored_runs(app))
    assert second.digest != first.digest
    assert second.parameters["labels_from"] == first.digest
    assert second.assignments == first.assignments


def test_a_declined_statement_makes_another_run_without_it(app: Flask, analysed: str) -> None:
    decline(app, "4")

    with app.app_context():
        run(analysed)

    first, second = (Analysis.from_json(stored.result) for stored in stored_runs(app))
    assert second.digest == first.digest
    assert {each.id for each in first.statements} - {each.id for each in second.statements} == {"4"}


def test_without_votes_there_is_nothing_to_analyse(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            slug = a_deliberation(session).slug

        with pytest.raises(Conflict, match="no votes yet"):
            run(slug)

    assert stored_runs(app) == []


def test_an_unknown_deliberation_is_not_found(app: Flask) -> None:
    with app.app_context(), pytest.raises(NotFound, match="no deliberation 'nowhere'"):
        run("nowhere")


def test_an_unknown_method_is_refused_with_those_that_are_known(app: Flask, deliberated: str) -> None:
    with app.app_context(), pytest.raises(DeliberationError, match=r"unknown method 'magic'; known: latent, classic"):
        run(deliberated, "magic")

    assert stored_runs(app) == []


def test_a_slow_run_of_older_votes_does_not_take_the_place_of_a_newer_one(app: Flask, analysed: str) -> None:
    (newer,) = stored_runs(app)
    late = Run(
        deliberation_id=newer.deliberation_id,
        method=newer.method,
        digest="0" * 64,
        inputs="0" * 64,
        last_event_id=newer.last_event_id - 1,
        result="{}",
        code_version=newer.code_version,
    )

    with app.app_context():
        kept = store(late)

    assert kept.id == newer.id
    assert json.loads(kept.result)["digest"] == newer.digest
    assert len(stored_runs(app)) == 1


def test_the_latest_run_is_the_newest_of_its_deliberation(app: Flask, analysed: str) -> None:
    with app.app_context():
        with transaction() as session:
            other = a_deliberation(session).slug
        recast(app, "0", "3", Choice.PASS)
        newest = run(analysed)

        found = latest(db.session, deliberation_named(db.session, analysed).id)
        none = latest(db.session, deliberation_named(db.session, other).id)

    assert found is not None
    assert found.id == newest.id
    assert none is None


def test_the_same_votes_give_the_same_bytes_on_either_database(any_app: Flask) -> None:
    with any_app.app_context():
        with transaction() as session:
            slug = deliberate(session).slug
        result = run(slug).result

    assert Analysis.from_json(result).to_json().decode() == result
