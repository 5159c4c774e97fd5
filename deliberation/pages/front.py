"""What the front pages show, asked of the rooms below."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberation.amendments.models import Amendment
from deliberation.deliberations.models import Deliberation, Moderation, Prompt, Statement
from deliberation.participants.models import Participant
from deliberation.results.models import Run
from deliberation.spec.reading import document_of
from deliberation.spec.text.document import Authority
from deliberation.spec.text.quoting import first_sentence


@dataclass(frozen=True)
class DeliberationRow:
    """A deliberation as the list on the home page shows it."""

    slug: str
    title: str
    description: str
    language: str
    state: str  # "open", "closed" or "not yet open"
    statements: int
    participants: int
    has_results: bool

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


TASK_COLUMNS = ("deliberation", "title", "state", "statements_not_moderated", "drafts", "has_results")
DELIBERATION_COLUMNS = tuple(field.name for field in fields(DeliberationRow))


@dataclass(frozen=True)
class Task:
    """What waits for a maintainer in one deliberation."""

    deliberation: Deliberation
    pending: int
    drafts: int
    has_results: bool

    def as_json(self) -> dict[str, Any]:
        values = (
            self.deliberation.slug,
            self.deliberation.title,
            state_of(self.deliberation),
            self.pending,
            self.drafts,
            self.has_results,
        )
        return dict(zip(TASK_COLUMNS, values, strict=True))


@dataclass(frozen=True)
class SectionAtStake:
    """A section of the spec, with its first sentence where it is quoted."""

    key: str
    title: str
    authority: str | None
    sentence: str | None


@dataclass(frozen=True)
class AtStake:
    """The sections of a deliberation: those that statements are about, and the rest."""

    asked: tuple[SectionAtStake, ...]
    unasked: tuple[SectionAtStake, ...]

    @property
    def levels(self) -> list[str | None]:
        """The authority levels of those asked about, the hardest first, each once."""
        found = {each.authority for each in self.asked}
        return [level for level in (*Authority, None) if level in found]


def deliberation_rows(session: Session) -> list[DeliberationRow]:
    """All deliberations that were opened: open ones first, the newest at the top."""
    query = select(Deliberation).where(Deliberation.opened_at.is_not(None))
    deliberations = sorted(session.scalars(query), key=lambda row: (row.is_open, row.opened_at), reverse=True)
    statements = _counts(session, Statement.deliberation_id, Statement.moderation != Moderation.DECLINED)
    participants = _counts(session, Participant.deliberation_id)
    runs = _counts(session, Run.deliberation_id)
    return [
        DeliberationRow(
            slug=row.slug,
            title=row.title,
            description=row.description,
            language=row.language,
            state=state_of(row),
            statements=statements.get(row.id, 0),
            participants=participants.get(row.id, 0),
            has_results=row.id in runs,
        )
        for row in deliberations
    ]


def row_of(session: Session, deliberation: Deliberation) -> DeliberationRow | None:
    """The same figures for one deliberation; none before it opens."""
    return next((row for row in deliberation_rows(session) if row.slug == deliberation.slug), None)


def sections_at_stake(session: Session, deliberation: Deliberation) -> AtStake:
    """The sections that statements are about, in the spec's order, and those that nobody is asked about.

    Where no statement is tied to a section, all of them are asked about: what holds is placed among them later.
    """
    sections = deliberation.sections
    if deliberation.release is None:
        return AtStake((), ())
    section_id = func.coalesce(Statement.section_id, Prompt.section_id)
    query = select(section_id).select_from(Statement).outerjoin(Prompt, Prompt.id == Statement.prompt_id)
    votable = (Statement.deliberation_id == deliberation.id, Statement.moderation != Moderation.DECLINED)
    asked = set(session.scalars(query.where(*votable).distinct()))
    is_asked = {each.id: each.id in asked for each in sections}
    if not any(is_asked.values()):
        is_asked = dict.fromkeys(is_asked, True)
    document = document_of(deliberation.release)
    return AtStake(
        asked=tuple(
            SectionAtStake(each.key, each.title, each.authority, first_sentence(document, each.key))
            for each in sections
            if is_asked[each.id]
        ),
        unasked=tuple(
            SectionAtStake(each.key, each.title, each.authority, None) for each in sections if not is_asked[each.id]
        ),
    )


def state_of(deliberation: Deliberation) -> str:
    """Whether votes are taken, in a word."""
    if deliberation.is_open:
        return "open"
    return "closed" if deliberation.closed_at else "not yet open"


def tasks(session: Session, deliberations: Iterable[Deliberation]) -> list[Task]:
    """For each deliberation what there is to do."""
    pending = _counts(session, Statement.deliberation_id, Statement.moderation == Moderation.PENDING)
    drafts = _counts(session, Amendment.deliberation_id)
    runs = _counts(session, Run.deliberation_id)
    return [Task(row, pending.get(row.id, 0), drafts.get(row.id, 0), row.id in runs) for row in deliberations]


def _counts(session: Session, column: Any, *conditions: Any) -> dict[int, int]:
    rows = session.execute(select(column, func.count()).where(*conditions).group_by(column))
    return {key: count for key, count in rows}  # noqa: C416 - a Row is no plain pair
