"""How participants divide: where each stands and which groups they form, by the default method or by Polis's."""

from dataclasses import dataclass

import numpy as np

from analysis.classic import BoolArray, base_clusters, numbers_to_try, who_is_in
from analysis.found import Found
from analysis.parameters import Parameters
from analysis.votes import FloatArray, IntArray, Votes

# Groups are made from the positions as they are printed; digits beyond differ with how a machine adds up.
_POSITION_DIGITS = 6


@dataclass(frozen=True, eq=False)
class Division:
    """Where participants stand, and which groups they form before these have letters.

    positions: shape (participants, 2). members: each participant's group from 0, -1 where in none, (participants,).
    found: what the default method says of them; None with Polis's, which tests nothing.
    """

    positions: FloatArray
    members: IntArray
    found: Found | None


def divide(votes: Votes, clusters: IntArray, parameters: Parameters) -> Division:
    """By the default method: a logistic plane to look at, and latent classes of the votes themselves.

    clusters: which statements are near-duplicates, shape (statements,), -1 for those that shape no group.
    """
    from analysis.groups import find_groups
    from analysis.logistic_space import fit_space

    found = find_groups(votes, clusters, parameters)
    space = fit_space(votes, shared_weights(clusters), parameters)
    return Division(_printed(space.positions), found.members, found)


def divide_classically(votes: Votes, left_out: BoolArray, parameters: Parameters) -> Division:
    """By Polis's method. left_out: statements that shape no group, shape (statements,)."""
    from analysis.groups import OpinionGroups
    from analysis.space import place, principal_plane

    if not votes.participants:
        return Division(np.zeros((0, 2)), np.zeros(0, dtype=np.int64), None)
    positions = _printed(place(votes, principal_plane(votes, left_out), left_out))
    members = np.full(len(votes.participants), -1, dtype=np.int64)
    present = who_is_in(votes, parameters)
    if present.any():
        bases = base_clusters(positions[present], parameters)
        numbers = numbers_to_try(len(bases.weights), parameters)
        estimator = OpinionGroups(numbers, parameters.clustering_starts).fit(bases.centres, sample_weight=bases.weights)
        members[present] = estimator.labels_[bases.members]
    return Division(positions, members, None)


def shared_weights(clusters: IntArray) -> FloatArray:
    """What a vote on each statement weighs, shape (statements,): near-duplicates as one, and 0 for cluster -1."""
    counted = clusters >= 0
    sizes = np.bincount(clusters[counted], minlength=1)
    weights = np.zeros(len(clusters))
    weights[counted] = 1 / sizes[clusters[counted]]
    return weights


def _printed(positions: FloatArray) -> FloatArray:
    # Adding 0 turns -0 into 0, which is the same place.
    rounded: FloatArray = np.round(positions, _POSITION_DIGITS) + 0.0
    return rounded
