"""Deliberations and what belongs to them, by the names that people use."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberation.deliberations.models import Deliberation, Statement
from deliberation.errors import NotFound


def deliberation_named(session: Session, slug: str) -> Deliberation:
    """The deliberation with this slug. Raises NotFound."""
    deliberation = session.scalar(select(Deliberation).where(Deliberation.slug == slug))
    if deliberation is None:
        raise NotFound(f"there is no deliberation '{slug}'")
    return deliberation


def statement_keyed(session: Session, deliberation: Deliberation, key: str) -> Statement:
    """The statement with this id in this deliberation. Raises NotFound."""
    query = select(Statement).where(Statement.deliberation_id == deliberation.id, Statement.key == key)
    statement = session.scalar(query)
    if statement is None:
        raise NotFound(f"the deliberation '{deliberation.slug}' has no statement '{key}'")
    return statement
