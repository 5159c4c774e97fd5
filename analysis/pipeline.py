"""analyse(): the steps of the method in their order, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from analysis.classic import base_clusters, numbers_to_try, who_is_in
from analysis.consensus import judge, polis_consensus, veto_holders
from analysis.labels import Labelled, given, label
from analysis.moments import Counts, Moments, Tally, count, count_by_group, moments, tallies
from analysis.parameters import ParameterError, Parameters
from analysis.representativeness import representative
from analysis.result import Analysis, OfParticipants, Participants, Structure, describe_groups, describe_statements
from analysis.votes import FloatArray, Votes

METHODS = ("classic",)

# Groups are made from the positions as they are printed; digits beyond differ with how a machine adds up.
_POSITION_DIGITS = 6


@dataclass(frozen=True, eq=False)
class Standing:
    """Votes and their moments: what the next votes are added to."""

    votes: Votes
    moments: Moments


def standing(votes: Votes) -> Standing:
    """Votes with their moments, to be kept for `update`."""
    return Standing(votes, moments(votes))


def update(before: Standing, newer: Votes) -> Standing:
    """Votes with newer ones added, of which the latest stands; costs a small part of starting anew.

    `analyse` of the result gives the bytes that it gives for all votes together.
    """
    after = before.votes.plus(newer)
    return Standing(after, before.moments.renewed(before.votes, after, newer.participants))


def analyse(
    votes: Votes | Standing,
    *,
    method: str | None = None,
    parameters: Parameters | None = None,
    texts: Mapping[str, str] | None = None,
    moderated_out: Iterable[object] = (),
    meta: Iterable[object] = (),
    previous: Analysis | None = None,
    groups: Mapping[str, str] | None = None,
) -> Analysis:
    """What the votes say: opinion space, groups, what tells them apart, and what holds across them.

    votes: with their moments, where those are at hand; they save time and change nothing.
    texts: the statements' wordings by id; one without votes is listed with none. moderated_out: statements taken out by
    moderation; the result does not list them. meta: statements about the participants themselves, which shape no group
    and are never consensus. previous: the run before, from which groups keep their letters and nothing else. groups:
    each participant's group, where they are given instead of found. Raises ParameterError for an unknown method.
    """
    method, settings = _known(method), parameters or Parameters()
    votes, known = (votes.votes, votes.moments) if isinstance(votes, Standing) else (votes, None)
    removed, about = _ids(moderated_out), _ids(meta)
    wordings = {str(each): text for each, text in (texts or {}).items()}
    statements = sorted({*votes.statements, *wordings} - removed)

    positions = _positions(votes, removed | about, known)
    found = _found(votes, positions, previous, settings) if groups is None else given(groups, votes.participants)
    everybody, by_group = _counted(votes, found, statements)
    eligible = np.array([each not in about for each in statements], dtype=bool) & (everybody.votes > 0)
    veto = veto_holders(found.sizes, settings)
    representatives = representative(by_group, statements, eligible, settings)
    judgements = judge(everybody, by_group, veto, eligible=eligible, parameters=settings)
    majorities = polis_consensus(everybody, statements, eligible, settings)

    return Analysis(
        method=method,
        parameters={
            **settings.as_dict(),
            **_origin(previous, groups),
            "moderated_out": sorted(removed),
            "meta": sorted(about),
        },
        digest=votes.digest,
        participants=Participants(len(votes.participants), int(found.sizes.sum())),
        structure=Structure(verdict="untested", classes_by="groups"),
        groups=describe_groups(found.letters, found.sizes, veto, representatives),
        assignments=OfParticipants(votes.participants, found.of_each),
        positions=OfParticipants(votes.participants, partial(_points, positions)),
        stability={},
        statements=describe_statements(
            statements,
            judgements,
            texts=wordings,
            meta=about,
            everybody=tallies(everybody, settings.confidence),
            by_group=_tallied(by_group, found, settings),
        ),
        polis_consensus=majorities,
    )


def _known(method: str | None) -> str:
    if method not in (None, *METHODS):
        raise ParameterError(f"unknown method {method!r}; known: {', '.join(METHODS)}")
    return method or METHODS[0]


def _origin(previous: Analysis | None, groups: Mapping[str, str] | None) -> dict[str, str | None]:
    """Where the groups and their letters come from."""
    if groups is not None:
        return {"groups": "given", "labels_from": None}
    return {"groups": "found", "labels_from": previous.digest if previous else None}


def _ids(ids: Iterable[object]) -> set[str]:
    return {str(each) for each in ids}


def _positions(votes: Votes, excluded: set[str], known: Moments | None) -> FloatArray:
    """Each participant's place, shape (participants, 2)."""
    from analysis.space import place, principal_plane

    if not votes.participants:
        return np.zeros((0, 2))
    left_out = np.array([each in excluded for each in votes.statements], dtype=bool)
    places = place(votes, principal_plane(votes, left_out, known), left_out)
    # Adding 0 turns -0 into 0, which is the same place.
    rounded: FloatArray = np.round(places, _POSITION_DIGITS) + 0.0
    return rounded


def _points(positions: FloatArray) -> list[tuple[float, float]]:
    return [(x, y) for x, y in positions.tolist()]


def _found(votes: Votes, positions: FloatArray, previous: Analysis | None, parameters: Parameters) -> Labelled:
    """Opinion groups among those who voted enough, with their letters."""
    from analysis.groups import OpinionGroups

    groups = np.full(len(votes.participants), -1, dtype=np.int64)
    present = who_is_in(votes, parameters)
    if present.any():
        bases = base_clusters(positions[present], parameters)
        numbers = numbers_to_try(len(bases.weights), parameters)
        estimator = OpinionGroups(numbers, parameters.clustering_starts).fit(bases.centres, sample_weight=bases.weights)
        groups[present] = estimator.labels_[bases.members]
    contents = count_by_group(votes, groups, int(groups.max(initial=-1)) + 1)
    return label(
        groups,
        votes.participants,
        contents=np.hstack([contents.agree, contents.disagree]),
        previous=previous.assignments if previous else {},
        overlap=parameters.label_overlap,
    )


def _counted(votes: Votes, found: Labelled, statements: Sequence[str]) -> tuple[Counts, Counts]:
    """The votes on these statements of everybody, shape (statements,), and of each group, (groups, statements)."""
    columns = votes.places(statements)
    return count(votes).at(columns), count_by_group(votes, found.members, len(found.letters)).at(columns)


def _tallied(by_group: Counts, found: Labelled, parameters: Parameters) -> dict[str, list[Tally]]:
    """For each group's letter a tally for each statement."""
    groups = enumerate(found.letters)
    return {letter: tallies(by_group.of_group(group), parameters.confidence) for group, letter in groups}
