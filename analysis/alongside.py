"""What is known of each vote beside its value, brought into the order of the votes."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.votes import Votes


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
    who, what, said = [str(each) for each in participants], [str(each) for each in statements], list(facts)
    if not len(who) == len(what) == len(said):
        raise AlongsideError(
            f"the arrays must be of one length: participants {len(who)}, statements {len(what)}, facts {len(said)}"
        )
    known = dict(zip(zip(who, what, strict=True), said, strict=True))
    pairs = (
        (votes.participants[row], votes.statements[column])
        for row, column in zip(votes.rows.tolist(), votes.columns.tolist(), strict=True)
    )
    return np.array([known.get(pair, missing) for pair in pairs], dtype=type(missing))
