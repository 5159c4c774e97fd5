"""A Polis export becomes a deliberation: rows, times, moderation and authors as the files say them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from analysis.polis_files import read_export, to_votes
from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Deliberation, Statement
from deliberation.deliberations.opening import open_
from deliberation.errors import Conflict, DeliberationError, ImportRefused
from deliberation.interop.polis import Imported, import_export
from deliberation.participants.models import Participant
from deliberation.results.snapshot import take
from deliberation.voting.models import Source, Vote, VoteEvent
from tests.polis_folders import a_comment, a_folder, comments, votes


@pytest.fixture
def here(any_app):
    """The application's context, once on each database."""
    with any_app.app_context():
        yield


def imported(folder: Path, **options: object) -> Imported:
    with transaction() as session:
        return import_export(session, read_export(folder), **options)  # type: ignore[arg-type]


def rows_in(*models: type) -> list[int]:
    with transaction() as session:
        return [session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


def the_deliberation() -> Deliberation:
    return db.session.scalars(select(Deliberation)).one()


def test_every_vote_cast_is_an_event_and_the_latest_stands(here, tmp_path):
    log = votes((9, "1", "a", -1), (5, "1", "a", 1), (7, "2", "a", 0), (8, "1", "b", 1))

    counts = imported(a_folder(tmp_path, comments=comments(), votes=log), slug="roads")

    assert counts == Imported("roads", participants=2, statements=3, votes=3, events=4)
    query = select(Participant.key, Statement.key, Vote.choice, Vote.source, Vote.cast_at).join_from(Vote, Participant)
    stored = db.session.execute(query.join(Statement, Statement.id == Vote.statement_id)).all()
    moment = datetime(2017, 7, 14, 2, 40, 0, 9000, tzinfo=UTC)
    assert ("a", "1", -1, Source.IMPORTED, moment) in stored
    assert {(who, what): choice for who, what, choice, _, _ in stored} == {
        ("a", "1"): -1,
        ("a", "2"): 0,
        ("b", "1"): 1,
    }
    assert db.session.scalars(select(VoteEvent.choice).order_by(VoteEvent.id)).all() == [-1, 1, 0, 1]


def test_a_table_alone_gives_votes_and_no_events(here, tmp_path):
    table = "participant,xid,group-id,n-votes,1,2\na,x,0,2,1,-1.0\nb,,1,0,,\n"

    counts = imported(a_folder(tmp_path / "roads", comments=comments(), participant_votes=table))

    assert counts == Imported("roads", participants=1, statements=3, votes=2, events=0)
    assert rows_in(Vote, VoteEvent, Participant) == [2, 0, 1]


def test_statements_keep_their_ids_moderation_authors_and_order(here, tmp_path):
    text = comments(a_comment("10", moderated=0), a_comment("9", moderated=-1, text='"One,\ntwo."'), a_comment("2"))

    imported(a_folder(tmp_path, comments=text, votes=votes((1, "10", "7", 1))), slug="roads")

    query = select(Statement).order_by(Statement.position)
    stored = [(each.key, each.moderation, each.text) for each in db.session.scalars(query)]
    assert stored == [("2", "accepted", "A rule."), ("9", "declined", "One,\ntwo."), ("10", "pending", "A rule.")]
    authors = set(db.session.scalars(select(Participant.key).join(Statement, Statement.author_id == Participant.id)))
    assert authors == {"7"}


def test_an_author_who_never_voted_is_no_participant(here, tmp_path):
    imported(a_folder(tmp_path, comments=comments(), votes=votes((1, "1", "a", 1))), slug="roads")

    assert db.session.scalars(select(Participant.key)).all() == ["a"]
    assert set(db.session.scalars(select(Statement.author_id))) == {None}


def test_it_is_closed_from_its_last_vote_on_and_can_be_opened_again(here, tmp_path):
    log = votes((0, "1", "a", 1), (60_000, "2", "a", 1))

    imported(a_folder(tmp_path, comments=comments(), votes=log), slug="roads")

    opened, closed = db.session.execute(select(Deliberation.opened_at, Deliberation.closed_at)).one()
    assert (opened, closed) == (datetime(2017, 7, 14, 2, 40, tzinfo=UTC), datetime(2017, 7, 14, 2, 41, tzinfo=UTC))
    with transaction() as session:
        assert open_(session, "roads").is_open


def test_the_slug_comes_from_the_topic(here, tmp_path):
    summary = "topic,Protecting NZ’s Forêts & Rivers\n"
    folder = a_folder(tmp_path, summary=summary, comments=comments(), votes=votes((1, "1", "a", 1)))

    assert imported(folder).deliberation == "protecting-nzs-forets-rivers"


def test_a_topic_in_another_script_leaves_the_slug_to_the_folder(here, tmp_path):
    files = {"summary": "topic,自用車載客\n", "comments": comments(), "votes": votes((1, "1", "a", 1))}

    counts = imported(a_folder(tmp_path / "vtaiwan.uberx", **files))

    assert counts.deliberation == "vtaiwan-uberx"
    assert the_deliberation().title == "自用車載客"


def test_a_slug_that_is_taken_refuses_the_import_and_changes_nothing(here, tmp_path):
    folder = a_folder(tmp_path, comments=comments(), votes=votes((1, "1", "a", 1)))
    imported(folder, slug="roads")
    before = rows_in(Deliberation, Statement, Participant, Vote, VoteEvent)

    with pytest.raises(Conflict, match="there is a deliberation 'roads' already"):
        imported(folder, slug="roads")

    assert rows_in(Deliberation, Statement, Participant, Vote, VoteEvent) == before


@pytest.mark.parametrize("slug", ["Roads", "a b", "../x", "", "-a", "a" * 81])
def test_a_slug_that_cannot_be_part_of_an_address_is_refused(app, tmp_path, slug):
    folder = a_folder(tmp_path / "export.", comments=comments(), votes=votes((1, "1", "a", 1)))

    with app.app_context():
        if slug:
            with pytest.raises(DeliberationError, match="cannot be a name in addresses"):
                imported(folder, slug=slug)
        else:
            assert imported(folder, slug=slug).deliberation == "export"


def test_rows_that_do_not_fit_are_left_out(here, tmp_path):
    log = votes((1, "1", "a", 1), (2, "99", "a", 1), (3, "2", "b", 7), (4, "2", "c", 1))

    counts = imported(a_folder(tmp_path, comments=comments(), votes=log), slug="roads")

    assert (counts.participants, counts.votes, counts.events) == (2, 2, 2)


def test_with_strict_one_such_row_refuses_everything(here, tmp_path):
    log = votes((1, "1", "a", 1), (2, "99", "a", 1))

    with pytest.raises(ImportRefused, match=r"votes\.csv:3: there is no statement '99'"):
        imported(a_folder(tmp_path, comments=comments(), votes=log), slug="roads", strict=True)

    assert rows_in(Deliberation, Statement, Participant, Vote, VoteEvent) == [0, 0, 0, 0, 0]


def test_an_export_without_statements_is_refused(here, tmp_path):
    empty = comments(a_comment("1", text=""))

    with pytest.raises(ImportRefused, match=r"comments\.csv: no statement could be read"):
        imported(a_folder(tmp_path, comments=empty, votes=votes()), slug="roads")

    assert rows_in(Deliberation) == [0]


def test_an_export_without_votes_is_a_deliberation_all_the_same(here, tmp_path):
    counts = imported(a_folder(tmp_path, comments=comments(), votes=votes()), slug="roads")

    assert (counts.statements, counts.participants, counts.votes, counts.events) == (3, 0, 0, 0)


def test_the_script_of_the_statements_tells_their_language(app, tmp_path):
    text = comments(a_comment("1", text="應該保險"), a_comment("2", text="需要登記制度"), a_comment("3", text="No cap"))

    with app.app_context():
        imported(a_folder(tmp_path, comments=text, votes=votes((1, "1", "a", 1))), slug="roads")

        assert the_deliberation().language == "zh"
        assert db.session.scalars(select(Statement.language).order_by(Statement.position)).all() == [None, None, "en"]


def test_a_language_that_was_given_stands(app, tmp_path):
    text = comments(a_comment("1", text="La règle"), a_comment("2", text="應該保險"))

    with app.app_context():
        imported(a_folder(tmp_path, comments=text, votes=votes((1, "1", "a", 1))), slug="roads", language="fr")

        assert the_deliberation().language == "fr"
        assert db.session.scalars(select(Statement.language).order_by(Statement.position)).all() == [None, "zh"]


def test_votes_marked_important_are_kept_so(here, tmp_path):
    log = "timestamp,datetime,comment-id,voter-id,vote,important\n1500000000000,x,1,a,1,1\n1500000000001,x,2,a,1,0\n"

    imported(a_folder(tmp_path, comments=comments(), votes=log), slug="roads")

    query = select(Statement.key, Vote.important).join(Statement, Statement.id == Vote.statement_id)
    assert dict(db.session.execute(query).all()) == {"1": True, "2": False}


def test_the_next_vote_after_an_import_gets_an_event_of_its_own(here, tmp_path):
    imported(a_folder(tmp_path, comments=comments(), votes=votes((1, "1", "a", 1), (2, "2", "a", 1))), slug="roads")

    with transaction() as session:
        first = session.scalars(select(VoteEvent)).first()
        assert first is not None
        event = VoteEvent(
            participant_id=first.participant_id, statement_id=first.statement_id, choice=0, cast_at=first.cast_at
        )
        session.add(event)

    assert rows_in(VoteEvent) == [3]


def test_every_real_export_gives_the_same_votes_from_the_database_as_from_its_files(here, real_data):
    folders = sorted((real_data / "polis-open-data").iterdir())
    assert folders
    for folder in folders:
        export = read_export(folder)

        with transaction() as session:
            counts = import_export(session, export)
            deliberation = session.scalars(select(Deliberation).filter_by(slug=counts.deliberation)).one()
            digest = take(session, deliberation).votes.digest

        assert digest == to_votes(export).digest, folder.name
