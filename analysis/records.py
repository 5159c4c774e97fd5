"""Records: what is known of each vote beside the vote itself, in the order of the votes that stand."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.votes import FloatArray, IntArray, Votes, VotesError

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Records:
    """Three arrays of the shape (votes,), in the order of `Votes`.

    important: marked as one that matters to the voter. probability: with which the statement was shown, in (0, 1], NaN
    where nobody recorded it. random: drawn uniformly among all statements not yet answered. `marks_were_asked` says
    whether anybody could mark a statement at all; without that, no mark means nothing.
    """

    important: BoolArray
    probability: FloatArray
    random: BoolArray
    marks_were_asked: bool = True

    @classmethod
    def aligned(
        cls,
        votes: Votes,
        participants: Iterable[object],
        statements: Iterable[object],
        *,
        important: npt.ArrayLike,
        probability: npt.ArrayLike,
        random: npt.ArrayLike,
        marks_were_asked: bool = True,
    ) -> "Records":
        """Bring records, one a participant and statement and in any order, into the order of the votes.

        A vote without a record was not marked, with no probability known, and not drawn at random. Raises VotesError
        for a probability outside (0, 1], and for records of votes that are not there.
        """
        places = _places(votes, participants, statements)
        shown = np.asarray(probability, dtype=float)
        if bool(((shown <= 0) | (shown > 1)).any()):
            at = int(np.flatnonzero((shown <= 0) | (shown > 1))[0])
            raise VotesError(f"probability[{at}] is {shown[at]}; a probability lies above 0 and is at most 1")
        own = (np.zeros(len(votes), bool), np.full(len(votes), np.nan), np.zeros(len(votes), bool))
        for target, given in zip(own, (important, shown, random), strict=True):
            target[places] = np.asarray(given)
        return cls(*own, marks_were_asked=marks_were_asked)


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What is known beside the votes; all of it may be missing.

    records: of each vote. verified: participants whom fakes cannot join. answers: what participants said about
    themselves, question to answer. margins: the population's shares, question to answer to share. first_seen: the time
    of each participant's first vote, in seconds.
    """

    records: Records | None = None
    verified: frozenset[str] = frozenset()
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    margins: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    first_seen: Mapping[str, float] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 of it all: whoever compares two inputs need not keep them."""
        state = hashlib.sha256()
        if self.records:
            for array in (self.records.important, self.records.probability, self.records.random):
                state.update(array.tobytes())
        plain = (sorted(self.verified), self.answers, self.margins, self.first_seen)
        state.update(json.dumps(plain, sort_keys=True).encode())
        return state.hexdigest()


def _places(votes: Votes, participants: Iterable[Any], statements: Iterable[Any]) -> IntArray:
    row = {each: at for at, each in enumerate(votes.participants)}
    column = {each: at for at, each in enumerate(votes.statements)}
    pairs = [
        (row.get(str(who), -1), column.get(str(what), -1)) for who, what in zip(participants, statements, strict=True)
    ]
    wanted = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    standing = votes.rows.astype(np.int64) * votes.shape[1] + votes.columns
    codes = wanted[:, 0] * votes.shape[1] + wanted[:, 1]
    places = np.searchsorted(standing, codes)
    found = np.minimum(places, max(len(standing) - 1, 0))
    missing = (wanted < 0).any(axis=1) | (places >= len(standing))
    if len(standing):
        missing |= standing[found] != codes
    if missing.any():
        at = int(np.flatnonzero(missing)[0])
        raise VotesError(f"record {at} is of a vote that is not there")
    return places
