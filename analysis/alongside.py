"""What is known of each vote beside its value, brought into the order of the votes."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.votes import IntArray, Votes


class AlongsideError(ValueError):
    """Facts of votes that cannot be taken as they are."""


def alongside(
    votes: Votes, participants: Iterable[object], statements: Iterable[object], facts: Iterable[Any], missing: Any
) -> npt.NDArray[Any]:
    """The fact of each vote that stands, shape (votes,); `missing` for a vote of which none is given.

    participants, statements, facts: three of one length, ids as `Votes.from_arrays` takes them; `facts` are bools or
    numbers. Of several facts of one participant and statement the last stands, and those of pairs without a vote are
    left out. Raises AlongsideError where the lengths differ.
    """
    said = np.asarray(list(facts), dtype=type(missing))
    rows, columns = _places(participants, votes.participants), _places(statements, votes.statements)
    if not len(rows) == len(columns) == len(said):
        raise AlongsideError(
            f"the arrays must be of one length: participants {len(rows)}, statements {len(columns)}, facts {len(said)}"
        )
    found = np.full(len(votes), missing, dtype=said.dtype)
    if not len(votes):
        return found
    # The votes are sorted by participant and statement, and so are these numbers of their pairs.
    pairs = votes.rows * votes.shape[1] + votes.columns
    wanted = rows * votes.shape[1] + columns
    at = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
    known = (rows >= 0) & (columns >= 0) & (pairs[at] == wanted)
    found[at[known]] = said[known]
    return found


def _places(ids: Iterable[object], known: Sequence[str]) -> IntArray:
    """Where each id stands among those known, -1 for others."""
    place = {each: at for at, each in enumerate(known)}
    return np.array([place.get(str(each), -1) for each in ids], dtype=np.int64)
