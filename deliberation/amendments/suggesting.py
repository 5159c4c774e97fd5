"""From consensus to drafts: what each agreed statement becomes, and what becomes of those that cannot be drafted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberation.amendments.drafting import draft_example, draft_rule
from deliberation.amendments.filing import Draft, Support, file, supersede
from deliberation.amendments.findings import Finding, Outcome, findings
from deliberation.amendments.merging import clusters
from deliberation.amendments.models import Amendment, Kind, Suggestion
from deliberation.deliberations.models import Deliberation
from deliberation.errors import Conflict, DeliberationError
from deliberation.results.models import Run
from deliberation.spec.reading import document_of
from deliberation.spec.text.document import Document

Entry = dict[str, Any]


@dataclass
class Suggested:
    """What one round of suggesting found; entries are JSON, and `figures` in them is the evidence."""

    run: int
    method: str
    digest: str
    drafts: list[Entry] = field(default_factory=list)
    questions: list[Entry] = field(default_factory=list)
    rejected: list[Entry] = field(default_factory=list)
    left_open: list[Entry] = field(default_factory=list)
    below_bar: list[Entry] = field(default_factory=list)
    unplaced: list[Entry] = field(default_factory=list)
    superseded: list[Entry] = field(default_factory=list)

    def answer(self) -> Entry:
        """Without the evidence: what a command prints."""
        lists = {name: value for name, value in vars(self).items() if isinstance(value, list)}
        return {
            name: [{key: value for key, value in entry.items() if key != "figures"} for entry in entries]
            for name, entries in lists.items()
        }


@dataclass(frozen=True)
class Considered:
    """What a run leads to, before anything of it is stored."""

    deliberation_id: int
    suggested: Suggested
    drafts: tuple[Draft, ...]


def suggest(session: Session, run: Run) -> Suggested:
    """Draft what a run found agreed, and keep the report. Running it again adds no second draft of the same.

    Raises Conflict where the deliberation is about no release of a spec.
    """
    return keep(session, consider(session, run))


def consider(session: Session, run: Run) -> Considered:
    """The half of suggesting that reads and compares, which can take seconds: doors do it before their transaction."""
    deliberation = session.get_one(Deliberation, run.deliberation_id)
    release = deliberation.release
    if release is None:
        hint = "create it about a release, or import its votes with --spec LABEL"
        raise Conflict(f"'{deliberation.slug}' is about no release of a spec", hint=hint)
    document = document_of(release)
    suggested = Suggested(run.id, run.method, run.digest)
    draftable: list[Finding] = []
    for finding in findings(session, run, deliberation, document):
        if finding.outcome is Outcome.DRAFT:
            draftable.append(finding)
        else:
            _report(finding, suggested)
    drafts = tuple(_drafts(draftable, document, suggested))
    return Considered(deliberation.id, suggested, drafts)


def keep(session: Session, considered: Considered) -> Suggested:
    """The half that writes: drafts as amendments, drafts that no longer follow set aside, and the report."""
    suggested = considered.suggested
    filed = [file(session, draft) for draft in considered.drafts]
    suggested.drafts.extend(_filed(amendment) for amendment in filed)
    suggested.superseded.extend(
        {"id": gone.id, "section": gone.section.key, "statement": gone.evidence[0].statement.key}
        for gone in supersede(session, considered.deliberation_id, filed)
    )
    row = Suggestion(deliberation_id=considered.deliberation_id, run_id=suggested.run, report=vars(suggested))
    session.add(row)
    session.flush()
    return suggested


def latest_suggestion(session: Session, deliberation: Deliberation) -> Suggested | None:
    """What the newest round found; none where there was no round."""
    query = select(Suggestion).where(Suggestion.deliberation_id == deliberation.id).order_by(Suggestion.id.desc())
    found = session.scalar(query.limit(1))
    return Suggested(**found.report) if found else None


def _report(finding: Finding, suggested: Suggested) -> None:
    """List a finding that becomes no draft."""
    match finding.outcome:
        case Outcome.LEFT_OPEN:
            suggested.left_open.append(_entry(finding))
        case Outcome.REJECTED:
            suggested.rejected.append(_entry(finding))
        case Outcome.UNPLACED:
            suggested.unplaced.append(_unplaced(finding, finding.placement.reason or "no section"))
        case Outcome.BELOW_BAR:
            suggested.below_bar.append(_weighed(finding))
        case Outcome.QUESTION:
            # Asked either way, since nothing is drafted there; a weak one is listed with what it lacks as well.
            suggested.questions.append(_weighed(finding))
            if finding.clearance and not finding.clearance.is_given:
                suggested.below_bar.append(_weighed(finding))


def _drafts(draftable: Sequence[Finding], document: Document, suggested: Suggested) -> Iterator[Draft]:
    """One for each cluster; what cannot be written is listed with the reason."""
    for cluster in clusters(draftable):
        try:
            yield _draft(cluster, document)
        except DeliberationError as error:
            suggested.unplaced.extend(_unplaced(finding, f"cannot be drafted: {error}") for finding in cluster)


def _draft(cluster: Sequence[Finding], document: Document) -> Draft:
    lead = cluster[0]
    if lead.section is None or lead.kind is None:
        raise Conflict("only what has a section and a direction to take can be drafted")
    if lead.kind is Kind.RULE:
        edit = draft_rule(document, lead.section.key, lead.statement)
    else:
        edit = draft_example(document, lead.section.key, [finding.judged for finding in cluster])
    return Draft(
        deliberation_id=lead.statement.deliberation_id,
        release_id=lead.section.release_id,
        section_id=lead.section.id,
        kind=lead.kind,
        placed=lead.placement.placed,
        score=lead.placement.score,
        evidence=tuple(Support(finding.statement.id, finding.figures) for finding in cluster),
        edit=edit,
    )


def _filed(amendment: Amendment) -> Entry:
    lead, *others = amendment.evidence
    return {
        "id": amendment.id,
        "section": amendment.section.key,
        "authority": amendment.section.authority,
        "kind": amendment.kind,
        "statement": lead.statement.key,
        "also": [evidence.statement.key for evidence in others],
        "placed": amendment.placed,
        "score": amendment.score,
        "status": amendment.state,
    }


def _entry(finding: Finding) -> Entry:
    return {
        "statement": finding.statement.key,
        "section": finding.section_key,
        "figures": finding.figures.dump(),
    }


def _weighed(finding: Finding) -> Entry:
    bar = finding.clearance
    return _entry(finding) | {
        "authority": finding.authority,
        "needs": bar.needs if bar else None,
        "has": bar.has if bar else None,
    }


def _unplaced(finding: Finding, reason: str) -> Entry:
    placement = finding.placement
    return {
        "statement": finding.statement.key,
        "nearest": placement.nearest.key if placement.nearest else None,
        "score": placement.score,
        "reason": reason,
        "figures": finding.figures.dump(),
    }
