"""Unclear is stored beside the votes and never counts as one; what matters to somebody is marked, and stays marked."""

from flask import Flask

from deliberation.db.session import db
from deliberation.deliberations.reading import deliberation_named
from deliberation.results.jobs import analyse_stale
from deliberation.results.running import latest, run
from deliberation.results.snapshot import take
from tests.voting.voters import Voter, count, events, open_deliberation, rows


def test_unclear_is_no_pass_in_any_result(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=1)
    for vote in ("agree", "pass", "unclear", "unclear"):
        Voter(any_app, slug).vote(vote)

    with any_app.app_context():
        snapshot = take(db.session, deliberation_named(db.session, slug))

    assert sorted(snapshot.votes.values.tolist()) == [0, 1]
    assert dict(snapshot.unclear) == {"1": 2}
    assert (snapshot.not_offered, snapshot.on_declined) == (0, 0)


def test_a_run_keeps_how_many_found_a_statement_unclear(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=1)
    for vote in ("agree", "disagree", "unclear"):
        Voter(any_app, slug).vote(vote)

    with any_app.app_context():
        finished = run(slug)

        assert finished.unclear == {"1": 1}
        assert '"votes":2' in finished.result.replace(" ", "")


def test_where_one_more_finds_it_unclear_a_new_run_says_so(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=1)
    Voter(any_app, slug).vote("agree")
    with any_app.app_context():
        mark = analyse_stale()
    Voter(any_app, slug).vote("unclear")

    with any_app.app_context():
        analyse_stale(mark)
        newest = latest(db.session, deliberation_named(db.session, slug).id)

    assert newest is not None
    assert newest.unclear == {"1": 1}


def test_where_all_found_it_unclear_there_is_nothing_to_analyse(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=1)
    Voter(any_app, slug).vote("unclear")

    with any_app.app_context():
        analyse_stale()

    assert count(any_app, "run") == 0


def test_unclear_can_become_a_vote_and_a_vote_unclear(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app))
    card = voter.look()

    for vote in ("unclear", "agree", "unclear"):
        voter.send(card, vote)

    assert events(any_app) == [2, 1, 2]
    assert rows(any_app, "SELECT choice FROM vote") == [(2,)]


def test_what_matters_is_marked_with_the_vote_and_in_its_event(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app))

    voter.vote("agree", important="1")
    voter.vote("agree")

    assert sorted(rows(any_app, "SELECT important FROM vote")) == [(False,), (True,)]
    assert rows(any_app, "SELECT important FROM vote_event ORDER BY id") == [(True,), (False,)]


def test_the_mark_alone_makes_a_change_and_the_same_form_again_none(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app))
    card = voter.look()

    voter.send(card, "agree")
    for _ in range(2):
        voter.send(card, "agree", important="1")

    assert rows(any_app, "SELECT choice, important FROM vote") == [(1, True)]
    assert rows(any_app, "SELECT choice, important FROM vote_event ORDER BY id") == [(1, False), (1, True)]
