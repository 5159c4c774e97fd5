"""What may be shown is decided in one place, from the statements' standing at the moment of looking."""

from flask import Flask

from analysis.result import Analysis
from deliberation.db.session import db, transaction
from deliberation.deliberations.reading import deliberation_named
from deliberation.participants.models import KnownDevice, Participant
from deliberation.results.publishing import as_written, viewer, visible
from deliberation.results.running import latest
from tests.results.deliberated import as_published, decline


def test_a_run_is_shown_as_it_was_stored_but_nobody_is_accused(app: Flask, analysed: str) -> None:
    with app.app_context():
        run = latest(db.session, deliberation_named(db.session, analysed).id)
        assert run is not None

        assert as_written(run, visible(db.session, run)) == as_published(run)
        assert Analysis.from_json(run.result).integrity.flagged


def test_a_statement_declined_since_is_nowhere_in_it(app: Flask, analysed: str) -> None:
    decline(app, "3")

    with app.app_context():
        run = latest(db.session, deliberation_named(db.session, analysed).id)
        assert run is not None
        shown = visible(db.session, run)

    assert "3" not in [each.id for each in shown.statements]
    assert "3" not in [each.statement for group in shown.groups for each in group.representative]
    assert shown.polis_consensus is None
    assert "3" not in [each for statement in shown.statements for each in statement.near_duplicates]


def test_a_device_sees_its_own_votes(app: Flask, analysed: str) -> None:
    with app.app_context():
        deliberation = deliberation_named(db.session, analysed)
        with transaction() as session:
            participant = session.query(Participant).filter_by(key="7").one()
            session.add(KnownDevice(token_hash="f" * 64, participant_id=participant.id))

        known = viewer(db.session, deliberation, "f" * 64)
        unknown = viewer(db.session, deliberation, "0" * 64)

    assert known.key == "7"
    assert known.votes["3"] == "agree"
    assert known.votes["7"] == "pass"
    assert unknown.key is None
    assert unknown.votes == {}
