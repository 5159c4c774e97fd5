"""Deliberations come to be, are opened and closed. What participants may see or do changes with a new version."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from deliberation.db.base import now
from deliberation.deliberations.definition import Definition
from deliberation.deliberations.models import Deliberation, Moderation, Statement
from deliberation.deliberations.naming import checked_slug, slug_from
from deliberation.deliberations.prompting import add_prompt, section_named
from deliberation.deliberations.reading import deliberation_named, statement_keyed
from deliberation.errors import Conflict, NotFound
from deliberation.spec.models import Release, Section
from deliberation.spec.reading import release_labelled, section_keyed


def create(session: Session, definition: Definition) -> Deliberation:
    """Store a deliberation as it was written down, not open yet.

    Raises Conflict where its name in addresses is taken, ImportRefused naming the key where a release, a section or a
    sample prompt is not there.
    """
    where = definition.where
    release = None
    if definition.spec is not None:
        try:
            release = release_labelled(session, definition.spec)
        except NotFound as error:
            raise where.refusal(("spec",), error.message, error.hint) from None
    sections = [
        section_named(session, release, key, where, ("sections", at)) for at, key in enumerate(definition.sections)
    ]
    slug = definition.slug or slug_from(definition.title)
    deliberation = add_deliberation(
        session, slug, title=definition.title, release=release, sections=sections, language=definition.language
    )
    deliberation.description = definition.description
    deliberation.stop_after = definition.stop_after
    for at, prompt in enumerate(definition.prompts):
        add_prompt(session, deliberation, prompt, where, ("prompts", at))
    return deliberation


def add_deliberation(
    session: Session, slug: str, *, title: str, release: Release | None, sections: Iterable[Section], language: str
) -> Deliberation:
    """A deliberation without prompts and statements. Raises Conflict where the slug is taken."""
    taken = Conflict(f"there is a deliberation '{slug}' already", hint="choose another slug; nothing was changed")
    if session.scalar(select(Deliberation.id).where(Deliberation.slug == checked_slug(slug))) is not None:
        raise taken
    deliberation = Deliberation(slug=slug, title=title, language=language, release=release, sections=list(sections))
    session.add(deliberation)
    try:
        session.flush()
    except IntegrityError:  # somebody else took it in the meantime
        raise taken from None
    return deliberation


def open_(session: Session, slug: str) -> Deliberation:
    """Accept votes, also again after closing; an open one stays as it is. Raises Conflict without statements."""
    deliberation = deliberation_named(session, slug)
    if deliberation.is_open:
        return deliberation
    votable = (Statement.deliberation_id == deliberation.id, Statement.moderation != Moderation.DECLINED)
    if not session.scalar(select(func.count()).select_from(Statement).where(*votable)):
        raise Conflict(f"'{slug}' has no statements to vote on", hint="add some before you open it")
    deliberation.opened_at = deliberation.opened_at or now()
    deliberation.closed_at = None
    raise_version(deliberation)
    return deliberation


def close(session: Session, slug: str) -> Deliberation:
    """Accept no more votes; a closed one stays as it is. Raises Conflict where it was never opened."""
    deliberation = deliberation_named(session, slug)
    if deliberation.opened_at is None:
        raise Conflict(f"'{slug}' was never opened", hint=f"flask deliberation open {slug}")
    if deliberation.is_open:
        deliberation.closed_at = now()
        raise_version(deliberation)
    return deliberation


def place(session: Session, slug: str, statement_key: str, section_key: str) -> Statement:
    """Tie a statement to a section by hand; the last choice stands. Raises NotFound, Conflict without a release."""
    deliberation = deliberation_named(session, slug)
    statement = statement_keyed(session, deliberation, statement_key)
    if deliberation.release is None:
        raise Conflict(
            f"'{slug}' is about no release of a spec, so there are no sections", hint="import it with --spec"
        )
    section = section_keyed(session, deliberation.release, section_key)
    if statement.section_id != section.id:
        statement.section = section
        raise_version(deliberation)
    return statement


def raise_version(deliberation: Deliberation) -> None:
    """Let every process read the deliberation again at its next request."""
    # Added up in the database: two changes at once are two versions.
    deliberation.version = Deliberation.version + 1
