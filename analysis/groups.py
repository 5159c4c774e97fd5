"""Opinion groups: whether there are any, how many, and who is in which."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import KMeans
from sklearn.metrics import pairwise_distances, pairwise_distances_argmin
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from analysis.axis import tell_axis
from analysis.crossfitting import cross_fit
from analysis.found import Found, NumberTried
from analysis.gap import find_gap
from analysis.intervals import Estimate, mean_estimate
from analysis.kernels import one_thread
from analysis.mixture import Mixture, fit_mixtures
from analysis.parameters import Parameters
from analysis.sample import BoolArray, Sample, draw_people, summed, tabled, who_is_placed
from analysis.scale import fit_scale
from analysis.stability import LeftOut, compare, found_again, leave_out, matched
from analysis.structure import StructureTest, test_structure
from analysis.votes import FloatArray, IntArray, Votes

# Votes beyond which fewer draws of them are made for the stability: with more, time matters and chance less.
_MANY_VOTES = 5_000_000
_DRAWS_OF_MANY = 2


def find_groups(votes: Votes, clusters: IntArray, parameters: Parameters) -> Found:
    """Whether the votes have structure, whether it is gradual or made of groups, how many, and who is in which.

    clusters: which statements are near-duplicates of one another, shape (statements,), numbers from 0; -1 for one that
    does not count (moderated out, or about the participants). First a test of structure. Then latent classes of every
    number are made anew without a part of the participants, for each part. The number of groups is the largest of which
    every group is found again; where there is none such, that of which the least stable group is most stable. They are
    groups where all are found again and, besides, they predict the votes of participants left out clearly better than
    gradual positions on one or two axes do, or there is a gap along the axis; else they are cuts. All this looks at a
    sample; then everybody with enough votes is assigned. Where no two groups can be made at all, of very few people or
    statements, the verdict is none, whatever the test says. Sources: the steps' own modules.
    """
    # One thread: several add up in the order in which they finish, and the last digits would differ by luck.
    with threadpool_limits(limits=1):
        placed = who_is_placed(votes, clusters, parameters)
        sample = tabled(votes, clusters, draw_people(placed, parameters.most_in_sample))
        test = test_structure(sample, parameters)
        if test.p_value > parameters.structure_level:
            return _without_groups(test, placed)
        return _divided(votes, clusters, sample, test, placed, parameters=parameters)


def _without_groups(test: StructureTest, placed: BoolArray) -> Found:
    people = len(placed)
    return Found(
        verdict="none",
        test=test,
        placed=placed,
        members=np.full(people, -1, dtype=np.int64),
        stability=np.full(people, np.nan),
        number=0,
        tried=(),
        prediction=None,
        gap=None,
        axis=None,
        tested=None,
    )


def _divided(
    votes: Votes,
    clusters: IntArray,
    sample: Sample,
    test: StructureTest,
    placed: BoolArray,
    *,
    parameters: Parameters,
) -> Found:
    mixtures = fit_mixtures(sample, parameters.largest_number)
    scales = [fit_scale(sample, axes) for axes in (1, 2)]
    left_out = leave_out(sample, scales, parameters)
    tried = _tried(sample, mixtures, left_out, parameters)
    if not tried:
        return _without_groups(test, placed)
    chosen = _chosen(tried, parameters)
    members = _assigned(votes, clusters, placed, mixtures[chosen - 1])
    number = int(members.max()) + 1
    if number < 2:
        return _without_groups(test, placed)
    prediction, gap = compare(left_out, chosen, parameters.confidence), find_gap(scales[0], sample, parameters)
    predicted_better = prediction.deviate > parameters.groups_deviate
    is_found_again = _again(tried[chosen - 2]) >= parameters.found_again
    is_gradual = not (is_found_again and (predicted_better or gap.is_there))
    own = members[sample.people]
    like = [_in_order_of(own, each[chosen - 1], sample) for each in left_out.mixtures]
    return Found(
        verdict="gradual" if is_gradual else "groups",
        test=test,
        placed=placed,
        members=members,
        stability=_stability(votes, clusters, members, like, parameters),
        number=number,
        tried=tried,
        prediction=prediction,
        gap=gap,
        axis=tell_axis(votes, clusters, placed, scales[0], parameters) if is_gradual else None,
        tested=cross_fit(sample, own, number=number, statements=votes.shape[1], parameters=parameters),
    )


def _tried(
    sample: Sample, mixtures: Sequence[Mixture], left_out: LeftOut, parameters: Parameters
) -> tuple[NumberTried, ...]:
    """Every number of groups, from two, that all fits could make."""
    most = min(len(mixtures), *(len(each) for each in left_out.mixtures))
    gains = left_out.by_mixture[:most] - left_out.by_mixture[0]
    tried = []
    for number in range(2, most + 1):
        members = mixtures[number - 1].nearest(sample)
        again = found_again(members, number, [each[number - 1] for each in left_out.mixtures], sample)
        weakest = again[:, again.mean(axis=0).argmin()]
        index = mean_estimate(weakest, parameters.confidence)
        gain = mean_estimate(gains[number - 1], parameters.confidence)
        tried.append(NumberTried(number, Estimate(index.value, max(index.low, 0.0), min(index.high, 1.0)), gain))
    return tuple(tried)


def _chosen(tried: Sequence[NumberTried], parameters: Parameters) -> int:
    """The largest number of groups that are all found again, else the one whose least stable group is most stable."""
    standing = [each.number for each in tried if _again(each) >= parameters.found_again]
    return max(standing) if standing else max(tried, key=lambda each: (_again(each), -each.number)).number


def _again(tried: NumberTried) -> float:
    return tried.found_again.value or 0.0


def _assigned(votes: Votes, clusters: IntArray, placed: BoolArray, mixture: Mixture) -> IntArray:
    """The most probable class of each one placed, numbered from the largest, shape (participants,); else -1."""
    nearest = (summed(votes, clusters, mixture.table) + mixture.log_share).argmax(axis=1)
    sizes = np.bincount(nearest[placed], minlength=len(mixture.log_share))
    place = np.empty(len(sizes), dtype=np.int64)
    place[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    return np.where(placed, place[nearest], -1)


def _in_order_of(members: IntArray, mixture: Mixture, sample: Sample) -> Mixture:
    """A mixture from fewer people, its classes in the order of the groups that they are."""
    number = len(mixture.log_share)
    order = np.argsort(matched(members, mixture.nearest(sample), number))
    return Mixture(mixture.log_agree[order], mixture.log_disagree[order], mixture.log_share[order])


def _stability(
    votes: Votes, clusters: IntArray, members: IntArray, mixtures: Sequence[Mixture], parameters: Parameters
) -> FloatArray:
    """The share of resamples that leave each participant in their group, shape (participants,); NaN where in none.

    A resample leaves out a part of the participants when the groups are made, and draws everybody's votes anew, with
    replacement, when they are assigned. So both count: how sure the groups are, and how sure it is who is in them.
    """
    table = np.hstack([each.table for each in mixtures])
    shares = np.stack([each.log_share for each in mixtures])
    draws = parameters.vote_draws if len(votes) <= _MANY_VOTES else _DRAWS_OF_MANY
    rng = np.random.default_rng(0)
    stayed = np.zeros(len(members))
    for _ in range(draws):
        scores = summed(votes, clusters, table, draw=rng).reshape(len(members), *shares.shape) + shares
        stayed += (scores.argmax(axis=2) == members[:, None]).mean(axis=1)
    return np.where(members >= 0, stayed / draws, np.nan)


# Up to so many points all starts are followed together; of more, scikit-learn is as fast.
_FEW_POINTS = 1000
# Clusterings that have not settled after so many steps are taken as they are.
_MOST_STEPS = 300
_TINY = float(np.finfo(float).tiny)


class _Clusters(NamedTuple):
    """centres: shape (number, dimensions); labels: each point's cluster, (points,)."""

    centres: FloatArray
    labels: IntArray


class OpinionGroups(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Weighted k-means whose number of groups is the one with the highest silhouette, at a tie the larger one.

    Input has the shape (points, dimensions): base clusters, with the number of their members as weights. For each
    number several starts compete, since k-means ends in the nearest of many solutions; the silhouette decides between
    them too. All starts follow from the points sorted by their coordinates, so the order of rows changes nothing.
    Source: Polis's groups, whose one start is the first rows or the groups of the run before.

    numbers: how many groups are tried. starts: random starts for each. init: given centres (groups, dimensions) in
    place of all that; their number is then the number of groups.
    Fitted: cluster_centers_ (groups, dimensions), labels_ (points,), n_groups_, silhouettes_ (the best for each
    number tried). Where the points are all in one place there is one group.
    """

    def __init__(self, numbers: Iterable[int] = (2, 3, 4, 5), starts: int = 10, init: FloatArray | None = None) -> None:
        self.numbers = numbers
        self.starts = starts
        self.init = init

    def fit(
        self,
        X: FloatArray,
        y: object = None,  # noqa: ARG002  # as scikit-learn asks
        sample_weight: npt.ArrayLike | None = None,
    ) -> "OpinionGroups":
        """Find the groups."""
        points = validate_data(self, X, dtype=np.float64)
        weights = _check_sample_weight(sample_weight, points, dtype=np.float64)
        with one_thread():
            self._settle(points, weights)
        self.n_groups_ = len(self.cluster_centers_)
        return self

    def predict(self, X: FloatArray) -> IntArray:
        """The group whose centre is nearest, shape (points,)."""
        check_is_fitted(self)
        points = validate_data(self, X, dtype=np.float64, reset=False)
        nearest: IntArray = pairwise_distances_argmin(points, self.cluster_centers_)
        return nearest

    def _settle(self, points: FloatArray, weights: FloatArray) -> None:
        order = np.lexsort(points.T[::-1])
        if self.init is None:
            best, self.silhouettes_ = self._best(points[order], weights[order])
        else:
            start = np.asarray(self.init, dtype=float)
            best, self.silhouettes_ = _clustered(points[order], weights[order], start), {}
        self.cluster_centers_ = best.centres
        self.labels_ = np.empty(len(points), dtype=np.int64)
        self.labels_[order] = best.labels

    def _best(self, points: FloatArray, weights: FloatArray) -> tuple[_Clusters, dict[int, float]]:
        best, silhouettes = _clustered(points, weights, points[:1]), {0: -1.0}
        distances = pairwise_distances(points)
        places = len(np.unique(points, axis=0))
        for number in sorted(each for each in self.numbers if each <= places):
            rivals = _rivals(points, weights, number, self.starts)
            values = [_silhouette(distances, rival.labels) for rival in rivals]
            if max(values) >= max(silhouettes.values()):
                best = rivals[int(np.argmax(values))]
            silhouettes[number] = max(values)
        del silhouettes[0]
        return best, silhouettes


def _rivals(points: FloatArray, weights: FloatArray, number: int, starts: int) -> list[_Clusters]:
    """The tightest of several clusterings from seeded random starts, and one from a start spread along each axis."""
    spread = list(_spread_starts(points, number))
    if len(points) > _FEW_POINTS:
        random = KMeans(number, n_init=starts, random_state=0).fit(points, sample_weight=weights)
        from_random = _Clusters(random.cluster_centers_, random.labels_)
        return [from_random, *(_clustered(points, weights, start) for start in spread)]
    drawn = _drawn_apart(points, weights, number, starts)
    centres, labels, spreads = _followed(points, weights, np.concatenate([drawn, spread]))
    of_random = spreads[:starts]
    tightest = int(np.argmin(np.round(of_random / max(of_random.max(), _TINY), 9)))
    return [_Clusters(centres[at], labels[at]) for at in (tightest, *range(starts, len(centres)))]


def _spread_starts(points: FloatArray, number: int) -> Iterator[FloatArray]:
    """Centres to start from, shape (number, dimensions): points at even ranks along each dimension in turn."""
    ranks = ((np.arange(number) + 0.5) * len(points) / number).astype(int)
    for along in points.T:
        yield points[np.argsort(along, kind="stable")[ranks]]


def _followed(points: FloatArray, weights: FloatArray, centres: FloatArray) -> tuple[FloatArray, IntArray, FloatArray]:
    """Clusterings from several starts, shape (starts, number, dimensions), all followed together to their ends.

    Returns their centres, each point's cluster (starts, points), and how far points lie from their centres, squared and
    weighted (starts,). Lloyd's algorithm, as scikit-learn has it too, which takes ten times as long for a hundred
    points: it begins anew for each start.
    """
    labels = np.full((len(centres), len(points)), -1)
    for _ in range(_MOST_STEPS):
        distances = _squared_distances(points, centres)
        nearest = distances.argmin(axis=1)
        if (nearest == labels).all():
            break
        labels = nearest
        shares = np.where(labels[:, None] == np.arange(centres.shape[1])[:, None], weights, 0)
        sizes = shares.sum(axis=2)[:, :, None]
        # A cluster that lost all its points stays where it is.
        centres = np.divide(shares @ points, sizes, out=centres, where=sizes > 0)
    return centres, labels, distances.min(axis=1) @ weights


def _drawn_apart(points: FloatArray, weights: FloatArray, number: int, starts: int) -> FloatArray:
    """Points to start from, shape (starts, number, dimensions), each next one likelier the farther it is from those
    before. Source: k-means++, Arthur and Vassilvitskii 2007."""
    rng = np.random.default_rng(0)
    chances = np.broadcast_to(weights, (starts, len(points)))
    drawn: list[FloatArray] = []
    for _ in range(number):
        reached = chances.cumsum(axis=1)
        luck = rng.random(starts) * reached[:, -1]
        at = np.minimum((reached <= luck[:, None]).sum(axis=1), len(points) - 1)
        drawn.append(points[at])
        own = ((points - points[at][:, None]) ** 2).sum(axis=2) * weights
        chances = own if len(drawn) == 1 else np.minimum(chances, own)
    return np.stack(drawn, axis=1)


def _squared_distances(points: FloatArray, centres: FloatArray) -> FloatArray:
    """Shape (starts, number, points)."""
    crossed: FloatArray = centres @ points.T
    distances: FloatArray = (points**2).sum(axis=1) - 2 * crossed + (centres**2).sum(axis=2)[:, :, None]
    return distances


def _clustered(points: FloatArray, weights: FloatArray, start: FloatArray) -> _Clusters:
    means = KMeans(len(start), init=start, n_init=1).fit(points, sample_weight=weights)
    return _Clusters(means.cluster_centers_, means.labels_)


def _silhouette(distances: FloatArray, labels: IntArray) -> float:
    """Mean silhouette over points, unweighted; 0 where it is not defined.

    What scikit-learn's silhouette_score computes, without its checks, which take far longer for a hundred points.
    """
    sizes = np.bincount(labels)
    if not 2 <= np.count_nonzero(sizes) < len(labels):
        return 0.0
    belongs = labels[:, None] == np.flatnonzero(sizes)
    totals: FloatArray = distances @ belongs.astype(float)
    own = totals[belongs] / np.maximum(sizes[labels] - 1, 1)
    nearest = np.where(belongs, np.inf, totals / sizes[sizes > 0]).min(axis=1)
    larger = np.maximum(own, nearest)
    # A point alone in its group has none.
    counts = (sizes[labels] > 1) & (larger > 0)
    return float(np.divide(nearest - own, larger, out=np.zeros(len(labels)), where=counts).mean())
