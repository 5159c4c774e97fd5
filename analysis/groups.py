"""Opinion groups: how many there are and who is in which."""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import KMeans
from sklearn.metrics import pairwise_distances, pairwise_distances_argmin
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from analysis.votes import FloatArray, IntArray

# Up to so many points all starts are followed together; of more, scikit-learn is as fast.
_FEW_POINTS = 1000
# Clusterings that have not settled after so many steps are taken as they are.
_MOST_STEPS = 300
_TINY = float(np.finfo(float).tiny)


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
        # One thread: several add up in the order in which they finish, and the last digits would differ by luck.
        with threadpool_limits(limits=1):
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
        self.cluster_centers_ = best.cluster_centers_
        self.labels_ = np.empty(len(points), dtype=np.int64)
        self.labels_[order] = best.labels_

    def _best(self, points: FloatArray, weights: FloatArray) -> tuple[KMeans, dict[int, float]]:
        best, silhouettes = KMeans(1, n_init=1).fit(points, sample_weight=weights), {0: -1.0}
        distances = pairwise_distances(points)
        places = len(np.unique(points, axis=0))
        for number in sorted(each for each in self.numbers if each <= places):
            rivals = [
                _random_best(points, weights, number, self.starts),
                *(_clustered(points, weights, start) for start in _spread_starts(points, number)),
            ]
            values = [_silhouette(distances, rival.labels_) for rival in rivals]
            if max(values) >= max(silhouettes.values()):
                best = rivals[int(np.argmax(values))]
            silhouettes[number] = max(values)
        del silhouettes[0]
        return best, silhouettes


def _spread_starts(points: FloatArray, number: int) -> Iterator[FloatArray]:
    """Centres to start from, shape (number, dimensions): points at even ranks along each dimension in turn."""
    ranks = ((np.arange(number) + 0.5) * len(points) / number).astype(int)
    for along in points.T:
        yield points[np.argsort(along, kind="stable")[ranks]]


def _random_best(points: FloatArray, weights: FloatArray, number: int, starts: int) -> KMeans:
    """The tightest of several clusterings from seeded random starts."""
    if len(points) > _FEW_POINTS:
        return KMeans(number, n_init=starts, random_state=0).fit(points, sample_weight=weights)
    return _clustered(points, weights, _tightest(points, weights, number, starts))


def _tightest(points: FloatArray, weights: FloatArray, number: int, starts: int) -> FloatArray:
    """Centres of the tightest of several clusterings, shape (number, dimensions); all starts are followed together.

    Lloyd's algorithm, as scikit-learn has it too, which takes ten times as long for a hundred points: it starts anew
    for each start.
    """
    centres = _drawn_apart(points, weights, number, starts)
    labels = np.full((starts, len(points)), -1)
    for _ in range(_MOST_STEPS):
        distances = _squared_distances(points, centres)
        nearest = distances.argmin(axis=1)
        if (nearest == labels).all():
            break
        labels = nearest
        shares = np.where(labels[:, None] == np.arange(number)[:, None], weights, 0)
        sizes = shares.sum(axis=2)[:, :, None]
        # A cluster that lost all its points stays where it is.
        centres = np.divide(shares @ points, sizes, out=centres, where=sizes > 0)
    spread = distances.min(axis=1) @ weights
    tightest: FloatArray = centres[int(np.argmin(np.round(spread / max(spread.max(), _TINY), 9)))]
    return tightest


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


def _clustered(points: FloatArray, weights: FloatArray, start: FloatArray) -> KMeans:
    return KMeans(len(start), init=start, n_init=1).fit(points, sample_weight=weights)


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
