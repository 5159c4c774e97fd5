"""What a run settled: each statement agreed on or divided over, its evidence, its section, and what follows from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from analysis.consensus import StatementClass
from analysis.moments import Direction
from deliberation.amendments.dissenting import dissent_to
from deliberation.amendments.drafting import Judged, kind_of
from deliberation.amendments.evidence_bar import Clearance, clearance
from deliberation.amendments.figures import Figures, freeze
from deliberation.amendments.models import Kind
from deliberation.amendments.placing import Placement, place
from deliberation.deliberations.models import Deliberation, Statement
from deliberation.results.models import Run
from deliberation.results.publishing import visible
from deliberation.spec.models import Section
from deliberation.spec.text.document import Authority, Document

_DIRECTIONS: dict[StatementClass, Direction] = {
    StatementClass.CONSENSUS_AGREE: "agree",
    StatementClass.CONSENSUS_DISAGREE: "disagree",
    StatementClass.CONTESTED: "agree",  # divided: the shares shown are those of agreement
}


class Outcome(StrEnum):
    """What follows from a finding."""

    LEFT_OPEN = "left_open"  # divided: it stays the user's or developer's choice
    REJECTED = "rejected"  # agreed against, with no response to show as BAD; its negation would be an invention
    UNPLACED = "unplaced"  # no section fits, or the one that fits carries no authority
    QUESTION = "question"  # hard rules are the maintainers' to decide
    BELOW_BAR = "below_bar"
    DRAFT = "draft"


@dataclass(frozen=True)
class Finding:
    """A statement with its evidence and its place."""

    statement: Statement
    figures: Figures
    placement: Placement

    @property
    def judged(self) -> Judged:
        return Judged(self.statement, self.figures.direction)

    @property
    def kind(self) -> Kind | None:
        return kind_of(self.judged)

    @property
    def section(self) -> Section | None:
        return self.placement.section

    @property
    def section_key(self) -> str | None:
        return self.section.key if self.section else None

    @property
    def prompt_id(self) -> int | None:
        """The prompt whose candidate response the statement is about."""
        return self.statement.response.prompt_id if self.statement.response else None

    @property
    def authority(self) -> Authority | None:
        return Authority(self.section.authority) if self.section and self.section.authority else None

    @property
    def clearance(self) -> Clearance | None:
        """How its support compares with what the section's authority asks for."""
        return clearance(self.figures.low, self.authority) if self.authority else None

    @property
    def outcome(self) -> Outcome:
        if self.figures.verdict is StatementClass.CONTESTED:
            return Outcome.LEFT_OPEN
        if self.kind is None:
            return Outcome.REJECTED
        if self.authority is None or self.clearance is None:
            return Outcome.UNPLACED
        if self.authority.is_hard_rule:
            return Outcome.QUESTION
        return Outcome.DRAFT if self.clearance.is_given else Outcome.BELOW_BAR


def findings(session: Session, run: Run, deliberation: Deliberation, document: Document) -> Iterator[Finding]:
    """In the order of the deliberation's statements; those declined since the run are left out."""
    analysis = visible(session, run)
    known = {statement.key: statement for statement in deliberation.statements if statement.is_votable}
    kinds = {found.id: found.kind for found in analysis.statements if found.kind in _DIRECTIONS}
    settled = [statement for key, statement in known.items() if key in kinds]
    placements = place(settled, deliberation, document)
    for statement in settled:
        direction = _DIRECTIONS[kinds[statement.key]]
        dissent = dissent_to(session, analysis, statement, direction, known)
        yield Finding(statement, freeze(run, analysis, statement, direction, dissent), placements[statement.id])
