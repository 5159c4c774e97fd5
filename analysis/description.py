"""A conclusion described: groups and statements of the result, each figure with its n and its interval."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analysis.axis import Axis as FoundAxis
from analysis.conclusion import UNTESTED, Conclusion, Question
from analysis.consensus import dissents, holds_by_size
from analysis.crossfitting import CrossFitted
from analysis.division import shared_weights
from analysis.exposure import exposure_weights
from analysis.found import Found
from analysis.importance import count_marks, count_marks_by_group, importances
from analysis.intervals import Estimate
from analysis.labels import Labelled
from analysis.moments import Counts, tallies
from analysis.parameters import Parameters
from analysis.random_sample import count_drawn, random_sample
from analysis.records import Records
from analysis.representativeness import Distinctive, Representative, representative, representative_crossfitted
from analysis.result import Axis, Group, OfParticipants, Statement, Structure
from analysis.robustness import Field, Flip, flips
from analysis.votes import IntArray, Votes
from analysis.weighted_shares import VoteWeights, WeightedTally, weigh, weigh_by_group, weighted_tallies

Columns = dict[str, Sequence[Any]]
"""Fields of `Statement` by name, each with one value for every statement."""


def describe_structure(conclusion: Conclusion, between: float) -> Structure:
    """What is said of structure. between: stability below which somebody stands between groups."""
    found = conclusion.division.found
    if found is None:
        return Structure(UNTESTED, conclusion.classes_by)
    return Structure(
        verdict=found.verdict,
        classes_by=conclusion.classes_by,
        placed=int(found.placed.sum()),
        test=found.test,
        prediction=found.prediction,
        gap=found.gap,
        numbers=found.tried or None,
        between=int((found.stability < between).sum()) if found.number else None,
        axis=_axis(found.axis, conclusion.votes) if found.axis else None,
    )


def describe_groups(conclusion: Conclusion, question: Question) -> tuple[Group, ...]:
    """The groups with what tells them apart, in the order of their letters."""
    labelled = conclusion.labelled
    rows = zip(
        labelled.letters,
        labelled.sizes.tolist(),
        conclusion.veto.tolist(),
        _representatives(conclusion, question),
        strict=True,
    )
    is_cut = conclusion.verdict == "gradual"
    return tuple(Group(letter, f"Group {letter}", size, veto, is_cut, tuple(own)) for letter, size, veto, own in rows)


def describe_statements(
    conclusion: Conclusion,
    question: Question,
    *,
    texts: Mapping[str, str],
    records: Records | None,
    weights: VoteWeights | None,
) -> tuple[Statement, ...]:
    """The statements, sorted by id. records: of each vote; weights: of each vote, to the margins of a population."""
    ids, parameters, letters = question.statements, question.parameters, conclusion.labelled.letters
    by_group = [tallies(conclusion.by_group.of_group(at), parameters.confidence) for at in range(len(letters))]
    columns: Columns = {
        "id": ids,
        "text": [texts.get(each) for each in ids],
        "meta": [each in question.about for each in ids],
        "everybody": tallies(conclusion.everybody, parameters.confidence),
        "by_group": _by_letter(by_group, letters, len(ids)),
        "kind": [each.kind for each in conclusion.judgements],
        "consensus_agree": [each.consensus_agree for each in conclusion.judgements],
        "consensus_disagree": [each.consensus_disagree for each in conclusion.judgements],
        "near_duplicates": _near_duplicates(question),
        "dissent": dissents(conclusion.by_group, letters, conclusion.labelled.sizes, conclusion.veto, parameters),
        "flip": _flips(conclusion, question),
    }
    if question.method == "classic":
        columns["group_aware_consensus"] = [each.group_aware_consensus for each in conclusion.judgements]
    else:
        columns["bridging"] = _bridging(conclusion.votes, question)
    if question.verified:
        columns["verified_by_group"] = _verified(conclusion, parameters)
    if records is not None:
        columns |= _recorded(conclusion, question, records)
    if weights is not None:
        everybody, groups = _weighted(conclusion, question, weights)
        columns |= {"weighted": everybody, "weighted_by_group": _by_letter(groups, letters, len(ids))}
    return tuple(Statement(**dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True))


def _axis(axis: FoundAxis, votes: Votes) -> Axis:
    placed = np.flatnonzero(~np.isnan(axis.positions))
    ids = [votes.participants[each] for each in placed.tolist()]
    return Axis(axis.low, axis.high, OfParticipants(ids, axis.positions[placed].tolist))


def _representatives(conclusion: Conclusion, question: Question) -> Sequence[Sequence[Representative | Distinctive]]:
    found = conclusion.division.found
    if found is None:
        return representative(conclusion.by_group, question.statements, conclusion.eligible, question.parameters)
    if found.tested is None:
        return [[] for _ in conclusion.labelled.letters]
    tested = _in_order_of_letters(found.tested, found, conclusion.labelled)
    return representative_crossfitted(
        conclusion.by_group,
        tested.at(conclusion.votes.places(question.statements)),
        question.statements,
        eligible=conclusion.eligible,
        parameters=question.parameters,
    )


def _in_order_of_letters(tested: CrossFitted, found: Found, labelled: Labelled) -> CrossFitted:
    place = np.zeros(found.number, dtype=np.int64)
    grouped = found.members >= 0
    place[found.members[grouped]] = labelled.members[grouped]
    order = np.argsort(place)
    counts = (each[order] for each in (tested.counts.agree, tested.counts.disagree, tested.counts.passed))
    return CrossFitted(Counts(*counts), tested.testable[order])


def _near_duplicates(question: Question) -> list[tuple[str, ...]]:
    """For each statement those that share its cluster."""
    alike: dict[int, list[str]] = defaultdict(list)
    for each in question.statements:
        if question.clusters.get(each, -1) >= 0:
            alike[question.clusters[each]].append(each)
    return [
        tuple(other for other in alike.get(question.clusters.get(each, -1), ()) if other != each)
        for each in question.statements
    ]


def _flips(conclusion: Conclusion, question: Question) -> list[Flip]:
    field = Field(
        everybody=conclusion.everybody,
        by_group=conclusion.decided,
        sizes=conclusion.labelled.sizes,
        veto=conclusion.veto,
        letters=conclusion.labelled.letters,
    )
    kinds = [each.kind for each in conclusion.judgements]
    people = conclusion.could_be_grouped or len(conclusion.votes.participants)
    return flips(field, kinds, eligible=conclusion.eligible, grouped=people, parameters=question.parameters)


def _bridging(votes: Votes, question: Question) -> list[Estimate | None]:
    from analysis.bridging import bridging

    clusters = np.array([question.clusters.get(each, -1) for each in votes.statements], dtype=np.int64)
    scores = dict(zip(votes.statements, bridging(votes, shared_weights(clusters), question.parameters), strict=False))
    return [scores.get(each) for each in question.statements]


def _verified(conclusion: Conclusion, parameters: Parameters) -> list[dict[str, Any]]:
    """For each statement the votes that speak for the groups which hold their veto by verified members alone."""
    alone = np.flatnonzero(conclusion.veto & ~holds_by_size(conclusion.labelled.sizes, parameters)).tolist()
    letters = [conclusion.labelled.letters[at] for at in alone]
    own = [tallies(conclusion.decided.of_group(at), parameters.confidence) for at in alone]
    return _by_letter(own, letters, len(conclusion.judgements))


def _recorded(conclusion: Conclusion, question: Question, records: Records) -> Columns:
    """What the service recorded of votes: marks of importance, and shares weighted against exposure."""
    votes, members, letters = conclusion.votes, conclusion.labelled.members, conclusion.labelled.letters
    at, confidence = votes.places(question.statements), question.parameters.confidence
    columns: Columns = {}
    if records.marks_were_asked:
        by_group = count_marks_by_group(votes, records.important, members, len(letters)).at(at)
        groups = [importances(by_group.of_group(group), confidence) for group in range(len(letters))]
        columns["importance"] = importances(count_marks(votes, records.important).at(at), confidence)
        columns["importance_by_group"] = _by_letter(groups, letters, len(at))
    if not np.isnan(records.probability).all():
        weights = exposure_weights(votes, records.probability, question.parameters)
        columns["exposure"] = weighted_tallies(weigh(votes, weights).at(at), confidence)
    if records.random.any():
        drawn = count_drawn(votes, records.random).at(at)
        columns["random_sample"] = random_sample(drawn, conclusion.everybody, question.parameters)
    return columns


def _weighted(
    conclusion: Conclusion, question: Question, weights: VoteWeights
) -> tuple[list[WeightedTally], list[list[WeightedTally]]]:
    """The weighted votes on each statement: of everybody, and of each group."""
    votes, members, letters = conclusion.votes, conclusion.labelled.members, conclusion.labelled.letters
    at: IntArray = votes.places(question.statements)
    confidence = question.parameters.confidence
    groups = weigh_by_group(votes, weights, members, len(letters)).at(at)
    return (
        weighted_tallies(weigh(votes, weights).at(at), confidence),
        [weighted_tallies(groups.of_group(group), confidence) for group in range(len(letters))],
    )


def _by_letter(groups: Sequence[Sequence[Any]], letters: Sequence[str], statements: int) -> list[dict[str, Any]]:
    """For each statement what each group has, by letter."""
    return [{letter: own[at] for letter, own in zip(letters, groups, strict=True)} for at in range(statements)]
