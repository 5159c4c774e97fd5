"""How migrations are written: our own column types as the plain ones that the database has."""

from typing import Any, Literal

from deliberation.db.base import UtcDateTime


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Alembic's hook: a migration must not import the application, whose types may change later."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False
