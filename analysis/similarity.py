"""Likeness of wording: near-duplicate statements, clusters of them, and the passages nearest to a statement.

Texts are compared by the short runs of characters they share, rare ones weighing most, so no language is favoured and
Chinese needs no words. What is measured is wording: "should refuse" and "should agree" are alike to it, and two ways to
say the same thing are not. It suggests; a person decides.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Any, NamedTuple

import numpy as np

from analysis.parameters import Parameters
from analysis.votes import FloatArray, IntArray

# Two characters are a word in Chinese; five are as many as a stem needs elsewhere.
_RUNS = (2, 5)

# So many rows are compared with all at once, and so many pairs scored, which bounds the memory.
_ROWS_AT_ONCE = 512
_PAIRS_AT_ONCE = 50_000

# Scores are rounded before they are compared with the threshold: the last digits differ with the machine.
_DIGITS = 6

# The commonest runs of a text are left out of the search for candidates, up to this share of the threshold in length.
# Most time goes into common runs, and what is left out is added up again; no pair is lost at any share below 1.
_LEFT_OUT = 0.8


class Likeness(NamedTuple):
    """Two texts, as places in the list they came from, the earlier one first, and how alike their wording is, to 1."""

    first: int
    second: int
    score: float


def nearest(statements: Sequence[str], passages: Sequence[str]) -> FloatArray:
    """How near each passage is to each statement, shape (statements, passages), from 0 to 1.

    The cosine of weighted runs of characters. A run is rare or common by all these texts together, so scores compare
    within one call. An empty text is near to nothing.
    """
    if not statements or not passages:
        return np.zeros((len(statements), len(passages)))
    weighted = _weighted([*statements, *passages])
    scores: FloatArray = (weighted[: len(statements)] @ weighted[len(statements) :].T).toarray()
    return np.minimum(scores, 1.0)


def near_duplicates(statements: Sequence[str], threshold: float = Parameters.duplicate_similarity) -> list[Likeness]:
    """Pairs of statements at least this alike, the most alike first.

    Copies, which differ in width and case of letters or in spaces only, are alike by 1 and count once for how common a
    run is, so that nobody changes the likeness of others by repeating a text.
    """
    texts = _distinct(statements)
    found = [_likeness(*pair, 1.0) for places in texts.places for pair in combinations(places, 2)]
    for first, second, score in zip(*(each.tolist() for each in _alike(texts.plain, threshold)), strict=True):
        found += [_likeness(*pair, score) for pair in product(texts.places[first], texts.places[second])]
    return sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second))


def duplicate_clusters(texts: Sequence[str], threshold: float = Parameters.duplicate_similarity) -> IntArray:
    """Which texts are near-duplicates of one text, shape (texts,): equal numbers, from 0 in the order of the texts.

    Each cluster has a centre, and every other text in it is at least this alike to the centre. So no chain of small
    changes leads from one statement to its opposite, and nobody can chain two statements of others together by writing
    what lies between. Centres are chosen greedily, the text with most near-duplicates first, equal ones by their
    wording: the order of the texts decides nothing but the numbers. A text without near-duplicates, or an empty one, is
    a cluster by itself. Source: star clustering, Aslam, Pelekhov and Rus 2004, "The star clustering algorithm for
    static and dynamic information organization", Journal of Graph Algorithms and Applications 8.
    """
    distinct = _distinct(texts)
    first, second, _ = _alike(distinct.plain, threshold)
    centres = _stars(distinct.plain, first, second)
    of_text = np.full(len(texts), -1, dtype=np.int64)
    for centre, places in zip(centres.tolist(), distinct.places, strict=True):
        of_text[places] = centre
    empty = np.flatnonzero(of_text < 0)
    of_text[empty] = len(distinct.plain) + np.arange(len(empty))
    return _numbered(of_text)


def _likeness(one: int, other: int, score: float) -> Likeness:
    return Likeness(min(one, other), max(one, other), score)


class _Distinct(NamedTuple):
    """Texts that differ in more than width, case and spaces, sorted, and where each stands; empty ones left out."""

    plain: list[str]
    places: list[list[int]]


def _distinct(texts: Sequence[str]) -> _Distinct:
    places: dict[str, list[int]] = {}
    for at, text in enumerate(texts):
        if wording := _plain(text):
            places.setdefault(wording, []).append(at)
    plain = sorted(places)
    return _Distinct(plain, [places[each] for each in plain])


def _alike(plain: list[str], threshold: float) -> tuple[IntArray, IntArray, FloatArray]:
    """Pairs at least this alike: the earlier text, the later one, their likeness, each of the shape (pairs,)."""
    if len(plain) < 2:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
    weighted = _rarest_last(_weighted(plain))
    blocks = [_scored(weighted, *pairs) for pairs in _candidates(weighted, threshold)]
    first, second, scores = (np.concatenate(each) for each in zip(*blocks, strict=True))
    alike = scores >= threshold
    return first[alike], second[alike], scores[alike]


def _candidates(weighted: Any, threshold: float) -> Iterator[tuple[IntArray, IntArray]]:
    """Every pair that can be at least this alike, and few others; rows of length 1, columns from common to rare runs.

    A run that a pair shares is kept in both texts, or left out of the one that leaves out more. So their likeness is at
    most that of what both keep and the length of what that one leaves out. Source: prefix filtering, Bayardo, Ma and
    Srikant 2007, "Scaling up all pairs similarity search", WWW.
    """
    kept, left_out = _without_common_runs(weighted, _LEFT_OUT * threshold)
    for start in range(0, kept.shape[0], _ROWS_AT_ONCE):
        scores = (kept[start : start + _ROWS_AT_ONCE] @ kept[start:].T).tocoo()
        first, second = scores.row.astype(np.int64) + start, scores.col.astype(np.int64) + start
        most = scores.data + np.maximum(left_out[first], left_out[second])
        possible = (first < second) & (most >= threshold - 10**-_DIGITS)
        yield first[possible], second[possible]


def _without_common_runs(weighted: Any, length: float) -> tuple[Any, FloatArray]:
    """Each row without its first runs up to this length, and the length of what was left out, shape (texts,)."""
    rows = np.repeat(np.arange(weighted.shape[0]), np.diff(weighted.indptr))
    squares = np.cumsum(weighted.data**2)
    before = np.concatenate([[0.0], squares])[weighted.indptr[:-1]]
    is_left_out = squares - before[rows] <= length**2
    left_out = np.sqrt(np.bincount(rows, np.where(is_left_out, weighted.data**2, 0), minlength=weighted.shape[0]))
    kept = weighted.copy()
    kept.data[is_left_out] = 0
    kept.eliminate_zeros()
    return kept, left_out


def _scored(weighted: Any, first: IntArray, second: IntArray) -> tuple[IntArray, IntArray, FloatArray]:
    """The pairs with their likeness."""
    scores = np.zeros(len(first))
    for start in range(0, len(first), _PAIRS_AT_ONCE):
        now = slice(start, start + _PAIRS_AT_ONCE)
        scores[now] = weighted[first[now]].multiply(weighted[second[now]]).sum(axis=1)
    return first, second, np.minimum(scores, 1.0).round(_DIGITS)


def _rarest_last(weighted: Any) -> Any:
    """The same rows with their columns ordered from the commonest run to the rarest."""
    order = np.argsort(-np.bincount(weighted.indices, minlength=weighted.shape[1]), kind="stable")
    place = np.empty(len(order), dtype=weighted.indices.dtype)
    place[order] = np.arange(len(order))
    reordered = weighted.copy()
    reordered.indices = place[weighted.indices]
    reordered.has_sorted_indices = False
    reordered.sort_indices()
    return reordered


def _stars(plain: list[str], first: IntArray, second: IntArray) -> IntArray:
    """The centre of each text, shape (texts,); texts are sorted, so that the earlier of two equal ones is the same."""
    neighbours: list[list[int]] = [[] for _ in plain]
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        neighbours[one].append(other)
        neighbours[other].append(one)
    centres = np.full(len(plain), -1, dtype=np.int64)
    for at in sorted(range(len(plain)), key=lambda each: (-len(neighbours[each]), each)):
        if centres[at] < 0:
            free = [other for other in (at, *neighbours[at]) if centres[other] < 0]
            centres[free] = at
    return centres


def _numbered(clusters: IntArray) -> IntArray:
    """The same clusters, numbered by their first text."""
    _, first, codes = np.unique(clusters, return_index=True, return_inverse=True)
    place = np.empty(len(first), dtype=np.int64)
    place[np.argsort(first)] = np.arange(len(first))
    return place[codes]


def _weighted(texts: Sequence[str]) -> Any:
    """Each text as a row of length 1, sparse, shape (texts, runs of characters); an empty one a row of zeros."""
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import TfidfVectorizer

    plain = [_plain(each) for each in texts]
    if not any(plain):
        return csr_array((len(texts), 1))
    measure = TfidfVectorizer(analyzer="char_wb", ngram_range=_RUNS, lowercase=False, sublinear_tf=True)
    return csr_array(measure.fit_transform(plain))


def _plain(text: str) -> str:
    """Without what two writers do differently: width and case of letters, spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
