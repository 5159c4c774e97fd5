"""Set a database file aside, so that the next start begins with an empty one and nothing is lost."""

from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from deliberation.errors import Conflict


def set_database_aside(engine: Engine) -> Path | None:
    """Rename the SQLite file with its companions; the new name of the file, or none where there was no file.

    Raises Conflict for any other database, and where somebody else has the file open: this must never take away what
    others use.
    """
    if engine.dialect.name != "sqlite" or not engine.url.database:
        raise Conflict("only a SQLite file can be set aside", hint="for another database, drop and create it yourself")
    file = Path(engine.url.database)
    if not file.exists():
        return None
    _fold_log(engine)
    kept = _free_name(file)
    file.rename(kept)
    return kept


def _fold_log(engine: Engine) -> None:
    """Write the write-ahead log into the file and remove it; beside a renamed file it would be lost."""
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=1000")
            # Leaving this mode is possible for the only one who has the file open.
            connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    except OperationalError as error:
        raise Conflict(f"the database is in use: {error.orig}", hint="end the service that runs on it first") from error
    finally:
        engine.dispose()


def _free_name(file: Path) -> Path:
    number = 1
    while (kept := file.with_name(f"{file.name}.before-reset-{number}")).exists():
        number += 1
    return kept
