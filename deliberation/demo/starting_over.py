"""Set a database file aside, so that the next start begins with an empty one and nothing is lost."""

from pathlib import Path

from sqlalchemy import Engine

from deliberation.errors import Conflict


def set_database_aside(engine: Engine) -> Path | None:
    """Rename the SQLite file with its companions; the new name of the file, or none where there was no file.

    Raises Conflict for any other database: this must never empty one that others use.
    """
    if engine.dialect.name != "sqlite" or not engine.url.database:
        raise Conflict("only a SQLite file can be set aside", hint="for another database, drop and create it yourself")
    file = Path(engine.url.database)
    if not file.exists():
        return None
    # Folds the write-ahead log into the file; a log left beside a renamed file would be lost or replayed elsewhere.
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    kept = _free_name(file)
    file.rename(kept)
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    return kept


def _free_name(file: Path) -> Path:
    number = 1
    while (kept := file.with_name(f"{file.name}.before-reset-{number}")).exists():
        number += 1
    return kept
