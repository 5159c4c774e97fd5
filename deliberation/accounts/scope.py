"""Which deliberation a role is for. Deliberations lie above this room, so their table is read by name."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from deliberation.errors import NotFound


def deliberation_id(session: Session, slug: str) -> int:
    """The id of the deliberation with this slug. Raises NotFound."""
    found: int | None = session.scalar(text("SELECT id FROM deliberation WHERE slug = :slug"), {"slug": slug})
    if found is None:
        raise NotFound(f"there is no deliberation '{slug}'")
    return found
