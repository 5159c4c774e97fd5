"""What the service knows of a deliberation's statements besides the votes: their language, and their section."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from deliberation.deliberations.models import Deliberation, Moderation, Prompt, Statement
from deliberation.spec.models import Section


@dataclass(frozen=True)
class Source:
    """Where a statement comes from; section: the id that the spec gives it, if it is tied to one.

    unclear: how many found it unclear or not relevant, when the votes of a run were read.
    """

    language: str
    section: str | None
    section_title: str | None
    unclear: int = 0


def sources(
    session: Session, deliberation: Deliberation, unclear: Mapping[str, int] | None = None
) -> dict[str, Source]:
    """Every statement that is not declined, by its key.

    Its section is the one set by hand, or else that of its sample prompt.
    """
    of_prompt = aliased(Section)
    rows = session.execute(
        select(
            Statement.key,
            func.coalesce(Statement.language, deliberation.language),
            func.coalesce(Section.key, of_prompt.key),
            func.coalesce(Section.title, of_prompt.title),
        )
        .outerjoin(Section, Section.id == Statement.section_id)
        .outerjoin(Prompt, Prompt.id == Statement.prompt_id)
        .outerjoin(of_prompt, of_prompt.id == Prompt.section_id)
        .where(Statement.deliberation_id == deliberation.id, Statement.moderation != Moderation.DECLINED)
    )
    found = unclear or {}
    return {key: Source(language, section, title, found.get(key, 0)) for key, language, section, title in rows}
