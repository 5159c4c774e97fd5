"""The driver's own cursor, each statement a transaction by itself: for the few statements that run at every vote."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine


@contextmanager
def cursor_of(engine: Engine) -> Iterator[Any]:
    """A DBAPI cursor in autocommit, from the engine's pool."""
    pooled = engine.raw_connection()
    connection: Any = pooled.driver_connection
    try:
        if engine.dialect.name == "sqlite":  # connections are in autocommit already, see prepare_sqlite
            yield connection.cursor()
            return
        connection.autocommit = True
        try:
            yield connection.cursor()
        finally:
            connection.autocommit = False
    finally:
        pooled.close()
