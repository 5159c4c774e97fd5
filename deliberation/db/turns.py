"""Whose turn it is to write to a SQLite file: one writer at a time, roughly in order of arrival, over all processes.

SQLite's busy timeout is no queue: whoever waits asks again now and then, and one can starve for seconds while others
go on. Waiting for these locks first keeps the writers in turn.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.exc import TimeoutError as WaitedTooLong

_LONGEST_WAIT = 20.0  # seconds; a whole import is shorter

_locks: WeakKeyDictionary[Engine, threading.Lock] = WeakKeyDictionary()
_making = threading.Lock()


@contextmanager
def turn(engine: Engine) -> Iterator[None]:
    """Hold the one place of a writer to this engine's file. Raises SQLAlchemy's TimeoutError after 20 s in vain."""
    lock = _lock_of(engine)
    if not lock.acquire(timeout=_LONGEST_WAIT):
        raise WaitedTooLong("another thread has been writing to the database for too long")
    try:
        with _file_lock(engine.url.database):
            yield
    finally:
        lock.release()


@contextmanager
def _file_lock(database: str | None) -> Iterator[None]:
    if not database or database == ":memory:":
        yield
        return
    descriptor = os.open(f"{database}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        # The kernel lets the lock go when this process ends, however it ends.
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _lock_of(engine: Engine) -> threading.Lock:
    with _making:
        return _locks.setdefault(engine, threading.Lock())
