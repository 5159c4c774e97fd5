"""What may be shown is decided in one place, from the statements' standing at the moment of looking."""

from flask import Flask

from analysis import analyse
from analysis.result import Analysis
from deliberation.db.session import db, transaction
from deliberation.deliberations.reading import deliberation_named
from deliberation.participants.models import KnownDevice, Participant
from deliberation.results.models import Run
from deliberation.results.publishing import as_written, viewer, visible
from deliberation.results.running import latest
from deliberation.results.snapshot import take
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


def test_counts_of_a_group_of_few_people_cannot_be_found_by_subtraction(app: Flask, analysed: str) -> None:
    with app.app_context():
        deliberation = deliberation_named(db.session, analysed)
        run = latest(db.session, deliberation.id)
        assert run is not None
        votes = take(db.session, deliberation).votes
        who = {each: "0" if at < 40 else "1" if at < 65 else "2" for at, each in enumerate(votes.participants)}
        told = analyse(votes, groups=who)
        assert [group.size for group in told.groups] == [40, 25, 5]
        with transaction() as session:
            session.get_one(Run, run.id).result = told.to_json().decode()
            session.get_one(Run, run.id).inputs = "with a group of five"
        db.session.expire_all()

        shown = visible(db.session, run)

    # Were only the five hidden, everybody's votes less those of the two others would be theirs.
    assert all(each.by_group.keys() == {"A"} for each in shown.statements)
    assert set(shown.assignments.values()) == {"A", None}
    assert [len(group.representative) for group in shown.groups[1:]] == [0, 0]
    assert all(each.group_aware_consensus is None for each in shown.statements)
    assert {each.group for statement in shown.statements for each in statement.dissent} == {"B", "C"}
    assert all(each.votes is None for statement in shown.statements for each in statement.dissent)
    assert {each.group: each.leaning for each in shown.statement("1").dissent} == {"B": "agree", "C": "agree"}
