"""Polis's own way, to compare with and to reproduce: who is grouped, base clusters, test values, routing weights."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from analysis.kernels import one_thread
from analysis.moments import Counts
from analysis.parameters import Parameters
from analysis.votes import FloatArray, IntArray, Votes

BoolArray = npt.NDArray[np.bool_]

META_PRIORITY = 49.0


def who_is_in(votes: Votes, parameters: Parameters) -> BoolArray:
    """Which participants are grouped, shape (participants,): those with enough votes, or else the most active ones.

    Looks at the votes that stand; moderated statements and passes count. Source: Polis, `in-conv`.
    """
    cast = votes.votes_cast()
    enough: BoolArray = cast >= min(parameters.votes_to_be_grouped, votes.shape[1])
    if enough.sum() < parameters.fewest_grouped:
        # Stable, so that equally active participants are taken in the order of their ids.
        enough[np.argsort(-cast, kind="stable")[: parameters.fewest_grouped]] = True
    return enough


def ever_in(
    participants: Iterable[object], statements: Iterable[object], times: npt.ArrayLike, parameters: Parameters
) -> frozenset[str]:
    """Whom the Polis server has grouped by the end of these votes, since it keeps everybody it ever took in.

    Not part of the method: it makes our groups comparable with the server's. participants, statements, times: shape
    (votes,). A participant is in from the moment on which `who_is_in` would take them.
    """
    history = sorted(
        zip(np.asarray(times).tolist(), range(len(np.asarray(times))), participants, statements, strict=True)
    )
    cast: dict[str, set[object]] = {}
    seen: set[object] = set()
    taken: set[str] = set()
    for _, _, participant, statement in history:
        seen.add(statement)
        own = cast.setdefault(str(participant), set())
        own.add(statement)
        if len(own) >= min(parameters.votes_to_be_grouped, len(seen)):
            taken.add(str(participant))
        if len(taken) < parameters.fewest_grouped:
            waiting = sorted((who for who in cast if who not in taken), key=lambda who: -len(cast[who]))
            taken.update(waiting[: parameters.fewest_grouped - len(taken)])
    return frozenset(taken)


def opinion_table(votes: Votes, excluded: BoolArray) -> FloatArray:
    """The votes as a table, shape (participants, statements), NaN where there is none; excluded statements all zero.

    excluded: shape (statements,). That a zero then stands also where nobody voted is Polis's way: it makes everybody
    look a little more active. Source: Polis, `rating-mat`.
    """
    table = votes.matrix()
    table[:, excluded] = 0
    return table


@dataclass(frozen=True, eq=False)
class BaseClusters:
    """Participants of nearly the same position, merged.

    centres: shape (clusters, 2); weights: how many are in each, (clusters,); members: each point's cluster, (points,).
    """

    centres: FloatArray
    weights: FloatArray
    members: IntArray


def base_clusters(positions: FloatArray, parameters: Parameters) -> BaseClusters:
    """Merge positions, shape (points, 2), into at most 100 clusters; where there are no more places, each is its own.

    The start is drawn from the places sorted by their coordinates with a fixed seed, so it depends on nothing else.
    Of very many positions those in one cell of a fine grid are merged first, and the cells then take the places' place.
    Source: Polis, `base-clusters`, which starts from the first 100 rows instead, and knows no grid.
    """
    from sklearn.cluster import KMeans

    merge = _distinct if len(positions) < parameters.grid_from else partial(_in_cells, along=parameters.grid_cells)
    places, members, weights = merge(positions)
    if len(places) > parameters.base_clusters:
        with one_thread():
            means = KMeans(parameters.base_clusters, n_init=1, max_iter=100, random_state=0)
            clusters = means.fit(places, sample_weight=weights).labels_.astype(np.int64)
        sizes: FloatArray = np.bincount(clusters, weights, minlength=parameters.base_clusters).astype(np.float64)
        return BaseClusters(means.cluster_centers_, sizes, clusters[members])
    return BaseClusters(places, weights, members)


def _distinct(positions: FloatArray) -> tuple[FloatArray, IntArray, FloatArray]:
    """The places where somebody is, sorted, each point's place, and how many are there."""
    places, members, weights = np.unique(positions, axis=0, return_inverse=True, return_counts=True)
    return places, members.reshape(-1).astype(np.int64), weights.astype(float)


def _in_cells(positions: FloatArray, along: int) -> tuple[FloatArray, IntArray, FloatArray]:
    """The mean places of those in one cell of a grid, sorted by cell, each point's cell, and how many are there.

    The grid spans four standard deviations to each side, or as far as there are points; who lies beyond is in the cell
    at the edge.
    """
    centre, reach = positions.mean(axis=0), 4 * positions.std(axis=0)
    low = np.maximum(positions.min(axis=0), centre - reach)
    high = np.minimum(positions.max(axis=0), centre + reach)
    width = np.where(high > low, high - low, 1)
    steps = np.clip(((positions - low) * (along / width)).astype(np.int64), 0, along - 1)
    cells = steps[:, 0] * along + steps[:, 1]
    counts = np.bincount(cells, minlength=along**2)
    sums = np.column_stack([np.bincount(cells, each, minlength=along**2) for each in positions.T])
    there = np.flatnonzero(counts)
    place = np.zeros(along**2, dtype=np.int64)
    place[there] = np.arange(len(there))
    return sums[there] / counts[there, None], place[cells], counts[there].astype(float)


def numbers_to_try(clusters: int, parameters: Parameters) -> range:
    """How many opinion groups are tried for so many base clusters. Source: Polis, `max-k-fn`."""
    most = min(parameters.most_groups, parameters.fewest_groups + clusters // parameters.base_clusters_a_group)
    return range(parameters.fewest_groups, most + 1)


def smoothed_share(hits: IntArray, votes: IntArray) -> FloatArray:
    """Share of votes, one imagined vote added to either side: (hits + 1) / (votes + 2). Polis's `pa`, `pd`."""
    share: FloatArray = (hits + 1) / (votes + 2)
    return share


def share_test(hits: IntArray, votes: IntArray) -> FloatArray:
    """Polis's test that a share lies above one half, `pat`: a normal deviate, any shape.

    It adds an imagined hit without its trial, so it is lenient with few votes: one of one gives 1.41, none at all 1.
    """
    deviate: FloatArray = 2 * np.sqrt(votes + 1) * ((hits + 1) / (votes + 1) - 0.5)
    return deviate


def lift(hits: IntArray, votes: IntArray, hits_outside: IntArray, votes_outside: IntArray) -> FloatArray:
    """How many times more frequent inside than outside, by smoothed shares, any shape. Polis's `ra`, `rd`."""
    return smoothed_share(hits, votes) / smoothed_share(hits_outside, votes_outside)


def lift_test(hits: IntArray, votes: IntArray, hits_outside: IntArray, votes_outside: IntArray) -> FloatArray:
    """Polis's test that a share inside lies above the share outside, `rat`: a normal deviate, any shape."""
    inside, outside = (hits + 1) / (votes + 1), (hits_outside + 1) / (votes_outside + 1)
    pooled = (hits + hits_outside + 2) / (votes + votes_outside + 2)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / (votes + 1) + 1 / (votes_outside + 1)))
    # A pooled share of 1 has no spread, and by definition no difference.
    deviate: FloatArray = np.divide(inside - outside, spread, out=np.zeros(np.shape(spread)), where=pooled != 1)
    return deviate


def group_aware_consensus(by_group: Counts) -> FloatArray:
    """Product over all groups of the smoothed share of agreement, shape (statements,). Polis's own measure.

    It shrinks with every further group, so it compares statements of one run and nothing else.
    """
    product: FloatArray = smoothed_share(by_group.agree, by_group.votes).prod(axis=0)
    return product


def extremity(mean: FloatArray, components: FloatArray) -> FloatArray:
    """How far from the middle someone lies who only agreed with the statement, shape (statements,)."""
    reach: FloatArray = np.sqrt(len(mean)) * (1 - mean) * np.linalg.norm(components, axis=0)
    return reach


def priority(agree: IntArray, passed: IntArray, votes: IntArray, extremity: FloatArray) -> FloatArray:
    """Weight with which Polis draws the next statement, any shape; META_PRIORITY for statements about participants."""
    importance = (1 - (passed + 1) / (votes + 2)) * (extremity + 1) * (agree + 1) / (votes + 2)
    weight: FloatArray = (importance * (1 + 8 * 2.0 ** (-votes / 5))) ** 2
    return weight
