"""INSERT ... ON CONFLICT for the two databases we support."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session


def insert_for(session: Session, table: Table | type[DeclarativeBase]) -> Any:
    """The dialect's own `insert(table)`, which knows `on_conflict_do_update` and `on_conflict_do_nothing`."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table)
