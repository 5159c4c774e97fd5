"""Findings that make one amendment: those of nearly the same wording, and the responses to one prompt."""

from collections.abc import Sequence

from analysis.similarity import near_duplicates
from deliberation.amendments.findings import Finding
from deliberation.amendments.models import Kind


def clusters(found: Sequence[Finding]) -> list[list[Finding]]:
    """Findings of one amendment together, what is wanted before what is not and the best supported first; the
    amendments in the order of the document.

    Rules belong together where each is a near-duplicate of the first, so that no chain of small differences leads away
    from its wording. Similarity cannot see a negation, but the same public does not agree on two statements that
    contradict each other.
    """
    ranked = sorted(found, key=_rank)
    alike = _alike(ranked)
    taken: set[int] = set()
    made = []
    for at, lead in enumerate(ranked):
        if at in taken:
            continue
        others = [other for other in range(at + 1, len(ranked)) if other not in taken]
        together = [at, *(other for other in others if _is_one(lead, ranked[other], (at, other) in alike))]
        taken.update(together)
        made.append([ranked[each] for each in together])
    return sorted(made, key=lambda cluster: _place(cluster[0]))


def _rank(finding: Finding) -> tuple[bool, float, int]:
    return (finding.figures.direction == "disagree", -finding.figures.low, finding.statement.position)


def _alike(found: Sequence[Finding]) -> set[tuple[int, int]]:
    return {(pair.first, pair.second) for pair in near_duplicates([finding.statement.text for finding in found])}


def _is_one(lead: Finding, other: Finding, is_alike: bool) -> bool:
    if (lead.section_key, lead.kind) != (other.section_key, other.kind):
        return False
    return is_alike if lead.kind is Kind.RULE else lead.prompt_id == other.prompt_id


def _place(lead: Finding) -> tuple[int, int]:
    return (lead.section.position if lead.section else -1, lead.statement.position)
