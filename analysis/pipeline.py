"""analyse(): the steps of the method in their order, and nothing else."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np

from analysis.conclusion import Conclusion, Question, conclude
from analysis.consensus import PolisConsensus, polis_consensus
from analysis.description import describe_groups, describe_statements, describe_structure
from analysis.duplicates import duplicates
from analysis.integrity import Integrity as Signs
from analysis.integrity import changes as class_changes
from analysis.integrity import signs, without
from analysis.labels import Assignments
from analysis.labels import changes as group_changes
from analysis.margins import Margin
from analysis.parameters import ParameterError, Parameters
from analysis.records import Beside
from analysis.result import Analysis, Integrity, OfParticipants, Participants, Weighting
from analysis.votes import FloatArray, Votes
from analysis.weighting import Weighting as Weighed
from analysis.weighting import rake

METHODS = ("latent", "classic")

# What is done about people who bear signs of coordination.
_RULE = "nobody is left out"


def analyse(  # noqa: PLR0913 - a library's door; all but the votes are named
    votes: Votes,
    *,
    method: str | None = None,
    parameters: Parameters | None = None,
    texts: Mapping[str, str] | None = None,
    moderated_out: Iterable[object] = (),
    meta: Iterable[object] = (),
    previous: Analysis | None = None,
    groups: Mapping[str, str] | None = None,
    beside: Beside | None = None,
) -> Analysis:
    """What the votes say: opinion space, groups, what tells them apart, and what holds across them.

    method: "latent", the default, or "classic", Polis's. texts: the statements' wordings by id; one without votes is
    listed with none.
    moderated_out: statements taken out by moderation; the result does not list them. meta: statements about the
    participants themselves, which shape no group and are never consensus. previous: the run before, from which groups
    keep their letters and nothing else. groups: each participant's group, where they are given instead of found.
    beside: what is known beside the votes. Raises ParameterError for an unknown method, MarginsError where the margins
    of a population cannot be met.
    """
    known = beside or Beside()
    wordings = {str(each): text for each, text in (texts or {}).items()}
    question = _question(
        votes,
        _known(method),
        parameters or Parameters(),
        wordings=wordings,
        removed=_ids(moderated_out),
        about=_ids(meta),
        verified=known.verified,
        groups=groups,
    )
    before: Assignments = previous.assignments if previous and groups is None else {}

    conclusion = conclude(votes, question, before)
    weighed = _weighed(votes, known, question.parameters)
    statements = describe_statements(
        conclusion,
        question,
        texts=wordings,
        records=known.records,
        weights=weighed.of_votes(votes) if weighed else None,
    )
    assignments = OfParticipants(votes.participants, conclusion.labelled.of_each)
    return Analysis(
        method=question.method,
        parameters={
            **question.parameters.as_dict(),
            **_origin(previous, groups),
            "moderated_out": sorted(_ids(moderated_out)),
            "meta": sorted(question.about),
        },
        digest=votes.digest,
        participants=Participants(len(votes.participants), conclusion.grouped),
        structure=describe_structure(conclusion, question.parameters.between_groups),
        groups=describe_groups(conclusion, question),
        assignments=assignments,
        positions=OfParticipants(votes.participants, partial(_points, conclusion.division.positions)),
        stability=_stability(conclusion),
        statements=statements,
        integrity=_integrity(conclusion, question, known) if question.method != "classic" else None,
        weighting=_summary(weighed) if weighed else None,
        group_changes=group_changes(before, assignments) if before else None,
        polis_consensus=_polis_lists(conclusion, question),
    )


def _known(method: str | None) -> str:
    if method not in (None, *METHODS):
        raise ParameterError(f"unknown method {method!r}; known: {', '.join(METHODS)}")
    return method or METHODS[0]


def _question(
    votes: Votes,
    method: str,
    parameters: Parameters,
    *,
    wordings: Mapping[str, str],
    removed: set[str],
    about: set[str],
    verified: frozenset[str],
    groups: Mapping[str, str] | None,
) -> Question:
    statements = sorted({*votes.statements, *wordings} - removed)
    left_out = frozenset(removed | about)
    clusters = duplicates(
        [wordings.get(each) for each in statements], parameters, [each in left_out for each in statements]
    )
    return Question(
        method=method,
        parameters=parameters,
        statements=statements,
        left_out=left_out,
        about=frozenset(about),
        clusters=dict(zip(statements, clusters.tolist(), strict=True)),
        verified=verified,
        groups=groups,
    )


def _origin(previous: Analysis | None, groups: Mapping[str, str] | None) -> dict[str, str | None]:
    """Where the groups and their letters come from."""
    if groups is not None:
        return {"groups": "given", "labels_from": None}
    return {"groups": "found", "labels_from": previous.digest if previous else None}


def _ids(ids: Iterable[object]) -> set[str]:
    return {str(each) for each in ids}


def _points(positions: FloatArray) -> list[tuple[float, float]]:
    return [(x, y) for x, y in positions.tolist()]


def _stability(conclusion: Conclusion) -> Mapping[str, float]:
    """By participant, of those in a group."""
    found = conclusion.division.found
    if found is None or not found.number:
        return {}
    placed = np.flatnonzero(~np.isnan(found.stability))
    ids = [conclusion.votes.participants[each] for each in placed.tolist()]
    return OfParticipants(ids, found.stability[placed].tolist)


def _integrity(conclusion: Conclusion, question: Question, known: Beside) -> Integrity:
    """Who bears signs of coordination, and what the statements' classes would be without them."""
    votes = conclusion.votes
    times = [known.first_seen.get(each, np.nan) for each in votes.participants] if known.first_seen else None
    found = signs(votes, question.parameters, None if times is None else np.array(times))
    if not found.flagged or len(found.flagged) == len(votes.participants):
        return _told(found, ())
    letters = dict(zip(votes.participants, conclusion.labelled.of_each(), strict=True))
    others = conclude(without(votes, found.flagged), question, letters)
    return _told(found, tuple(class_changes(question.statements, conclusion.judgements, others.judgements)))


def _told(found: Signs, changes: tuple[Any, ...]) -> Integrity:
    numbers = {str(sign): sum(sign in own for own in found.signs.values()) for sign in found.looked_for}
    return Integrity(_RULE, numbers, found.signs, found.compared, changes)


def _weighed(votes: Votes, known: Beside, parameters: Parameters) -> Weighed | None:
    if not known.margins:
        return None
    margins = [Margin.of(question, shares) for question, shares in known.margins.items()]
    return rake(votes.participants, known.answers, margins, parameters)


def _summary(weighed: Weighed) -> Weighting:
    return Weighting(
        answered=weighed.answered,
        trimmed=int(weighed.is_trimmed.sum()),
        effective_people=weighed.effective_people,
        design_effect=weighed.design_effect,
        largest_gap=weighed.largest_gap,
        fits=weighed.fits,
    )


def _polis_lists(conclusion: Conclusion, question: Question) -> PolisConsensus | None:
    """Polis's own lists, beside the classes, with its method."""
    if question.method != "classic":
        return None
    return polis_consensus(conclusion.everybody, question.statements, conclusion.eligible, question.parameters)
