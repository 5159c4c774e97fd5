"""A run decides which statements are shown more often from then on."""

import sqlalchemy as sa
from flask import Flask

from analysis.result import Analysis
from analysis.routing import Why
from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Deliberation, Statement
from deliberation.results.jobs import analyse_stale
from deliberation.results.models import Run
from deliberation.results.running import run, store
from deliberation.results.weighing import weights_of
from deliberation.voting.models import Choice, Routing
from tests.results.deliberated import CLASSES, deliberate, recast, stored_runs


def _stored(app: Flask) -> dict[str, tuple[float, str]]:
    with app.app_context():
        query = sa.select(Statement.key, Routing.weight, Routing.why).join(Routing)
        return {key: (weight, why) for key, weight, why in db.session.execute(query)}


def _version(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(sa.select(Deliberation.version)).one()


def test_every_statement_of_a_run_has_a_weight_and_a_reason(app: Flask, analysed: str) -> None:
    stored = _stored(app)

    assert stored.keys() == CLASSES.keys()
    assert stored["8"] == (1.0, Why.FEW_VOTES)
    assert all(0 < weight <= 1 for weight, _ in stored.values())
    # All have voted on these, and would have to be many more to change a class.
    assert {why for key, (_, why) in stored.items() if key != "8"} == {Why.SETTLED}


def test_the_weights_are_those_of_the_result(app: Flask, analysed: str) -> None:
    (stored,) = stored_runs(app)

    weights = weights_of(Analysis.from_json(stored.result))

    assert {key: (each.weight, each.why) for key, each in weights.items()} == _stored(app)


def test_a_run_without_groups_has_weights_as_well(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        slug = deliberate(session).slug
        session.execute(sa.text("DELETE FROM vote WHERE statement_id NOT IN (SELECT id FROM statement WHERE key='1')"))

    with app.app_context():
        run(slug)

    assert len(_stored(app)) == len(CLASSES)


def test_changed_weights_raise_the_version_and_are_no_reason_for_another_run(any_app: Flask) -> None:
    with any_app.app_context():
        with transaction() as session:
            deliberate(session)
        before = _version(any_app)

        mark = analyse_stale()

        assert _version(any_app) == before + 1
        assert analyse_stale(mark) == mark


def test_a_run_that_is_not_kept_changes_no_weights(app: Flask, analysed: str) -> None:
    (newer,) = stored_runs(app)
    before = _stored(app)
    kept = newer.__dict__
    names = ("deliberation_id", "method", "digest", "result", "code_version")
    late = Run(**{name: kept[name] for name in names}, inputs="0" * 64, last_event_id=newer.last_event_id - 1)
    weights = weights_of(Analysis.from_json(newer.result))

    with app.app_context():
        store(late, dict.fromkeys(weights, weights["8"]))

    assert _stored(app) == before


def test_a_run_by_the_default_method_follows_the_votes(app: Flask, analysed: str) -> None:
    version = _version(app)
    recast(app, "0", "3", Choice.PASS)

    with app.app_context():
        run(analysed)

    assert _version(app) >= version
    assert len(stored_runs(app)) == 2
