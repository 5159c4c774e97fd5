"""Whoever wants it has everything deleted that they gave; nothing of it is left to be counted or read."""

from flask import Flask

from deliberation.db.session import db
from deliberation.deliberations.reading import deliberation_named
from deliberation.results.jobs import analyse_stale
from deliberation.results.running import latest
from deliberation.results.snapshot import take
from tests.privacy.people import Person
from tests.voting.voters import count, events, open_deliberation, rows


def test_the_page_asks_before_anything_is_deleted(any_app: Flask) -> None:
    person = _who_voted(any_app)

    page = person.client.get(f"{person.home}/mine/erasure").text

    assert "Your 3 votes here will be deleted" in page
    assert count(any_app, "vote") == 3


def test_all_is_deleted_and_only_an_event_without_a_choice_stays(any_app: Flask) -> None:
    person = _who_voted(any_app)

    answer = person.press("mine/erasure")

    assert answer.status_code == 303
    assert "Everything you gave here was deleted" in person.client.get(answer.location).text
    assert [count(any_app, table) for table in ("vote", "reason", "offer")] == [0, 0, 0]
    assert events(any_app) == [None]


def test_nobody_elses_votes_are_touched(any_app: Flask) -> None:
    person = _who_voted(any_app)
    other = Person(any_app, person.home.split("/")[2])
    other.vote("disagree", reason="Mine.")

    person.press("mine/erasure")

    assert rows(any_app, "SELECT choice FROM vote") == [(-1,)]
    assert count(any_app, "reason") == 1


def test_it_counts_no_more_in_the_next_result(any_app: Flask) -> None:
    person = _who_voted(any_app)
    slug = person.home.split("/")[2]
    Person(any_app, slug).vote("disagree")
    with any_app.app_context():
        mark = analyse_stale()

    person.press("mine/erasure")

    with any_app.app_context():
        analyse_stale(mark)
        newest = latest(db.session, deliberation_named(db.session, slug).id)
        snapshot = take(db.session, deliberation_named(db.session, slug))
    assert newest is not None
    assert newest.digest == snapshot.votes.digest
    assert len(snapshot.votes) == 1


def test_one_may_begin_anew(any_app: Flask) -> None:
    person = _who_voted(any_app)
    person.press("mine/erasure")

    person.vote("disagree")

    assert rows(any_app, "SELECT choice, source FROM vote") == [(-1, "random")]
    assert count(any_app, "offer") == 2


def test_twice_is_once(any_app: Flask) -> None:
    person = _who_voted(any_app)

    statuses = [person.press("mine/erasure").status_code for _ in range(2)]

    assert statuses == [303, 303]
    assert events(any_app) == [None]


def test_who_gave_nothing_is_told_so(app: Flask) -> None:
    person = Person(app, open_deliberation(app))

    assert "There is nothing to delete" in person.client.get(f"{person.home}/mine/erasure").text
    assert person.press("mine/erasure").status_code == 303


def _who_voted(app: Flask) -> Person:
    """Somebody with three votes, one of them with a reason and a mark."""
    person = Person(app, open_deliberation(app, statements=20))
    person.vote("agree", reason="It helps.", important="1")
    person.vote("unclear")
    person.vote("pass")
    return person
