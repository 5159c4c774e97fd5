"""What a run means for the statements shown next."""

from collections.abc import Sequence

import numpy as np

from analysis.moments import Counts, Tally
from analysis.parameters import Parameters, meanings
from analysis.result import Analysis
from analysis.routing import Crowd, RoutingWeight, routing_weights


def weights_of(result: Analysis) -> dict[str, RoutingWeight]:
    """The weight of each statement that the run lists, by its key."""
    letters = [group.id for group in result.groups]
    crowd = Crowd(
        sizes=np.array([group.size for group in result.groups], dtype=np.int64),
        veto=np.array([group.holds_veto for group in result.groups], dtype=bool),
        participants=result.participants.total,
    )
    statements, number = result.statements, len(result.statements)
    weights = routing_weights(
        _counts([[each.everybody for each in statements]], number).total,
        _counts([[each.by_group[letter] for each in statements] for letter in letters], number),
        crowd,
        eligible=np.array([not each.meta for each in statements], dtype=bool),
        parameters=Parameters(
            **{each.name: result.parameters[each.name] for each in meanings() if each.name in result.parameters}
        ),
    )
    return {statement.id: weight for statement, weight in zip(statements, weights, strict=True)}


def _counts(tallies: Sequence[Sequence[Tally]], statements: int) -> Counts:
    """Counts of the shape (rows, statements), where there may be no row."""
    votes = [[(each.agree, each.disagree, each.passed) for each in row] for row in tallies]
    table = np.array(votes, dtype=np.int64).reshape(len(tallies), statements, 3)
    return Counts(table[..., 0], table[..., 1], table[..., 2])
