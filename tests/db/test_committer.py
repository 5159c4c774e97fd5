"""Writes that are committed together: one commit for many, a bad one fails alone, nobody waits for ever."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from deliberation.db.committer import commit_together
from deliberation.db.session import prepare_sqlite
from deliberation.db.turns import turn


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'some.sqlite3'}")
    prepare_sqlite(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE thing (number INTEGER PRIMARY KEY CHECK (number >= 0))")
    return engine


def _adding(*numbers: int) -> Callable[[sqlite3.Connection], int]:
    def write(connection: sqlite3.Connection) -> int:
        for number in numbers:
            connection.execute("INSERT INTO thing VALUES (?)", (number,))
        return len(numbers)

    return write


def _numbers(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.exec_driver_sql("SELECT number FROM thing ORDER BY number").scalars())


def _waiting_together(engine: Engine, writes: list[Callable[[sqlite3.Connection], int]]) -> list[int | Exception]:
    """Hand in all writes while somebody else has the turn, so that they share one batch."""

    def attempt(write: Callable[[sqlite3.Connection], int]) -> int | Exception:
        try:
            return commit_together(engine, write)
        except (sqlite3.Error, ValueError) as error:
            return error

    handed_in = threading.Barrier(len(writes) + 1)

    def hand_in(write: Callable[[sqlite3.Connection], int]) -> int | Exception:
        handed_in.wait()
        return attempt(write)

    with ThreadPoolExecutor(len(writes)) as pool:
        with turn(engine):
            outcomes = [pool.submit(hand_in, write) for write in writes]
            handed_in.wait()
        return [outcome.result(timeout=20) for outcome in outcomes]


def test_a_write_is_answered_with_what_it_returns_and_is_there(engine: Engine) -> None:
    assert commit_together(engine, _adding(1, 2)) == 2
    assert _numbers(engine) == [1, 2]


def test_many_that_wait_are_all_written(engine: Engine) -> None:
    outcomes = _waiting_together(engine, [_adding(number) for number in range(20)])

    assert outcomes == [1] * 20
    assert _numbers(engine) == list(range(20))


def test_a_bad_write_fails_alone_and_leaves_none_of_its_rows(engine: Engine) -> None:
    writes = [_adding(1), _adding(2, -1), _adding(3), _adding(4, 1)]

    outcomes = _waiting_together(engine, writes)

    assert [isinstance(outcome, sqlite3.IntegrityError) for outcome in outcomes][1] is True
    assert outcomes[2] == 1
    # The first and the last both want number 1: whichever came first has it, and the other left nothing.
    assert _numbers(engine) in ([1, 3], [1, 3, 4])


def test_a_mistake_in_a_write_is_raised_where_it_was_handed_in_and_the_next_one_works(engine: Engine) -> None:
    def mistaken(connection: sqlite3.Connection) -> int:
        connection.execute("INSERT INTO thing VALUES (7)")
        raise ValueError("no such thing")

    with pytest.raises(ValueError, match="no such thing"):
        commit_together(engine, mistaken)

    assert commit_together(engine, _adding(8)) == 1
    assert _numbers(engine) == [8]


def test_where_the_commit_itself_fails_everybody_is_told_and_nothing_stays(engine: Engine) -> None:
    def breaking_off(connection: sqlite3.Connection) -> int:
        connection.execute("INSERT INTO thing VALUES (9)")
        connection.execute("COMMIT")  # forbidden; it stands here for a transaction that is lost
        return 1

    outcomes = _waiting_together(engine, [breaking_off])

    assert isinstance(outcomes[0], sqlite3.OperationalError)
    assert commit_together(engine, _adding(10)) == 1


def test_the_thread_ends_where_there_is_no_work_and_starts_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deliberation.db.committer._IDLE_SECONDS", 0.01)
    before = set(threading.enumerate())

    commit_together(engine, _adding(1))
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=5)

    assert set(threading.enumerate()) <= before
    assert commit_together(engine, _adding(2)) == 1
