"""The same sums over votes that lie in parts on the workers of a Dask cluster.

Votes come from Parquet files that the workers can read. Each part holds all votes of a stretch of participants; sums
over parts are sums of whole numbers, or stand beside each other, so that the result is that of a single process, byte
for byte.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from analysis.kernels import PairSums
from analysis.parquet import Ballots, files_of, read_file, together
from analysis.votes import Encoded, FloatArray, IntArray, Votes

# Arrays of objects: of lists Dask would send each id as a message of its own.
Ids = npt.NDArray[np.object_]


class DistributedVotes(Votes):
    """Votes whose parts stay on the workers: sums are made there, and columns and values are fetched when asked for.

    client: a dask.distributed.Client. parts: futures of Votes, each of the next stretch of participants, with all
    statements. cast: how many votes each participant cast, shape (participants,).
    """

    _client: Any
    _parts: tuple[Any, ...]
    _sizes: list[int]

    def __init__(
        self, client: Any, parts: Sequence[Any], participants: tuple[str, ...], statements: tuple[str, ...]
    ) -> None:
        cast: list[IntArray] = client.gather(client.map(Votes.votes_cast, parts))
        starts = np.append(0, np.concatenate([np.zeros(0, dtype=np.int64), *cast]).cumsum())
        own: dict[str, Any] = {
            "participants": participants,
            "statements": statements,
            "starts": starts,
            "known_pairs": None,
        }
        own |= {"_client": client, "_parts": tuple(parts), "_sizes": [len(each) for each in cast]}
        # Votes are frozen; these are set as their own fields are.
        self.__dict__.update(own)

    @cached_property
    def columns(self) -> Any:
        """Fetched from the workers: four bytes a vote."""
        return np.concatenate([np.zeros(0, dtype=np.int32), *self._pieces("columns")])

    @cached_property
    def values(self) -> Any:
        """Fetched from the workers: a byte a vote."""
        return np.concatenate([np.zeros(0, dtype=np.int8), *self._pieces("values")])

    def __len__(self) -> int:
        return int(self.starts[-1])

    def pair_sums(self) -> PairSums:
        sums = self._client.map(Votes.pair_sums, self._parts)
        # Two and two, so that no worker holds more than two at a time and the last sum alone is fetched.
        while len(sums) > 1:
            pairs = [sums[at : at + 2] for at in range(0, len(sums), 2)]
            sums = [self._client.submit(_added, *pair) for pair in pairs]
        total: PairSums = sums[0].result()
        return total

    def weighted_sums(self, weights: FloatArray) -> FloatArray:
        known = self._client.scatter(weights, broadcast=True)
        return np.concatenate(self._client.gather(self._client.map(Votes.weighted_sums, self._parts, weights=known)))

    def choices(self, groups: IntArray, number: int) -> IntArray:
        ends = np.cumsum(self._sizes)[:-1]
        parts = np.split(groups, ends)
        counts = self._client.gather(self._client.map(Votes.choices, self._parts, parts, number=number))
        total: IntArray = np.sum(counts, axis=0)
        return total

    def _pieces(self, name: Literal["columns", "values"]) -> Iterator[npt.NDArray[Any]]:
        for part in self._parts:
            yield self._client.submit(getattr, part, name).result()


def read_votes(client: Any, folder: Path) -> DistributedVotes:
    """The votes of a folder of Parquet files, read by the workers of a dask.distributed.Client.

    There are as many parts as files. Raises VotesError as `parquet.read_votes` does.
    """
    files = [client.submit(read_file, path) for path in files_of(folder)]
    participants, statements = (
        tuple(sorted(set().union(*(each.tolist() for each in client.gather(client.map(ids, files))))))
        for ids in (_participants, _statements)
    )
    first = [participants[len(participants) * at // len(files)] for at in range(len(files))] if participants else [""]
    split = [client.submit(_split, each, first, pure=False) for each in files]
    every = client.scatter(np.array(statements, dtype=object), broadcast=True)
    parts = [
        client.submit(_part, *[client.submit(_nth, each, at) for each in split], statements=every)
        for at in range(len(first))
    ]
    return DistributedVotes(client, parts, participants, statements)


def _participants(ballots: Ballots) -> Ids:
    return _used(ballots.participants)


def _statements(ballots: Ballots) -> Ids:
    return _used(ballots.statements)


def _used(column: Encoded) -> Ids:
    used = np.flatnonzero(np.bincount(column.codes, minlength=len(column.ids)))
    return np.array([column.ids[each] for each in used.tolist()], dtype=object)


def _split(ballots: Ballots, first: Sequence[str]) -> list[Ballots]:
    """The votes of each stretch of participants; first: the first participant of each."""
    stretch = np.array([bisect_right(first, each) - 1 for each in ballots.participants.ids], dtype=np.int64)
    of_each = stretch[ballots.participants.codes]
    return [ballots.where(of_each == at) for at in range(len(first))]


def _nth(pieces: Sequence[Ballots], at: int) -> Ballots:
    return pieces[at]


def _part(*pieces: Ballots, statements: Ids) -> Votes:
    """The votes that stand of one stretch of participants, with the columns of all statements."""
    return together(pieces).to_votes().among(tuple(statements.tolist()))


def _added(one: PairSums, other: PairSums | None = None) -> PairSums:
    return one if other is None else PairSums(*(mine + more for mine, more in zip(one, other, strict=True)))
