"""Single statements that run at every vote: past SQLAlchemy's layers, each a transaction by itself."""

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, create_engine, event

_fast: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def fetch_one(engine: Engine, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> Any:
    """The first row that the statement gives, or none. It may be run twice, so it must be one that may be repeated."""
    if engine.dialect.name == "sqlite":  # connections are in autocommit already, see prepare_sqlite
        return _fetch(engine, sql, values)
    fast = _fast_engine(engine)
    try:
        return _fetch(fast, sql, values)
    except fast.dialect.loaded_dbapi.OperationalError:
        # The server was restarted and the pool's connections are dead. Asking each whether it lives before every
        # statement, as the other pool does, would cost a vote two more round trips.
        fast.dispose()
        return _fetch(fast, sql, values)


def _fetch(engine: Engine, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> Any:
    pooled = engine.raw_connection()
    try:
        return pooled.cursor().execute(sql, values).fetchone()
    finally:
        pooled.close()


def _fast_engine(engine: Engine) -> Engine:
    """A pool of its own for these statements, so that they wait for nobody's long transaction."""
    fast = _fast.get(engine)
    if fast is None:
        fast = create_engine(engine.url, isolation_level="AUTOCOMMIT", pool_size=16, max_overflow=16)
        fast = _fast.setdefault(engine, fast)
        event.listen(engine, "engine_disposed", lambda _engine: fast.dispose())
    return fast
