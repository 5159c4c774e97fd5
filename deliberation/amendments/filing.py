"""Drafts as rows: a new amendment, or one more piece of evidence for the one that stands already."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberation.amendments.findings import Finding
from deliberation.amendments.models import Amendment, Evidence, Kind, Revision, State
from deliberation.deliberations.models import Deliberation
from deliberation.errors import NotFound
from deliberation.spec.models import Release, Section
from deliberation.spec.text.edits import Edit


@dataclass(frozen=True)
class Draft:
    """One amendment to be: the finding that gives the wording first, then those that say nearly the same."""

    section: Section
    kind: Kind
    findings: tuple[Finding, ...]
    edit: Edit

    @property
    def lead(self) -> Finding:
        return self.findings[0]


def amendment(session: Session, amendment_id: int) -> Amendment:
    """Raises NotFound."""
    found = session.get(Amendment, amendment_id)
    if found is None:
        raise NotFound(f"there is no amendment {amendment_id}")
    return found


def standing(session: Session, deliberation: Deliberation) -> list[Amendment]:
    """The deliberation's amendments that were not set aside, in the order they were made."""
    query = select(Amendment).where(Amendment.deliberation_id == deliberation.id, Amendment.state != State.SUPERSEDED)
    return list(session.scalars(query.order_by(Amendment.id)))


def file(session: Session, draft: Draft, deliberation: Deliberation, release: Release) -> Amendment:
    """The amendment for a draft: the one that stands with the wording of one of its statements, else a new one.

    A rule keeps the wording it began with; an example grows with each response that is judged later. An approved
    amendment stays as it was approved.
    """
    found = _standing_for(session, draft, deliberation)
    if found is None:
        found = _begin(session, draft, deliberation, release)
        _revise(found, draft.edit)
    if found.state == State.DRAFT and _add_evidence(found, draft) and draft.kind is Kind.EXAMPLE:
        _revise(found, draft.edit)
    session.flush()
    return found


def supersede(session: Session, deliberation: Deliberation, kept: Sequence[Amendment]) -> list[Amendment]:
    """Set aside the drafts that no longer follow from the votes: all but these and what is approved."""
    ids = {each.id for each in kept}
    gone = [each for each in standing(session, deliberation) if each.state == State.DRAFT and each.id not in ids]
    for each in gone:
        each.state = State.SUPERSEDED
    session.flush()
    return gone


def _standing_for(session: Session, draft: Draft, deliberation: Deliberation) -> Amendment | None:
    statements = {finding.statement.id for finding in draft.findings}
    return next(
        (
            each
            for each in standing(session, deliberation)
            if (each.section_id, each.kind) == (draft.section.id, draft.kind)
            and each.evidence[0].statement_id in statements
        ),
        None,
    )


def _begin(session: Session, draft: Draft, deliberation: Deliberation, release: Release) -> Amendment:
    begun = Amendment(
        deliberation_id=deliberation.id,
        release_id=release.id,
        section=draft.section,
        kind=draft.kind,
        state=State.DRAFT,
        placed=draft.lead.placement.placed,
        score=draft.lead.placement.score,
    )
    session.add(begun)
    return begun


def _add_evidence(found: Amendment, draft: Draft) -> bool:
    """Whether there was any to add. A statement that is evidence already keeps the figures it came with."""
    known = {evidence.statement_id for evidence in found.evidence}
    new = [finding for finding in draft.findings if finding.statement.id not in known]
    for position, finding in enumerate(new, start=len(found.evidence)):
        found.evidence.append(
            Evidence(
                statement=finding.statement,
                run_id=finding.figures.run,
                position=position,
                direction=finding.figures.direction,
                figures=finding.figures.dump(),
            )
        )
    return bool(new)


def _revise(found: Amendment, edit: Edit) -> None:
    """One more wording, unless it is the last one again."""
    last = found.revisions[-1] if found.revisions else None
    if last is not None and (last.start, last.end, last.old, last.new) == (edit.start, edit.end, edit.old, edit.new):
        return
    number = last.number + 1 if last else 1
    found.revisions.append(Revision(number=number, start=edit.start, end=edit.end, old=edit.old, new=edit.new))
