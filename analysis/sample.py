"""What each vote weighs, who is placed in a group, and a sample of participants as dense tables to compute on."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.parameters import Parameters
from analysis.votes import AGREE, DISAGREE, PASS, FloatArray, IntArray, Votes

BoolArray = npt.NDArray[np.bool_]
Table = npt.NDArray[np.float32]

# Votes worked on at once where there are too many for one table: some 200 MB of arrays.
_BATCH = 4_000_000


@dataclass(frozen=True, eq=False)
class Sample:
    """Votes of some participants on the statements that count.

    people: their places among the participants, shape (people,); columns: the statements that count, (statements,);
    clusters: which of these are near-duplicates of one another, numbers from 0, (statements,).
    agree, disagree, passed: what each vote weighs where it was cast so, else 0, shape (people, statements).
    """

    people: IntArray
    columns: IntArray
    clusters: IntArray
    agree: Table
    disagree: Table
    passed: Table

    def of_people(self, chosen: IntArray) -> "Sample":
        """Only these people, by their places in the sample."""
        tables = (each[chosen] for each in (self.agree, self.disagree, self.passed))
        return Sample(self.people[chosen], self.columns, self.clusters, *tables)

    def of_statements(self, chosen: IntArray) -> "Sample":
        """Only these statements, by their places in the sample."""
        tables = (np.ascontiguousarray(each[:, chosen]) for each in (self.agree, self.disagree, self.passed))
        return Sample(self.people, self.columns[chosen], self.clusters[chosen], *tables)


def apart(statements: int) -> IntArray:
    """Clusters where no statement is a near-duplicate of another: each is its own."""
    return np.arange(statements, dtype=np.int64)


def vote_weights(rows: IntArray, columns: IntArray, clusters: IntArray) -> Table:
    """What each vote weighs, shape (votes,), given all votes of whole participants.

    rows, columns: whose votes, on which statements, shape (votes,). clusters: which statements are near-duplicates of
    one another, shape (statements,), numbers from 0; -1 for one that does not count. What one participant said on
    near-duplicates weighs together as one vote. So copies of a statement add nothing, and take nothing from those who
    never saw a copy.
    """
    weights: Table = (clusters >= 0).astype(np.float32)[columns]
    crowded = np.bincount(clusters[clusters >= 0], minlength=1) > 1
    if crowded.any():
        doubled = np.flatnonzero(((clusters >= 0) & crowded[clusters])[columns])
        pairs = rows[doubled] * len(crowded) + clusters[columns[doubled]]
        _, pair, times = np.unique(pairs, return_inverse=True, return_counts=True)
        weights[doubled] = 1 / times[pair]
    return weights


def who_is_placed(votes: Votes, clusters: IntArray, parameters: Parameters) -> BoolArray:
    """Which participants are placed in a group, shape (participants,): those with enough votes that count.

    clusters: as for `vote_weights`; votes on near-duplicates count together as one. Where there are fewer statements
    than votes asked for, a vote on all of them is enough.
    """
    cast = np.zeros(votes.shape[0])
    for chosen in batches(votes):
        rows = votes.rows[chosen]
        weights = vote_weights(rows, votes.columns[chosen], clusters)
        cast[rows[0] : rows[-1] + 1] = np.bincount(rows - rows[0], weights=weights)
    available = len(np.unique(clusters[clusters >= 0]))
    # Thirds of a vote do not add up to one exactly.
    placed: BoolArray = cast > min(parameters.votes_to_be_grouped, max(available, 1)) - 0.001
    return placed


def draw_people(placed: BoolArray, most: int) -> IntArray:
    """Those placed or, where they are more than `most`, so many drawn from a fixed seed; their places, ascending."""
    people = np.flatnonzero(placed)
    if len(people) > most:
        people = np.sort(np.random.default_rng(0).choice(people, most, replace=False))
    return people


def tabled(votes: Votes, clusters: IntArray, people: IntArray) -> Sample:
    """The votes of these participants, shape (people,), ascending, on the statements that count."""
    columns = np.flatnonzero(clusters >= 0)
    column = np.full(votes.shape[1], -1, dtype=np.int64)
    column[columns] = np.arange(len(columns))
    starts, ends = (np.searchsorted(votes.rows, people, side=side) for side in ("left", "right"))
    row = np.repeat(np.arange(len(people)), ends - starts)
    # All places from each start to its end, one after the other.
    own = np.arange(len(row)) + np.repeat(ends - np.cumsum(ends - starts), ends - starts)
    weights = vote_weights(row, votes.columns[own], clusters)
    tables = []
    for choice in (AGREE, DISAGREE, PASS):
        said = np.flatnonzero((votes.values[own] == choice) & (weights > 0))
        table = np.zeros((len(people), len(columns)), dtype=np.float32)
        table[row[said], column[votes.columns[own[said]]]] = weights[said]
        tables.append(table)
    _, numbered = np.unique(clusters[columns], return_inverse=True)
    return Sample(people, columns, numbered.reshape(-1).astype(np.int64), *tables)


def batches(votes: Votes, most: int = _BATCH) -> Iterator[slice]:
    """Consecutive votes, whole participants at a time, some `most` votes each."""
    start = 0
    while start < len(votes):
        end = len(votes)
        if end - start > most:
            end = int(np.searchsorted(votes.rows, votes.rows[start + most], side="left"))
            if end == start:
                end = int(np.searchsorted(votes.rows, votes.rows[start], side="right"))
        yield slice(start, end)
        start = end


def summed(votes: Votes, clusters: IntArray, table: Table, draw: np.random.Generator | None = None) -> Table:
    """For each participant the sum over their votes of a row of the table, shape (participants, anything).

    table: shape (2 statements that count, anything), first what an agreement adds, then what a disagreement adds.
    draw: where given, each participant's votes are drawn anew, with replacement (each a Poisson number of times).
    """
    from scipy.sparse import csr_matrix

    columns = np.flatnonzero(clusters >= 0)
    column = np.zeros(votes.shape[1], dtype=np.int32)
    column[columns] = np.arange(len(columns))
    sums: Table = np.zeros((votes.shape[0], table.shape[1]), dtype=np.float32)
    for chosen in batches(votes):
        rows, values = votes.rows[chosen], votes.values[chosen]
        weights = vote_weights(rows, votes.columns[chosen], clusters) * (values != PASS)
        if draw is not None:
            weights *= draw.poisson(1.0, size=len(weights)).astype(np.float32)
        places = column[votes.columns[chosen]] + np.int32(len(columns)) * (values == DISAGREE)
        first, last = int(rows[0]), int(rows[-1])
        ends = np.concatenate([[0], np.cumsum(np.bincount(rows - first))])
        own = csr_matrix((weights, places, ends), shape=(last - first + 1, 2 * len(columns)))
        sums[first : last + 1] = own @ table
    return sums
