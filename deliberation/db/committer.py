"""Votes on SQLite are committed together: one thread a process writes for all who wait.

A commit waits for the disk. With one commit a vote, a slow disk allows some 150 votes a second; here all that came
while the last commit was on its way share the next one. A write is answered only after its commit.
"""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from deliberation.db.turns import turn

Answer = TypeVar("Answer")
_Job = tuple[Callable[[sqlite3.Connection], Any], "Future[Any]"]

_IDLE_SECONDS = 10.0  # a thread without work ends; the next write starts another


def commit_together(engine: Engine, write: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """What `write` returns, once its rows are on disk.

    `write` runs in another thread, within a transaction that it shares with others; it must neither commit nor wait.
    What it raises is raised here, and undoes its own rows only. Raises sqlite3.Error where the commit itself fails.
    """
    with _making:
        committer = _committers.setdefault(engine, _Committer())
    return committer.submit(engine, write).result()


class _Committer:
    """The waiting writes of one engine, and the thread that works them off."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[_Job] = []
        self._thread: threading.Thread | None = None

    def submit(self, engine: Engine, write: Callable[[sqlite3.Connection], Any]) -> "Future[Any]":
        future: Future[Any] = Future()
        with self._changed:
            self._waiting.append((write, future))
            # After a fork the child has this object but not the thread.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._serve, args=(engine,), daemon=True, name="committer")
                self._thread.start()
            else:
                self._changed.notify()
        return future

    def _serve(self, engine: Engine) -> None:
        while batch := self._next_batch():
            try:
                _commit(engine, batch, self._arrived)
            except BaseException as error:
                # Nobody may wait for ever, whatever it was; what this thread does not know ends it.
                _fail(batch, error)
                if not isinstance(error, sqlite3.Error):
                    raise

    def _next_batch(self) -> list[_Job]:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting, timeout=_IDLE_SECONDS)
            if not self._waiting:
                self._thread = None
            return self._arrived()

    def _arrived(self) -> list[_Job]:
        with self._changed:
            arrived, self._waiting = self._waiting, []
            return arrived


_committers: WeakKeyDictionary[Engine, _Committer] = WeakKeyDictionary()
_making = threading.Lock()


def _commit(engine: Engine, batch: list[_Job], arrived: Callable[[], list[_Job]]) -> None:
    """Write all of the batch, and what arrives while it waits for its turn, and commit once."""
    with turn(engine):
        pooled = engine.raw_connection()
        connection: sqlite3.Connection = pooled.driver_connection  # type: ignore[assignment]  # SQLite's driver
        try:
            connection.execute("BEGIN IMMEDIATE")
            batch.extend(arrived())
            outcomes = [_attempt(connection, write) for write, _ in batch]
            connection.execute("COMMIT")
        finally:
            pooled.close()  # which rolls back what was not committed
    for (_, future), (answer, error) in zip(batch, outcomes, strict=True):
        if error is None:
            future.set_result(answer)
        else:
            future.set_exception(error)


def _attempt(
    connection: sqlite3.Connection, write: Callable[[sqlite3.Connection], Any]
) -> tuple[Any, Exception | None]:
    connection.execute("SAVEPOINT one")
    try:
        answer, error = write(connection), None
    except Exception as raised:  # noqa: BLE001 - not swallowed: raised again in the thread that waits for this write
        answer, error = None, raised
        connection.execute("ROLLBACK TO one")
    connection.execute("RELEASE one")
    return answer, error


def _fail(batch: list[_Job], error: BaseException) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
