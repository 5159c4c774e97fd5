"""Connections, and the one way to write: `with transaction() as session`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from deliberation.db.turns import turn

db = SQLAlchemy(require_default_engine=False)


def engine_options(url: str) -> dict[str, Any]:
    """Options of the engine for one database URL."""
    options: dict[str, Any] = {"url": url}
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": 10}
        # As many as a process has threads: what is beyond the pool's size is opened and closed for every use.
        options["pool_size"] = 16
    else:
        options["pool_pre_ping"] = True
    return options


def prepare_sqlite(engine: Engine) -> None:
    """Make each SQLite connection durable, checked, and free of hidden transactions.

    The driver's own BEGIN is off: reads run by themselves, so that no write ever has to upgrade a stale snapshot
    ("database is locked" whatever the timeout); writes begin with BEGIN IMMEDIATE in `transaction`.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA busy_timeout=10000")
        cursor.close()


@contextmanager
def transaction() -> Iterator[Session]:
    """A session of its own whose changes are committed together at the end, or not at all."""
    engine = db.engine
    if engine.dialect.name != "sqlite":
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
        return
    with turn(engine), Session(engine, expire_on_commit=False) as session, session.begin():
        session.connection().exec_driver_sql("BEGIN IMMEDIATE")
        yield session
