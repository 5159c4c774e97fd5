"""What each vote weighs, who is placed in a group, and a sample of participants as dense tables to compute on."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from analysis.parameters import Parameters
from analysis.votes import AGREE, DISAGREE, PASS, IntArray, Votes

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

    @cached_property
    def worth(self) -> Table:
        """Mean weight of a vote, (statements,): 1 but for near-duplicates. Imagined votes weigh as much."""
        weights = (self.agree, self.disagree, self.passed)
        cast = np.sum([np.count_nonzero(each, axis=0) for each in weights], axis=0)
        total = np.sum([each.sum(axis=0) for each in weights], axis=0)
        worth: Table = np.where(cast > 0, total / np.maximum(cast, 1), 1).astype(np.float32)
        return worth

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


def vote_weights(votes: Votes, clusters: IntArray) -> Table:
    """What each vote weighs, shape (votes,).

    clusters: which statements are near-duplicates of one another, shape (statements,), numbers from 0; -1 for one that
    does not count. What one participant said on near-duplicates weighs together as one vote. So copies of a statement
    add nothing, and take nothing from those who never saw a copy.
    """
    weights: Table = (clusters >= 0).astype(np.float32)[votes.columns]
    crowded = np.bincount(clusters[clusters >= 0], minlength=1) > 1
    if crowded.any():
        doubled = np.flatnonzero(((clusters >= 0) & crowded[clusters])[votes.columns])
        pairs = votes.rows[doubled] * len(crowded) + clusters[votes.columns[doubled]]
        _, pair, times = np.unique(pairs, return_inverse=True, return_counts=True)
        weights[doubled] = 1 / times[pair]
    return weights


def who_is_placed(votes: Votes, clusters: IntArray, parameters: Parameters) -> BoolArray:
    """Which participants are placed in a group, shape (participants,): those with enough votes that count.

    clusters: as for `vote_weights`; votes on near-duplicates count together as one. Where there are fewer statements
    than votes asked for, a vote on all of them is enough.
    """
    cast = np.zeros(votes.shape[0])
    for first, own in batches(votes):
        cast[first : first + own.shape[0]] = np.bincount(own.rows, weights=vote_weights(own, clusters))
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
    own = votes.of(people)
    weights = vote_weights(own, clusters)
    columns, column = _numbered(clusters)
    tables = []
    for choice in (AGREE, DISAGREE, PASS):
        said = np.flatnonzero((own.values == choice) & (weights > 0))
        table = np.zeros((len(people), len(columns)), dtype=np.float32)
        table[own.rows[said], column[own.columns[said]]] = weights[said]
        tables.append(table)
    _, numbers = np.unique(clusters[columns], return_inverse=True)
    return Sample(people, columns, numbers.reshape(-1).astype(np.int64), *tables)


def summed(votes: Votes, clusters: IntArray, table: Table, draw: np.random.Generator | None = None) -> Table:
    """For each participant the sum over their votes of a row of the table, shape (participants, anything).

    table: shape (2 statements that count, anything), first what an agreement adds, then what a disagreement adds.
    draw: where given, each participant's votes are drawn anew, with replacement (each a Poisson number of times).
    """
    from scipy.sparse import csr_matrix

    columns, column = _numbered(clusters)
    sums: Table = np.zeros((votes.shape[0], table.shape[1]), dtype=np.float32)
    for first, own in batches(votes):
        weights = vote_weights(own, clusters) * (own.values != PASS)
        if draw is not None:
            weights *= draw.poisson(1.0, size=len(weights)).astype(np.float32)
        places = column[own.columns] + np.int32(len(columns)) * (own.values == DISAGREE)
        cells = csr_matrix((weights, places, own.starts), shape=(own.shape[0], 2 * len(columns)))
        sums[first : first + own.shape[0]] = cells @ table
    return sums


def batches(votes: Votes, most: int = _BATCH) -> Iterator[tuple[int, Votes]]:
    """The votes of consecutive participants, some `most` at a time, and the place of the first participant of each."""
    first = 0
    while first < votes.shape[0]:
        last = int(np.searchsorted(votes.starts, votes.starts[first] + most, side="right")) - 1
        last = min(max(last, first + 1), votes.shape[0])
        if (first, last) == (0, votes.shape[0]):
            yield 0, votes
        else:
            yield first, votes.of(np.arange(first, last))
        first = last


def _numbered(clusters: IntArray) -> tuple[IntArray, npt.NDArray[np.int32]]:
    """The statements that count, and for every statement its place among them (0 for the others)."""
    columns = np.flatnonzero(clusters >= 0)
    column = np.zeros(len(clusters), dtype=np.int32)
    column[columns] = np.arange(len(columns))
    return columns, column
