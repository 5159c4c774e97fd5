"""The votes that the analysis gets are those of the database, and the same as those of the files they came from."""

from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from analysis.polis_files import read_export, to_votes
from analysis.votes import Votes
from deliberation.db.base import now
from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Moderation
from deliberation.deliberations.reading import deliberation_named
from deliberation.interop.polis import import_export
from deliberation.results.snapshot import take
from deliberation.voting.models import Choice, Offer, Source, Why
from tests.builders import a_deliberation, a_participant, a_statement, a_vote

REAL = ("vtaiwan.uberx", "scoop-hivemind.biodiversity")


def test_votes_carry_the_ids_that_their_source_wrote(session: Session) -> None:
    deliberation = a_deliberation(session)
    first, second = (a_statement(session, deliberation, key=key) for key in ("10", "9"))
    ada = a_participant(session, deliberation, key="ada")
    a_vote(session, ada, first, Choice.AGREE)
    a_vote(session, ada, second, Choice.DISAGREE)

    snapshot = take(session, deliberation)

    assert snapshot.votes.digest == Votes.from_arrays(["ada", "ada"], ["9", "10"], [-1, 1]).digest


def test_votes_of_another_deliberation_stay_out(session: Session) -> None:
    deliberation, other = a_deliberation(session), a_deliberation(session)
    a_vote(session, a_participant(session, deliberation), a_statement(session, deliberation), Choice.AGREE)
    a_vote(session, a_participant(session, other), a_statement(session, other), Choice.AGREE)

    assert len(take(session, deliberation).votes) == 1


def test_a_vote_on_what_was_never_offered_does_not_count(session: Session) -> None:
    deliberation = a_deliberation(session)
    statement = a_statement(session, deliberation)
    votes = [a_vote(session, a_participant(session, deliberation), statement, Choice.AGREE) for _ in range(3)]
    votes[0].source = None
    session.flush()

    snapshot = take(session, deliberation)

    assert len(snapshot.votes) == 2
    assert snapshot.not_offered == 1


def test_declined_statements_keep_their_votes_and_lose_their_words(session: Session) -> None:
    deliberation = a_deliberation(session)
    kept = a_statement(session, deliberation, text="Kept.")
    declined = a_statement(session, deliberation, text="Declined.", moderation=Moderation.DECLINED)
    ada = a_participant(session, deliberation)
    for statement in (kept, declined):
        a_vote(session, ada, statement, Choice.AGREE)

    snapshot = take(session, deliberation)

    assert len(snapshot.votes) == 2
    assert snapshot.texts == {kept.key: "Kept."}
    assert snapshot.moderated_out == {declined.key}
    assert snapshot.on_declined == 1


def test_statements_about_the_participants_are_named(session: Session) -> None:
    deliberation = a_deliberation(session)
    about_people = a_statement(session, deliberation, is_meta=True)

    assert take(session, deliberation).meta == {about_people.key}


def test_the_fingerprint_follows_whatever_decides_the_result(session: Session) -> None:
    deliberation = a_deliberation(session)
    statement = a_statement(session, deliberation)
    vote = a_vote(session, a_participant(session, deliberation), statement, Choice.AGREE)
    before = take(session, deliberation).fingerprint("classic")

    seen = {before, take(session, deliberation).fingerprint("another method")}
    vote.choice = int(Choice.PASS)
    session.flush()
    seen.add(take(session, deliberation).fingerprint("classic"))
    statement.moderation = Moderation.DECLINED
    session.flush()
    seen.add(take(session, deliberation).fingerprint("classic"))

    assert len(seen) == 4


@pytest.mark.parametrize("name", REAL)
def test_the_digest_is_that_of_the_files_which_were_imported(any_app: Flask, real_data: Path, name: str) -> None:
    export = read_export(real_data / "polis-open-data" / name)

    with any_app.app_context():
        with transaction() as session:
            slug = import_export(session, export).deliberation
        digest = take(db.session, deliberation_named(db.session, slug)).votes.digest

    assert digest == to_votes(export).digest


def test_without_votes_there_is_an_empty_table(session: Session) -> None:
    deliberation = a_deliberation(session)

    snapshot = take(session, deliberation)

    assert snapshot.votes.shape == (0, 0)
    assert snapshot.last_event_id == 0


def test_what_is_known_of_a_vote_comes_with_it(session: Session) -> None:
    deliberation = a_deliberation(session)
    first, second = (a_statement(session, deliberation, key=key) for key in ("1", "2"))
    ada = a_participant(session, deliberation, key="ada")
    a_vote(session, ada, first, Choice.AGREE).source = Source.RANDOM
    a_vote(session, ada, second, Choice.DISAGREE).important = True
    for nonce, probability in (("a", 0.5), ("b", 0.25)):
        session.add(
            Offer(
                participant_id=ada.id,
                statement_id=first.id,
                nonce=nonce,
                source=Source.RANDOM,
                why=Why.RANDOM,
                probability=probability,
                offered_at=now(),
            )
        )
    session.flush()

    records = take(session, deliberation).beside.records

    assert records is not None
    assert records.random.tolist() == [True, False]
    assert records.important.tolist() == [False, True]
    assert records.probability[0] == 0.25, "the latest offer is the one that was answered"
    assert np.isnan(records.probability[1])
