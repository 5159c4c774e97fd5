"""Which section of the spec a statement belongs to: by hand, else by its prompt, else by similarity of wording."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from analysis.similarity import nearest
from analysis.votes import FloatArray
from deliberation.deliberations.models import Deliberation, Statement
from deliberation.spec.models import Section
from deliberation.spec.text.document import Document
from deliberation.spec.text.passages import passages

Placed = Literal["by hand", "prompt", "similarity"]

# Measured on statements about the spec's own topics and about others: docs/decisions/0010-placing-threshold.md
LOWEST_SCORE = 0.24
SMALLEST_LEAD = 0.1  # of the best section before the second, as a share of the best score


@dataclass(frozen=True)
class Placement:
    """Where a statement belongs and how that was found; without a section, the nearest one and why it was not taken."""

    section: Section | None
    placed: Placed
    score: float | None = None
    nearest: Section | None = None
    reason: str | None = None


@dataclass(frozen=True)
class _Wording:
    """What a section says. A title is no passage: "Be responsible" is near to anything responsible."""

    title: str
    passages: tuple[str, ...]

    @property
    def whole(self) -> str:
        return "\n".join([self.title, *self.passages])


def place(statements: Sequence[Statement], deliberation: Deliberation, document: Document) -> Mapping[int, Placement]:
    """The place of each statement, by its id.

    Similarity looks at the sections that the deliberation is about, those below them included, or at all of the release
    where it names none. A section without authority takes no amendment, however it was found.
    """
    placements = {statement.id: _chosen(statement) for statement in statements}
    open_ = [statement for statement in statements if placements[statement.id] is None]
    found = _by_wording(open_, deliberation, document)
    return {id: _with_authority(placement or found[id]) for id, placement in placements.items()}


def _chosen(statement: Statement) -> Placement | None:
    if statement.section is not None:
        return Placement(statement.section, "by hand")
    if statement.prompt is not None and statement.prompt.section is not None:
        return Placement(statement.prompt.section, "prompt")
    return None


def _with_authority(placement: Placement) -> Placement:
    section = placement.section
    if section is None or section.authority is not None:
        return placement
    reason = f"the section '{section.key}' carries no authority"
    return Placement(None, placement.placed, placement.score, section, reason)


def _by_wording(
    statements: Sequence[Statement], deliberation: Deliberation, document: Document
) -> dict[int, Placement]:
    sections = _candidates(deliberation, document)
    scores = _scores([statement.text for statement in statements], _wordings(document, sections))
    return {
        statement.id: _judged(sorted(zip(sections, row, strict=True), key=lambda each: -each[1]))
        for statement, row in zip(statements, scores.tolist(), strict=True)
    }


def _scores(statements: Sequence[str], sections: Sequence[_Wording]) -> FloatArray:
    """How near each section is, shape (statements, sections): half its whole text, half the nearest of its passages.

    Alone, a short passage is too easily like anything, and a long text too much unlike everything.
    """
    whole = nearest(statements, [section.whole for section in sections])
    each = nearest(statements, [passage for section in sections for passage in section.passages])
    best = np.zeros_like(whole)
    ends = np.cumsum([0, *(len(section.passages) for section in sections)]).tolist()
    for at, (start, end) in enumerate(pairwise(ends)):
        best[:, at] = each[:, start:end].max(axis=1, initial=0)
    scores: FloatArray = (whole + best) / 2
    return scores


def _candidates(deliberation: Deliberation, document: Document) -> list[Section]:
    release = deliberation.release
    if release is None:
        return []
    if not deliberation.sections:
        return list(release.sections)
    keys = set(_below(document, [section.key for section in deliberation.sections]))
    return [section for section in release.sections if section.key in keys]


def _below(document: Document, keys: Iterable[str]) -> Iterable[str]:
    for key in keys:
        span = document.subtree(key)
        yield from (section.id for section in document.sections if span.start <= section.span.start < span.end)


def _wordings(document: Document, sections: Sequence[Section]) -> list[_Wording]:
    prose: dict[str, list[str]] = {section.key: [] for section in sections}
    for passage in passages(document):
        if passage.section_id in prose:
            prose[passage.section_id].append(passage.text)
    return [_Wording(section.title, tuple(prose[section.key])) for section in sections]


def _judged(best: Sequence[tuple[Section, float]]) -> Placement:
    """The nearest section where it is near enough, and clearly nearer than the next."""
    if not best or best[0][1] <= 0:
        return Placement(None, "similarity", 0.0, None, "no section has any wording in common with it")
    (section, score), second = best[0], best[1][1] if len(best) > 1 else 0.0
    if score < LOWEST_SCORE:
        reason = f"no section is near enough: the nearest has a score of {score:.2f}, {LOWEST_SCORE:.2f} is needed"
        return Placement(None, "similarity", score, section, reason)
    if score - second < SMALLEST_LEAD * score:
        other = best[1][0].key
        return Placement(None, "similarity", score, section, f"'{other}' is nearly as near, with {second:.2f}")
    return Placement(section, "similarity", score, section)
