"""Votes at the same moment: none is counted twice or lost, none fails for another, none slips in after closing."""

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from deliberation.db.base import now
from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Deliberation
from deliberation.factory import create_app
from deliberation.settings import read_settings
from tests.builders import a_deliberation
from tests.voting.voters import HTMX, Card, Voter, change_deliberation, count, decline, events, open_deliberation, rows


def _at_once(app: Flask, presses: list[tuple[Voter, Card, str]]) -> list[int]:
    """Send all at the same moment, each from a thread of its own; returns the statuses."""
    ready = threading.Barrier(len(presses))

    def press(voter: Voter, card: Card, vote: str) -> int:
        client = app.test_client()
        for name in ("device", "session"):
            cookie = voter.client.get_cookie(name)
            assert cookie
            client.set_cookie(name, cookie.value)
        ready.wait()
        return client.post(voter.address, data=card.fields | {"vote": vote}, headers=HTMX).status_code

    with ThreadPoolExecutor(len(presses)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(press, *one) for one in presses]]


@pytest.mark.parametrize("is_first", [True, False])
def test_a_hundred_presses_of_one_button_are_one_vote(any_app: Flask, is_first: bool) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=40))
    if not is_first:
        voter.vote("pass")
    card = voter.look()

    statuses = [status for _ in range(5) for status in _at_once(any_app, [(voter, card, "agree")] * 20)]

    assert set(statuses) == {200}
    assert count(any_app, "participant") == 1
    assert rows(any_app, f"SELECT choice FROM vote WHERE statement_id = {card.statement_id}") == [(1,)]
    assert events(any_app) == ([1] if is_first else [0, 1])
    assert count(any_app, "offer") == (2 if is_first else 3)


def test_different_buttons_at_once_leave_one_vote_and_an_event_for_each_change(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app))
    card = voter.look()

    statuses = _at_once(any_app, [(voter, card, vote) for vote in ("agree", "disagree", "pass") * 5])

    assert set(statuses) == {200}
    history = events(any_app)
    assert rows(any_app, "SELECT choice FROM vote") == [(history[-1],)]
    assert all(earlier != later for earlier, later in pairwise(history))
    assert count(any_app, "offer") == 2


def test_many_participants_at_once_are_all_counted(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=5)
    voters = [Voter(any_app, slug) for _ in range(20)]

    statuses = _at_once(any_app, [(voter, voter.look(), "agree") for voter in voters])

    assert set(statuses) == {200}
    assert [count(any_app, table) for table in ("participant", "vote", "vote_event", "offer")] == [20, 20, 20, 40]


def test_no_vote_arrives_once_the_deliberation_is_closed(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=5)
    voters = [Voter(any_app, slug) for _ in range(20)]
    presses = [(voter, voter.look(), "agree") for voter in voters]

    with ThreadPoolExecutor(1) as pool:
        voting = pool.submit(_at_once, any_app, presses)
        change_deliberation(any_app, slug, closed_at=now())
        counted = count(any_app, "vote")
        statuses = voting.result(timeout=60)

    assert set(statuses) <= {200, 409}
    assert count(any_app, "vote") == statuses.count(200) == counted


def test_no_vote_arrives_on_a_statement_once_it_is_declined(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=1)
    presses = [(voter, voter.look(), "agree") for voter in (Voter(any_app, slug) for _ in range(20))]
    statement_id = presses[0][1].statement_id

    with ThreadPoolExecutor(1) as pool:
        voting = pool.submit(_at_once, any_app, presses)
        decline(any_app, slug, statement_id)
        counted = count(any_app, "vote")
        statuses = voting.result(timeout=60)

    assert set(statuses) <= {200, 409}
    assert count(any_app, "vote") == statuses.count(200) == counted


def test_a_vote_waits_for_a_closing_that_is_being_written_and_sees_it(any_app: Flask) -> None:
    slug = open_deliberation(any_app)
    voter = Voter(any_app, slug)
    card = voter.look()

    with ThreadPoolExecutor(1) as pool:
        with any_app.app_context(), transaction() as session:
            session.execute(sa.update(Deliberation).values(closed_at=now()))
            voting = pool.submit(voter.send, card, "agree")
            with pytest.raises(TimeoutError):
                voting.result(timeout=0.3)
        answer = voting.result(timeout=60)

    assert answer.status_code == 409
    assert count(any_app, "vote") == 0


def test_votes_and_other_writes_share_a_sqlite_file_without_locking_each_other_out(sqlite_app: Flask) -> None:
    slug = open_deliberation(sqlite_app, statements=5)
    presses = [(voter, voter.look(), "agree") for voter in (Voter(sqlite_app, slug) for _ in range(16))]

    def create_some() -> None:
        with sqlite_app.app_context():
            for _ in range(10):
                with transaction() as session:
                    a_deliberation(session)

    with ThreadPoolExecutor(8) as pool:
        others = [pool.submit(create_some) for _ in range(7)]
        statuses = _at_once(sqlite_app, presses)
        for other in others:
            other.result(timeout=60)

    assert set(statuses) == {200}
    assert count(sqlite_app, "deliberation") == 71


def test_eight_processes_write_to_one_sqlite_file(sqlite_app: Flask) -> None:
    slug = open_deliberation(sqlite_app, statements=5)
    database = str(sqlite_app.extensions["settings"].instance)

    with sqlite_app.app_context():
        db.engine.dispose()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["deliberation.factory"])
    with context.Pool(8) as pool:
        outcomes = pool.starmap(_vote_five_times, [(database, slug)] * 8)

    assert outcomes == [[200] * 5] * 8
    assert [count(sqlite_app, table) for table in ("participant", "vote", "vote_event")] == [8, 40, 40]


def _vote_five_times(instance: str, slug: str) -> list[int]:
    """In a process of its own."""
    app = create_app(read_settings(instance=Path(instance), database_url="", secret_key="only for tests"))
    voter = Voter(app, slug)
    return [voter.send(voter.look(), "agree").status_code for _ in range(5)]
