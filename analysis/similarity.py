"""Likeness of wording: near-duplicate statements, and the passages nearest to a statement.

Texts are compared by the short runs of characters they share, rare ones weighing most, so no language is favoured and
Chinese needs no words. What is measured is wording: "should refuse" and "should agree" are alike to it, and two ways to
say the same thing are not. It suggests; a person decides.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from analysis.parameters import Parameters
from analysis.votes import FloatArray

# Two characters are a word in Chinese; five are as many as a stem needs elsewhere.
_RUNS = (2, 5)

# So many rows are compared with all at once, which bounds the memory.
_ROWS_AT_ONCE = 512


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
    """Pairs of statements at least this alike, the most alike first."""
    if len(statements) < 2:
        return []
    found = _alike(_weighted(statements), threshold)
    return sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second))


def _alike(weighted: Any, threshold: float) -> Iterator[Likeness]:
    for start in range(0, weighted.shape[0], _ROWS_AT_ONCE):
        scores = (weighted[start : start + _ROWS_AT_ONCE] @ weighted.T).tocoo()
        later = (scores.data >= threshold) & (scores.row + start < scores.col)
        rows, columns, values = scores.row[later] + start, scores.col[later], np.minimum(scores.data[later], 1.0)
        yield from map(Likeness, rows.tolist(), columns.tolist(), values.round(6).tolist())


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
