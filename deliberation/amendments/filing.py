"""Drafts as rows: a new amendment, or one more piece of evidence for the one that stands already."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberation.amendments.figures import Figures
from deliberation.amendments.models import Amendment, Evidence, Kind, Revision, State
from deliberation.errors import NotFound
from deliberation.spec.text.edits import Edit


@dataclass(frozen=True)
class Support:
    """A statement as evidence, with its figures."""

    statement_id: int
    figures: Figures


@dataclass(frozen=True)
class Draft:
    """One amendment to be, in ids and values: what it is made from may have been read in another session. The statement
    that gives the wording comes first in the evidence, then those that say nearly the same."""

    deliberation_id: int
    release_id: int
    section_id: int
    kind: Kind
    placed: str
    score: float | None
    evidence: tuple[Support, ...]
    edit: Edit


def amendment(session: Session, amendment_id: int) -> Amendment:
    """Raises NotFound."""
    found = session.get(Amendment, amendment_id)
    if found is None:
        raise NotFound(f"there is no amendment {amendment_id}")
    return found


def standing(session: Session, deliberation_id: int) -> list[Amendment]:
    """A deliberation's amendments that were not set aside, in the order they were made."""
    query = select(Amendment).where(Amendment.deliberation_id == deliberation_id, Amendment.state != State.SUPERSEDED)
    return list(session.scalars(query.order_by(Amendment.id)))


def file(session: Session, draft: Draft) -> Amendment:
    """The amendment for a draft: the one that stands with the wording of one of its statements, else a new one.

    A rule keeps the wording it began with; an example grows with each response that is judged later. An approved
    amendment stays as it was approved.
    """
    found = _standing_for(session, draft)
    if found is None:
        found = _begin(session, draft)
        _revise(found, draft.edit)
    if found.state == State.DRAFT and _add_evidence(found, draft) and draft.kind is Kind.EXAMPLE:
        _revise(found, draft.edit)
    session.flush()
    return found


def supersede(session: Session, deliberation_id: int, kept: Sequence[Amendment]) -> list[Amendment]:
    """Set aside the drafts that no longer follow from the votes: all but these and what is approved."""
    ids = {each.id for each in kept}
    gone = [each for each in standing(session, deliberation_id) if each.state == State.DRAFT and each.id not in ids]
    for each in gone:
        each.state = State.SUPERSEDED
    session.flush()
    return gone


def _standing_for(session: Session, draft: Draft) -> Amendment | None:
    statements = {support.statement_id for support in draft.evidence}
    return next(
        (
            each
            for each in standing(session, draft.deliberation_id)
            if (each.section_id, each.kind) == (draft.section_id, draft.kind)
            and each.evidence[0].statement_id in statements
        ),
        None,
    )


def _begin(session: Session, draft: Draft) -> Amendment:
    begun = Amendment(
        deliberation_id=draft.deliberation_id,
        release_id=draft.release_id,
        section_id=draft.section_id,
        kind=draft.kind,
        state=State.DRAFT,
        placed=draft.placed,
        score=draft.score,
    )
    session.add(begun)
    return begun


def _add_evidence(found: Amendment, draft: Draft) -> bool:
    """Whether there was any to add. A statement that is evidence already keeps the figures it came with."""
    known = {evidence.statement_id for evidence in found.evidence}
    new = [support for support in draft.evidence if support.statement_id not in known]
    for position, support in enumerate(new, start=len(found.evidence)):
        found.evidence.append(
            Evidence(
                statement_id=support.statement_id,
                run_id=support.figures.run,
                position=position,
                direction=support.figures.direction,
                figures=support.figures.dump(),
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
