"""Starting over sets the database aside with all that is in it, or does nothing and says why."""

import sqlite3
from pathlib import Path

import pytest
from flask import Flask

from deliberation.db.session import db, transaction
from deliberation.demo.starting_over import set_database_aside
from deliberation.errors import Conflict
from tests.builders import a_deliberation


def _file(app: Flask) -> Path:
    return Path(app.extensions["settings"].instance) / "deliberation.sqlite3"


def test_what_was_there_is_kept_in_one_file(sqlite_app):
    with sqlite_app.app_context():
        with transaction() as session:
            a_deliberation(session, slug="before")
        db.session.close()

        kept = set_database_aside(db.engine)

    with sqlite3.connect(kept) as connection:
        assert connection.execute("SELECT slug FROM deliberation").fetchall() == [("before",)]
    assert not _file(sqlite_app).exists()
    assert not list(kept.parent.glob("*-wal"))


def test_a_database_that_is_in_use_stays_where_it_is(sqlite_app):
    file = _file(sqlite_app)
    with sqlite_app.app_context(), sqlite3.connect(file) as somebody_else:
        db.engine.connect().close()  # which makes it a file with a write-ahead log
        somebody_else.execute("SELECT 1 FROM deliberation").fetchall()

        with pytest.raises(Conflict, match="in use"):
            set_database_aside(db.engine)

    assert file.exists()


def test_a_second_time_keeps_both(sqlite_app):
    with sqlite_app.app_context():
        first = set_database_aside(db.engine)
        db.engine.connect().close()
        second = set_database_aside(db.engine)

    assert first != second
    assert first.exists()
    assert second.exists()
