"""Releases as they are read: by label, their bytes, and the parsed document."""

from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberation.errors import NotFound
from deliberation.spec.models import Release, Section
from deliberation.spec.text.document import Document
from deliberation.spec.text.parsing import decode, parse


def release_labelled(session: Session, label: str) -> Release:
    """The release with this label. Raises NotFound."""
    release = session.scalar(select(Release).where(Release.label == label))
    if release is None:
        raise NotFound(f"there is no release '{label}'", hint="flask spec import PATH --label LABEL")
    return release


def section_keyed(session: Session, release: Release, key: str) -> Section:
    """The section with this id. Raises NotFound."""
    section = session.scalar(select(Section).where(Section.release_id == release.id, Section.key == key))
    if section is None:
        raise NotFound(f"the release '{release.label}' has no section '{key}'")
    return section


def document_of(release: Release) -> Document:
    """The parsed document; parsing 270 kB takes a good part of a second, so the last few are kept."""
    return _parsed(release.data, release.file_name)


@lru_cache(maxsize=4)
def _parsed(data: bytes, name: str) -> Document:
    return parse(decode(data, name), name)
