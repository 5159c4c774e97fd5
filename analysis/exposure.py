"""Weights against exposure: who was shown a statement more readily than others counts less in its weighted share."""

import numpy as np

from analysis.intervals import FloatArray
from analysis.parameters import Parameters
from analysis.votes import Votes
from analysis.weighted_shares import VoteWeights


class ExposureError(ValueError):
    """Probabilities that cannot be taken as they are."""


def exposure_weights(votes: Votes, probabilities: FloatArray, parameters: Parameters) -> VoteWeights:
    """The weight of each vote: in proportion to one over the probability with which the statement was shown.

    On each statement the vote least likely to be cast has the weight 1, unless it is capped.

    probabilities: shape (votes,), in the order of the votes, above 0 and at most 1; NaN where none was recorded: such a
    vote weighs nothing, since its chance is unknown. A weight above `weight_cap` times the mean weight of its
    statement's votes is set to that, so that no single vote decides a share; the cap makes shares a little less true to
    the probabilities and much steadier. Raises ExposureError for other values.

    What it corrects is who got to see a statement among those who took part, not who took part, nor who left without
    voting on what they saw. Where the recorded probability is that of one draw out of many, a participant counts in
    proportion to the draws in which the statement could have come; give the probability of being shown it at all, where
    it is known, to have everybody count alike. Source: Horvitz and Thompson 1952, "A generalization of sampling without
    replacement from a finite universe", JASA 47; the cap as in `weighting.rake`.
    """
    if probabilities.shape != votes.values.shape:
        raise ExposureError(f"{len(probabilities)} probabilities for {len(votes)} votes; give each vote one, or NaN")
    wrong = np.flatnonzero((probabilities <= 0) | (probabilities > 1))
    if len(wrong):
        at = int(wrong[0])
        participant, statement = votes.participants[votes.rows[at]], votes.statements[votes.columns[at]]
        raise ExposureError(
            f"statement {statement!r} was shown to participant {participant!r} with probability "
            f"{float(probabilities[at])!r}; it must lie above 0 and be at most 1, or NaN where it was not recorded"
        )
    recorded = ~np.isnan(probabilities)
    columns = votes.columns
    # Beside the smallest of its statement, so that no probability is too small to be divided by.
    smallest = np.ones(votes.shape[1])
    np.minimum.at(smallest, columns[recorded], probabilities[recorded])
    inverse = np.divide(smallest[columns], probabilities, out=np.zeros(len(votes)), where=recorded)
    number = np.bincount(columns[recorded], minlength=votes.shape[1])
    mean = np.bincount(columns, inverse, minlength=votes.shape[1]) / np.maximum(number, 1)
    most = parameters.weight_cap * mean[columns]
    return VoteWeights(np.minimum(inverse, most), inverse > most)
